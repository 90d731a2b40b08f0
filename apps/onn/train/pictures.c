#include "pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <onn/settings.h>

#include "core/pi.h"
#include "plot.h"

/* pixels */
enum { PANEL = 190, GAP = 12, TITLE = 30, HEAD = 34, MARGIN = 12, COLOURS = 70 };
enum { MOST_IMAGES = 4, MOST_COLUMNS = 8 };

typedef struct pictures {
	const train_outcome *outcome;
	const onn_model *model;
	const onn_network *network;
	const size_t *confusion;
	size_t plates;
	onn_array *plate;  /* f64, of the one that is drawn */
	onn_array *planes; /* f64 [images, planes, ny, nx] */
	size_t images;
	size_t label[MOST_IMAGES], seen[MOST_IMAGES];
} pictures;

/* Rows of numbers as gnuplot's data $p. */
static void write_numbers(FILE *script, const double *value, size_t ny, size_t nx)
{
	fputs("$p << END\n", script);
	for (size_t i = 0; i < ny * nx; i++)
		fprintf(script, "%.4g%c", value[i], (i + 1) % nx ? ' ' : '\n');
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

static void begin_panels(FILE *script)
{
	fputs("unset key\nunset xtics\nunset ytics\nunset grid\nset border 15 lw 0.5\n"
	      "set title offset 0,-0.6\n",
	    script);
}

static void write_range(FILE *script, size_t ny, size_t nx)
{
	fprintf(script, "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\n", (double)nx - .5,
	    (double)ny - .5);
}

/* ", 51.2 mm x 51.2 mm": of each panel, whose axes have no numbers; "" where it is not known. */
static const char *panel_size(char *text, size_t room, const pictures *p)
{
	const size_t encode = onn_network_find(p->network, "encode", 0);
	char y[32], x[32];
	onn_signal light;

	*text = '\0';
	if (encode == SIZE_MAX || onn_network_signal(&light, p->network, encode + 1))
		return text;
	onn_quantity_text(y, sizeof y, 4, (double)light.grid.ny * light.grid.dy, "m");
	onn_quantity_text(x, sizeof x, 4, (double)light.grid.nx * light.grid.dx, "m");
	snprintf(text, room, ", %s x %s", y, x);
	return text;
}

/* ---- plates ---- */

/* The weight of plate k: phases [ny, nx], or [2, ny, nx]; NULL: there are fewer. */
static const onn_array *plate_of(const pictures *p, size_t k)
{
	char name[32];

	snprintf(name, sizeof name, "layer%zu.plate", k);
	for (size_t i = 0; i < onn_model_count(p->model); i++)
		if (!strcmp(onn_model_name(p->model, i), name))
			return onn_model_const_weight(p->model, i);
	return NULL;
}

static bool is_complex(const onn_array *plate) { return onn_array_ndim(plate) == 3; }

static onn_status load_plate(pictures *p, size_t k, bool modulus)
{
	const onn_array *weight = plate_of(p, k);
	onn_array *w;
	onn_status status = onn_array_convert(&w, weight, ONN_F64);

	onn_array_destroy(p->plate);
	p->plate = NULL;
	if (status)
		return status;
	double *value = onn_array_data(w);
	size_t n = onn_array_count(w) / (is_complex(w) ? 2 : 1);
	for (size_t i = 0; i < n; i++) {
		if (!is_complex(w))
			value[i] =
			    modulus ? 1 : value[i] - ONN_TWO_PI * floor(value[i] / ONN_TWO_PI);
		else if (modulus)
			value[i] = hypot(value[i], value[n + i]);
		else
			value[i] = fmod(atan2(value[n + i], value[i]) + ONN_TWO_PI, ONN_TWO_PI);
	}
	p->plate = w;
	return ONN_OK;
}

static bool next_plate(FILE *script, pictures *p, size_t k, bool modulus)
{
	if (k == p->plates)
		return false;
	if (load_plate(p, k, modulus)) {
		plot_give_up(script, "out of memory");
		return false;
	}
	return true;
}

/* Rows and columns of the plate at hand. */
static size_t plate_size(const pictures *p, int axis)
{
	return onn_array_shape(p->plate)[onn_array_ndim(p->plate) - 2 + (size_t)axis];
}

static double largest_amplitude(FILE *script, pictures *p)
{
	double most = 0;

	for (size_t i = 0; next_plate(script, p, i, true); i++) {
		const double *value = onn_array_const_data(p->plate);
		for (size_t k = 0; k < plate_size(p, 0) * plate_size(p, 1); k++)
			most = fmax(most, value[k]);
	}
	return most > 0 ? most : 1;
}

static size_t plate_columns(const pictures *p)
{
	return p->plates < MOST_COLUMNS ? p->plates : MOST_COLUMNS;
}

static size_t plate_rows(const pictures *p)
{
	return (p->plates + plate_columns(p) - 1) / plate_columns(p);
}

static void write_plates(FILE *script, pictures *p, bool modulus)
{
	size_t columns = plate_columns(p), rows = plate_rows(p);
	char size[80];

	begin_panels(script);
	fputs(modulus ? "set palette gray\n" : PLOT_PHASES "set cblabel 'rad'\n", script);
	if (modulus)
		fprintf(script, "set cbrange [0:%g]\n", largest_amplitude(script, p));
	fprintf(script, "set multiplot title '%s of the plates%s'\n",
	    modulus ? "Transmitted amplitude" : "Phases", panel_size(size, sizeof size, p));
	for (size_t i = 0; next_plate(script, p, i, modulus); i++) {
		size_t ny = plate_size(p, 0), nx = plate_size(p, 1);
		write_numbers(script, onn_array_const_data(p->plate), ny, nx);
		write_range(script, ny, nx);
		write_place(script, i / columns, i % columns, rows, columns);
		if (i + 1 == p->plates)
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

/* Outlines of the regions; where they are of classes, the one of the image's class is bright, and
 * the classes' numbers stand above them, where there are few enough to be read. */
static void write_regions(FILE *script, const pictures *p, size_t label)
{
	size_t detect = onn_network_find(p->network, "detect", 0), count = 0;
	size_t classes = onn_network_outputs(p->network);
	bool of_classes = detect == onn_network_layers(p->network) - 1;
	onn_region *region = NULL;

	if (onn_network_detectors(&region, &count, p->network, detect))
		plot_give_up(script, "out of memory");
	for (size_t i = 0; i < count; i++) {
		bool own = of_classes && i % classes == label;
		fprintf(script,
		    "set object %zu rectangle from %g,%g to %g,%g front fs empty border lc rgb "
		    "'%s' lw %g\n",
		    i + 1, (double)region[i].x - .5, (double)region[i].y - .5,
		    (double)(region[i].x + region[i].nx) - .5,
		    (double)(region[i].y + region[i].ny) - .5,
		    !own          ? "#bbbbbb"
		    : i < classes ? "#00e060"
		                  : "#ff4040",
		    own ? 2.0 : 0.7);
		if (of_classes && classes <= 20)
			fprintf(script,
			    "set label %zu '%zu' at %g,%g center offset 0,0.45 front font ',7' tc "
			    "rgb '%s'\n",
			    i + 1, i % classes,
			    (double)region[i].x + ((double)region[i].nx - 1) / 2,
			    (double)region[i].y - .5, own ? "#00e060" : "#ffffff");
	}
	onn_free(region);
}

/* The layer that plane k stands before: planes are behind an encode, and behind each space. */
static size_t layer_behind(const pictures *p, size_t k)
{
	for (size_t i = 0; i < onn_network_layers(p->network); i++) {
		const char *kind = onn_network_kind(p->network, i);
		if ((!strcmp(kind, "encode") || !strcmp(kind, "space")) && k-- == 0)
			return i + 1;
	}
	return onn_network_layers(p->network);
}

/* How often a kind stands before layer i. */
static size_t before(const onn_network *network, const char *kind, size_t i)
{
	size_t count = 0;

	for (size_t k = 0; k < i; k++)
		count += !strcmp(onn_network_kind(network, k), kind);
	return count;
}

/* The image's plane has no number: its light stands before the first plate. */
static void write_title(FILE *script, const pictures *p, size_t image, size_t plane)
{
	size_t next = layer_behind(p, plane);
	const char *kind = onn_network_kind(p->network, next);

	if (plane == 0)
		fprintf(script, "set title 'label %zu'\n", p->label[image]);
	else if (kind && !strcmp(kind, "detect"))
		fprintf(script, "set title 'detectors: %zu'\n", p->seen[image]);
	else
		fprintf(script, "set title 'before %s %zu'\n", kind ? kind : "the end",
		    kind ? before(p->network, kind, next) + 1 : 0);
}

static void write_light(FILE *script, const void *user)
{
	const pictures *p = user;
	const size_t *shape = onn_array_shape(p->planes);
	size_t planes = shape[1], ny = shape[2], nx = shape[3];
	const double *value = onn_array_const_data(p->planes);
	char size[80];

	begin_panels(script);
	write_range(script, ny, nx);
	fprintf(script,
	    PLOT_LIGHT
	    "set cbrange [0:1]\nunset colorbox\n"
	    "set multiplot title 'Light at every plane%s, each in units of its own largest "
	    "intensity'\n",
	    panel_size(size, sizeof size, p));
	for (size_t i = 0; i < p->images * planes; i++) {
		const double *plane = value + i * ny * nx;
		double most = 0;
		for (size_t k = 0; k < ny * nx; k++)
			most = plane[k] > most ? plane[k] : most;
		fputs("$p << END\n", script);
		for (size_t k = 0; k < ny * nx; k++)
			fprintf(script, "%.3f%c", most > 0 ? plane[k] / most : 0,
			    (k + 1) % nx ? ' ' : '\n');
		fputs("END\n", script);
		write_place(script, i / planes, i % planes, p->images, planes);
		write_title(script, p, i / planes, i % planes);
		if (i % planes == planes - 1)
			write_regions(script, p, p->label[i / planes]);
		if (i + 1 == p->images * planes)
			fputs("set colorbox\n", script);
		fputs("plot $p matrix with image\nunset object\nunset label\n", script);
	}
	fputs("unset multiplot\n", script);
}

/* ---- confusion ---- */

static void write_confusion(FILE *script, const void *user)
{
	const pictures *p = user;
	size_t n = onn_network_outputs(p->network);

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
	    "set palette defined (0 '#ffffff', 0.1 '#dcebf5', 25 '#8cc0e0', 100 '#0072b2')\nset "
	    "title 'Test images by class'\n"
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
	status = onn_model_planes(&planes, p->model, p->outcome->device, x, d->scale);
	if (!status)
		status = onn_array_convert(&p->planes, planes, ONN_F64);
	else if (status == ONN_ERROR_ARGUMENT || status == ONN_ERROR_UNSUPPORTED)
		status = ONN_OK; /* planes of several sizes make no picture */
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
	plot_result result = PLOT_FAILED;

	if (path)
		result = plot_draw(p->outcome->command, path, (int)width, (int)height, write, p);
	else
		command_fail(p->outcome->command, "%s is not drawn: no memory", name);
	free(path);
	/* the curves were drawn before, which said that gnuplot is missing */
	return result == PLOT_FAILED ? EXIT_FAILED : EXIT_OK;
}

static int draw_plates(const pictures *p)
{
	size_t width = panels_width(plate_columns(p)), height = panels_height(plate_rows(p));
	int code = draw(p, "plates.png", width, height, write_phases);

	if (!code && is_complex(plate_of(p, 0)))
		code = draw(p, "amplitudes.png", width, height, write_moduli);
	return code;
}

static int draw_all(const pictures *p)
{
	int code = p->plates ? draw_plates(p) : EXIT_OK;

	if (!code && p->planes)
		code = draw(p, "light.png", panels_width(onn_array_shape(p->planes)[1]),
		    panels_height(p->images), write_light);
	if (!code)
		code = draw(p, "confusion.png", 640, 560, write_confusion);
	return code;
}

int light_pictures(const train_outcome *outcome, const onn_model *model, const size_t *confusion)
{
	const onn_network *network = onn_model_network(model);
	pictures p = {.outcome = outcome,
	    .model = model,
	    .network = network,
	    .plates = before(network, "plate", onn_network_layers(network)),
	    .confusion = confusion};
	onn_status status = choose_images(&p);
	int code = status ? command_status(outcome->command, status) : draw_all(&p);

	onn_array_destroy(p.planes);
	return code;
}
