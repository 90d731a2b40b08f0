/*
 * exact_backprop [FOLDER]: where optical backpropagation is no approximation. Information in the
 * fluence of a pulse, a slow absorber: a weak probe right behind the pulse is transmitted by
 *
 *     T = (1 - e^-f_out)/(1 - e^-f_in) = d f_out/d f_in
 *
 * exactly, whatever the shape, depth and fluence. Checks that for a batch of neurons, and that a
 * probe of finite fluence p brings back f_out(f + p) - f_out(f); then shows where the theorem ends,
 * T1 no longer far above the pulse. Draws exact_backprop.png, how far the probe is off, in decades
 * from 1e-4 to 1: width/T1 from 0.01 (left) to 10, fluence from 0.1 (bottom) to 30.
 */
#include "picture.h"

enum { NEURONS = 64, WIDE = 48, HIGH = 36, SIZE = 10 };

static const double depth = 3;

static onn_pulse_results *send(onn_device *device, onn_pulse_shape shape, double probe,
    const onn_pulse_point *point, size_t count)
{
	onn_pulse_experiment experiment = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_results *results = NULL;

	experiment.light.shape = shape;
	experiment.tolerance = 1e-4;
	experiment.probe_fraction = probe;
	must(onn_pulse_experiment_run(&results, device, &experiment, point, count));
	return results;
}

static double out_of(double f, double a)
{
	return f > a ? f - a + log1p(-exp(a - f) * expm1(-a)) : log1p(-exp(f - a) * expm1(-f));
}

/* Neurons of all fluences and depths, each shape of pulse. */
static int check_theorem(onn_device *device)
{
	onn_pulse_point point[NEURONS];
	double apart = 0, finite = 0;

	for (int i = 0; i < NEURONS; i++)
		point[i] = (onn_pulse_point){.fluence = 0.05 * pow(1000, i % 8 / 7.),
		    .width = 1,
		    .depth = 0.1 * pow(200, i / 8 / 7.),
		    .t1 = INFINITY,
		    .t2 = 1};
	for (int shape = ONN_PULSE_GAUSSIAN; shape <= ONN_PULSE_TRAIN; shape++) {
		onn_pulse_results *r = send(device, (onn_pulse_shape)shape, 0.3, point, NEURONS);
		for (int i = 0; i < NEURONS; i++) {
			const onn_pulse_outcome *o = &r->outcome[i];
			double f = o->fluence_in, p = 0.3 * f, a = point[i].depth;
			double more = (out_of(f + p, a) - out_of(f, a)) / p;
			apart = fmax(apart, fabs(o->probe / o->derivative - 1));
			finite = fmax(finite, fabs(o->strong_probe / more - 1));
		}
		onn_pulse_results_destroy(r);
	}
	printf("%d neurons, 6 shapes: probe and derivative %.1e apart, finite probe off by %.1e\n",
	    NEURONS, apart, finite);
	return !(apart <= 1e-11) || !(finite <= 1e-8);
}

/* Where T1 is finite: relative difference of probe and derivative, square pulses. */
static int draw(onn_device *device, const char *folder)
{
	static double picture[SIZE * HIGH * SIZE * WIDE];
	static onn_pulse_point point[HIGH * WIDE];
	double slow = 0, fast = 0;

	for (int i = 0; i < HIGH * WIDE; i++)
		point[i] = (onn_pulse_point){.fluence = 0.1 * pow(300, i / WIDE / (HIGH - 1.)),
		    .width = 1,
		    .depth = depth,
		    .t1 = 1 / (0.01 * pow(1000, i % WIDE / (WIDE - 1.))),
		    .t2 = 1};
	onn_pulse_results *r = send(device, ONN_PULSE_SQUARE, 0, point, HIGH * WIDE);
	for (int i = 0; i < SIZE * HIGH * SIZE * WIDE; i++) {
		int row = HIGH - 1 - i / (SIZE * WIDE) / SIZE, column = i % (SIZE * WIDE) / SIZE;
		const onn_pulse_outcome *o = &r->outcome[row * WIDE + column];
		double off = 1 - o->probe / o->derivative;
		picture[i] = 1 + log10(fmax(fabs(off), 1e-4)) / 4;
		if (column == 0)
			slow = fmax(slow, fabs(off));
		fast = fmax(fast, fabs(off));
	}
	printf("T1 of 100 widths: %.2g off at most; down to a tenth: %.2g\n", slow, fast);
	onn_pulse_results_destroy(r);
	save_picture(folder, "exact_backprop", SIZE * HIGH, SIZE * WIDE, picture);
	/* what relaxes in the pulse is of first order in width/T1 */
	return !(slow <= 0.02) || !(fast > 10 * slow);
}

int main(int argc, char **argv)
{
	onn_device *device = NULL;

	must(onn_device_create(&device, NULL, NULL));
	int wrong = check_theorem(device);
	wrong += draw(device, argc > 1 ? argv[1] : ".");
	onn_device_destroy(device);
	return wrong != 0;
}
