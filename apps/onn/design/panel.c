/* onn design: plates as grey levels for a modulator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/image.h>

#include "data/image.h"
#include "design.h"

static const double TURN = 6.283185307179586476925286766559;

bool design_shows_patterns(const design_settings *s)
{
	return s->slm || s->lut || s->flatness || s->panel.turn > 0;
}

/* A picture's white is a turn, as in the maps that makers give. */
static int load_flatness(design_run *r)
{
	const char *path = r->s->flatness;
	onn_array *read = NULL;
	char text[128];
	onn_status status = onn_image_or_array_load(&read, path);
	size_t n = r->s->design.pixels;

	if (!status)
		status = onn_array_convert(&r->flatness, read, ONN_F64);
	int code = status ? command_status(&command_design, status) : EXIT_OK;
	if (!code &&
	    (onn_array_ndim(read) != 2 || onn_array_shape(read)[0] != n ||
	        onn_array_shape(read)[1] != n || onn_type_is_complex(onn_array_type(read))))
		code = command_fail(&command_design,
		    "--flatness: %s is %s of %s; expected real numbers [%zu, %zu], as --size says",
		    path, shape_text(text, sizeof text, read), onn_type_name(onn_array_type(read)),
		    n, n);
	double *x = code || !onn_image_named(path) ? NULL : onn_array_data(r->flatness);
	for (size_t i = 0; x && i < onn_array_count(r->flatness); i++)
		x[i] *= TURN;
	onn_array_destroy(read);
	return code;
}

int design_panel_load(design_run *r)
{
	onn_status status = r->s->lut ? onn_slm_lut_load(&r->lut, r->s->lut) : ONN_OK;

	if (status)
		return command_status(&command_design, status);
	return r->s->flatness ? load_flatness(r) : EXIT_OK;
}

onn_status design_pattern_save(double *worst, const design_run *r, size_t k, const onn_array *plate)
{
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	onn_slm_report report;
	onn_array *grey = NULL;
	char name[64];

	d.turn = r->s->panel.turn ? r->s->panel.turn : d.turn;
	d.lut = r->lut;
	d.flatness = r->flatness;
	onn_status status = onn_slm_pattern(&grey, &report, plate, &d);
	snprintf(name, sizeof name, "plates/slm_%02zu.png", k);
	char *path = status ? NULL : path_join(r->s->out, name);
	if (!status)
		status = path ? onn_image_save(grey, path, 8) : ONN_ERROR_MEMORY;
	if (!status && report.worst > *worst)
		*worst = report.worst;
	free(path);
	onn_array_destroy(grey);
	return status;
}
