/* What a design starts from, as files. */
#include <string.h>

#include "data/image.h"
#include "design.h"

/* The shape as the options say it; all else the library checks. */
static int check_shape(
    const char *option, const char *path, const onn_array *a, size_t ndim, const size_t *shape)
{
	bool same = onn_array_ndim(a) == ndim;
	char given[128];

	for (size_t i = 0; i < ndim && same; i++)
		same = onn_array_shape(a)[i] == shape[i];
	if (same)
		return EXIT_OK;
	shape_text(given, sizeof given, a);
	if (ndim == 3)
		return command_fail(&command_design,
		    "--%s: %s is %s; expected [%zu, %zu, %zu], as --plates and --size say", option,
		    path, given, shape[0], shape[1], shape[2]);
	return command_fail(&command_design, "--%s: %s is %s; expected [%zu, %zu], as --size says",
	    option, path, given, shape[0], shape[1]);
}

static int load_numbers(
    onn_array **a, const char *option, const char *path, size_t ndim, const size_t *shape)
{
	onn_status status = onn_image_or_array_load(a, path);

	return status ? command_status(&command_design, status)
	              : check_shape(option, path, *a, ndim, shape);
}

static int load_target(onn_array **target, const char *path, size_t n)
{
	if (!onn_image_named(path))
		return load_numbers(target, "target", path, 2, (size_t[]){n, n});
	onn_status status = onn_design_fit_file(target, path, n);
	return status ? command_status(&command_design, status) : EXIT_OK;
}

int design_inputs_load(design_arrays *arrays, onn_design_inputs *in, const design_settings *s)
{
	size_t n = s->design.pixels;
	const size_t shape[] = {s->design.plates, n, n};
	int code = EXIT_OK;

	if (strcmp(s->target, "smiley") != 0)
		code = load_target(&arrays->target, s->target, n);
	if (!code && s->source)
		code = load_numbers(&arrays->source, "source", s->source, 2, shape + 1);
	if (!code && s->start)
		code = load_numbers(&arrays->start, "start", s->start, 3, shape);
	in->target = arrays->target;
	in->source = arrays->source;
	in->start = arrays->start;
	return code;
}

void design_inputs_clear(design_arrays *arrays)
{
	onn_array_destroy(arrays->target);
	onn_array_destroy(arrays->source);
	onn_array_destroy(arrays->start);
	*arrays = (design_arrays){0};
}
