/* Absorbing sheets: what passes, and what their depth learns. */
#include <onn/elements.h>

#include "optics/derivative.h"

static onn_device *device;

static onn_absorber absorber(onn_medium medium, double depth, double detuning)
{
	onn_absorber a = ONN_ABSORBER_INIT;
	a.medium = medium;
	a.gradient = ONN_GRADIENT_EXACT;
	a.depth = depth;
	a.detuning = detuning;
	return a;
}

static const onn_grid grid = {1, 2, 1e-6, 1e-6, 0, 0};

/* The numbers of docs/physics.md; and on resonance the phase of the field stays. */
START_TEST(sheets_pass_the_known_fields)
{
	static const struct {
		onn_medium medium;
		double depth, detuning, in[2], out[2];
	} row[] = {
	    {ONN_MEDIUM_THICK, 10, 1, {3, 0}, {1.03483443139, .96602131127}},
	    {ONN_MEDIUM_THICK, 5, -.7, {1.5, -.8}, {.318994642406, -.631873145604}},
	    {ONN_MEDIUM_THIN, 10, 1, {3, 0}, {1.71085716464, .836050630021}},
	    {ONN_MEDIUM_THIN, 10, 0, {0, 2}, {0, .735758882343}},
	    {ONN_MEDIUM_THICK, 10, 0, {0, -2}, {0, -.0990865182783}},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		double e[4] = {row[i].in[0], row[i].in[1], row[i].in[0], row[i].in[1]}, got[4],
		       of[4];
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_light light = onn_monochromatic(ONN_C128, 1e-6);
		onn_absorber a = absorber(row[i].medium, row[i].depth, row[i].detuning);
		onn_node x = constant_of(g, ONN_C128, 2, (size_t[]){1, 2}, e);
		onn_field field = onn_field_of(g, x, &grid, &light);
		onn_node depth = onn_scalar(g, ONN_F64, row[i].depth);
		onn_field out = onn_absorbing_sheet(g, field, &a);
		a.depth = 1; /* the node counts */
		onn_field other = onn_absorbing_sheet_of(g, field, &a, depth);
		compute(device, g, (onn_node[]){out.e, other.e}, 2, (double *[]){got, of});
		for (size_t k = 0; k < 4; k++) {
			check_near(got[k], row[i].out[k % 2], 1e-11);
			check_near(of[k], got[k], 1e-14);
		}
		onn_graph_destroy(g);
	}
}
END_TEST

/* Two thick sheets behind one another are one of the summed depth, detuned or not. */
START_TEST(thick_sheets_add_their_depths)
{
	static const double e[] = {2, 1, -.3, 1.4};
	for (int detuned = 0; detuned < 2; detuned++) {
		double once[4], twice[4];
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_light light = onn_monochromatic(ONN_C128, 1e-6);
		onn_absorber a = absorber(ONN_MEDIUM_THICK, 3, .6 * detuned);
		onn_node x = constant_of(g, ONN_C128, 2, (size_t[]){1, 2}, e);
		onn_field field = onn_field_of(g, x, &grid, &light);
		onn_field both = onn_absorbing_sheet(g, field, &a);
		a.depth = 4;
		both = onn_absorbing_sheet(g, both, &a);
		a.depth = 7;
		field = onn_absorbing_sheet(g, field, &a);
		compute(device, g, (onn_node[]){field.e, both.e}, 2, (double *[]){once, twice});
		for (size_t k = 0; k < 4; k++)
			check_near(once[k], twice[k], 1e-14);
		onn_graph_destroy(g);
	}
}
END_TEST

/* ---- gradients ---- */

typedef struct sheet {
	onn_absorber absorber;
	bool by_depth; /* the input is the depth at each pixel; else the field */
} sheet;

/* The intensity a little behind the sheet, where phases count too. */
static onn_node behind(onn_graph *g, onn_node x, const void *argument)
{
	const sheet *s = argument;
	static const double lit[] = {1.5, -.8, .2, .1, 3, 0, -1, 2, .01, 0, .7, -.7};
	onn_grid plane = {2, 3, 2e-6, 3e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 1e-6);
	onn_propagation how = ONN_PROPAGATION_INIT;
	how.method = ONN_METHOD_ASM;
	onn_node e = s->by_depth ? constant_of(g, ONN_C128, 2, (size_t[]){2, 3}, lit) : x;
	onn_field field = onn_field_of(g, e, &plane, &light);
	field = s->by_depth ? onn_absorbing_sheet_of(g, field, &s->absorber, x)
	                    : onn_absorbing_sheet(g, field, &s->absorber);
	return onn_intensity(g, onn_propagate(g, field, 10e-6, &how));
}

START_TEST(gradients_of_fields_and_depths_agree_with_differences)
{
	static const double field[] = {1.5, -.8, .2, .1, 3, 0, -1, 2, .3, .2, .7, -.7};
	static const double depth[] = {10, 5, 2.5, .3, 1, 7}, one[] = {4};
	for (int kind = 0; kind < 7; kind++) {
		onn_medium medium = kind % 2 ? ONN_MEDIUM_THICK : ONN_MEDIUM_THIN;
		sheet s = {absorber(medium, 6, kind / 2 == 1 ? .8 : 0), false};
		s.absorber.isat = 1.7;
		s.absorber.loss = kind / 2 == 2 ? .4 : 0;
		if (kind == 6) {
			s.absorber.medium = ONN_MEDIUM_THICK;
			s.absorber.doppler = true;
		}
		check_derivative(
		    device, behind, &s, ONN_C128, 2, (size_t[]){2, 3}, field, 1e-5, 1e-7);
		s.by_depth = true;
		check_derivative(
		    device, behind, &s, ONN_F64, 2, (size_t[]){2, 3}, depth, 1e-5, 1e-7);
		check_derivative(device, behind, &s, ONN_F64, 0, NULL, one, 1e-5, 1e-7);
	}
	sheet slices = {absorber(ONN_MEDIUM_THIN, 6, 0), true};
	slices.absorber.slices = 3;
	check_derivative(device, behind, &slices, ONN_F64, 2, (size_t[]){2, 3}, depth, 1e-5, 1e-7);
}
END_TEST

#define WRONG(part, call)                                                                          \
	check_refused_in_new_graph(part, call, onn_light light = onn_monochromatic(ONN_C64, 1e-6); \
	                           onn_field field = onn_plane_wave(g, &grid, &light, 0, 0);       \
	                           onn_absorber a = absorber(ONN_MEDIUM_THIN, 1, 0))

START_TEST(wrong_arguments_are_refused)
{
	WRONG("encoding is intensity",
	    (a.encoding = ONN_ENCODING_INTENSITY, onn_absorbing_sheet(g, field, &a)));
	WRONG("od is -1", (a.depth = -1, onn_absorbing_sheet(g, field, &a)));
	WRONG("no absorber", (a.size = 0, onn_absorbing_sheet(g, field, &a)));
	WRONG("depth is c64", onn_absorbing_sheet_of(g, field, &a, field.e));
	WRONG("encoding is intensity",
	    (a.encoding = ONN_ENCODING_INTENSITY, onn_absorbing_sheet_of(g, field, &a, field.e)));
}
END_TEST

TESTS_ON_DEVICE("sheet", sheets_pass_the_known_fields, thick_sheets_add_their_depths,
    gradients_of_fields_and_depths_agree_with_differences, wrong_arguments_are_refused)
