/* What a modulator is sent: grey levels of 8 bits for phases. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <onn/fabrication.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/pi.h"
#include "optics/relief.h"

enum { LEVELS = 256, MOST_TURN = 1024 };

typedef struct shade {
	double phase; /* 0 up to 2 pi */
	unsigned char level;
} shade;

/* The levels that show something, by their phase. */
typedef struct panel {
	double phase[LEVELS]; /* by level; NaN: not known */
	shade shade[LEVELS];
	size_t shades;
} panel;

static int by_phase(const void *a, const void *b)
{
	const shade *p = a, *q = b;
	if (p->phase != q->phase)
		return p->phase < q->phase ? -1 : 1;
	return (p->level > q->level) - (p->level < q->level);
}

static onn_status take_lut(panel *p, const onn_array *lut, const char *function)
{
	if (onn_array_type(lut) != ONN_F64 || onn_array_ndim(lut) != 1 ||
	    onn_array_count(lut) != LEVELS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: lut has %zu numbers of %s on %zu axes; expected f64 [%d], a phase for "
		    "each "
		    "level",
		    function, onn_array_count(lut), onn_type_name(onn_array_type(lut)),
		    onn_array_ndim(lut), LEVELS);
	const double *x = onn_array_const_data(lut);
	for (size_t i = 0; i < LEVELS; i++)
		p->phase[i] = isfinite(x[i]) ? x[i] : NAN;
	return ONN_OK;
}

static onn_status take_panel(
    panel *p, onn_slm_display *own, const onn_slm_display *given, const char *function)
{
	*own = (onn_slm_display)ONN_SLM_DISPLAY_INIT;
	onn_status status = onn_options_take(own, given, function, "ONN_SLM_DISPLAY_INIT");
	if (status)
		return status;
	if (own->turn < 2 || own->turn > MOST_TURN)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: 2 pi is at level %u; expected one from 2 to %d", function, own->turn,
		    MOST_TURN);
	/* the level of a turn shows what level 0 does, and those behind it others again */
	for (unsigned i = 0; i < LEVELS; i++)
		p->phase[i] = i < own->turn ? ONN_TWO_PI * i / own->turn : NAN;
	status = own->lut ? take_lut(p, own->lut, function) : ONN_OK;
	p->shades = 0;
	for (unsigned i = 0; i < LEVELS; i++)
		if (!isnan(p->phase[i]))
			p->shade[p->shades++] =
			    (shade){onn_phase_wrap(p->phase[i]), (unsigned char)i};
	qsort(p->shade, p->shades, sizeof *p->shade, by_phase);
	return !status && !p->shades
	           ? onn_error(ONN_ERROR_ARGUMENT,
	                 "%s: lut has no finite phase; expected one or more", function)
	           : status;
}

static onn_status check_flatness(
    const onn_array *flatness, const onn_array *of, const char *function)
{
	if (!flatness)
		return ONN_OK;
	char is[96], wanted[96];
	const size_t *a = onn_array_shape(flatness), *b = onn_array_shape(of);
	if (onn_array_ndim(flatness) != 2 || a[0] != b[0] || a[1] != b[1] ||
	    onn_type_is_complex(onn_array_type(flatness)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: flatness is %s of %s; expected real numbers %s", function,
		    onn_shape_text(is, sizeof is, onn_array_ndim(flatness), a),
		    onn_type_name(onn_array_type(flatness)),
		    onn_shape_text(wanted, sizeof wanted, 2, b));
	size_t at = onn_first_not_finite(flatness);
	return at == SIZE_MAX ? ONN_OK
	                      : onn_error(ONN_ERROR_ARGUMENT,
	                            "%s: flatness at row %zu, column %zu is not finite", function,
	                            at / a[1], at % a[1]);
}

static double flatness_at(const onn_slm_display *d, size_t i)
{
	if (!d->flatness)
		return 0;
	return onn_part_get(onn_array_const_data(d->flatness), onn_array_type(d->flatness), i);
}

/* phase: 0 up to 2 pi. Of the neighbours on the circle the nearer one. */
static const shade *nearest(const panel *p, double phase)
{
	size_t low = 0, high = p->shades; /* the first that is larger is in [low, high] */
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (p->shade[middle].phase > phase)
			high = middle;
		else
			low = middle + 1;
	}
	const shade *above = &p->shade[low % p->shades],
	            *below = &p->shade[(low + p->shades - 1) % p->shades];
	/* of equal phases the lowest level */
	while (below > p->shade && below[-1].phase == below->phase)
		below--;
	double up = fabs(onn_phase_way(above->phase, phase)),
	       down = fabs(onn_phase_way(below->phase, phase));
	if (up == down)
		return above->level < below->level ? above : below;
	return up < down ? above : below;
}

static void fill(unsigned char *grey, onn_slm_report *report, const double *phase, size_t count,
    const panel *p, const onn_slm_display *d)
{
	onn_slm_report r = {0, 0};
	for (size_t i = 0; i < count; i++) {
		double wanted = onn_phase_wrap(phase[i] - flatness_at(d, i));
		const shade *s = nearest(p, wanted);
		double off = fabs(onn_phase_way(s->phase, wanted));
		grey[i] = s->level;
		r.worst = fmax(r.worst, off);
		r.rms += off * off;
	}
	r.rms = count ? sqrt(r.rms / (double)count) : 0;
	if (report)
		*report = r;
}

onn_status onn_slm_pattern(onn_array **grey, onn_slm_report *report, const onn_array *plate,
    const onn_slm_display *display)
{
	static const char *const function = "onn_slm_pattern";
	onn_slm_display own;
	onn_array *phase = NULL;
	panel p;
	*grey = NULL;
	onn_status status = take_panel(&p, &own, display, function);
	if (!status)
		status = onn_phases_take(&phase, function, plate);
	if (!status)
		status = check_flatness(own.flatness, phase, function);
	if (!status)
		status = onn_array_create(grey, ONN_U8, 2, onn_array_shape(phase));
	if (!status)
		fill(onn_array_data(*grey), report, onn_array_const_data(phase),
		    onn_array_count(phase), &p, &own);
	onn_array_destroy(phase);
	return status;
}

static onn_status show(double *to, const onn_array *grey, const panel *p, const onn_slm_display *d,
    const char *function)
{
	const unsigned char *level = onn_array_const_data(grey);
	size_t nx = onn_array_shape(grey)[1];
	for (size_t i = 0; i < onn_array_count(grey); i++) {
		if (isnan(p->phase[level[i]]) && d->lut)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: level %u at row %zu, column %zu has no phase in lut", function,
			    level[i], i / nx, i % nx);
		double phase = d->lut ? p->phase[level[i]] : ONN_TWO_PI * level[i] / d->turn;
		to[i] = onn_phase_wrap(phase + flatness_at(d, i));
	}
	return ONN_OK;
}

onn_status onn_slm_pattern_phase(
    onn_array **phase, const onn_array *grey, const onn_slm_display *display)
{
	static const char *const function = "onn_slm_pattern_phase";
	onn_slm_display own;
	panel p;
	*phase = NULL;
	onn_status status = take_panel(&p, &own, display, function);
	if (!status && (!grey || onn_array_type(grey) != ONN_U8 || onn_array_ndim(grey) != 2))
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "%s: grey has %zu axes of %s; expected u8 [ny, nx]", function,
		    grey ? onn_array_ndim(grey) : 0,
		    grey ? onn_type_name(onn_array_type(grey)) : "nothing");
	if (!status)
		status = check_flatness(own.flatness, grey, function);
	if (!status)
		status = onn_array_create(phase, ONN_F64, 2, onn_array_shape(grey));
	if (!status)
		status = show(onn_array_data(*phase), grey, &p, &own, function);
	if (status) {
		onn_array_destroy(*phase);
		*phase = NULL;
	}
	return status;
}
