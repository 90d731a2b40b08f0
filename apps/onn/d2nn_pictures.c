#include "d2nn_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"

enum {
	PANEL = 190,
	GAP = 12,
	TITLE = 24,
	HEAD = 34,
	MARGIN = 12,
	COLOURS = 70,
	MOST_IMAGES = 4,
	MOST_COLUMNS = 8
};

static const double pi = 3.14159265358979323846;

typedef struct pictures {
	const train_outcome *outcome;
	const onn_d2nn *d;
	const onn_model *model;
	const size_t *confusion;
	onn_array *plate;  /* f64, of the layer that is drawn */
	onn_array *planes; /* f64 [images, layers + 1, grid, grid] */
	size_t images;
	size_t label[MOST_IMAGES], seen[MOST_IMAGES];
} pictures;

/* A square of numbers as gnuplot's data $p. */
static void write_square(FILE *script, const double *value, size_t n)
{
	fputs("$p << END\n", script);
	for (size_t i = 0; i < n * n; i++)
		fprintf(script, "%.4g%c", value[i], (i + 1) % n ? ' ' : '\n');
	fputs("END\n", script);
}

/* A picture of rows x columns panels, in pixels: a title above each, one above all, colours on the
 * right. */
static size_t panels_width(size_t columns) { return MARGIN + columns * (PANEL + GAP) + COLOURS; }
static size_t panels_height(size_t rows) { return HEAD + rows * (PANEL + TITLE) + MARGIN; }

static void write_place(FILE *script, size_t row, size_t column, size_t rows, size_t columns)
{
	double w = (double)panels_width(columns), h = (double)panels_height(rows);
	double left = (double)(MARGIN + column * (PANEL + GAP));
	double top = h - (double)(HEAD + row * (PANEL + TITLE) + TITLE);

	fprintf(script,
	    "set lmargin at screen %g\nset rmargin at screen %g\n"
	    "set tmargin at screen %g\nset bmargin at screen %g\n",
	    left / w, (left + PANEL) / w, top / h, (top - PANEL) / h);
}

static void begin_panels(FILE *script, size_t n)
{
	fprintf(script,
	    "unset key\nunset xtics\nunset ytics\nunset grid\nset border 15 lw 0.5\n"
	    "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\nset title offset 0,-0.6\n",
	    (double)n - .5, (double)n - .5);
}

/* ---- plates ---- */

static onn_status load_plate(pictures *p, size_t layer, bool modulus)
{
	onn_array *w;
	onn_status status = onn_array_convert(&w, onn_model_const_weight(p->model, layer), ONN_F64);

	onn_array_destroy(p->plate);
	p->plate = NULL;
	if (status)
		return status;
	double *value = onn_array_data(w);
	size_t n = p->d->grid * p->d->grid;
	for (size_t i = 0; i < n; i++) {
		if (p->d->modulation == ONN_D2NN_MODULATION_PHASE)
			value[i] -= 2 * pi * floor(value[i] / (2 * pi));
		else if (modulus)
			value[i] = hypot(value[i], value[n + i]);
		else
			value[i] = fmod(atan2(value[n + i], value[i]) + 2 * pi, 2 * pi);
	}
	p->plate = w;
	return ONN_OK;
}

static bool next_plate(FILE *script, pictures *p, size_t layer, bool modulus)
{
	if (layer == p->d->layers)
		return false;
	if (load_plate(p, layer, modulus)) {
		plot_give_up(script, "out of memory");
		return false;
	}
	return true;
}

static double largest_amplitude(FILE *script, pictures *p)
{
	double most = 0;

	for (size_t i = 0; next_plate(script, p, i, true); i++) {
		const double *value = onn_array_const_data(p->plate);
		for (size_t k = 0; k < p->d->grid * p->d->grid; k++)
			most = fmax(most, value[k]);
	}
	return most > 0 ? most : 1;
}

static size_t plate_columns(const pictures *p)
{
	return p->d->layers < MOST_COLUMNS ? p->d->layers : MOST_COLUMNS;
}

static size_t plate_rows(const pictures *p)
{
	return (p->d->layers + plate_columns(p) - 1) / plate_columns(p);
}

static void write_plates(FILE *script, pictures *p, bool modulus)
{
	size_t columns = plate_columns(p), rows = plate_rows(p);

	begin_panels(script, p->d->grid);
	/* A phase comes round: so do its colours. */
	fputs(modulus ? "set palette gray\n"
	              : "set palette defined (0 '#2e1e3b', 1 '#5f63b5', 2 '#a6c6cf', 3 '#e2d9e2', "
	                "4 '#d09f7f', 5 '#99402e', 6 '#2e1e3b')\nset cbrange [0:2*pi]\n"
	                "set cbtics ('0' 0, 'π' pi, '2π' 2*pi)\n",
	    script);
	if (modulus)
		fprintf(script, "set cbrange [0:%g]\n", largest_amplitude(script, p));
	fprintf(script, "set multiplot title '%s of the plates'\n",
	    modulus ? "Transmitted amplitude" : "Phases");
	for (size_t i = 0; next_plate(script, p, i, modulus); i++) {
		write_square(script, onn_array_const_data(p->plate), p->d->grid);
		write_place(script, i / columns, i % columns, rows, columns);
		if (i + 1 == p->d->layers)
			fputs("set colorbox\n", script);
		else
			fputs("unset colorbox\n", script);
		fprintf(script, "set title 'plate %zu'\nplot $p matrix with image\n", i + 1);
	}
	fputs("unset multiplot\n", script);
}

static void write_phases(FILE *script, const void *user)
{
	pictures p = *(const pictures *)user;
	p.plate = NULL;
	write_plates(script, &p, false);
	onn_array_destroy(p.plate);
}

static void write_moduli(FILE *script, const void *user)
{
	pictures p = *(const pictures *)user;
	p.plate = NULL;
	write_plates(script, &p, true);
	onn_array_destroy(p.plate);
}

/* ---- light ---- */

/* Outlines of the regions: the one of the image's class is bright. */
static void write_regions(FILE *script, const onn_d2nn *d, size_t label)
{
	size_t count = onn_d2nn_region_count(d);
	onn_region *region = calloc(count, sizeof *region);

	if (!region || onn_d2nn_regions(d, region))
		plot_give_up(script, "out of memory");
	else
		for (size_t i = 0; i < count; i++)
			fprintf(script,
			    "set object %zu rectangle from %g,%g to %g,%g front fs empty border lc "
			    "rgb "
			    "'%s' lw %g\n",
			    i + 1, (double)region[i].x - .5, (double)region[i].y - .5,
			    (double)(region[i].x + region[i].nx) - .5,
			    (double)(region[i].y + region[i].ny) - .5,
			    i % d->outputs != label ? "#bbbbbb"
			    : i < d->outputs        ? "#00e060"
			                            : "#ff4040",
			    i % d->outputs == label ? 2.0 : 0.7);
	free(region);
}

/* The image's plane has no number: its light stands before the first plate. */
static void write_title(FILE *script, const pictures *p, size_t image, size_t plane)
{
	if (plane == 0)
		fprintf(script, "set title 'label %zu'\n", p->label[image]);
	else if (plane < p->d->layers)
		fprintf(script, "set title 'before plate %zu'\n", plane + 1);
	else
		fprintf(script, "set title 'detectors: %zu'\n", p->seen[image]);
}

static void write_light(FILE *script, const void *user)
{
	const pictures *p = user;
	size_t planes = p->d->layers + 1, n = p->d->grid;
	const double *value = onn_array_const_data(p->planes);

	begin_panels(script, n);
	fputs("set palette defined (0 '#000004', 1 '#420a68', 2 '#932667', 3 '#dd513a', 4 "
	      "'#fca50a', 5 "
	      "'#fcffa4')\nset cbrange [0:1]\nunset colorbox\n"
	      "set multiplot title 'Light at every plane, each in units of its own largest "
	      "intensity'\n",
	    script);
	for (size_t i = 0; i < p->images * planes; i++) {
		const double *plane = value + i * n * n;
		double most = 0;
		for (size_t k = 0; k < n * n; k++)
			most = plane[k] > most ? plane[k] : most;
		fputs("$p << END\n", script);
		for (size_t k = 0; k < n * n; k++)
			fprintf(script, "%.3f%c", most > 0 ? plane[k] / most : 0,
			    (k + 1) % n ? ' ' : '\n');
		fputs("END\n", script);
		write_place(script, i / planes, i % planes, p->images, planes);
		write_title(script, p, i / planes, i % planes);
		if (i % planes == p->d->layers)
			write_regions(script, p->d, p->label[i / planes]);
		if (i + 1 == p->images * planes)
			fputs("set colorbox\n", script);
		fputs("plot $p matrix with image\nunset object\n", script);
	}
	fputs("unset multiplot\n", script);
}

/* ---- confusion ---- */

static void write_confusion(FILE *script, const void *user)
{
	const pictures *p = user;
	size_t n = p->d->outputs;

	fputs("$c << END\n", script);
	for (size_t i = 0; i < n; i++) {
		size_t all = 0;
		for (size_t k = 0; k < n; k++)
			all += p->confusion[i * n + k];
		for (size_t k = 0; k < n; k++) {
			size_t count = p->confusion[i * n + k];
			fprintf(script, "%zu %zu %g %zu\n", k, i,
			    all ? 100 * (double)count / (double)all : 0, count);
		}
	}
	fprintf(script,
	    "END\nunset key\nunset grid\nset border 15\nset xrange [-0.5:%g]\n"
	    "set yrange [%g:-0.5]\nset xtics %zu\nset ytics %zu\nset xlabel 'class seen'\n"
	    "set ylabel 'label'\nset cblabel '%% of the label'\nset cbrange [0:100]\n"
	    "set palette defined (0 '#ffffff', 1 '#0072b2')\nset title 'Test images by class'\n"
	    "set size ratio 1\nplot $c using 1:2:3 with image%s\n",
	    (double)n - .5, (double)n - .5, n > 20 ? n / 10 : 1, n > 20 ? n / 10 : 1,
	    n > 20 ? ""
	           : ", $c using 1:2:($4 > 0 ? sprintf('%d', $4) : ''):($3 > 50 ? 0xffffff : "
	             "0x000000) with labels font ',9' tc rgb variable");
}

/* ---- files ---- */

/* The first test images of different labels, as pixels of the set. */
static onn_status choose_images(pictures *p)
{
	const onn_dataset *d = p->outcome->dataset;
	const int32_t *label = onn_array_const_data(d->test_y);
	size_t bytes = d->height * d->width * onn_type_size(onn_array_type(d->test_x));
	size_t most = d->classes < MOST_IMAGES ? d->classes : MOST_IMAGES;
	onn_array *x, *planes = NULL, *output = NULL, *real = NULL;

	onn_status status = onn_array_create(
	    &x, onn_array_type(d->test_x), 3, (size_t[]){most, d->height, d->width});
	if (status)
		return status;
	for (size_t i = 0; i < onn_array_count(d->test_y) && p->images < most; i++) {
		size_t k = 0;
		while (k < p->images && p->label[k] != (size_t)label[i])
			k++;
		if (k < p->images)
			continue;
		p->label[p->images] = (size_t)label[i];
		memcpy((char *)onn_array_data(x) + p->images++ * bytes,
		    (const char *)onn_array_const_data(d->test_x) + i * bytes, bytes);
	}
	status = onn_d2nn_planes(&planes, p->model, p->outcome->device, x, d->scale);
	if (!status)
		status = onn_array_convert(&p->planes, planes, ONN_F64);
	if (!status)
		status = onn_model_predict(&output, p->model, p->outcome->device, x, d->scale);
	if (!status)
		status = onn_array_convert(&real, output, ONN_F64);
	for (size_t i = 0; i < p->images && !status; i++) {
		const double *y = (const double *)onn_array_const_data(real) + i * d->classes;
		for (size_t k = 1; k < d->classes; k++)
			p->seen[i] = y[k] > y[p->seen[i]] ? k : p->seen[i];
	}
	onn_array_destroy(x);
	onn_array_destroy(planes);
	onn_array_destroy(output);
	onn_array_destroy(real);
	return status;
}

static int draw(const pictures *p, const char *name, size_t width, size_t height,
    void (*write)(FILE *script, const void *user))
{
	char *path = path_join(p->outcome->folder, name);
	plot_result result =
	    path ? plot_draw(p->outcome->command, path, (int)width, (int)height, write, p)
	         : PLOT_FAILED;

	free(path);
	/* the curves were drawn before, which said that gnuplot is missing */
	return result == PLOT_FAILED ? EXIT_FAILED : EXIT_OK;
}

static int draw_all(const pictures *p)
{
	size_t width = panels_width(plate_columns(p)), height = panels_height(plate_rows(p));
	int code = draw(p, "plates.png", width, height, write_phases);

	if (!code && p->d->modulation == ONN_D2NN_MODULATION_COMPLEX)
		code = draw(p, "amplitudes.png", width, height, write_moduli);
	if (!code)
		code = draw(p, "light.png", panels_width(p->d->layers + 1),
		    panels_height(p->images), write_light);
	if (!code)
		code = draw(p, "confusion.png", 640, 560, write_confusion);
	return code;
}

int d2nn_pictures(const train_outcome *outcome, const onn_model *model, const size_t *confusion)
{
	pictures p = {
	    .outcome = outcome, .d = onn_model_d2nn(model), .model = model, .confusion = confusion};
	onn_status status = choose_images(&p);
	int code = status ? command_status(outcome->command, status) : draw_all(&p);

	onn_array_destroy(p.planes);
	return code;
}
