/*
 * What holds for files of arrays of any format: what is written comes back, and what is cut or
 * spoilt is an error with a text.
 */
#ifndef ONN_TESTS_CORE_FORMAT_CASES_H
#define ONN_TESTS_CORE_FORMAT_CASES_H

#include <onn/array.h>

#include "core/os.h"
#include "testing.h"

static inline onn_array *counted(onn_type type, size_t ndim, const size_t *shape)
{
	onn_array *f64, *a;
	check_ok(
	    onn_array_create(&f64, onn_type_is_complex(type) ? ONN_C128 : ONN_F64, ndim, shape));
	double *x = onn_array_data(f64);
	for (size_t i = 0; i < onn_array_count(f64) * (onn_type_is_complex(type) ? 2 : 1); i++)
		x[i] = 1.5 * (double)i;
	check_ok(onn_array_convert(&a, f64, type));
	onn_array_destroy(f64);
	return a;
}

static inline void check_same(const onn_array *a, const onn_array *b)
{
	ck_assert_int_eq(onn_array_type(a), onn_array_type(b));
	ck_assert_uint_eq(onn_array_count(a), onn_array_count(b));
	ck_assert(memcmp(onn_array_const_data(a), onn_array_const_data(b),
	              onn_array_count(a) * onn_type_size(onn_array_type(a))) == 0);
}

/* least: axes that the format has at least, of size 1 in front. */
static inline void check_round_trips(const char *name, size_t least)
{
	static const size_t shape[] = {2, 3, 4};
	for (int type = 0; type < ONN_TYPE_COUNT; type++)
		for (size_t ndim = 0; ndim <= 3; ndim++) {
			onn_array *a = counted((onn_type)type, ndim, shape), *b;
			check_ok(onn_array_save(a, name));
			check_ok(onn_array_load(&b, name));
			check_same(a, b);
			size_t more = ndim < least ? least - ndim : 0;
			ck_assert_uint_eq(onn_array_ndim(b), ndim + more);
			for (size_t i = 0; i < ndim; i++)
				ck_assert_uint_eq(onn_array_shape(b)[more + i], shape[i]);
			onn_array_destroy(a);
			onn_array_destroy(b);
		}
}

/* Each byte of a file is changed, and the file cut there. */
static inline void check_spoilt(const char *from, const char *file, const char *name, size_t step)
{
	void *data;
	size_t bytes, refused = 0;
	check_ok(onn_file_read(&data, &bytes, from));
	for (size_t i = 0; i < 2 * bytes; i += step) {
		onn_array *a;
		unsigned char *p = data, old = p[i / 2];
		p[i / 2] = (unsigned char)(old ^ 0x55);
		check_ok(onn_file_write(file, data, i % 2 ? bytes : i / 2));
		p[i / 2] = old;
		onn_status status = onn_array_load(&a, name);
		ck_assert(!status == (a != NULL));
		ck_assert(!status || strstr(onn_last_error(), file));
		refused += status != ONN_OK;
		onn_array_destroy(a);
	}
	ck_assert_uint_gt(refused, 0);
	onn_free(data);
}

#endif
