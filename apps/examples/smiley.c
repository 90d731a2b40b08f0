/*
 * smiley [FOLDER [DEVICE]]: 32 plates, each of 128 x 128 free complex numbers, learn to turn a disc
 * of light into a smiley: the optics example of the Autograd tutorial, ONN_DESIGN_INIT. Each plate
 * is followed by 50 mm of free space; I is the intensity behind the last, t the target, and
 *
 *     loss = mean((I - t)^2 + |I - t|),    plate -= 1e-3 g/|g|    where the gradient g is not 0.
 *
 * Checks the loss against numbers that NumPy computed (python3 tests/apps/design_generator.py
 * --losses), and draws smiley.png: the middle of the light after 0, 4, 16 and 128 steps. onn design
 * does the same, and more.
 */
#include "picture.h"

enum { N = 128, STEPS = 128, SHOWN = 4, CUT = 80, ZOOM = 3 };

/* A pixel (y, x) from the middle, y down. */
static int on_face(int y, int x)
{
	int r2 = x * x + y * y, eye = abs(x) - 10, ends = abs(x) - 16;
	return (r2 >= 28 * 28 && r2 <= 32 * 32) || 4 * eye * eye + (y + 9) * (y + 9) <= 49 ||
	       (r2 >= 15 * 15 && r2 <= 19 * 19 && y >= 5) || ends * ends + (y - 5) * (y - 5) <= 4;
}

static onn_array *make_face(void)
{
	onn_array *face = NULL;
	must(onn_array_create(&face, ONN_F64, 2, (size_t[]){N, N}));
	for (int i = 0; i < N * N; i++)
		((double *)onn_array_data(face))[i] = on_face(i / N - N / 2, i % N - N / 2);
	return face;
}

/* Places the light of some of the steps side by side. */
static onn_status show(void *user, const onn_design_picture *p)
{
	static const size_t shown[SHOWN] = {0, 4, 16, STEPS};
	const double *light = onn_array_const_data(p->picture);
	double *picture = user;

	for (int i = 0; i < SHOWN; i++)
		for (int y = 0; y < CUT * ZOOM && p->step == shown[i]; y++)
			for (int x = 0; x < CUT * ZOOM; x++) {
				int from =
				    ((N - CUT) / 2 + y / ZOOM) * N + (N - CUT) / 2 + x / ZOOM;
				picture[(y * SHOWN + i) * CUT * ZOOM + x] = light[from];
			}
	return ONN_OK;
}

static int compare(const double *loss)
{
	static const struct {
		int step;
		double loss;
	} numpy[] = {{0, 0.2880205730139765}, {1, 0.2604538474959691}, {20, 0.05070520364701923},
	    {STEPS, 0.003634775306266638}};
	int wrong = 0;

	printf("step  loss                 by NumPy             relative difference\n");
	for (size_t i = 0; i < sizeof numpy / sizeof *numpy; i++) {
		double off = loss[numpy[i].step] / numpy[i].loss - 1;
		printf("%4d  %-19.15g  %-19.15g  %.1e\n", numpy[i].step, loss[numpy[i].step],
		    numpy[i].loss, off);
		wrong += !(fabs(off) <= 1e-9);
	}
	return wrong;
}

int main(int argc, char **argv)
{
	static double picture[CUT * ZOOM * SHOWN * CUT * ZOOM];
	onn_design design = ONN_DESIGN_INIT;
	onn_design_inputs inputs = ONN_DESIGN_INPUTS_INIT;
	onn_design_options options = ONN_DESIGN_OPTIONS_INIT;
	onn_device *device = NULL;
	onn_designer *designer = NULL;
	onn_array *face = make_face();
	size_t count;

	design.precision = ONN_F64;
	design.steps = STEPS;
	inputs.target = face;
	options.picture = show;
	options.user = picture;
	must(onn_device_create(&device, argc > 2 ? argv[2] : NULL, NULL));
	must(onn_designer_create(&designer, &design, &inputs, &options, device));
	must(onn_designer_run(designer));
	int wrong = compare(onn_designer_losses(&count, designer));
	save_picture(argc > 1 ? argv[1] : ".", "smiley", CUT * ZOOM, SHOWN * CUT * ZOOM, picture);
	onn_designer_destroy(designer);
	onn_array_destroy(face);
	onn_device_destroy(device);
	return wrong != 0;
}
