/* What a diffractive classifier takes for what, and how much of its light arrives. */
#include <stdio.h>
#include <stdlib.h>

#include "d2nn_light.h"
#include "d2nn_pictures.h"
#include "train_d2nn.h"

static void write_confusion(FILE *file, const void *user)
{
	const d2nn_light *t = user;

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

static void write_efficiency(FILE *file, const void *user)
{
	const d2nn_light *t = user;

	fputs("label,images,efficiency\n", file);
	for (size_t i = 0; i < t->classes; i++)
		fprintf(file, "%zu,%zu,%.6g\n", i, d2nn_light_images(t, i), t->efficiency[i]);
	fprintf(file, "all,%zu,%.6g\n", t->images, d2nn_light_mean(t));
}

static int report(const train_outcome *o, const onn_model *model, d2nn_light *t)
{
	int code = path_write(o->command, o->folder, "confusion.csv", write_confusion, t);
	if (!code)
		code = path_write(o->command, o->folder, "efficiency.csv", write_efficiency, t);
	if (code)
		return code;
	if (!o->quiet)
		printf("all test images: %.2f %% right; %.2f %% of the light arrives in the right "
		       "region\n",
		    100 * (double)t->right / (double)(t->images ? t->images : 1),
		    100 * d2nn_light_mean(t));
	return d2nn_pictures(o, model, t->count);
}

int train_d2nn_report(const train_outcome *o)
{
	char *best = path_join(o->folder, "best.npz");
	onn_model *model = NULL;
	d2nn_light t = {0};
	onn_status status = best ? onn_model_load(&model, best) : ONN_ERROR_MEMORY;

	if (!status)
		status = d2nn_light_measure(&t, model, o->device, o->dataset);
	int code = status ? command_status(o->command, status) : report(o, model, &t);
	d2nn_light_clear(&t);
	onn_model_destroy(model);
	free(best);
	return code;
}
