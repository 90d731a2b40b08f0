/* What a classifier of light takes for what, and how much of its light arrives. */
#include <stdio.h>
#include <stdlib.h>

#include "light.h"
#include "pictures.h"

static void write_confusion(FILE *file, const void *user)
{
	const light_measures *t = user;

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
	const light_measures *t = user;

	fputs("label,images,efficiency\n", file);
	for (size_t i = 0; i < t->classes; i++)
		fprintf(file, "%zu,%zu,%.6g\n", i, light_images(t, i), t->efficiency[i]);
	fprintf(file, "all,%zu,%.6g\n", t->images, light_mean(t));
}

static int report(const train_outcome *o, const onn_model *model, light_measures *t)
{
	int code = path_write(o->command, o->folder, "confusion.csv", write_confusion, t);
	if (!code && t->efficiency)
		code = path_write(o->command, o->folder, "efficiency.csv", write_efficiency, t);
	if (code)
		return code;
	if (!o->quiet) {
		printf("all test images: %.2f %% right",
		    100 * (double)t->right / (double)(t->images ? t->images : 1));
		if (t->efficiency) {
			fputs("; ", stdout);
			light_print(t);
		}
		putchar('\n');
	}
	return light_pictures(o, model, t->count);
}

int train_light_report(const train_outcome *o)
{
	char *best = path_join(o->folder, "best.npz");
	onn_model *model = NULL;
	light_measures t = {0};
	int code = EXIT_OK;
	onn_status status = best ? onn_model_load(&model, best) : ONN_ERROR_MEMORY;

	if (!status && light_is_there(onn_model_network(model))) {
		status = light_measure(&t, model, o->device, o->dataset);
		if (!status)
			code = report(o, model, &t);
	}
	if (status)
		code = command_status(o->command, status);
	light_clear(&t);
	onn_model_destroy(model);
	free(best);
	return code;
}
