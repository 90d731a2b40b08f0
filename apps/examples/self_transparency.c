/*
 * self_transparency [FOLDER]: a pulse of area 2 pi, short against T1 and T2, turns each atom once
 * round and goes through a medium of any depth as it came, only later (McCall and Hahn, 1969):
 *
 *     W(z, t) = (2/tp) sech((t - g tp^2 z)/tp),    g = a/(2 T2).
 *
 * Checks its shape and delay against that, with errors of second order in slots and cells; draws
 * self_transparency.png: below a pulse of 2 pi, above one of 4 pi, which becomes two; time to the
 * right, depth upwards.
 */
#include "picture.h"

enum { SLOTS = 400, CELLS = 20, LONG_SLOTS = 1024, LONG_CELLS = 100, TALL = 2 };

static const double t2 = 1e9, tp = 1, sech_width = 1.762747174039086; /* 2 arcosh(sqrt 2) */

/* A sech of so many times 2 pi, `later` what g tp^2 comes to over the medium. */
static onn_pulse_trace *follow(
    onn_device *device, double times, double later, unsigned slots, unsigned cells)
{
	onn_pulse_experiment experiment = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point pulse = {.fluence = 8 * t2 / tp * times * times,
	    .width = sech_width * tp,
	    .depth = 2 * t2 * later / (tp * tp),
	    .t1 = INFINITY,
	    .t2 = t2};
	onn_pulse_trace *trace = NULL;

	experiment.model = ONN_PULSE_BLOCH;
	experiment.light.shape = ONN_PULSE_SECH;
	experiment.slots = slots;
	experiment.cells = cells;
	must(onn_pulse_trace_run(&trace, device, &experiment, &pulse));
	return trace;
}

/* The largest error of |W| behind the medium. */
static double error_of(const onn_pulse_trace *trace, double later)
{
	const double *out =
	    (const double *)onn_array_const_data(trace->light) + trace->cells * trace->slots;
	double most = 0;

	for (size_t i = 0; i < trace->slots; i++) {
		double t = trace->start + ((double)i + 0.5) * trace->slot;
		double field = sqrt(out[i] / (t2 * trace->slot));
		most = fmax(most, fabs(field - 2 / tp / cosh((t - later) / tp)));
	}
	return most;
}

static int check_two_pi(onn_device *device)
{
	double error[3];

	for (int i = 0; i < 3; i++) {
		onn_pulse_trace *trace = follow(device, 1, 1, SLOTS << i, CELLS << i);
		error[i] = error_of(trace, 1);
		printf("%5zu slots, %3zu cells: largest error of the field %.5f of 2\n",
		    trace->slots, trace->cells, error[i]);
		onn_pulse_trace_destroy(trace);
	}
	double order = log2(error[1] / error[2]);
	printf("order %.2f\n", order);
	return !(error[2] <= 1e-3) || !(fabs(order - 2) <= 0.2);
}

/* Depth upwards; each pulse's own part of the picture. */
static void draw_part(double *picture, const onn_pulse_trace *trace)
{
	const double *light = onn_array_const_data(trace->light);
	double most = 0;

	for (size_t i = 0; i < (trace->cells + 1) * trace->slots; i++)
		most = fmax(most, light[i]);
	for (int row = 0; row < TALL * LONG_CELLS; row++)
		for (int i = 0; i < LONG_SLOTS; i++)
			picture[row * LONG_SLOTS + i] =
			    sqrt(light[(LONG_CELLS - row / TALL) * LONG_SLOTS + i] / most);
}

static int draw(onn_device *device, const char *folder)
{
	static double picture[2 * TALL * LONG_CELLS * LONG_SLOTS];
	onn_pulse_trace *two = follow(device, 1, 6, LONG_SLOTS, LONG_CELLS);
	onn_pulse_trace *four = follow(device, 2, 6, LONG_SLOTS, LONG_CELLS);
	const double *in = onn_array_const_data(two->light), *out = in + LONG_CELLS * LONG_SLOTS;
	double came = 0, went = 0;

	draw_part(picture, four);
	draw_part(picture + TALL * LONG_CELLS * LONG_SLOTS, two);
	for (int i = 0; i < LONG_SLOTS; i++) {
		came += in[i];
		went += out[i];
	}
	printf("a medium of 12 T2/tp: transmission %.4f\n", went / came);
	onn_pulse_trace_destroy(two);
	onn_pulse_trace_destroy(four);
	save_picture(folder, "self_transparency", 2 * TALL * LONG_CELLS, LONG_SLOTS, picture);
	return !(fabs(went / came - 1) <= 0.01);
}

int main(int argc, char **argv)
{
	onn_device *device = NULL;

	must(onn_device_create(&device, NULL, NULL));
	int wrong = check_two_pi(device);
	wrong += draw(device, argc > 1 ? argv[1] : ".");
	onn_device_destroy(device);
	return wrong != 0;
}
