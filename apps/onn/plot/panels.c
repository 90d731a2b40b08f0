/* The panels of a picture: which there are, and the numbers in each. */
#include "panels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/pi.h"

enum { LONGEST = 480 /* pixels of a panel's side on the screen */, SMALL = 300, SMALLER = 210 };
enum { MOST_COLUMNS = 6, LEAST_HEIGHT = 120 };
/* The phase of light that is fainter is that of rounding, and is left blank. */
static const double faintest = 1e-6;

const char *panels_quantity(const panels *all, picture_quantity quantity)
{
	/* what 1 is, the source or the file says: of modes W/m² (docs/systems.md) */
	static const char *const text[] = {"", "intensity |E|² / arb. units",
	    "amplitude |E| / arb. units", "phase / rad", "real part / arb. units",
	    "imaginary part / arb. units"};
	return quantity == PICTURE_REAL && !all->complex ? "value" : text[quantity];
}

/* ---- which ---- */

static void count_fields(panels *all)
{
	const size_t *shape = onn_array_shape(all->p->a);
	size_t ndim = onn_array_ndim(all->p->a);

	all->from_y = ndim > 1 ? shape[ndim - 2] : 1;
	all->from_x = ndim > 0 ? shape[ndim - 1] : 1;
	size_t pixels = all->from_y * all->from_x;
	all->fields = pixels ? onn_array_count(all->p->a) / pixels : 0;
	all->complex = onn_type_is_complex(onn_array_type(all->p->a));
}

static void add(panels *all, size_t field, picture_quantity quantity, size_t row, size_t column)
{
	all->panel[all->count++] =
	    (panel){.field = field, .quantity = quantity, .row = row, .column = column};
	if (row >= all->rows)
		all->rows = row + 1;
	if (column >= all->columns)
		all->columns = column + 1;
}

/* Of a long stack some, evenly spaced from the first to the last. Two quantities of one field
 * stand side by side, of several one above the other. */
static void arrange(panels *all)
{
	picture_quantity first = all->look->show;
	/* a GIF has the colours of one map */
	bool both = first == PICTURE_AUTO && all->complex && !all->film;

	if (first == PICTURE_AUTO)
		first = all->complex ? PICTURE_INTENSITY : PICTURE_REAL;
	size_t most = all->film ? MOST_FRAMES : MOST_PANELS / (both ? 2 : 1);
	all->shown = all->fields < most ? all->fields : most;
	size_t columns = MOST_COLUMNS;
	if (all->shown > 3 && !both)
		columns = (size_t)ceil(sqrt((double)all->shown));
	for (size_t i = 0; i < all->shown; i++) {
		size_t field = all->shown > 1 ? i * (all->fields - 1) / (all->shown - 1) : 0;
		size_t row = all->film ? 0 : i / columns, column = all->film ? 0 : i % columns;
		add(all, field, first, both && all->shown > 1 ? 2 * row : row, column);
		if (both && all->shown == 1)
			add(all, field, PICTURE_PHASE, 0, 1);
		else if (both)
			add(all, field, PICTURE_PHASE, 2 * row + 1, column);
	}
}

static size_t blocks(size_t pixels, size_t block) { return (pixels + block - 1) / block; }

/* Blocks of pixels so that no axis has more than `side` of them. */
static void reduce(panels *all, size_t side)
{
	size_t y = blocks(all->from_y, side), x = blocks(all->from_x, side);
	size_t both = y > x ? y : x;

	all->block[0] = all->p->free_shape ? y : both;
	all->block[1] = all->p->free_shape ? x : both;
	if (all->from_y == 1) /* a curve */
		all->block[0] = all->block[1] = 1;
	all->ny = blocks(all->from_y, all->block[0]);
	all->nx = blocks(all->from_x, all->block[1]);
}

/* A pixel takes a whole number of the screen's, or a whole number of pixels becomes one. */
static void measure(panels *all)
{
	size_t side = all->columns > 3 ? SMALLER : all->columns > 2 || all->film ? SMALL : LONGEST;
	double dy = fabs(all->p->axis[0].step), dx = fabs(all->p->axis[1].step);

	reduce(all, side);
	size_t longest = all->ny > all->nx ? all->ny : all->nx;
	double zoom = fmax(1, floor((double)side / (double)longest));
	double high = zoom * (double)all->ny, wide = zoom * (double)all->nx;
	if (all->p->axis[0].unit && dy > dx)
		high *= dy / dx;
	else if (all->p->axis[0].unit)
		wide *= dx / dy;
	/* what is far longer than wide would not be seen */
	double shrink = fmin(1, 1.5 * (double)side / fmax(high, wide));
	all->high = (int)fmax(shrink * fmax(high, wide / 8), LEAST_HEIGHT);
	all->wide = (int)(shrink * fmax(wide, high / 8));
	if (all->p->free_shape) {
		all->high = SMALL;
		all->wide = 2 * SMALL;
	} else if (all->from_y == 1) {
		all->wide = all->columns > 2 ? SMALL : SMALL + SMALLER;
		all->high = all->wide * 3 / 5;
	}
}

/* ---- numbers ---- */

/* A block of pixels. What is largest in it is what is shown: a focus of one pixel is seen, and the
 * bar has the field's own largest number. A phase is that of their sum. */
typedef struct sum {
	double re, im, amplitude;      /* sums */
	double most, most_re, most_im; /* farthest from 0 */
	size_t count;
} sum;

static double number_of(const panels *all, const panel *one, const sum *s)
{
	double n = (double)s->count, turn;

	switch (one->quantity) {
	case PICTURE_INTENSITY:
		return s->most * s->most;
	case PICTURE_AMPLITUDE:
		return s->most;
	case PICTURE_PHASE:
		turn = all->complex ? atan2(s->im, s->re) : s->re / n;
		return turn - ONN_TWO_PI * floor(turn / ONN_TWO_PI);
	case PICTURE_IMAGINARY:
		return s->most_im;
	default:
		return s->most_re;
	}
}

/* Light that is too faint to have a phase, given the largest amplitude of its field. */
static bool is_dark(const panels *all, const panel *one, const sum *s, double peak)
{
	return all->complex && one->quantity == PICTURE_PHASE &&
	       !(s->amplitude > faintest * peak * (double)s->count);
}

static double peak_of(const double *e, size_t count, bool complex)
{
	double peak = 0;

	for (size_t i = 0; i < count; i++) {
		double x = complex ? hypot(e[2 * i], e[2 * i + 1]) : fabs(e[i]);
		if (isfinite(x))
			peak = fmax(peak, x);
	}
	return peak;
}

/* By size; what is no number stays. */
static double larger(double a, double b) { return isnan(a) || fabs(a) >= fabs(b) ? a : b; }

static sum sum_block(const panels *all, const double *e, size_t i, size_t k)
{
	sum s = {0};
	size_t y_end = (i + 1) * all->block[0], x_end = (k + 1) * all->block[1];

	for (size_t y = i * all->block[0]; y < y_end && y < all->from_y; y++)
		for (size_t x = k * all->block[1]; x < x_end && x < all->from_x; x++) {
			size_t at = y * all->from_x + x;
			double re = all->complex ? e[2 * at] : e[at];
			double im = all->complex ? e[2 * at + 1] : 0;
			s.re += re;
			s.im += im;
			s.amplitude += hypot(re, im);
			s.most = larger(s.most, hypot(re, im));
			s.most_re = larger(s.most_re, re);
			s.most_im = larger(s.most_im, im);
			s.count++;
		}
	return s;
}

static void compute(panels *all, panel *one, const double *numbers)
{
	size_t parts = all->complex ? 2 : 1, pixels = all->from_y * all->from_x;
	const double *e = numbers + one->field * pixels * parts;
	double peak = peak_of(e, pixels, all->complex);

	one->low = INFINITY;
	one->high = -INFINITY;
	for (size_t i = 0; i < all->ny; i++)
		for (size_t k = 0; k < all->nx; k++) {
			sum s = sum_block(all, e, i, k);
			double x = is_dark(all, one, &s, peak) ? NAN : number_of(all, one, &s);
			one->value[i * all->nx + k] = isfinite(x) ? x : NAN;
			if (!isfinite(x))
				continue;
			one->low = fmin(one->low, x);
			one->high = fmax(one->high, x);
		}
}

/* ---- scales ---- */

/* The scale of a quantity over panels, or of one; from 0 where nothing is below. */
static void join(panels *all, size_t first, bool each)
{
	double low = 0, high = -INFINITY;
	picture_quantity quantity = all->panel[first].quantity;

	for (size_t i = 0; i < all->count; i++)
		if (each ? i == first : all->panel[i].quantity == quantity) {
			low = fmin(low, all->panel[i].low);
			high = fmax(high, all->panel[i].high);
		}
	if (all->look->most > 0)
		high = all->look->most;
	if (low < 0) /* colours of both signs about white */
		high = fmax(high, -low), low = -high;
	if (!(high > low))
		high = low + 1;
	for (size_t i = 0; i < all->count; i++)
		if (each ? i == first : all->panel[i].quantity == quantity) {
			all->panel[i].low = low;
			all->panel[i].high = high;
		}
}

static void scale(panels *all)
{
	bool done[PICTURE_IMAGINARY + 1] = {false};

	for (size_t i = 0; i < all->count; i++) {
		picture_quantity quantity = all->panel[i].quantity;
		bool each = all->look->each && quantity != PICTURE_PHASE;
		if (each || !done[quantity])
			join(all, i, each);
		done[quantity] = true;
	}
	for (size_t i = 0; i < all->count; i++) {
		panel *p = &all->panel[i];
		p->bar = true;
		for (size_t k = 0; k < all->count; k++)
			if (all->panel[k].row == p->row && all->panel[k].column == p->column + 1 &&
			    all->panel[k].quantity == p->quantity && !all->look->each)
				p->bar = false; /* the last of the row has it */
	}
}

onn_status panels_make(panels *all, const picture_source *p, const picture_look *look, bool film)
{
	onn_array *wide;

	*all = (panels){.p = p, .look = look, .film = film};
	all->panel = malloc(2 * (MOST_PANELS + MOST_FRAMES) * sizeof *all->panel);
	if (!all->panel)
		return command_no_memory();
	count_fields(all);
	arrange(all);
	measure(all);
	all->numbers = malloc((all->count * all->ny * all->nx + 1) * sizeof *all->numbers);
	if (!all->numbers)
		return command_no_memory();
	onn_status status = onn_array_convert(&wide, p->a, all->complex ? ONN_C128 : ONN_F64);
	if (status)
		return status;
	for (size_t i = 0; i < all->count; i++) {
		all->panel[i].value = all->numbers + i * all->ny * all->nx;
		compute(all, &all->panel[i], onn_array_const_data(wide));
	}
	onn_array_destroy(wide);
	scale(all);
	return ONN_OK;
}

void panels_release(panels *all)
{
	free(all->numbers);
	free(all->panel);
}
