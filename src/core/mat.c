/*
 * MATLAB's files of version 5, read here: a header of 128 bytes, then elements, each a tag (what
 * kind, how many bytes) and data that fill up to 8 bytes. A variable is an element of elements:
 * flags, shape, name, real part, imaginary part; it may lie deflated in another one. Arrays lie
 * column by column. Files of version 7.3 are HDF5 behind such a header.
 *
 * MathWorks, MAT-File Format (R2023b), chapter 1.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/element.h"
#include "core/error.h"
#include "core/formats.h"
#include "core/mat.h"
#include "core/memory.h"
#include "core/os.h"

/* ---- bytes ---- */

static uint64_t number(const onn_mat_bytes *b, size_t at, size_t bytes)
{
	uint64_t x = 0;
	for (size_t i = 0; i < bytes; i++)
		x = x << 8 | b->data[at + (b->swapped ? i : bytes - 1 - i)];
	return x;
}

bool onn_mat_element_next(onn_mat_element *e, onn_mat_bytes *b)
{
	if (b->bytes < 8)
		return false;
	uint32_t tag = (uint32_t)number(b, 0, 4);
	size_t length = (size_t)number(b, 4, 4), begin = 8, step;
	if (tag >> 16) { /* up to four bytes, which stand in the tag */
		length = tag >> 16;
		tag &= 0xffff;
		begin = 4;
		if (length > 4)
			return false;
	}
	if (length > b->bytes - begin)
		return false;
	step = begin == 4                  ? 8
	       : tag == ONN_MAT_COMPRESSED ? 8 + length
	                                   : 8 + onn_size_round_up(length, 8);
	*e = (onn_mat_element){tag, {b->data + begin, length, b->swapped}, b->data, 0};
	step = onn_size_least(step, b->bytes); /* the last one may not be filled up */
	e->whole = step;
	b->data += step;
	b->bytes -= step;
	return true;
}

/* ---- variables ---- */

enum { COMPLEX = 0x800, LOGICAL = 0x200 };

/* Of numbers: from f64 of class 6 to u64 of 15. */
typedef struct variable {
	unsigned class, flags;
	size_t ndim, shape[ONN_MAX_DIMS]; /* as MATLAB says it */
	const char *name;
	size_t name_length;
	onn_mat_bytes rest; /* its parts */
} variable;

/* What has no name is of MATLAB's own. */
static bool is_numeric(const variable *v)
{
	return v->class >= 6 && v->class <= 15 && v->name_length > 0;
}

static bool read_shape(variable *v, const onn_mat_bytes *b)
{
	v->ndim = b->bytes / 4;
	if (b->bytes % 4 || v->ndim < 2)
		return false;
	for (size_t i = 0; i < v->ndim && v->ndim <= ONN_MAX_DIMS; i++) {
		uint32_t size = (uint32_t)number(b, 4 * i, 4);
		if (size > INT32_MAX)
			return false;
		v->shape[i] = size;
	}
	return true;
}

static bool read_variable(variable *v, const onn_mat_bytes *matrix)
{
	onn_mat_element e;
	v->rest = *matrix;
	if (!onn_mat_element_next(&e, &v->rest) || e.kind != ONN_MAT_U32 || e.data.bytes < 4)
		return false;
	uint32_t flags = (uint32_t)number(&e.data, 0, 4);
	v->class = flags & 0xff;
	v->flags = flags & 0xff00;
	if (v->class == ONN_MAT_OPAQUE) {
		v->name_length = 0; /* an object, whose shape stands elsewhere */
		return true;
	}
	if (!onn_mat_element_next(&e, &v->rest) || e.kind != ONN_MAT_I32 ||
	    !read_shape(v, &e.data) || !onn_mat_element_next(&e, &v->rest) || e.kind != ONN_MAT_I8)
		return false;
	v->name = (const char *)e.data.data;
	v->name_length = e.data.bytes;
	return true;
}

/* Bytes that an element of this kind has; 0: they are no numbers. */
static size_t size_of(uint32_t kind)
{
	static const unsigned char size[] = {0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8};
	return kind < sizeof size ? size[kind] : 0;
}

/* Element i, as it is stored: often narrower than the variable's class. */
static double stored(const onn_mat_element *e, size_t i)
{
	size_t size = size_of(e->kind);
	uint64_t bits = number(&e->data, i * size, size);
	uint32_t low = (uint32_t)bits;
	float f32;
	double f64;
	switch (e->kind) {
	case ONN_MAT_F32:
		memcpy(&f32, &low, sizeof f32);
		return (double)f32;
	case ONN_MAT_F64:
		memcpy(&f64, &bits, sizeof f64);
		return f64;
	case ONN_MAT_I8:
		return (int8_t)low;
	case ONN_MAT_I16:
		return (int16_t)low;
	case ONN_MAT_I32:
		return (int32_t)low;
	case ONN_MAT_I64:
		return (double)(int64_t)bits;
	default:
		return (double)bits;
	}
}

/* As .npy are read: wider and narrower whole numbers as i32. */
static onn_type type_of(const variable *v)
{
	static const onn_type type[] = {ONN_F64, ONN_F32, ONN_I32, ONN_U8, ONN_I32, ONN_I32,
	    ONN_I32, ONN_U32, ONN_I32, ONN_I32};
	onn_type real = type[v->class - 6];
	return v->flags & COMPLEX ? onn_type_complex(real) : real;
}

static bool fits(onn_type type, double x)
{
	return type != ONN_I32 || (x >= INT32_MIN && x <= INT32_MAX);
}

/* Into the elements' part 0 or 1. */
static onn_status read_part(onn_array *a, size_t part, variable *v, const char *path)
{
	onn_mat_element e;
	size_t count = onn_array_count(a), need;
	onn_type type = onn_array_type(a);
	size_t parts = onn_type_parts(type);
	if (!onn_mat_element_next(&e, &v->rest) || !size_of(e.kind) ||
	    !onn_size_mul(&need, count, size_of(e.kind)) || need != e.data.bytes)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s is a damaged MAT file: %.*s has not the numbers that its "
		    "shape says",
		    path, v->name_length < 64 ? (int)v->name_length : 64, v->name);
	for (size_t i = 0; i < count; i++) {
		double x = stored(&e, i);
		if (!fits(type, x))
			return onn_error(ONN_ERROR_FORMAT,
			    "onn_array_load: %s holds an integer at %zu that does not fit; "
			    "expected "
			    "-2^31 to 2^31 - 1",
			    path, i);
		onn_part_set(onn_array_data(a), type, parts * i + part, x);
	}
	return ONN_OK;
}

/* What the parts are to have is there, before memory is asked for. */
static bool is_long_enough(const variable *v)
{
	size_t count;
	return onn_size_product(&count, v->ndim, v->shape) && count <= v->rest.bytes;
}

static onn_status read_numbers(onn_array **a, variable *v, const char *path)
{
	size_t turned[ONN_MAX_DIMS];
	onn_array *columns;
	if (v->ndim > ONN_MAX_DIMS || (v->flags & COMPLEX && !onn_type_is_complex(type_of(v))))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s has an array of %zu axes%s; expected real or complex "
		    "floats, or "
		    "whole numbers, of up to %d axes",
		    path, v->ndim, v->flags & COMPLEX ? " of complex whole numbers" : "",
		    ONN_MAX_DIMS);
	if (!is_long_enough(v))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s is a damaged MAT file: it is too short for its array",
		    path);
	for (size_t i = 0; i < v->ndim; i++)
		turned[i] = v->shape[v->ndim - 1 - i];
	onn_status status = onn_array_create(&columns, type_of(v), v->ndim, turned);
	if (status)
		return status;
	status = read_part(columns, 0, v, path);
	if (!status && v->flags & COMPLEX)
		status = read_part(columns, 1, v, path);
	if (!status)
		status = onn_array_turned(a, columns);
	onn_array_destroy(columns);
	return status;
}

/* ---- what is deflated ---- */

/* The one element in it; deflate makes at most 1032 bytes of one. NULL: damaged, or no memory. */
static unsigned char *inflate_all(size_t *bytes, const onn_mat_bytes *from)
{
	unsigned char tag[8], *all = NULL;
	z_stream z = {.next_in = (Bytef *)(uintptr_t)from->data};
	if (from->bytes > UINT32_MAX || inflateInit(&z) != Z_OK)
		return NULL;
	z.avail_in = (uInt)from->bytes;
	z.next_out = tag;
	z.avail_out = sizeof tag;
	int code = inflate(&z, Z_SYNC_FLUSH);
	onn_mat_bytes head = {tag, sizeof tag, from->swapped};
	size_t length = z.avail_out == 0 ? (size_t)number(&head, 4, 4) : SIZE_MAX;
	bool good = (code == Z_OK || code == Z_STREAM_END) && length <= UINT32_MAX - 8 &&
	            length / 1040 <= from->bytes && number(&head, 0, 4) == ONN_MAT_MATRIX;
	if (good)
		all = malloc(8 + length);
	if (all) {
		memcpy(all, tag, 8);
		z.next_out = all + 8;
		z.avail_out = (uInt)length;
		if (length && code == Z_OK)
			inflate(&z, Z_SYNC_FLUSH);
		*bytes = 8 + length - z.avail_out;
	}
	inflateEnd(&z);
	return all;
}

bool onn_mat_variable_open(
    unsigned char **inflated, onn_mat_bytes *matrix, const onn_mat_element *e)
{
	onn_mat_element inner = *e;
	*inflated = NULL;
	if (e->kind == ONN_MAT_COMPRESSED) {
		onn_mat_bytes all = {NULL, 0, e->data.swapped};
		*inflated = inflate_all(&all.bytes, &e->data);
		all.data = *inflated;
		if (!*inflated || !onn_mat_element_next(&inner, &all))
			return false;
	}
	*matrix = inner.data;
	return inner.kind == ONN_MAT_MATRIX;
}

bool onn_mat_is_named(const onn_mat_element *e, const char *name)
{
	unsigned char *inflated;
	onn_mat_bytes matrix;
	variable v;
	bool same = onn_mat_variable_open(&inflated, &matrix, e) && read_variable(&v, &matrix) &&
	            v.name_length == strlen(name) && memcmp(v.name, name, v.name_length) == 0;
	free(inflated);
	return same;
}

/* ---- the file ---- */

static bool is_wanted(const variable *v, const char *member)
{
	return is_numeric(v) && (!member || (v->name_length == strlen(member) &&
	                                        memcmp(v->name, member, v->name_length) == 0));
}

typedef struct search {
	const char *path, *member;
	onn_name_list list;
	onn_array *found; /* the first */
	size_t count;
	bool damaged;
} search;

/* Where an array is found already, another one is only counted. */
static onn_status look_at(search *s, const onn_mat_element *e)
{
	unsigned char *inflated;
	onn_mat_bytes matrix;
	variable v = {0};
	onn_status status = ONN_OK;
	if (!onn_mat_variable_open(&inflated, &matrix, e) || !read_variable(&v, &matrix))
		s->damaged = true;
	else if (is_numeric(&v))
		onn_name_list_add(&s->list, v.name, v.name_length);
	if (!s->damaged && is_wanted(&v, s->member) && s->count++ == 0)
		status = read_numbers(&s->found, &v, s->path);
	free(inflated);
	return status;
}

bool onn_mat_begin(onn_mat_bytes *b, const void *file, size_t bytes)
{
	const unsigned char *p = file;
	if (bytes < ONN_MAT_HEADER ||
	    (memcmp(p + 126, "IM", 2) != 0 && memcmp(p + 126, "MI", 2) != 0))
		return false;
	*b = (onn_mat_bytes){p, bytes, p[126] == 'M'};
	uint64_t version = number(b, 124, 2);
	b->data += ONN_MAT_HEADER;
	b->bytes -= ONN_MAT_HEADER;
	return version == 0x0100;
}

static bool is_hdf5(const unsigned char *p, size_t bytes)
{
	return (bytes >= 8 && memcmp(p, "\211HDF\r\n\032\n", 8) == 0) ||
	       (bytes >= 10 && memcmp(p, "MATLAB 7.3", 10) == 0);
}

onn_status onn_mat_decode(
    onn_array **a, const char *path, const void *file, size_t bytes, const char *member)
{
	search s = {.path = path, .member = member};
	onn_mat_bytes b;
	onn_mat_element e;
	onn_status status = ONN_OK;
	*a = NULL;
	if (is_hdf5(file, bytes))
		return ONN_ERROR_UNSUPPORTED;
	if (!onn_mat_begin(&b, file, bytes))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s is no MAT file of version 5 or 7.3", path);
	while (b.bytes >= 8 && !status && !s.damaged && !(member && s.found)) {
		if (onn_mat_element_next(&e, &b))
			status = look_at(&s, &e);
		else
			s.damaged = true;
	}
	if (!status && s.damaged)
		status =
		    onn_error(ONN_ERROR_FORMAT, "onn_array_load: %s is a damaged MAT file", path);
	if (!status && (!s.found || s.count > 1))
		status = onn_member_refuse(path, member, &s.list);
	if (status)
		onn_array_destroy(s.found);
	else
		*a = s.found;
	return status;
}

onn_status onn_mat_load(onn_array **a, const char *path, const char *member)
{
	void *file;
	size_t bytes;
	*a = NULL;
	onn_status status = onn_file_read(&file, &bytes, path);
	if (status)
		return status;
	if (is_hdf5(file, bytes))
		status = onn_hdf5_read(a, path, member, true);
	else
		status = onn_mat_decode(a, path, file, bytes, member);
	free(file);
	return status;
}
