/*
 * What is done with attributes field by field. Padding and the fields of other groups do not count.
 */
#include "graph/attr.h"

#include <string.h>

/* How a field is printed. */
typedef enum show {
	HIDDEN,
	REAL,      /* 1.5 */
	IMAGINARY, /* +2i behind REAL; nothing where it is 0 */
	COUNT,     /* axis 1 */
	FLAG,      /* inverse; nothing where it is false */
	LIST,      /* start [0, 3], an entry an axis */
	AXES,      /* axis 0 axis 2, from bits */
	FORMS,     /* NT, of matrices */
	QUOTED,    /* "weight" */
	OPERATION  /* a custom operation's name */
} show;

typedef struct field {
	const char *name;
	size_t offset, bytes, each; /* each: bytes of an element */
	show shown;
} field;

/* clang-format off */
#define ONN_ATTR_BEGIN(id, group) static const field fields_of_##group[] = {
#define ONN_ATTR(group, type, field, length, shown)                                                \
	{#field, offsetof(onn_attr, group.field), sizeof((onn_attr *)0)->group.field,              \
	    sizeof(type), shown},
#define ONN_ATTR_END(id, group) };
#include "graph/attr.def"
/* clang-format on */

static const struct {
	const field *field;
	size_t count;
} groups[ONN_ATTR_COUNT] = {
#define ONN_ATTR_BEGIN(id, group)                                                                  \
	[ONN_ATTR_##id] = {fields_of_##group, sizeof fields_of_##group / sizeof *fields_of_##group},
#include "graph/attr.def"
};

uint64_t onn_hash(uint64_t h, const void *data, size_t bytes)
{
	/* FNV-1a by words where it can */
	const unsigned char *p = data;
	for (; bytes >= 8; bytes -= 8, p += 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		h = (h ^ w) * 0x100000001b3u;
		h ^= h >> 29;
	}
	for (; bytes; bytes--, p++)
		h = (h ^ *p) * 0x100000001b3u;
	return h;
}

static const unsigned char *at(const onn_attr *a, const field *f)
{
	return (const unsigned char *)a + f->offset;
}

bool onn_attr_equal(onn_attr_group group, const onn_attr *a, const onn_attr *b)
{
	for (size_t i = 0; i < groups[group].count; i++) {
		const field *f = &groups[group].field[i];
		if (memcmp(at(a, f), at(b, f), f->bytes) != 0)
			return false;
	}
	return true;
}

uint64_t onn_attr_hash(uint64_t h, onn_attr_group group, const onn_attr *a)
{
	for (size_t i = 0; i < groups[group].count; i++) {
		const field *f = &groups[group].field[i];
		h = onn_hash(h, at(a, f), f->bytes);
	}
	return h;
}

/* ---- printing ---- */

/* An integer field's element, of whatever width it is. */
static long long element(const onn_attr *a, const field *f, size_t i)
{
	long long wide = 0;
	uint32_t narrow;
	if (f->each == sizeof wide) {
		memcpy(&wide, at(a, f) + i * f->each, sizeof wide);
		return wide;
	}
	memcpy(&narrow, at(a, f) + i * f->each, sizeof narrow);
	return narrow;
}

static void show_list(onn_text *text, const onn_attr *a, const field *f, size_t ndim)
{
	size_t count = f->bytes / f->each;
	onn_text_add(text, " %s [", f->name);
	for (size_t i = 0; i < count && i < ndim; i++)
		onn_text_add(text, "%s%lld", i ? ", " : "", element(a, f, i));
	onn_text_add(text, "]");
}

static void show_field(onn_text *text, const onn_attr *a, const field *f, size_t ndim)
{
	switch (f->shown) {
	case HIDDEN:
		break;
	case REAL:
		onn_text_add(text, " %g", a->number.re);
		break;
	case IMAGINARY:
		if (a->number.im != 0)
			onn_text_add(text, "%+gi", a->number.im);
		break;
	case COUNT:
		onn_text_add(text, " %s %llu", f->name, (unsigned long long)element(a, f, 0));
		break;
	case FLAG:
		if (*at(a, f))
			onn_text_add(text, " %s", f->name);
		break;
	case LIST:
		show_list(text, a, f, ndim);
		break;
	case AXES:
		for (unsigned i = 0; i < ONN_MAX_DIMS; i++)
			if (a->axes.bits & 1u << i)
				onn_text_add(text, " axis %u", i);
		break;
	case FORMS:
		onn_text_add(text, " %c%c", "NTCH"[a->product.form[0]], "NTCH"[a->product.form[1]]);
		break;
	case QUOTED:
		onn_text_add(text, " \"%s\"", a->variable.name);
		break;
	case OPERATION:
		onn_text_add(text, " %s", a->custom.operation->name);
		break;
	}
}

void onn_attr_describe(onn_text *text, onn_attr_group group, const onn_attr *a, size_t ndim)
{
	for (size_t i = 0; i < groups[group].count; i++)
		show_field(text, a, &groups[group].field[i], ndim);
}
