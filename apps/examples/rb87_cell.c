/*
 * rb87_cell [FOLDER]: light that is switched on in front of a cell of rubidium, whose line a buffer
 * gas has widened to 2 GHz. At first the cold medium dims it by e^-a; 60 lifetimes later it is
 * steady,  A + s (1 - e^-A) = a,    s = I/Isat, transmission e^-A,  on resonance and, with a/D and
 * s/D, D = 1 + detuning^2, beside it. Checks both ends and the regime for a list of intensities,
 * and draws rb87_cell.png: transmission, time to the right, intensity up.
 */
#include "picture.h"

enum { LIGHTS = 48, SLOTS = 4096, SHOWN = 480, TALL = 6 };

static const double detuning = 1;

static double steady(double s, double depth)
{
	onn_absorber absorber = ONN_ABSORBER_INIT;
	onn_response response;

	absorber.medium = ONN_MEDIUM_THICK;
	absorber.encoding = ONN_ENCODING_INTENSITY;
	absorber.depth = depth;
	must(onn_absorber_response(&response, &absorber, &s, 1));
	return response.output / s;
}

static onn_pulse_sample cell(void)
{
	onn_pulse_cell c = ONN_PULSE_CELL_INIT;
	onn_pulse_sample sample;

	c.temperature = 330;
	c.length = 0.03;
	c.linewidth = 2e9;
	must(onn_pulse_sample_of(&sample, onn_pulse_material_find("rb87-d2"), &c));
	printf("%.3g atoms/m^3, OD %.4g, T1 %.3g ns, T2 %.3g ns, Isat %.4g W/m^2\n", sample.density,
	    sample.depth, sample.t1 * 1e9, sample.t2 * 1e9, sample.isat);
	return sample;
}

/* Intensities of Isat/10 to 100 Isat; the first half of the points on resonance. */
static void fill(onn_pulse_point *point, const onn_pulse_sample *sample, double *s)
{
	for (int i = 0; i < 2 * LIGHTS; i++) {
		double width = 60 * sample->t1;
		s[i] = 0.1 * pow(1000, i % LIGHTS / (LIGHTS - 1.));
		point[i] = (onn_pulse_point){.fluence = s[i] * width / sample->t1,
		    .width = width,
		    .depth = sample->depth,
		    .t1 = sample->t1,
		    .t2 = sample->t2,
		    .detuning = i < LIGHTS ? 0 : detuning};
	}
}

static int compare(const onn_pulse_results *r, const onn_pulse_point *point, const double *s)
{
	const double *in = onn_array_const_data(r->light_in),
	             *out = onn_array_const_data(r->light_out);
	double last = 0, first = 0, deviation = 0;

	for (int i = 0; i < 2 * LIGHTS; i++) {
		double d = 1 + point[i].detuning * point[i].detuning, depth = point[i].depth / d;
		size_t a = i * r->slots, z = a + r->slots - 1;
		last = fmax(last, fabs(out[z] / in[z] / steady(s[i] / d, depth) - 1));
		/* a slot bleaches too: half of its fluence has come on average */
		if (in[a] < 0.01)
			first = fmax(first, fabs(out[a] / in[a] / exp(-depth) - 1) / in[a]);
		deviation = fmax(deviation, r->outcome[i].deviation);
	}
	printf("steady state off by %.1e of it; rate and Bloch %.1e apart\n", last, deviation);
	printf("the front is e^-a to %.2g of its slot's fluence\n", first);
	return !(last <= 1e-3) || !(first <= 1) || !(deviation <= 0.05);
}

static void draw(const char *folder, const onn_pulse_results *r)
{
	static double picture[TALL * LIGHTS * SHOWN];
	const double *in = onn_array_const_data(r->light_in),
	             *out = onn_array_const_data(r->light_out);

	for (int row = 0; row < TALL * LIGHTS; row++)
		for (int i = 0; i < SHOWN; i++) { /* the first eighth, where it turns */
			size_t at = (LIGHTS - 1 - row / TALL) * r->slots +
			            (size_t)i * (r->slots / 8) / SHOWN;
			picture[row * SHOWN + i] = out[at] / in[at];
		}
	save_picture(folder, "rb87_cell", TALL * LIGHTS, SHOWN, picture);
}

int main(int argc, char **argv)
{
	onn_pulse_experiment experiment = ONN_PULSE_EXPERIMENT_INIT;
	onn_pulse_point point[2 * LIGHTS];
	onn_pulse_results *results = NULL;
	onn_device *device = NULL;
	double s[2 * LIGHTS];

	onn_pulse_sample sample = cell();
	fill(point, &sample, s);
	experiment.light.shape = ONN_PULSE_CW;
	experiment.slots = SLOTS;
	experiment.cells = 4;
	must(onn_device_create(&device, NULL, NULL));
	must(onn_pulse_experiment_run(&results, device, &experiment, point, 2 * LIGHTS));
	int wrong = compare(results, point, s);
	draw(argc > 1 ? argv[1] : ".", results);
	onn_pulse_results_destroy(results);
	onn_device_destroy(device);
	return wrong;
}
