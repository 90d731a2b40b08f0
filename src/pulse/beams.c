/* Points as rows of a batch. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/settings.h"
#include "pulse/experiment.h"

static const char *const function = "onn_pulse_experiment_run";
/* The part of a pulse on each side that is left out. In the Bloch model its edge has a spectrum. */
static const double least_tail = 1e-12, tail_of_tolerance = 1e-3, bloch_tail = 1e-11;
static const double least_fluence = 1e-30; /* Bloch: the field's derivative is infinite at 0 */

ONN_WORDS(onn_pulse_profile, ONN_PULSE_PROFILE_WORDS)

static const char *const model_list[] = {ONN_PULSE_MODEL_WORDS};
static const onn_words models = {model_list, 2, ONN_PULSE_RATE, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_pulse_experiment, member)
static const onn_setting rows[] = {
    {ROW("model", WORD, model), .words = &models},
    {ROW("profile", WORD, profile), .words = &onn_pulse_profile_words},
    {ROW("tolerance", REAL, tolerance), .low = 0, .high = 1,
        .zero = "1e-6, in the Bloch model 1e-4"},
    {ROW("slots", UNSIGNED, slots), .low = 2, .high = 1 << 20,
        .zero = "as many as the tolerance needs"},
    {ROW("cells", UNSIGNED, cells), .low = 2, .high = 1 << 16,
        .zero = "as many as the tolerance needs"},
    {ROW("doppler", REAL, doppler), .low = 0, .high = INFINITY, .high_open = true},
    {ROW("classes", UNSIGNED, classes), .low = 1, .high = 9999},
    {ROW("probe_fraction", REAL, probe_fraction), .low = 0, .high = 1e6},
    {.kind = ONN_SETTING_PART,
        .offset = offsetof(onn_pulse_experiment, light),
        .part = onn_pulse_light_settings},
};

const onn_settings *onn_pulse_experiment_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "experiment", rows, onn_pulse_experiment, NULL, ONN_PULSE_EXPERIMENT_INIT);
}

double onn_pulse_tolerance(const onn_pulse_experiment *e)
{
	return e->tolerance > 0 ? e->tolerance : e->model == ONN_PULSE_BLOCH ? 1e-4 : 1e-6;
}

/* ---- what is asked for ---- */

static onn_pulse_medium medium_of(const onn_pulse_experiment *e, unsigned cells)
{
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.model = e->model;
	m.cells = cells;
	m.doppler = e->doppler;
	m.classes = e->classes;
	m.depth = 0;
	return m;
}

static onn_status check_point(const onn_pulse_experiment *e, const onn_pulse_point *p, size_t i)
{
	bool bloch = e->model == ONN_PULSE_BLOCH;
	const struct {
		const char *name, *expected;
		double value;
		bool fine;
	} need[] = {
	    {"fluence", "a finite number >= 0", p->fluence, p->fluence >= 0},
	    {"width", "a finite time above 0", p->width, p->width > 0},
	    {"depth", "a finite number >= 0", p->depth, p->depth >= 0},
	    {"t1", "a time above 0", p->t1, p->t1 > 0},
	    {"t2", "a finite time above 0 in the Bloch model", p->t2, !bloch || p->t2 > 0},
	    {"detuning", "a finite number", p->detuning, true},
	    {"loss", "a finite number >= 0", p->loss, p->loss >= 0},
	    {"two_photon", "a finite number >= 0, in the Bloch model 0", p->two_photon,
	        p->two_photon >= 0 && !(bloch && p->two_photon > 0)},
	};
	for (size_t k = 0; k < ONN_COUNT(need); k++)
		if (!need[k].fine || !(isfinite(need[k].value) || k == 3))
			return onn_error(ONN_ERROR_ARGUMENT, "%s: point %zu has %s %g; expected %s",
			    function, i, need[k].name, need[k].value, need[k].expected);
	return ONN_OK;
}

static onn_status check(const onn_pulse_beams *b)
{
	const onn_pulse_experiment *e = b->experiment;
	onn_status status =
	    onn_options_exact(e, sizeof *e, function, "experiment", "ONN_PULSE_EXPERIMENT_INIT");

	if (!status)
		status = onn_settings_check(onn_pulse_experiment_settings(), e);
	if (!status) {
		onn_pulse_medium m = medium_of(e, 1);
		status = onn_pulse_medium_check(&m);
	}
	if (!status && (!b->point || b->count == 0))
		status =
		    onn_error(ONN_ERROR_ARGUMENT, "%s: no points; expected at least one", function);
	for (size_t i = 0; i < b->count && !status; i++)
		status = check_point(e, &b->point[i], i);
	return status;
}

static onn_pulse_light light_of(const onn_pulse_beams *b, size_t point)
{
	onn_pulse_light l = b->experiment->light;
	l.width = b->point[point].width;
	return l;
}

static void choose_rings(onn_pulse_beams *b)
{
	double tolerance = onn_pulse_tolerance(b->experiment) / 4;
	size_t most = 1;

	b->rings = 1;
	b->scale[0] = b->weight[0] = 1;
	if (b->experiment->profile == ONN_PULSE_FLAT)
		return;
	for (size_t i = 0; i < b->count; i++) {
		size_t n =
		    onn_pulse_rings_needed(b->point[i].depth, b->point[i].fluence, tolerance);
		most = n > most ? n : most;
	}
	onn_pulse_rings(b->scale, b->weight, most);
	b->scale[most] = 2;
	b->weight[most] = 0;
	b->rings = most + 1;
}

/* ---- columns ---- */

static double number_of(const onn_pulse_point *p, onn_pulse_quantity column)
{
	switch (column) {
	case ONN_PULSE_COLUMN_DEPTH:
		return p->depth;
	case ONN_PULSE_COLUMN_T1:
		return p->t1;
	case ONN_PULSE_COLUMN_T2:
		return p->t2;
	case ONN_PULSE_COLUMN_DETUNING:
		return p->detuning;
	case ONN_PULSE_COLUMN_LOSS:
		return p->loss;
	case ONN_PULSE_COLUMN_TWO_PHOTON:
		return p->two_photon;
	default:
		return 0; /* by row, not by point */
	}
}

/* Detuning, loss and two-photon absorption only where some point has them: without, steps are
 * simpler. */
static bool is_needed(const onn_pulse_beams *b, onn_pulse_quantity column)
{
	bool any = false;

	for (size_t i = 0; i < b->count; i++)
		any |= number_of(&b->point[i], column) != 0;
	return column == ONN_PULSE_COLUMN_T2         ? b->experiment->model == ONN_PULSE_BLOCH
	       : column >= ONN_PULSE_COLUMN_DETUNING ? any
	                                             : true;
}

static onn_status fill_columns(onn_pulse_beams *b)
{
	size_t total = b->count * b->rings;
	bool bloch = b->experiment->model == ONN_PULSE_BLOCH;

	for (int c = 0; c < ONN_PULSE_COLUMNS; c++) {
		if (c == ONN_PULSE_COLUMN_DELAY || !is_needed(b, (onn_pulse_quantity)c))
			continue;
		double *column = b->column[c] = malloc(total * sizeof *column);
		if (!column)
			return onn_error_memory(function, total * sizeof *column);
		for (size_t i = 0; i < total; i++) {
			const onn_pulse_point *p = &b->point[i / b->rings];
			double f = p->fluence * b->scale[i % b->rings];
			column[i] = c == ONN_PULSE_COLUMN_FLUENCE
			                ? (bloch ? fmax(f, least_fluence) : f)
			                : number_of(p, (onn_pulse_quantity)c);
		}
		b->batch.column[c] = column;
	}
	return ONN_OK;
}

static onn_status find_windows(onn_pulse_beams *b)
{
	bool bloch = b->experiment->model == ONN_PULSE_BLOCH;
	double tail =
	    bloch ? bloch_tail
	          : fmax(tail_of_tolerance * onn_pulse_tolerance(b->experiment), least_tail);
	onn_status status = ONN_OK;

	b->window = malloc(2 * b->count * sizeof *b->window);
	if (!b->window)
		return onn_error_memory(function, 2 * b->count * sizeof *b->window);
	for (size_t i = 0; i < b->count && !status; i++) {
		onn_pulse_light l = light_of(b, i);
		status = onn_pulse_light_window(&b->window[2 * i], &l, tail);
	}
	return status;
}

onn_status onn_pulse_beams_create(onn_pulse_beams *b, const onn_pulse_experiment *experiment,
    const onn_pulse_point *point, size_t count)
{
	*b = (onn_pulse_beams){.experiment = experiment, .point = point, .count = count};
	onn_status status = check(b);

	if (status)
		return status;
	choose_rings(b);
	b->batch.rows = b->count * b->rings;
	b->batch.probe_fraction = experiment->probe_fraction;
	status = fill_columns(b);
	return status ? status : find_windows(b);
}

void onn_pulse_beams_destroy(onn_pulse_beams *b)
{
	for (int c = 0; c < ONN_PULSE_COLUMNS; c++)
		free(b->column[c]);
	free(b->share);
	free(b->window);
}

onn_status onn_pulse_window_shares(
    double *share, const onn_pulse_light *light, const double window[2], size_t slots)
{
	double slot = (window[1] - window[0]) / (double)slots, sum = 0;
	const double wider[2] = {window[0] - slot, window[1] + slot};
	double *all = malloc((slots + 2) * sizeof *all);
	if (!all)
		return onn_error_memory(function, (slots + 2) * sizeof *all);
	onn_status status = onn_pulse_light_shares(all, light, wider, slots + 2);
	for (size_t i = 0; i < slots && !status; i++)
		sum += all[i + 1];
	for (size_t i = 0; i < slots && !status; i++)
		share[i] = all[i + 1] / sum;
	free(all);
	return status;
}

onn_status onn_pulse_beams_cut(onn_pulse_beams *b, size_t slots, unsigned cells)
{
	double *share = realloc(b->share, b->batch.rows * slots * sizeof *share);
	onn_status status = ONN_OK;

	if (!share)
		return onn_error_memory(function, b->batch.rows * slots * sizeof *share);
	b->share = share;
	for (size_t i = 0; i < b->count && !status; i++) {
		const double *w = &b->window[2 * i];
		double *first = &share[i * b->rings * slots];
		onn_pulse_light l = light_of(b, i);
		bool same = i > 0 && b->point[i].width == b->point[i - 1].width;
		if (same)
			memcpy(first, first - slots, slots * sizeof *share);
		else
			status = onn_pulse_window_shares(first, &l, w, slots);
		for (size_t r = 1; r < b->rings; r++)
			memcpy(first + r * slots, first, slots * sizeof *share);
		for (size_t r = 0; r < b->rings; r++)
			b->column[ONN_PULSE_COLUMN_SLOT][i * b->rings + r] =
			    (w[1] - w[0]) / (double)slots;
	}
	b->batch.share = share;
	b->batch.slots = slots;
	b->batch.medium = medium_of(b->experiment, cells);
	return status;
}

double onn_pulse_beams_fluence(
    const onn_pulse_beams *b, const double *row, size_t point, size_t width, size_t i)
{
	double sum = 0;
	for (size_t r = 0; r < b->rings; r++)
		sum += b->weight[r] * row[(point * b->rings + r) * width + i] / b->scale[r];
	return sum;
}

double onn_pulse_beams_part(const onn_pulse_beams *b, const double *row, size_t point)
{
	double sum = 0;
	for (size_t r = 0; r < b->rings; r++)
		sum += b->weight[r] * row[point * b->rings + r];
	return sum;
}

/* ---- counts to begin with ---- */

static size_t power_of_2(double least, size_t low, size_t high)
{
	size_t n = low;
	while ((double)n < least && n < high)
		n *= 2;
	return n;
}

void onn_pulse_beams_first(const onn_pulse_beams *b, size_t *slots, unsigned *cells)
{
	const onn_pulse_experiment *e = b->experiment;
	bool bloch = e->model == ONN_PULSE_BLOCH;
	double need = 0, deep = 0, lossy = 0;

	for (size_t i = 0; i < b->count; i++) {
		const onn_pulse_point *p = &b->point[i];
		double whole = b->window[2 * i + 1] - b->window[2 * i];
		onn_pulse_light l = light_of(b, i);
		double wide = l.shape == ONN_PULSE_SAMPLES ? onn_pulse_light_duration(&l) : l.width;
		need = fmax(need, fmax(32 * whole / wide, whole / p->t1));
		if (bloch) {
			double rabi = sqrt(2 * p->fluence * onn_pulse_light_peak(&l) / p->t2);
			need = fmax(need, fmax(4 * whole / p->t2, whole * rabi));
		}
		deep = fmax(deep, p->depth);
		lossy = fmax(lossy, p->loss + p->two_photon);
	}
	*slots = e->slots ? e->slots : power_of_2(need, 64, 1 << 13);
	*cells = e->cells ? e->cells
	         : bloch  ? (unsigned)power_of_2(deep, 8, 64)
	                  : (lossy > 0 ? 8 : 4);
}
