/* What a network of light takes for what, and how much of its light arrives where it should. */
#include <stdio.h>
#include <stdlib.h>

#include <onn/model.h>

#include "command.h"
#include "light.h"

static size_t largest(const double *x, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (x[i] > x[best])
			best = i;
	return best;
}

size_t light_images(const light_measures *t, size_t label)
{
	size_t n = 0;

	for (size_t k = 0; k < t->classes; k++)
		n += t->count[label * t->classes + k];
	return n;
}

double light_mean(const light_measures *t)
{
	double sum = 0;

	for (size_t i = 0; i < t->classes; i++)
		sum += t->efficiency[i] * (double)light_images(t, i);
	return t->images ? sum / (double)t->images : 0;
}

void light_print(const light_measures *t)
{
	bool made = t->gain > 1 + 1e-5; /* t may be rounded up */

	printf("%.2f %% of the light %sarrives in the right region", 100 * light_mean(t),
	    made ? "that came in " : "");
	if (made)
		printf(", behind plates that amplify up to %.3g: not for making", t->gain);
}

bool light_is_there(const onn_network *network)
{
	return onn_network_find(network, "detect", 0) != SIZE_MAX;
}

/* Whether regions are classes: the detectors are the last layer. */
static bool reads_classes(const onn_network *network)
{
	return onn_network_find(network, "detect", 0) == onn_network_layers(network) - 1;
}

/* output [images, classes], fraction [images, regions] */
static void count(
    light_measures *t, const onn_dataset *d, const onn_array *output, const onn_array *fraction)
{
	const int32_t *label = onn_array_const_data(d->test_y);
	const double *y = onn_array_const_data(output), *part = onn_array_const_data(fraction);
	size_t regions = onn_array_shape(fraction)[1];

	t->images = onn_array_count(d->test_y);
	for (size_t i = 0; i < t->images; i++) {
		size_t is = (size_t)label[i], seen = largest(y + i * t->classes, t->classes);
		t->count[is * t->classes + seen]++;
		t->right += is == seen;
		if (t->efficiency)
			t->efficiency[is] += part[i * regions + is];
	}
	for (size_t i = 0; i < t->classes && t->efficiency; i++)
		if (light_images(t, i))
			t->efficiency[i] /= (double)light_images(t, i);
}

static onn_status measure(
    light_measures *t, const onn_model *model, onn_device *device, const onn_dataset *d)
{
	onn_array *raw[2] = {NULL, NULL}, *real[2] = {NULL, NULL};
	onn_status status =
	    onn_model_readings(&raw[0], &raw[1], model, device, d->test_x, d->scale);

	for (int i = 0; i < 2 && !status; i++)
		status = onn_array_convert(&real[i], raw[i], ONN_F64);
	if (!status)
		count(t, d, real[0], real[1]);
	for (int i = 0; i < 2; i++) {
		onn_array_destroy(raw[i]);
		onn_array_destroy(real[i]);
	}
	return status;
}

onn_status light_measure(
    light_measures *t, const onn_model *model, onn_device *device, const onn_dataset *d)
{
	bool classes = reads_classes(onn_model_network(model));

	*t = (light_measures){.classes = d->classes, .gain = onn_model_plate_gain(model)};
	t->count = calloc(t->classes * t->classes, sizeof *t->count);
	t->efficiency = classes ? calloc(t->classes, sizeof *t->efficiency) : NULL;
	onn_status status = t->count && (t->efficiency || !classes) ? measure(t, model, device, d)
	                                                            : command_no_memory();
	if (status)
		light_clear(t);
	return status;
}

void light_clear(light_measures *t)
{
	free(t->count);
	free(t->efficiency);
	*t = (light_measures){0};
}
