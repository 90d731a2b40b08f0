/* What a diffractive network takes for what, and how much of its light arrives where it should. */
#include <stdlib.h>

#include <onn/model.h>

#include "d2nn_light.h"

static size_t largest(const double *x, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (x[i] > x[best])
			best = i;
	return best;
}

size_t d2nn_light_images(const d2nn_light *t, size_t label)
{
	size_t n = 0;

	for (size_t k = 0; k < t->classes; k++)
		n += t->count[label * t->classes + k];
	return n;
}

double d2nn_light_mean(const d2nn_light *t)
{
	double sum = 0;

	for (size_t i = 0; i < t->classes; i++)
		sum += t->efficiency[i] * (double)d2nn_light_images(t, i);
	return t->images ? sum / (double)t->images : 0;
}

static onn_status measure(
    d2nn_light *t, const onn_model *model, onn_device *device, const onn_dataset *d)
{
	onn_array *raw[2] = {NULL, NULL}, *real[2] = {NULL, NULL};
	const int32_t *label = onn_array_const_data(d->test_y);
	onn_status status = onn_d2nn_measure(&raw[0], &raw[1], model, device, d->test_x, d->scale);

	for (int i = 0; i < 2 && !status; i++)
		status = onn_array_convert(&real[i], raw[i], ONN_F64);
	if (!status) {
		const double *output = onn_array_const_data(real[0]);
		const double *fraction = onn_array_const_data(real[1]);
		size_t regions = onn_array_shape(real[1])[1];
		t->images = onn_array_count(d->test_y);
		for (size_t i = 0; i < t->images; i++) {
			size_t is = (size_t)label[i];
			size_t seen = largest(output + i * t->classes, t->classes);
			t->count[is * t->classes + seen]++;
			t->right += is == seen;
			t->efficiency[is] += fraction[i * regions + is];
		}
		for (size_t i = 0; i < t->classes; i++)
			if (d2nn_light_images(t, i))
				t->efficiency[i] /= (double)d2nn_light_images(t, i);
	}
	for (int i = 0; i < 2; i++) {
		onn_array_destroy(raw[i]);
		onn_array_destroy(real[i]);
	}
	return status;
}

onn_status d2nn_light_measure(
    d2nn_light *t, const onn_model *model, onn_device *device, const onn_dataset *d)
{
	*t = (d2nn_light){.classes = d->classes};
	t->count = calloc(t->classes * t->classes, sizeof *t->count);
	t->efficiency = calloc(t->classes, sizeof *t->efficiency);
	onn_status status =
	    t->count && t->efficiency ? measure(t, model, device, d) : ONN_ERROR_MEMORY;
	if (status)
		d2nn_light_clear(t);
	return status;
}

void d2nn_light_clear(d2nn_light *t)
{
	free(t->count);
	free(t->efficiency);
	*t = (d2nn_light){0};
}
