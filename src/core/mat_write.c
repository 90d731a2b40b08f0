/* Variables into MATLAB files of version 5: the least significant byte first, nothing deflated. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/formats.h"
#include "core/mat.h"
#include "core/memory.h"
#include "core/os.h"

static const char *const function = "onn_array_save";

typedef struct output {
	unsigned char *file;
	size_t bytes, room, begin; /* of the variable at hand, which others may precede unaligned */
	bool failed;
} output;

static void put(output *o, const void *data, size_t bytes)
{
	o->failed = o->failed || !onn_grow(&o->file, &o->room, o->bytes + bytes, 1);
	if (o->failed || !bytes)
		return;
	memcpy(o->file + o->bytes, data, bytes);
	o->bytes += bytes;
}

static void put_number(output *o, uint64_t x, size_t bytes)
{
	unsigned char text[8];
	for (size_t i = 0; i < bytes; i++)
		text[i] = (unsigned char)(x >> 8 * i);
	put(o, text, bytes);
}

static void put_tag(output *o, uint32_t kind, size_t bytes)
{
	put_number(o, kind, 4);
	put_number(o, bytes, 4);
}

static void fill_up(output *o)
{
	static const unsigned char zeros[8];
	size_t length = o->bytes - o->begin;
	put(o, zeros, onn_size_round_up(length, 8) - length);
}

/* How a type is called as a variable's class, and as an element's kind. */
static const struct {
	unsigned class;
	uint32_t kind;
} names[] = {[ONN_U8] = {9, ONN_MAT_U8},
    [ONN_I32] = {12, ONN_MAT_I32},
    [ONN_U32] = {13, ONN_MAT_U32},
    [ONN_F32] = {7, ONN_MAT_F32},
    [ONN_F64] = {6, ONN_MAT_F64}};

static void put_part(output *o, const onn_array *columns, size_t part)
{
	onn_type type = onn_array_type(columns), real = onn_type_real(type);
	size_t parts = onn_type_parts(type), size = onn_type_size(real);
	const unsigned char *data = onn_array_const_data(columns);
	put_tag(o, names[real].kind, onn_array_count(columns) * size);
	for (size_t i = 0; i < onn_array_count(columns) && !o->failed; i++) {
		uint64_t x = 0;
		uint32_t low;
		const unsigned char *from = data + (parts * i + part) * size;
		if (size == 8) {
			memcpy(&x, from, 8);
		} else if (size == 4) {
			memcpy(&low, from, 4);
			x = low;
		} else {
			x = *from;
		}
		put_number(o, x, size);
	}
	fill_up(o);
}

/* MATLAB's arrays have two axes or more: a number is 1 by 1, a list a row. */
static void put_variable(output *o, const char *name, const onn_array *columns)
{
	onn_type type = onn_array_type(columns);
	size_t ndim = onn_array_ndim(columns), axes = ndim < 2 ? 2 : ndim;
	const size_t *turned = onn_array_shape(columns);
	bool complex = onn_type_is_complex(type);
	o->begin = o->bytes;
	put_tag(o, ONN_MAT_MATRIX, 0);
	put_tag(o, ONN_MAT_U32, 8);
	put_number(o, names[onn_type_real(type)].class | (complex ? 0x800 : 0), 4);
	put_number(o, 0, 4);
	put_tag(o, ONN_MAT_I32, 4 * axes);
	for (size_t i = ndim; i < 2; i++)
		put_number(o, 1, 4);
	for (size_t i = ndim; i-- > 0;)
		put_number(o, turned[i], 4);
	fill_up(o);
	put_tag(o, ONN_MAT_I8, strlen(name));
	put(o, name, strlen(name));
	fill_up(o);
	put_part(o, columns, 0);
	if (complex)
		put_part(o, columns, 1);
	if (!o->failed)
		for (size_t i = 0; i < 4; i++)
			o->file[o->begin + 4 + i] =
			    (unsigned char)((o->bytes - o->begin - 8) >> 8 * i);
}

static void put_header(output *o)
{
	char text[117];
	snprintf(text, sizeof text, "%-116s", "MATLAB 5.0 MAT-file, written by onn");
	put(o, text, 116);
	put_number(o, 0, 8);
	put_number(o, 0x0100, 2);
	put(o, "IM", 2);
}

/* The file as it is, but for the variable of that name. */
static onn_status put_others(output *o, const char *path, const char *name)
{
	void *file;
	size_t bytes;
	onn_mat_bytes b;
	onn_mat_element e;
	onn_status status = onn_file_read(&file, &bytes, path);
	if (status)
		return status;
	bool good = onn_mat_begin(&b, file, bytes) && !b.swapped;
	put(o, file, good ? ONN_MAT_HEADER : 0);
	while (good && b.bytes >= 8) {
		good = onn_mat_element_next(&e, &b);
		if (good && !onn_mat_is_named(&e, name))
			put(o, e.begin, e.whole);
	}
	free(file);
	return good ? ONN_OK
	            : onn_error(ONN_ERROR_FORMAT,
	                  "%s: %s is no MAT file of version 5, little-endian, that %s can be added "
	                  "to",
	                  function, path, name);
}

static bool is_name(const char *name)
{
	size_t letters =
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	return letters > 0 && letters < 64 && !name[letters] && !strchr("0123456789_", *name);
}

static onn_status check(const onn_array *a, const char *name)
{
	const size_t *shape = onn_array_shape(a);
	bool fits = onn_array_count(a) * onn_type_size(onn_array_type(a)) < INT32_MAX - 1024;
	for (size_t i = 0; i < onn_array_ndim(a); i++)
		fits = fits && shape[i] <= INT32_MAX;
	if (!fits)
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "%s: the array is beyond 2 GB, which a MAT file of version 5 cannot hold; "
		    "expected "
		    "an .h5 or .npy",
		    function);
	if (!is_name(name))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: \"%s\" is no variable of MATLAB; expected a letter, and up to 62 letters, "
		    "digits and _",
		    function, name);
	return ONN_OK;
}

onn_status onn_mat_save(const onn_array *a, const char *path, const char *member)
{
	const char *name = member ? member : "data";
	output o = {NULL, 0, 0, 0, false};
	onn_array *columns = NULL;
	onn_status status = check(a, name);
	if (!status && member && onn_file_exists(path))
		status = put_others(&o, path, name);
	else if (!status)
		put_header(&o);
	if (!status)
		status = onn_array_turned(&columns, a);
	if (!status) {
		put_variable(&o, name, columns);
		status = o.failed ? onn_error_memory(function, o.bytes)
		                  : onn_file_write(path, o.file, o.bytes);
	}
	onn_array_destroy(columns);
	free(o.file);
	return status;
}
