/*
 * A small data set, short trainings and the files they leave; for tests of the trainer.
 */
#ifndef ONN_TESTS_TRAINING_H
#define ONN_TESTS_TRAINING_H

#include <onn/mlp.h>
#include <onn/trainer.h>

#include "core/philox.h"
#include "run_folder.h"
#include "testing.h"

/* Images of random pixels, `pixels` wide; the label is the brightest of the first three. */
static inline onn_dataset *make_set(size_t train, size_t test, size_t pixels)
{
	onn_dataset *d = calloc(1, sizeof *d);
	ck_assert_ptr_nonnull(d);
	strcpy(d->name, "made");
	d->height = 1;
	d->width = pixels;
	d->classes = 3;
	d->scale = 255;
	for (int part = 0; part < 2; part++) {
		size_t n = part ? test : train;
		onn_array **x = part ? &d->test_x : &d->train_x,
		          **y = part ? &d->test_y : &d->train_y;
		check_ok(onn_array_create(x, ONN_U8, 3, (size_t[]){n, 1, pixels}));
		check_ok(onn_array_create(y, ONN_I32, 1, &n));
		for (size_t i = 0; i < n; i++) {
			uint8_t *row = (uint8_t *)onn_array_data(*x) + i * pixels;
			int32_t label = 0;
			for (size_t k = 0; k < pixels; k++) {
				double u = onn_philox_uniform(
				    77, (uint32_t)part, 5, (uint32_t)(i * pixels + k));
				row[k] = (uint8_t)(256 * u);
				label = k < 3 && row[k] > row[label] ? (int32_t)k : label;
			}
			((int32_t *)onn_array_data(*y))[i] = label;
		}
	}
	return d;
}

static inline void free_set(onn_dataset *d)
{
	onn_array_destroy(d->train_x);
	onn_array_destroy(d->train_y);
	onn_array_destroy(d->test_x);
	onn_array_destroy(d->test_y);
	free(d);
}

static inline onn_mlp network_for(const onn_dataset *d)
{
	onn_mlp m = ONN_MLP_INIT;
	m.inputs = d->height * d->width;
	m.outputs = d->classes;
	m.nhidden = 1;
	m.hidden[0] = 16;
	m.absorber.depth = 2;
	m.start.std = .5;
	return m;
}

/* The same rows, seconds apart; and as many as epochs say. */
static inline void check_same_metrics(const char *a, const char *b, size_t epochs)
{
	size_t n, rows = 0;
	char *x = read_text(a, "metrics.csv", &n), *y = read_text(b, "metrics.csv", &n);
	const char *p = x, *q = y;
	while (*p && *q) {
		size_t length = strcspn(p, "\n"), other = strcspn(q, "\n");
		size_t cut = length, cut_other = other;
		if (rows > 0) {
			while (cut > 0 && p[cut] != ',')
				cut--;
			while (cut_other > 0 && q[cut_other] != ',')
				cut_other--;
			ck_assert(
			    strtod(p + cut + 1, NULL) > 0 && strtod(q + cut_other + 1, NULL) > 0);
		}
		ck_assert_msg(cut == cut_other && memcmp(p, q, cut) == 0, "%.*s is not %.*s",
		    (int)cut, p, (int)cut_other, q);
		p += length + 1;
		q += other + 1;
		rows++;
	}
	ck_assert_uint_eq(rows, epochs + 1);
	ck_assert(*p == 0 && *q == 0);
	onn_free(x);
	onn_free(y);
}

#endif
