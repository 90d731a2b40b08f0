/* What a diffractive classifier takes for what, and how much of its light arrives. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "d2nn_pictures.h"
#include "train_d2nn.h"

typedef struct tables {
	size_t classes, images;
	size_t *count;      /* [label, class seen] */
	double *efficiency; /* [label]: mean part of the light that arrives in the right region */
	size_t right;
} tables;

static size_t largest(const double *x, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (x[i] > x[best])
			best = i;
	return best;
}

static void write_confusion(FILE *file, const void *user)
{
	const tables *t = user;

	fputs("label", file);
	for (size_t k = 0; k < t->classes; k++)
		fprintf(file, ",%zu", k);
	for (size_t i = 0; i < t->classes; i++) {
		fprintf(file, "\n%zu", i);
		for (size_t k = 0; k < t->classes; k++)
			fprintf(file, ",%zu", t->count[i * t->classes + k]);
	}
	fputc('\n', file);
}

static size_t images_of(const tables *t, size_t label)
{
	size_t n = 0;

	for (size_t k = 0; k < t->classes; k++)
		n += t->count[label * t->classes + k];
	return n;
}

static double mean_efficiency(const tables *t)
{
	double sum = 0;

	for (size_t i = 0; i < t->classes; i++)
		sum += t->efficiency[i] * (double)images_of(t, i);
	return t->images ? sum / (double)t->images : 0;
}

static void write_efficiency(FILE *file, const void *user)
{
	const tables *t = user;

	fputs("label,images,efficiency\n", file);
	for (size_t i = 0; i < t->classes; i++)
		fprintf(file, "%zu,%zu,%.6g\n", i, images_of(t, i), t->efficiency[i]);
	fprintf(file, "all,%zu,%.6g\n", t->images, mean_efficiency(t));
}

static onn_status measure(tables *t, const onn_model *model, const train_outcome *o)
{
	onn_array *raw[2] = {NULL, NULL}, *real[2] = {NULL, NULL};
	const onn_dataset *d = o->dataset;
	const int32_t *label = onn_array_const_data(d->test_y);
	onn_status status =
	    onn_d2nn_measure(&raw[0], &raw[1], model, o->device, d->test_x, d->scale);

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
			if (images_of(t, i))
				t->efficiency[i] /= (double)images_of(t, i);
	}
	for (int i = 0; i < 2; i++) {
		onn_array_destroy(raw[i]);
		onn_array_destroy(real[i]);
	}
	return status;
}

static int report(const train_outcome *o, const onn_model *model, tables *t)
{
	onn_status status = measure(t, model, o);

	if (status)
		return command_status(o->command, status);
	int code = path_write(o->command, o->folder, "confusion.csv", write_confusion, t);
	if (!code)
		code = path_write(o->command, o->folder, "efficiency.csv", write_efficiency, t);
	if (code)
		return code;
	if (!o->quiet)
		printf("all test images: %.2f %% right; %.2f %% of the light arrives in the right "
		       "region\n",
		    100 * (double)t->right / (double)(t->images ? t->images : 1),
		    100 * mean_efficiency(t));
	return d2nn_pictures(o, model, t->count);
}

int train_d2nn_report(const train_outcome *o)
{
	char *best = path_join(o->folder, "best.npz");
	onn_model *model = NULL;
	tables t = {.classes = o->dataset->classes};
	onn_status status = best ? onn_model_load(&model, best) : ONN_ERROR_MEMORY;

	t.count = calloc(t.classes * t.classes, sizeof *t.count);
	t.efficiency = calloc(t.classes, sizeof *t.efficiency);
	int code = status                      ? command_status(o->command, status)
	           : !t.count || !t.efficiency ? command_fail(o->command, "no memory")
	                                       : report(o, model, &t);
	onn_model_destroy(model);
	free(best);
	free(t.count);
	free(t.efficiency);
	return code;
}
