/*
 * smiley [FOLDER [DEVICE]]: 32 plates, each of 128 x 128 free complex numbers, learn to turn a disc
 * of light into a smiley: the optics example of the Autograd tutorial. Each plate is followed by 50
 * mm of free space; I is the intensity behind the last, t the target, and
 *
 *     loss = mean((I - t)^2 + |I - t|),    plate -= 1e-3 g/|g|    where the gradient g is not 0.
 *
 * One plan is the whole step. Checks the loss against numbers that NumPy computed (python3
 * tests/apps/design_generator.py --losses), and draws smiley.png: the middle of the light after 0,
 * 4, 16 and 128 steps. onn design does the same with many options.
 */
#include "picture.h"

enum { N = 128, PLATES = 32, STEPS = 128, SHOWN = 4, CUT = 80, ZOOM = 3 };

static const double side = 32e-3, distance = 50e-3, wavelength = 550e-9, rate = 1e-3;

/* A pixel (y, x) from the middle, y down. */
static int on_face(int y, int x)
{
	int r2 = x * x + y * y, eye = abs(x) - 10, ends = abs(x) - 16;
	return (r2 >= 28 * 28 && r2 <= 32 * 32) || 4 * eye * eye + (y + 9) * (y + 9) <= 49 ||
	       (r2 >= 15 * 15 && r2 <= 19 * 19 && y >= 5) || ends * ends + (y - 5) * (y - 5) <= 4;
}

typedef struct model {
	onn_node loss, intensity;
	onn_node assign[PLATES];
	char name[PLATES][16];
} model;

static void build(onn_graph *g, model *m)
{
	static const size_t shape[] = {N, N};
	onn_grid grid = onn_grid_square(N, side);
	onn_light light = onn_monochromatic(ONN_C128, wavelength);
	onn_propagation way = ONN_PROPAGATION_INIT;
	onn_node plate[PLATES], grad[PLATES];

	way.method = ONN_METHOD_ASM;
	way.evanescent = ONN_EVANESCENT_PASS;
	way.pad[0] = way.pad[1] = 0;
	onn_field field =
	    onn_field_of(g, onn_variable(g, "disc", ONN_F64, 2, shape), &grid, &light);
	for (int k = 0; k < PLATES; k++) {
		snprintf(m->name[k], sizeof m->name[k], "plate %d", k);
		plate[k] = onn_variable(g, m->name[k], ONN_C128, 2, shape);
		field = onn_complex_plate(g, field, plate[k]);
		field = onn_propagate(g, field, distance, &way);
	}
	m->intensity = onn_intensity(g, field);
	onn_node off = onn_sub(g, m->intensity, onn_variable(g, "face", ONN_F64, 2, shape));
	m->loss = onn_mean(g, onn_add(g, onn_square(g, off), onn_abs(g, off)), NULL, 0, false);
	must(onn_gradient(grad, g, m->loss, ONN_NULL_NODE, plate, PLATES));
	for (int k = 0; k < PLATES; k++) {
		onn_node step =
		    onn_mul_real(g, onn_sign(g, grad[k]), rate); /* of a complex g: g/|g| */
		m->assign[k] = onn_assign(g, plate[k], onn_sub(g, plate[k], step));
	}
}

/* The numbers on the device. */
static void bind_all(onn_plan *plan, onn_device *device, const model *m, onn_tensor *owned[])
{
	static const size_t shape[] = {N, N};
	static double disc[N * N], face[N * N], ones[2 * N * N];

	for (int i = 0; i < N * N; i++) {
		int y = i / N - N / 2, x = i % N - N / 2;
		disc[i] = x * x + y * y <= 32 * 32; /* 8 mm */
		face[i] = on_face(y, x);
		ones[2 * i] = 1;
	}
	for (int k = 0; k < PLATES; k++) {
		owned[k] = tensor_from(device, ONN_C128, 2, shape, ones);
		must(onn_plan_bind(plan, m->name[k], owned[k]));
	}
	owned[PLATES] = tensor_from(device, ONN_F64, 2, shape, disc);
	owned[PLATES + 1] = tensor_from(device, ONN_F64, 2, shape, face);
	must(onn_plan_bind(plan, "disc", owned[PLATES]));
	must(onn_plan_bind(plan, "face", owned[PLATES + 1]));
}

/* Puts the light into place i of the picture, side by side. */
static void show(const onn_plan *plan, int i, double *picture)
{
	static double intensity[N * N];

	output(plan, 1, intensity, sizeof intensity);
	for (int y = 0; y < CUT * ZOOM; y++)
		for (int x = 0; x < CUT * ZOOM; x++) {
			int from = ((N - CUT) / 2 + y / ZOOM) * N + (N - CUT) / 2 + x / ZOOM;
			picture[(y * SHOWN + i) * CUT * ZOOM + x] = intensity[from];
		}
}

/* The steps; the loss before each, and after the last. */
static void run(onn_plan *plan, double loss[STEPS + 1], double *picture)
{
	int shown = 0;

	for (int step = 0; step <= STEPS; step++) {
		must(onn_plan_run(plan));
		output(plan, 0, &loss[step], sizeof *loss);
		if (step == 0 || step == 4 || step == 16 || step == STEPS)
			show(plan, shown++, picture);
	}
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
	static double loss[STEPS + 1], picture[CUT * ZOOM * SHOWN * CUT * ZOOM];
	onn_device *device = NULL;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_tensor *owned[PLATES + 2];
	onn_node outputs[PLATES + 2];
	model m;

	must(onn_device_create(&device, argc > 2 ? argv[2] : NULL, NULL));
	must(onn_graph_create(&g));
	build(g, &m);
	outputs[0] = m.loss;
	outputs[1] = m.intensity;
	for (int k = 0; k < PLATES; k++)
		outputs[2 + k] = m.assign[k];
	must(onn_plan_create(&plan, device, g, outputs, PLATES + 2, NULL));
	bind_all(plan, device, &m, owned);
	run(plan, loss, picture);
	int wrong = compare(loss);
	save_picture(
	    argc > 1 ? argv[1] : ".", "smiley.png", CUT * ZOOM, SHOWN * CUT * ZOOM, picture);
	onn_plan_destroy(plan);
	for (int k = 0; k < PLATES + 2; k++)
		onn_tensor_destroy(owned[k]);
	onn_graph_destroy(g);
	onn_device_destroy(device);
	return wrong != 0;
}
