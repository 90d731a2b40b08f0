/* From options to an experiment: the medium in SI, the light, the points, the model. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/pulse_light.h>

#include "core/pi.h"
#include "pulse/fit.h"

static const double light_speed = 299792458, pi = (double)ONN_PI;
/* Where the rate model is as good as its answer: deviation from Bloch's, and what is warned of. */
static const double rate_fits = .01, usual_time = 1e-9;
static const double most_points = 1e6;
enum { MOST_CLASSES = 1501, CW_LIFETIMES = 20, WIDTHS_OF_T1 = 10 };

bool pulse_given(const pulse_work *w, const char *option)
{
	for (size_t i = 0; i < command_pulse.row_count; i++)
		if (strcmp(command_pulse.row[i].name, option) == 0)
			return w->line->given[i] != NULL;
	return false;
}

/* ---- the medium ---- */

static const onn_pulse_material *material_of(const pulse_settings *s)
{
	return s->r.medium == MEDIUM_OWN ? NULL : onn_pulse_material_known((size_t)s->r.medium - 1);
}

static void take_own(onn_pulse_sample *m, const pulse_request *r)
{
	m->t1 = r->t1 != 0 ? r->t1 : m->t1;
	m->t2 = r->t2 != 0 ? r->t2 : m->t2;
	m->loss = r->loss != 0 ? r->loss : m->loss;
	m->doppler = r->classes == 1 ? 0 : r->doppler != 0 ? r->doppler : m->doppler;
	if (r->isat != 0) {
		m->isat = r->isat;
		m->fsat = r->isat * m->t1;
	} else if (r->fsat != 0) {
		m->fsat = r->fsat;
		m->isat = r->fsat / m->t1;
	} else if (r->t1 != 0) {
		m->fsat = m->isat * m->t1;
	}
}

static int set_medium(pulse_work *w)
{
	const pulse_settings *s = w->s;
	const onn_pulse_material *material = material_of(s);
	static const char *const cell[] = {
	    "temperature", "length", "buffer-gas", "pressure", "linewidth"};

	for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
		if (pulse_given(w, cell[i]) && (!material || material->mass == 0))
			return command_usage(&command_pulse,
			    "--%s goes with a vapour; given --medium %s, which is none", cell[i],
			    material ? material->name : "own");
	if (s->r.isat != 0 && s->r.fsat != 0)
		return command_usage(
		    &command_pulse, "--isat and --fsat; expected one of them: Fsat = Isat T1");
	w->sample = (onn_pulse_sample){.t1 = INFINITY, .depth = 3};
	if (material) {
		onn_status status = onn_pulse_sample_of(&w->sample, material, &s->cell);
		if (status)
			return command_status(&command_pulse, status);
	}
	take_own(&w->sample, &s->r);
	if (s->r.isat != 0 && isinf(w->sample.t1))
		return command_usage(&command_pulse,
		    "--isat with an infinite T1; expected --fsat, which a slow absorber has");
	return EXIT_OK;
}

/* ---- the light ---- */

static int set_shape(pulse_work *w)
{
	onn_pulse_light *l = &w->experiment.light;
	bool file = l->shape == ONN_PULSE_SAMPLES;

	if (file != (w->s->light != NULL))
		return command_usage(&command_pulse, "%s",
		    file ? "--shape file needs --light FILE, with lines of time and power"
		         : "--light goes with --shape file");
	if (w->s->r.repetition > 0) {
		if (l->shape != ONN_PULSE_TRAIN)
			return command_usage(&command_pulse,
			    "--repetition goes with --shape train; given %s",
			    onn_pulse_shape_name(l->shape));
		l->separation = 1 / w->s->r.repetition;
	}
	if (!file)
		return EXIT_OK;
	onn_status status = onn_pulse_table_load(&w->table, w->s->light, 2);
	static const pulse_column column[] = {
	    {"times", "s", "(ns)", false}, {"powers", NULL, NULL, true}};
	double factor[2] = {1, 1};
	int code = status ? command_status(&command_pulse, status)
	                  : pulse_header(factor, w->s->light, column, 2);
	if (code)
		return code;
	pulse_scale(w->table, factor, 1);
	size_t rows = onn_array_shape(w->table)[0], columns = onn_array_shape(w->table)[1];
	double *number = onn_array_data(w->table);
	for (size_t i = 0; i < rows; i++) { /* times, then powers, in place */
		double *spare = number + i * columns;
		if (columns != 2)
			memmove(number + 2 * i, spare, 2 * sizeof *spare);
	}
	double *both = malloc(2 * rows * sizeof *both);
	if (!both)
		return command_status(&command_pulse, command_no_memory());
	for (size_t i = 0; i < rows; i++) {
		both[i] = number[2 * i];
		both[rows + i] = number[2 * i + 1];
	}
	memcpy(number, both, 2 * rows * sizeof *both);
	free(both);
	l->count = rows;
	l->time = number;
	l->power = number + rows;
	status = onn_pulse_light_check(l);
	return status ? command_status(&command_pulse, status) : EXIT_OK;
}

/* A width that nobody asked for. */
static double usual_width(const pulse_work *w)
{
	double t1 = w->sample.t1;
	if (isinf(t1))
		return usual_time;
	return w->experiment.light.shape == ONN_PULSE_CW ? CW_LIFETIMES * t1 : t1 / WIDTHS_OF_T1;
}

/* Fluences with units over Fsat. Those of one list are of one kind. */
static int scale_fluences(const pulse_work *w)
{
	const number_list *list = &w->s->fluence;
	double fsat = w->sample.fsat;

	if (!list->with_unit)
		return EXIT_OK;
	if (list->without)
		return command_usage(&command_pulse,
		    "--fluence has numbers with a unit and without; expected all of them over "
		    "Fsat, or all with a unit");
	if (fsat == 0)
		return command_usage(&command_pulse,
		    "--fluence in J/m^2 needs --fsat or --isat of the medium; plain numbers are "
		    "over Fsat");
	for (size_t i = 0; i < list->count; i++)
		list->value[i] /= fsat;
	return EXIT_OK;
}

/* The fluence over Fsat of light that is told in watts or joules; 0: it is told in Fsat. */
static int fluence_of(double *fluence, const pulse_work *w, double width)
{
	const pulse_request *r = &w->s->r;
	onn_pulse_light l = w->experiment.light;
	double area = pi * r->waist * r->waist;
	int given =
	    pulse_given(w, "fluence") + (r->energy > 0) + (r->power > 0) + (r->intensity > 0);

	*fluence = 0;
	if (given > 1)
		return command_usage(&command_pulse,
		    "more than one of --fluence, --energy, --power, --intensity; expected one");
	if (r->energy == 0 && r->power == 0 && r->intensity == 0)
		return EXIT_OK;
	if (w->sample.fsat == 0)
		return command_usage(&command_pulse,
		    "light in joules or watts needs --fsat or --isat of the medium");
	if (r->intensity == 0 && r->waist == 0)
		return command_usage(
		    &command_pulse, "--%s needs --waist", r->energy > 0 ? "energy" : "power");
	l.width = width;
	double peak = onn_pulse_light_peak(&l); /* over the fluence */
	bool mean = l.shape == ONN_PULSE_TRAIN; /* a train's power is its mean */
	double gap = l.separation > 0 ? l.separation : 10 * width;
	double duration = mean ? l.pulses * gap : 1 / peak;
	double joules = r->energy > 0  ? r->energy / area
	                : r->power > 0 ? r->power / area * duration
	                               : r->intensity / peak;
	*fluence = joules / w->sample.fsat;
	return EXIT_OK;
}

double pulse_energy(const pulse_work *w, double fluence)
{
	double waist = w->s->r.waist;
	return w->sample.fsat > 0 && waist > 0 ? fluence * w->sample.fsat * pi * waist * waist
	                                       : NAN;
}

/* ---- the points ---- */

static number_list list_or(const number_list *list, double *one)
{
	return list->count ? *list : (number_list){.count = 1, .value = one};
}

/* Each depth, detuning, width and fluence with each other; the fluence turns fastest. */
static int set_points(pulse_work *w)
{
	const pulse_settings *s = w->s;
	double depth_1 = w->sample.depth, detuning_1 = 0, width_1 = usual_width(w), fluence_1 = 1;
	number_list depth = list_or(&s->depth, &depth_1), width = list_or(&s->width, &width_1);
	number_list detuning = list_or(&s->detuning, &detuning_1),
	            fluence = list_or(&s->fluence, &fluence_1);
	double total = (double)depth.count * (double)width.count * (double)detuning.count *
	               (double)fluence.count;

	if (total > most_points)
		return command_usage(
		    &command_pulse, "the sweeps make %.3g pulses; expected %g", total, most_points);
	for (size_t i = 0; i < width.count; i++)
		if (!(width.value[i] > 0))
			return command_usage(&command_pulse,
			    "--width has %g; expected seconds above 0", width.value[i]);
	w->count = (size_t)total;
	w->point = calloc(w->count, sizeof *w->point);
	if (!w->point)
		return command_status(&command_pulse, command_no_memory());
	for (size_t i = 0; i < w->count; i++) {
		onn_pulse_point *p = &w->point[i];
		size_t at = i / fluence.count;
		p->fluence = fluence.value[i % fluence.count];
		p->width = width.value[at % width.count];
		at /= width.count;
		p->detuning = detuning.value[at % detuning.count];
		p->depth = depth.value[at / detuning.count];
		p->t1 = w->sample.t1;
		p->t2 = w->sample.t2;
		p->loss = w->sample.loss;
		double told;
		int code = fluence_of(&told, w, p->width);
		if (code)
			return code;
		p->fluence = told > 0 ? told : p->fluence;
		if (s->r.f2 == 0)
			continue;
		if (w->sample.fsat == 0)
			return command_usage(&command_pulse, "--f2 needs --fsat or --isat");
		onn_pulse_light l = w->experiment.light;
		l.width = p->width;
		p->two_photon = onn_pulse_light_duration(&l) * w->sample.fsat / s->r.f2;
	}
	return EXIT_OK;
}

/* ---- the model ---- */

static onn_status find_regime(pulse_work *w)
{
	bool beam = w->experiment.profile == ONN_PULSE_GAUSSIAN_BEAM;
	size_t step = 1 + w->count / 64; /* of a long sweep some */
	onn_status status = ONN_OK;

	for (size_t k = 0; k < w->count + step - 1 && !status; k += step) {
		size_t i = k < w->count ? k : w->count - 1; /* the last one, too */
		const onn_pulse_point *p = &w->point[i];
		onn_pulse_light l = w->experiment.light;
		onn_pulse_regime r;
		l.width = p->width;
		status = onn_pulse_regime_of(
		    &r, &l, p->fluence * (beam ? 2 : 1), p->t1, p->t2, p->detuning, rate_fits);
		if (!status && (i == 0 || r.deviation > w->regime.deviation)) {
			w->regime = r;
			w->worst = i;
		}
	}
	return status;
}

static int set_model(pulse_work *w)
{
	const pulse_request *r = &w->s->r;
	const char *name = material_of(w->s) ? material_of(w->s)->name : "this medium";
	onn_status status = find_regime(w);

	if (status)
		return command_status(&command_pulse, status);
	bool known = w->sample.t2 > 0, holds = w->regime.rate_holds;
	if (r->model == MODEL_BLOCH && !known)
		return command_usage(&command_pulse,
		    "--model bloch needs a T2, which %s has not; expected --t2", name);
	bool bloch = r->model == MODEL_BLOCH || (r->model == MODEL_AUTO && known && !holds);
	if (bloch && r->f2 != 0)
		return command_usage(&command_pulse,
		    "--f2 is of the rate model, and this is Bloch's%s; expected --model rate",
		    r->model == MODEL_AUTO ? ", since the rate model does not hold" : "");
	w->experiment.model = bloch ? ONN_PULSE_BLOCH : ONN_PULSE_RATE;
	snprintf(w->why, sizeof w->why, "%s",
	    r->model != MODEL_AUTO ? "as asked for"
	    : !known               ? "no T2 is known"
	    : holds                ? "it holds within 1 %"
	                           : "the rate model does not hold within 1 %");
	if (r->model == MODEL_RATE && !holds)
		fprintf(stderr,
		    "onn pulse: WARNING: %s is beyond the rate model under this light: %s; --model "
		    "bloch has what is missing\n",
		    name, w->regime.why);
	return EXIT_OK;
}

/*
 * Classes that are d half linewidths apart come back in phase after 2 pi T2/d: then nothing is to
 * be left, or the light is to be over.
 */
static void set_classes(pulse_work *w)
{
	onn_pulse_experiment *e = &w->experiment;
	double longest = 0;

	e->doppler = w->sample.doppler;
	e->classes = (unsigned)w->s->r.classes;
	if (e->classes == 0) {
		for (size_t i = 0; i < w->count; i++)
			longest = fmax(longest, w->point[i].width);
		double apart = fmax(.7, 2 * pi * w->sample.t2 / (8 * longest));
		double need = ceil(8 * e->doppler / apart);
		e->classes = e->doppler > 0 ? (unsigned)fmin(fmax(need, 4), MOST_CLASSES) : 1;
	}
	e->classes |= 1;
	if (e->classes == 1)
		e->doppler = 0;
}

int pulse_set_up(pulse_work *w)
{
	w->experiment = w->s->e;
	int code = set_medium(w);
	if (!code)
		code = scale_fluences(w);
	if (!code)
		code = set_shape(w);
	if (!code)
		code = set_points(w);
	if (!code)
		code = set_model(w);
	if (!code)
		set_classes(w);
	return code;
}

void pulse_tear_down(pulse_work *w)
{
	onn_pulse_results_destroy(w->results);
	device_close(w->device);
	onn_array_destroy(w->table);
	free(w->point);
	free(w->probe);
	free(w->met);
}

/* ---- probes ---- */

size_t pulse_probes(const pulse_settings *s)
{
	size_t delays = s->delay.count, detunings = s->probe_detuning.count;
	if (delays + detunings == 0)
		return 0;
	return (delays ? delays : 1) * (detunings ? detunings : 1);
}

double pulse_transit(const pulse_settings *s, const onn_pulse_sample *sample)
{
	double length = sample->density > 0 ? s->cell.length : 0;

	return s->r.transit > 0 ? s->r.transit : length / light_speed;
}

onn_pulse_weak_probe pulse_probe(const pulse_work *w, const onn_pulse_point *p, size_t i)
{
	const pulse_settings *s = w->s;
	size_t detunings = s->probe_detuning.count ? s->probe_detuning.count : 1;

	return (onn_pulse_weak_probe){.delay = s->delay.count ? s->delay.value[i / detunings] : 0,
	    .detuning =
	        s->probe_detuning.count ? s->probe_detuning.value[i % detunings] : p->detuning,
	    .counter = s->r.counter,
	    .transit = pulse_transit(s, &w->sample),
	    .grating = s->r.grating,
	    .grating_time = s->r.grating_time};
}
