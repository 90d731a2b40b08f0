/*
 * derivatives [FOLDER]: sin(x)/x and its derivatives to order 8 on [-31.4, 31.4], by taking the
 * gradient of a gradient eight times over.
 *
 * Writes derivatives.csv into FOLDER (default: the current one) and, where gnuplot is installed,
 * derivatives.svg and derivatives.png.
 */
#include "example.h"

#include <math.h>

enum { ORDERS = 9, POINTS = 6281 }; /* a point each 0.01, 0 among them */

static void compute(const double *x, double y[ORDERS][POINTS])
{
	onn_device *device = NULL;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	size_t shape[] = {POINTS};

	must(onn_device_create(&device, "c", NULL));
	must(onn_graph_create(&g));
	onn_node in = onn_variable(g, "x", ONN_F64, 1, shape);
	onn_node one = onn_full(g, ONN_F64, 1, shape, 1);
	onn_node order[ORDERS] = {onn_sinc(g, in)};
	for (int n = 1; n < ORDERS; n++)
		must(onn_gradient(&order[n], g, order[n - 1], one, &in, 1));

	onn_tensor *points = tensor_from(device, ONN_F64, 1, shape, x);
	must(onn_plan_create(&plan, device, g, order, ORDERS, NULL));
	must(onn_plan_bind(plan, "x", points));
	must(onn_plan_run(plan));
	for (int n = 0; n < ORDERS; n++)
		output(plan, n, y[n], sizeof y[n]);

	onn_plan_destroy(plan);
	onn_tensor_destroy(points);
	onn_graph_destroy(g);
	onn_device_destroy(device);
}

static FILE *open_in(const char *folder, const char *name)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void write_csv(const char *folder, const double *x, double y[ORDERS][POINTS])
{
	FILE *f = open_in(folder, "derivatives.csv");
	fprintf(f, "x");
	for (int n = 0; n < ORDERS; n++)
		fprintf(f, ",order%d", n);
	for (int i = 0; i < POINTS; i++) {
		fprintf(f, "\n%.17g", x[i]);
		for (int n = 0; n < ORDERS; n++)
			fprintf(f, ",%.17g", y[n][i]);
	}
	fprintf(f, "\n");
	fclose(f);
}

/* The derivatives one above the other, each in a band of its own. */
static void plot(const char *folder)
{
	char command[4200];
	FILE *f = open_in(folder, "derivatives.gp");
	fprintf(f, "cd '%s'\nset datafile separator ','\nset key off\n", folder);
	fprintf(f, "set xrange [-31.4:31.4]\nset xlabel 'x'\nset ytics (");
	for (int n = 0; n < ORDERS; n++)
		fprintf(f, "%s'%d' %g", n ? ", " : "", n, -1.2 * n);
	fprintf(f, ")\nset yrange [-10.1:1.3]\n"
	           "set ylabel 'order of the derivative of sin(x)/x'\n");
	for (int kind = 0; kind < 2; kind++) {
		fprintf(
		    f, kind ? "set terminal pngcairo size 900,1100\nset output 'derivatives.png'\n"
		            : "set terminal svg size 900,1100\nset output 'derivatives.svg'\n");
		fprintf(f, "plot for [n=0:8] 'derivatives.csv' skip 1 using 1:(column(n+2)-1.2*n)"
		           " with lines linewidth 1.5 linecolor rgb '#0072b2'\n");
	}
	fclose(f);
	snprintf(command, sizeof command, "gnuplot '%s/derivatives.gp'", folder);
	if (system("gnuplot --version >/dev/null 2>&1") != 0)
		printf("no gnuplot, so no pictures; the numbers are in derivatives.csv\n");
	else if (system(command) != 0)
		printf("gnuplot failed on derivatives.gp\n");
	else
		printf("derivatives.svg and derivatives.png are drawn\n");
}

int main(int argc, char **argv)
{
	static double x[POINTS], y[ORDERS][POINTS];
	const char *folder = argc > 1 ? argv[1] : ".";
	int middle = POINTS / 2, wrong = 0;

	for (int i = 0; i < POINTS; i++)
		x[i] = (i - middle) / 100.0;
	compute(x, y);
	write_csv(folder, x, y);
	plot(folder);

	/* From the power series: at 0 the derivative of even order n is (-1)^(n/2) / (n+1), of odd
	 * order 0. */
	printf("order  at x = 0               expected\n");
	for (int n = 0; n < ORDERS; n++) {
		double expected = n % 2 ? 0 : (n % 4 ? -1.0 : 1.0) / (n + 1);
		printf("%5d  %-21.16g  %.16g\n", n, y[n][middle], expected);
		wrong += !(fabs(y[n][middle] - expected) <= 1e-12);
	}
	return wrong != 0;
}
