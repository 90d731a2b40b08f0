/*
 * pulse_shaping [FOLDER]: the leading edge of a pulse is eaten by a slow absorber, which its tail
 * finds bleached. Frantz and Nodvik (1963):  I_out(t) = I_in(t)/[1 + e^-U(t) (e^a - 1)],    U the
 * fluence over Fsat so far.  Checks a square pulse and a Gaussian one slot by slot, the fluence
 * that gets through, and how much later the pulse comes; draws pulse_shaping.png, depth upwards,
 * time to the right.
 */
#include "picture.h"

enum { SLOTS = 400, CELLS = 100 };

static const double depth = 5, fluence = 4;

static onn_pulse_trace *follow(onn_device *device, onn_pulse_shape shape)
{
	onn_pulse_experiment experiment = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point pulse = {
	    .fluence = fluence, .width = 1e-9, .depth = depth, .t1 = INFINITY, .t2 = 1};
	onn_pulse_trace *trace = NULL;

	experiment.light.shape = shape;
	experiment.slots = SLOTS;
	experiment.cells = CELLS;
	must(onn_pulse_trace_run(&trace, device, &experiment, &pulse));
	return trace;
}

/* What has come out until a fluence u has come in: ln[1 + e^-a (e^u - 1)]. */
static double through(double u) { return log1p(exp(-depth) * expm1(u)); }

static int compare(const char *name, const onn_pulse_trace *trace)
{
	const double *in = onn_array_const_data(trace->light), *out = in + CELLS * SLOTS;
	double u = 0, sum = 0, most = 0, early = 0, late = 0;

	for (int i = 0; i < SLOTS; i++) {
		double slot = through(u + in[i]) - through(u);
		u += in[i];
		sum += out[i];
		most = fmax(most, fabs(out[i] - slot));
		early += in[i] * i / fluence;
		late += out[i] * i;
	}
	int wrong = !(most <= 1e-12) || !(fabs(sum - through(fluence)) <= 1e-11);
	printf("%-8s fluence out %.12g, expected %.12g; largest error of a slot %.1e\n", name, sum,
	    through(fluence), most);
	printf("         mean time %.0f ps later\n", (late / sum - early) * trace->slot * 1e12);
	return wrong;
}

/* Each depth as bright as its own largest intensity, so that the shape shows. */
static void draw(const char *folder, const onn_pulse_trace *trace)
{
	static double picture[2 * CELLS * SLOTS];
	const double *light = onn_array_const_data(trace->light);

	for (int row = 0; row < 2 * CELLS; row++) {
		const double *of = light + (CELLS - row / 2) * SLOTS;
		double most = 0;
		for (int i = 0; i < SLOTS; i++)
			most = fmax(most, of[i]);
		for (int i = 0; i < SLOTS; i++)
			picture[row * SLOTS + i] = of[i] / most;
	}
	save_picture(folder, "pulse_shaping", 2 * CELLS, SLOTS, picture);
}

int main(int argc, char **argv)
{
	onn_device *device = NULL;

	must(onn_device_create(&device, NULL, NULL));
	onn_pulse_trace *square = follow(device, ONN_PULSE_SQUARE);
	onn_pulse_trace *gaussian = follow(device, ONN_PULSE_GAUSSIAN);
	int wrong = compare("square", square) + compare("Gaussian", gaussian);
	draw(argc > 1 ? argv[1] : ".", gaussian);
	onn_pulse_trace_destroy(square);
	onn_pulse_trace_destroy(gaussian);
	onn_device_destroy(device);
	return wrong != 0;
}
