#include "core/npy.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/formats.h"
#include "core/memory.h"
#include "core/os.h"

/* NumPy's description of an element, and the type that it becomes here. */
typedef struct npy_type {
	char kind;
	size_t size;
	onn_type type;
	bool same; /* the bytes of the element are ours, their order apart */
} npy_type;

static const npy_type npy_types[] = {
    {'b', 1, ONN_U8, false},
    {'u', 1, ONN_U8, true},
    {'i', 1, ONN_I32, false},
    {'u', 2, ONN_I32, false},
    {'i', 2, ONN_I32, false},
    {'u', 4, ONN_U32, true},
    {'i', 4, ONN_I32, true},
    {'u', 8, ONN_I32, false},
    {'i', 8, ONN_I32, false},
    {'f', 2, ONN_F32, false},
    {'f', 4, ONN_F32, true},
    {'f', 8, ONN_F64, true},
    {'c', 8, ONN_C64, true},
    {'c', 16, ONN_C128, true},
};

typedef struct npy_header {
	const npy_type *element;
	bool swapped, fortran;
	size_t ndim, shape[ONN_MAX_DIMS];
} npy_header;

bool onn_host_is_little(void)
{
	const uint16_t one = 1;
	unsigned char first;
	memcpy(&first, &one, 1);
	return first == 1;
}

/* ---- the header: a Python dictionary as text ---- */

typedef struct scanner {
	const char *at, *end;
} scanner;

static void skip_space(scanner *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at)
		s->at++;
}

static bool accept(scanner *s, char c)
{
	skip_space(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool accept_word(scanner *s, const char *word)
{
	size_t length = strlen(word);
	skip_space(s);
	if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
		return false;
	s->at += length;
	return true;
}

static bool scan_string(scanner *s, char *text, size_t room)
{
	char quote = accept(s, '\'') ? '\'' : '"';
	size_t used = 0;
	if (quote == '"' && !accept(s, '"'))
		return false;
	while (s->at < s->end && *s->at != quote) {
		if (used + 1 >= room || *s->at == 0)
			return false;
		text[used++] = *s->at++;
	}
	text[used] = 0;
	return accept(s, quote);
}

static bool scan_size(scanner *s, size_t *size)
{
	skip_space(s);
	if (s->at == s->end || *s->at < '0' || *s->at > '9')
		return false;
	*size = 0;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
		if (!onn_size_mul(size, *size, 10) ||
		    !onn_size_add(size, *size, (size_t)(*s->at - '0')))
			return false;
		s->at++;
	}
	accept(s, 'L'); /* Python 2 wrote its long integers so */
	return true;
}

static onn_status scan_shape(scanner *s, npy_header *h, const char *where)
{
	if (!accept(s, '('))
		goto corrupt;
	while (!accept(s, ')')) {
		size_t size;
		if (!scan_size(s, &size))
			goto corrupt;
		if (h->ndim == ONN_MAX_DIMS)
			return onn_error(ONN_ERROR_FORMAT,
			    "onn_array_load: %s has more than %d axes; expected at most %d", where,
			    ONN_MAX_DIMS, ONN_MAX_DIMS);
		h->shape[h->ndim++] = size;
		if (!accept(s, ',') && !(s->at < s->end && *s->at == ')'))
			goto corrupt;
	}
	return ONN_OK;
corrupt:
	return onn_error(ONN_ERROR_FORMAT,
	    "onn_array_load: the shape in the header of %s is not a tuple of sizes", where);
}

static onn_status scan_type(npy_header *h, const char *descr, const char *where)
{
	/* without an order it is the host's: 'f8' */
	char order = descr[0] && strchr("<>|=", descr[0]) ? descr[0] : '=', *end = NULL;
	const char *name = order == descr[0] ? descr + 1 : descr, kind = *name;
	unsigned long size = kind >= 'a' ? strtoul(name + 1, &end, 10) : 0;
	if (end && *end == 0) {
		for (size_t i = 0; i < ONN_COUNT(npy_types); i++) {
			if (npy_types[i].kind == kind && npy_types[i].size == size)
				h->element = &npy_types[i];
		}
	}
	if (!h->element)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s has elements of NumPy's type '%s'; expected b1, u1 to u8, "
		    "i1 to i8, f2 to f8, c8 or c16",
		    where, descr);
	h->swapped = onn_host_is_little() ? order == '>' : order == '<';
	return ONN_OK;
}

static onn_status scan_header(npy_header *h, scanner s, const char *where)
{
	enum { DESCR = 1, ORDER = 2, SHAPE = 4, ALL = 7 };
	unsigned seen = 0;
	*h = (npy_header){0};
	bool good = accept(&s, '{');
	while (good && !accept(&s, '}')) {
		char key[32], descr[32];
		onn_status status = ONN_OK;
		if (!scan_string(&s, key, sizeof key) || !accept(&s, ':')) {
			good = false;
		} else if (strcmp(key, "descr") == 0 && !(seen & DESCR)) {
			seen |= DESCR;
			if (!scan_string(&s, descr, sizeof descr))
				return onn_error(ONN_ERROR_FORMAT,
				    "onn_array_load: %s has structured elements; expected numbers",
				    where);
			status = scan_type(h, descr, where);
		} else if (strcmp(key, "fortran_order") == 0 && !(seen & ORDER)) {
			seen |= ORDER;
			h->fortran = accept_word(&s, "True");
			good = h->fortran || accept_word(&s, "False");
		} else if (strcmp(key, "shape") == 0 && !(seen & SHAPE)) {
			seen |= SHAPE;
			status = scan_shape(&s, h, where);
		} else {
			good = false;
		}
		if (status != ONN_OK)
			return status;
		if (good && !accept(&s, ',') && !(s.at < s.end && *s.at == '}'))
			good = false;
	}
	if (!good || seen != ALL)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: the header of %s is corrupt; expected descr, fortran_order "
		    "and shape",
		    where);
	return ONN_OK;
}

/* ---- the elements ---- */

/* Copies an element of `size` bytes, each of its parts turned around. */
static void copy_swapped(char *to, const char *from, size_t size, size_t part)
{
	for (size_t i = 0; i < size; i += part) {
		for (size_t j = 0; j < part; j++)
			to[i + j] = from[i + part - 1 - j];
	}
}

/* IEEE's half precision: 1 sign, 5 exponent and 10 fraction bits. */
static float from_half(uint16_t half)
{
	int exponent = half >> 10 & 31, fraction = half & 1023;
	float size = exponent == 31  ? (fraction ? NAN : INFINITY)
	             : exponent == 0 ? ldexpf((float)fraction, -24)
	                             : ldexpf((float)(1024 + fraction), exponent - 25);
	return half >> 15 ? -size : size;
}

/* An element in the host's byte order becomes ours; false where an integer does not fit. */
static bool convert_element(void *to, const char *from, const npy_type *element)
{
	if (element->same) {
		memcpy(to, from, element->size);
		return true;
	}
	if (element->kind == 'b') {
		*(uint8_t *)to = from[0] != 0;
		return true;
	}
	if (element->kind == 'f') {
		uint16_t half;
		memcpy(&half, from, sizeof half);
		*(float *)to = from_half(half);
		return true;
	}
	int64_t value = 0;
	if (element->size == 1) {
		value = (signed char)from[0];
	} else if (element->size == 2) {
		uint16_t bits;
		memcpy(&bits, from, sizeof bits);
		value = element->kind == 'i' && bits > INT16_MAX ? (int64_t)bits - 65536 : bits;
	} else {
		uint64_t bits;
		memcpy(&bits, from, sizeof bits);
		if (element->kind == 'u' && bits > INT32_MAX)
			return false;
		memcpy(&value, &bits, sizeof value);
	}
	*(int32_t *)to = (int32_t)value;
	return value >= INT32_MIN && value <= INT32_MAX;
}

static onn_status decode_elements(
    onn_array *a, const npy_header *h, const char *data, const char *where)
{
	const npy_type *element = h->element;
	size_t count = onn_array_count(a), room = onn_type_size(element->type);
	char *to = onn_array_data(a);
	if (count == 0)
		return ONN_OK;
	if (element->same && !h->swapped && !h->fortran) {
		memcpy(to, data, count * element->size);
		return ONN_OK;
	}
	size_t stride[ONN_MAX_DIMS], index[ONN_MAX_DIMS] = {0}, from = 0;
	size_t part = element->kind == 'c' ? element->size / 2 : element->size;
	for (size_t i = 0, step = 1; i < h->ndim; step *= h->shape[i++])
		stride[i] = step;
	for (size_t k = 0; k < count; k++) {
		char turned[16];
		const char *at = data + (h->fortran ? from : k) * element->size;
		if (h->swapped) {
			copy_swapped(turned, at, element->size, part);
			at = turned;
		}
		if (!convert_element(to + k * room, at, element))
			return onn_error(ONN_ERROR_FORMAT,
			    "onn_array_load: %s holds an integer at %zu that does not fit; "
			    "expected -2^31 to 2^31 - 1",
			    where, k);
		/* The next index in row-major order, and where column-major order keeps it. */
		for (size_t i = h->fortran ? h->ndim : 0; i-- > 0;) {
			from += stride[i];
			if (++index[i] < h->shape[i])
				break;
			from -= index[i] * stride[i];
			index[i] = 0;
		}
	}
	return ONN_OK;
}

onn_status onn_elements_decode(onn_array **a, const char *where, char kind, size_t size,
    size_t ndim, const size_t *shape, const void *data)
{
	npy_header h = {.swapped = !onn_host_is_little(), .ndim = ndim};
	for (size_t i = 0; i < sizeof npy_types / sizeof *npy_types; i++)
		if (npy_types[i].kind == kind && npy_types[i].size == size)
			h.element = &npy_types[i];
	for (size_t i = 0; i < ndim; i++)
		h.shape[i] = shape[i];
	onn_status status = onn_array_create(a, h.element->type, ndim, shape);
	if (status != ONN_OK)
		return status;
	status = decode_elements(*a, &h, data, where);
	if (status != ONN_OK) {
		onn_array_destroy(*a);
		*a = NULL;
	}
	return status;
}

onn_status onn_npy_decode(onn_array **a, const char *where, const void *data, size_t bytes)
{
	const unsigned char *p = data;
	*a = NULL;
	if (bytes < 10 || memcmp(p, "\x93NUMPY", 6) != 0 || p[6] < 1 || p[6] > 3)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s is not NumPy's .npy of version 1 to 3", where);
	size_t start = p[6] == 1 ? 10 : 12, length = p[8] | (size_t)p[9] << 8;
	if (p[6] > 1 && bytes >= 12)
		length |= (size_t)p[10] << 16 | (size_t)p[11] << 24;
	if (bytes < start || bytes - start < length)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s ends within its header; expected %zu bytes of it", where,
		    length);

	npy_header h;
	const char *text = (const char *)p + start;
	onn_status status = scan_header(&h, (scanner){text, text + length}, where);
	if (status != ONN_OK)
		return status;
	/* The header may claim any size: nothing is allocated before the bytes are seen to be
	 * there. */
	size_t count, need, left = bytes - start - length;
	char shape[128];
	if (!onn_size_product(&count, h.ndim, h.shape) ||
	    !onn_size_mul(&need, count, h.element->size) || need != left)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s has %zu bytes behind its header, which do not make shape "
		    "%s of %zu bytes each",
		    where, left, onn_shape_text(shape, sizeof shape, h.ndim, h.shape),
		    h.element->size);
	status = onn_array_create(a, h.element->type, h.ndim, h.shape);
	if (status != ONN_OK)
		return status;
	status = decode_elements(*a, &h, text + length, where);
	if (status != ONN_OK) {
		onn_array_destroy(*a);
		*a = NULL;
	}
	return status;
}

/* ---- writing ---- */

/* The dictionary's text as NumPy writes it; at most 9 axes of 21 characters. */
static size_t header_text(char *text, size_t room, const onn_array *a)
{
	static const char *const descr[ONN_TYPE_COUNT] = {
	    [ONN_U8] = "u1",
	    [ONN_I32] = "i4",
	    [ONN_U32] = "u4",
	    [ONN_F32] = "f4",
	    [ONN_F64] = "f8",
	    [ONN_C64] = "c8",
	    [ONN_C128] = "c16",
	};
	onn_type type = onn_array_type(a);
	char order = type == ONN_U8 ? '|' : onn_host_is_little() ? '<' : '>';
	size_t used = (size_t)snprintf(
	    text, room, "{'descr': '%c%s', 'fortran_order': False, 'shape': (", order, descr[type]);
	for (size_t i = 0; i < onn_array_ndim(a); i++)
		used += (size_t)snprintf(
		    text + used, room - used, i ? ", %zu" : "%zu", onn_array_shape(a)[i]);
	return used + (size_t)snprintf(
	                  text + used, room - used, onn_array_ndim(a) == 1 ? ",), }" : "), }");
}

size_t onn_npy_header(char header[ONN_NPY_HEADER], const onn_array *a)
{
	char text[320];
	size_t length = header_text(text, sizeof text, a);
	/* The elements start at a multiple of 64, the header ends with a line's end. */
	size_t start = (10 + length + 1 + 63) / 64 * 64;
	memcpy(header, "\x93NUMPY\x01\x00", 8);
	header[8] = (char)((start - 10) & 255);
	header[9] = (char)((start - 10) >> 8);
	memcpy(header + 10, text, length);
	memset(header + 10 + length, ' ', start - 10 - length);
	header[start - 1] = '\n';
	return start;
}

onn_status onn_array_load(onn_array **a, const char *path)
{
	char file[ONN_FORMAT_PATH];
	const char *member;
	const onn_format *format = onn_format_find(file, &member, path);
	void *data;
	size_t bytes;
	*a = NULL;
	if (format)
		return format->load(a, file, member);
	onn_status status = onn_file_read(&data, &bytes, path);
	if (status != ONN_OK)
		return status;
	status = onn_npy_decode(a, path, data, bytes);
	free(data);
	return status;
}

/* The header, then the elements. */
typedef struct pieces {
	const onn_array *array;
	char header[ONN_NPY_HEADER];
	int next;
} pieces;

static bool next_piece(void *user, const void **data, size_t *bytes)
{
	pieces *p = user;
	const onn_array *a = p->array;
	*data = p->next == 0 ? p->header : onn_array_const_data(a);
	*bytes = p->next == 0   ? onn_npy_header(p->header, a)
	         : p->next == 1 ? onn_array_count(a) * onn_type_size(onn_array_type(a))
	                        : 0;
	p->next++;
	return true;
}

onn_status onn_array_save(const onn_array *a, const char *path)
{
	char file[ONN_FORMAT_PATH];
	const char *member;
	const onn_format *format = onn_format_find(file, &member, path);
	if (format)
		return format->save(a, file, member);
	pieces p = {.array = a};
	return onn_file_write_pieces(path, next_piece, &p);
}
