/* A source: a plane wave through a text. A pixel that an edge crosses has the amplitude of its
 * bright part. */
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "nn/layer.h"
#include "nn/layers/letters.h"
#include "optics/light.h"

typedef struct text {
	char text[128];
	double height, at[2];
} text;

static const onn_setting rows[] = {
    {ONN_SETTING("text", TEXT, text, text), .length = 128},
    {ONN_SETTING("height", REAL, text, height), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m"},
    {ONN_SETTING("at", REAL, text, at), .unit = "m", .length = 2},
};

static onn_status check(const void *values)
{
	const text *t = values;
	size_t at = 0;
	while (t->text[at] && onn_letter_is(t->text[at]))
		at++;
	return t->text[at] ? onn_error(ONN_ERROR_ARGUMENT,
	                         "text is \"%s\", which has no letter here for byte %zu; expected "
	                         "printable ones of ASCII",
	                         t->text, at)
	       : at        ? ONN_OK
	                   : onn_error(ONN_ERROR_ARGUMENT, "no text; expected some letters");
}

static const onn_settings *text_settings(void)
{
	ONN_RETURN_SETTINGS("text", rows, text, check, {"ONN", 1e-3, {0, 0}});
}

/* The part of a pixel that lies in square k of an axis; its first one begins at `low`. */
static double covered(double off, double pitch, double low, double square, long k)
{
	double a = fmax(off - pitch / 2, low + (double)k * square);
	double b = fmin(off + pitch / 2, low + (double)(k + 1) * square);
	return b > a ? (b - a) / pitch : 0;
}

static bool is_bright(const text *t, long row, long column)
{
	enum { STEP = ONN_LETTER_COLUMNS + 1 /* one is dark between letters */ };
	size_t letter = column < 0 ? SIZE_MAX : (size_t)column / STEP;
	return row >= 0 && letter < strlen(t->text) &&
	       onn_letter_square(t->text[letter], (size_t)row, (size_t)column % STEP);
}

/* What is bright of the pixel about (y, x) metres from the middle of the text. */
static double part_of(const text *t, const onn_grid *grid, double y, double x)
{
	double square = t->height / ONN_LETTER_ROWS, part = 0;
	double wide = ((double)strlen(t->text) * (ONN_LETTER_COLUMNS + 1) - 1) * square;
	double top = -t->height / 2, left = -wide / 2;
	long row = (long)floor((y - grid->dy / 2 - top) / square);
	long first = (long)floor((x - grid->dx / 2 - left) / square);
	for (; top + (double)row * square < y + grid->dy / 2; row++)
		for (long k = first; left + (double)k * square < x + grid->dx / 2; k++)
			if (is_bright(t, row, k))
				part += covered(y, grid->dy, top, square, row) *
				        covered(x, grid->dx, left, square, k);
	return part;
}

static bool may_be_bright(const text *t, const onn_grid *grid, double y, double x)
{
	double square = t->height / ONN_LETTER_ROWS;
	double wide = (double)strlen(t->text) * (ONN_LETTER_COLUMNS + 1) * square;
	return fabs(y) < t->height / 2 + grid->dy && fabs(x) < wide / 2 + grid->dx;
}

static onn_node letters_of(onn_graph *g, onn_type real, const onn_grid *grid, const text *t)
{
	onn_array *a = NULL;
	onn_status status = onn_array_create(&a, ONN_F64, 2, (size_t[]){grid->ny, grid->nx});
	double *bright = status ? NULL : onn_array_data(a);
	for (size_t i = 0; bright && i < grid->ny * grid->nx; i++) {
		double y = onn_grid_at(grid, 0, i / grid->nx) - t->at[0];
		double x = onn_grid_at(grid, 1, i % grid->nx) - t->at[1];
		bright[i] = may_be_bright(t, grid, y, x) ? part_of(t, grid, y, x) : 0;
	}
	return onn_table_constant(g, status, a, real);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_grid *grid = &call->out.grid;
	onn_graph *g = call->g;
	onn_node open = letters_of(g, onn_type_real(call->out.beam.type), grid, call->layer);
	onn_field light = onn_plane_wave(g, grid, &call->out.beam, 0, 0);
	onn_flow_begin(flow, g, onn_complex_plate(g, light, open));
}

const onn_layer_kind onn_text_layer = {sizeof(onn_layer_kind), "text",
    "a source: letters in a plane wave", ONN_TAKES_NOTHING, text_settings, .forward = forward,
    .differentiable = "wavelength"};
