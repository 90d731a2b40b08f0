#include "train/evaluate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/plan.h>

#include "core/element.h"
#include "core/error.h"
#include "core/options.h"
#include "core/philox.h"
#include "core/settings.h"
#include "core/streams.h"
#include "core/memory.h"
#include "nn/model.h"
#include "plan/copies.h"
#include "run/group.h"
#include "train/samples.h"

struct onn_evaluator {
	onn_samples samples;
	onn_plan *plan;
	size_t copies;         /* and of each: */
	onn_tensor **half;     /* [count, 2]: 1 in the column of the image's half */
	onn_tensor **position; /* first image of the next batch */
	onn_tensor **hits;     /* [2] */
	onn_type type;
	size_t batch, nselection;
	const onn_group *group;
	size_t rank, ranks; /* a rank has every ranks'th batch */
	bool (*stop)(void *user);
	void *user;
};

/* The first half of a random order selects; the second, larger by one where the count is odd,
 * reports. */
static void fill_halves(char *mask, int32_t *order, const onn_evaluator *e, uint64_t seed)
{
	size_t n = e->samples.count;
	memset(mask, 0, 2 * n * onn_type_size(e->type));
	onn_philox_permutation(order, n, seed, 0, ONN_STREAM_HALVES);
	for (size_t i = 0; i < n; i++) {
		size_t at = 2 * (size_t)order[i] + (i >= e->nselection);
		onn_part_set(mask, e->type, at, 1);
	}
}

static onn_status make_halves(onn_evaluator *e, onn_device *device, uint64_t seed)
{
	size_t n = e->samples.count, bytes = 2 * n * onn_type_size(e->type);
	int32_t *order = malloc((n ? n : 1) * sizeof *order);
	char *mask = malloc(bytes ? bytes : 1);
	onn_status status = order && mask ? ONN_OK : onn_error_memory("onn_train", bytes);
	e->nselection = n / 2;
	if (!status)
		status =
		    onn_copies_create(&e->half, e->copies, device, e->type, 2, (size_t[]){n, 2});
	for (size_t i = 0; i < e->copies && !status; i++) {
		fill_halves(mask, order, e, seed + i);
		status = onn_tensor_write(e->half[i], mask, bytes);
	}
	free(order);
	free(mask);
	return status;
}

/* Of a copy's errors; copy 0 has the seed itself. */
static uint64_t damage_seed(const onn_evaluate_options *o)
{
	return o->seed + ((uint64_t)o->copy << 32);
}

/*
 * A batch from `position` on: its hits by halves are added up. In the last batch indices past the
 * end count as the last image (onn_take), and `inside` leaves them out.
 */
static onn_status make_plan(onn_evaluator *e, const onn_measured *m, onn_device *device)
{
	static const char *const shared[] = {"x", "y", NULL};
	const onn_plan_copies copies = {e->copies, shared};
	double maximum = onn_network_options_of(onn_model_network(m->model))->input_maximum;
	onn_run_condition condition = {
	    .seed = damage_seed(m->options), .damaged = m->damaged, .damage = *m->options};
	size_t n = e->samples.count;
	onn_graph *g;
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	onn_node position = onn_variable(g, "position", ONN_I32, 0, NULL);
	onn_node sum = onn_variable(g, "hits", e->type, 1, (size_t[]){2});
	onn_node half = onn_variable(g, "half", e->type, 2, (size_t[]){n, 2});
	onn_node index = onn_add(g, onn_iota(g, ONN_I32, e->batch), position);
	onn_node inside =
	    onn_cast(g, onn_less(g, index, onn_scalar(g, ONN_I32, (double)n)), e->type);
	onn_node x = onn_samples_pixels(&e->samples, g, index, e->type, maximum);
	condition.batch = onn_cast(g, position, ONN_U32);
	onn_node output = onn_model_forward_in(m->model, g, x, &condition, NULL, NULL);
	onn_node hit =
	    onn_mul(g, onn_hits(g, output, onn_samples_labels(&e->samples, g, index)), inside);
	onn_node column = onn_reshape(g, hit, 2, (size_t[]){e->batch, 1});
	onn_node found =
	    onn_sum(g, onn_mul(g, column, onn_take(g, half, index)), (int[]){0}, 1, false);
	double ahead = (double)(e->batch * e->ranks);
	onn_node next = onn_add(g, position, onn_scalar(g, ONN_I32, ahead));
	onn_node out[2] = {
	    onn_assign(g, sum, onn_add(g, sum, found)), onn_assign(g, position, next)};
	status = onn_plan_create_copies(&e->plan, device, g, out, 2, &copies);
	onn_graph_destroy(g);
	return status;
}

static onn_status bind(onn_evaluator *e, const onn_measured *m)
{
	onn_status status = onn_samples_bind(&e->samples, e->plan);
	if (!status)
		status = onn_plan_bind(e->plan, "position", e->position[0]);
	if (!status)
		status = onn_plan_bind(e->plan, "hits", e->hits[0]);
	if (!status)
		status = onn_plan_bind(e->plan, "half", e->half[0]);
	for (size_t i = 0; i < onn_model_count(m->model) && !status; i++)
		status = onn_plan_bind(e->plan, onn_model_name(m->model, i), m->weight[i]);
	return status;
}

onn_status onn_evaluator_create(
    onn_evaluator **out, const onn_measured *m, onn_device *device, const onn_dataset *dataset)
{
	const onn_network *network = onn_model_network(m->model);
	const onn_group *group = m->group;
	size_t batch = onn_network_batch(network, m->options->batch);
	*out = NULL;
	onn_evaluator *e = calloc(1, sizeof *e);
	if (!e)
		return onn_error_memory("onn_train", sizeof *e);
	e->type = network->options.precision;
	e->copies = m->copies;
	e->group = group;
	e->rank = group ? group->rank : 0;
	e->ranks = group ? group->ranks : 1;
	e->stop = m->stop;
	e->user = m->user;
	onn_status status = onn_samples_create(&e->samples, device, dataset->test_x,
	    dataset->test_y, onn_network_inputs(network), dataset->scale);
	e->batch = batch < e->samples.count ? batch : e->samples.count;
	if (!status)
		status = make_halves(e, device, m->options->seed);
	if (!status)
		status = onn_copies_create(&e->position, e->copies, device, ONN_I32, 0, NULL);
	if (!status)
		status = onn_copies_create(&e->hits, e->copies, device, e->type, 1, (size_t[]){2});
	if (!status && e->samples.count)
		status = make_plan(e, m, device);
	if (!status && e->plan)
		status = bind(e, m);
	if (status)
		onn_evaluator_destroy(e);
	else
		*out = e;
	return status;
}

void onn_evaluator_destroy(onn_evaluator *e)
{
	if (!e)
		return;
	onn_plan_destroy(e->plan);
	onn_samples_clear(&e->samples);
	onn_copies_destroy(e->half, e->copies);
	onn_copies_destroy(e->position, e->copies);
	onn_copies_destroy(e->hits, e->copies);
	free(e);
}

static onn_status run_batch(onn_evaluator *e)
{
	if (e->stop && e->stop(e->user))
		return onn_error(ONN_CANCELLED, "onn_train: stopped while an epoch is measured");
	return onn_plan_run(e->plan);
}

/* How many images of each half each copy recognises, of those that this rank looks at. */
static onn_status count_hits(onn_evaluator *e, double (*found)[2])
{
	size_t n = e->samples.count, size = onn_type_size(e->type);
	double zero[2] = {0, 0}, hits[2];
	int32_t start = (int32_t)onn_size_least(e->rank * e->batch, n);
	onn_status status = ONN_OK;
	for (size_t k = 0; k < e->copies && !status; k++) {
		status = onn_tensor_write(e->position[k], &start, sizeof start);
		if (!status)
			status = onn_tensor_write(e->hits[k], zero, 2 * size);
	}
	for (size_t i = (size_t)start; i < n && !status; i += e->batch * e->ranks)
		status = run_batch(e);
	for (size_t k = 0; k < e->copies && !status; k++) {
		status = onn_tensor_read(hits, e->hits[k], 2 * size);
		for (size_t i = 0; i < 2 && !status; i++)
			found[k][i] = onn_part_get(hits, e->type, i);
	}
	return status;
}

static onn_accuracy accuracy_of(const onn_evaluator *e, const double found[2])
{
	size_t n = e->samples.count;
	return (onn_accuracy){.count = n,
	    .nselection = e->nselection,
	    .nreport = n - e->nselection,
	    .all = n ? (found[0] + found[1]) / (double)n : NAN,
	    .selection = e->nselection ? found[0] / (double)e->nselection : NAN,
	    .report = n ? found[1] / (double)(n - e->nselection) : NAN};
}

onn_status onn_evaluator_run(onn_evaluator *e, onn_accuracy *accuracy)
{
	double(*found)[2] = calloc(e->copies, sizeof *found);
	onn_status status =
	    found ? count_hits(e, found) : onn_error_memory("onn_train", e->copies * sizeof *found);
	status = onn_group_agree(e->group, "onn_train", status);
	if (!status && e->group) /* which has no copies */
		status = e->group->sum(e->group->user, found[0], 2, ONN_F64);
	for (size_t k = 0; k < e->copies && !status; k++)
		accuracy[k] = accuracy_of(e, found[k]);
	free(found);
	return status;
}

onn_status onn_fit_to(onn_network **fitted, const char *function, const onn_network *network,
    const onn_dataset *dataset)
{
	onn_status status = onn_network_copy(fitted, network);
	if (!status)
		status =
		    onn_network_fit(*fitted, dataset->height, dataset->width, dataset->classes);
	if (!status)
		return ONN_OK;
	onn_network_destroy(*fitted);
	*fitted = NULL;
	if (status != ONN_ERROR_ARGUMENT)
		return status;
	return onn_error(status, "%s: %s has %s", function, dataset->name, onn_last_error());
}

/* Adds Gaussian noise to a weight's copy: deviation = noise times the root mean square of the
 * matrix. */
static void disturb(onn_array *w, double noise, uint64_t seed, uint32_t stream)
{
	size_t n = onn_array_count(w);
	onn_type type = onn_array_type(w);
	void *data = onn_array_data(w);
	double square = 0;
	for (size_t i = 0; i < n; i++)
		square += onn_part_get(data, type, i) * onn_part_get(data, type, i);
	double deviation = n ? noise * sqrt(square / (double)n) : 0;
	for (size_t i = 0; i < n; i++) {
		double by = deviation * onn_philox_normal(seed, 0, stream, (uint32_t)i);
		onn_part_set(data, type, i, onn_part_get(data, type, i) + by);
	}
}

/* The nearest of 2^bits values from minus to plus the largest magnitude: what `rounded` of
 * nn/model.c builds for training, done once to a copy, since the noise that comes after it is drawn
 * on the host. */
static void quantise(onn_array *w, size_t bits)
{
	size_t n = onn_array_count(w);
	onn_type type = onn_array_type(w);
	void *data = onn_array_data(w);
	double most = 1e-30, steps = ldexp(1, (int)bits) - 1;
	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(onn_part_get(data, type, i)));
	for (size_t i = 0; i < n; i++) {
		double count = rint((onn_part_get(data, type, i) + most) * steps / (2 * most));
		onn_part_set(data, type, i, count * 2 * most / steps - most);
	}
}

static onn_status upload(onn_tensor **weight, const onn_model *model, onn_device *device,
    const onn_evaluate_options *options)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < onn_model_count(model) && !status; i++) {
		const onn_array *w = onn_model_const_weight(model, i);
		onn_array *copy;
		status = onn_array_convert(&copy, w, onn_array_type(w));
		if (status)
			break;
		if (options->bits && !onn_model_is_fixed(model, i))
			quantise(copy, options->bits);
		if (options->weight_noise > 0 && !onn_model_is_fixed(model, i))
			disturb(copy, options->weight_noise, damage_seed(options),
			    ONN_STREAM_NOISE + (uint32_t)i);
		status = onn_tensor_from_array(&weight[i], device, copy);
		onn_array_destroy(copy);
	}
	return status;
}

static bool has(const onn_network *network, const char *kind)
{
	return onn_network_find(network, kind, 0) != SIZE_MAX;
}

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_evaluate_options, member)
#define DEVIATION               .low = 0, .high = INFINITY
static const onn_setting rows[] = {
    {ROW("weight_noise", REAL, weight_noise), DEVIATION},
    {ROW("misalign", REAL, misalign), DEVIATION, .unit = "m"},
    {ROW("phase_noise", REAL, phase_noise), DEVIATION, .unit = "rad"},
    {ROW("levels", UNSIGNED, levels), .low = 2, .high = 65536, .zero = "any phase"},
    {ROW("photons", REAL, photons), DEVIATION},
    {ROW("read_noise", REAL, read_noise), DEVIATION, .needs = "photons"},
    {ROW("activation_noise", REAL, activation_noise), DEVIATION},
    {ROW("bits", SIZE, bits), .low = 1, .high = 24, .zero = "any weight"},
    {ROW("pump_photons", REAL, pump_photons), .low = 0, .high = INFINITY, .high_open = true},
    {ROW("product_photons", REAL, product_photons), .low = 0, .high = INFINITY, .high_open = true,
        .late = true},
};

static onn_status check(const void *values)
{
	const onn_evaluate_options *o = values;
	if (o->batch == 0)
		return onn_error(ONN_ERROR_ARGUMENT, "evaluation: batch is 0; expected at least 1");
	if (o->read_noise > 0 && o->photons == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "evaluation: read_noise is %g without photons; expected photons > 0, to "
		    "compare the noise with",
		    o->read_noise);
	return ONN_OK;
}

const onn_settings *onn_evaluate_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "evaluation", rows, onn_evaluate_options, check, ONN_EVALUATE_OPTIONS_INIT);
}

static bool has_pulses(const onn_network *network)
{
	bool found = false;
	for (size_t i = onn_network_find(network, "absorber", 0); i != SIZE_MAX && !found;
	     i = onn_network_find(network, "absorber", i + 1)) {
		char *medium = onn_network_get(network, i, "medium");
		found = medium && strcmp(medium, onn_medium_name(ONN_MEDIUM_DYNAMIC)) == 0;
		onn_free(medium);
	}
	return found;
}

onn_status onn_check_errors(
    const char *function, const onn_network *network, double activations, double phases)
{
	bool activates = false;
	for (size_t i = 0; i < network->count; i++)
		activates = activates || network->layer[i].kind->activates;
	if (activations > 0 && !activates)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: activation_noise for a network without absorbers, relu, tanh or sigmoid; "
		    "expected other errors",
		    function);
	if (phases > 0 && !has(network, "plate") && !has(network, "conv4f"))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: phase_noise for a network without plates and conv4f; expected other "
		    "errors",
		    function);
	return ONN_OK;
}

/* Which errors a network can have. */
static onn_status check_damage(
    bool *damaged, const onn_evaluate_options *o, const onn_network *network)
{
	static const char *const function = "onn_model_evaluate";
	bool plates = o->misalign > 0 || o->quantise;
	*damaged = plates || o->phase_noise > 0 || o->photons > 0 || o->pump_photons > 0 ||
	           o->product_photons > 0;
	if (o->pump_photons > 0 && !has_pulses(network))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: pump_photons for a network without dynamic absorbers; expected 0",
		    function);
	if (o->product_photons > 0 && !has(network, "linear"))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: product_photons for a network without linear layers; expected 0",
		    function);
	if (plates && !has(network, "plate"))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: misalign or levels for a network without plates; expected other errors",
		    function);
	if (o->photons > 0 && !has(network, "detect"))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: photons for a network without detectors of light; expected weight_noise "
		    "only",
		    function);
	onn_status status =
	    onn_check_errors(function, network, o->activation_noise, o->phase_noise);
	if (status)
		return status;
	if (o->quantise && o->levels > 0 && !onn_network_is_phase_only(network))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %u levels for plates that are not of phase alone; expected phase plates",
		    function, o->levels);
	return ONN_OK;
}

onn_status onn_model_evaluate(onn_accuracy *accuracy, const onn_model *model, onn_device *device,
    const onn_dataset *dataset, const onn_evaluate_options *options)
{
	onn_evaluate_options own = ONN_EVALUATE_OPTIONS_INIT;
	onn_tensor *weight[ONN_MODEL_MAX_WEIGHTS] = {NULL};
	onn_evaluator *e = NULL;
	if (!model || !device || !dataset)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_model_evaluate: no %s; expected one",
		    !model    ? "model"
		    : !device ? "device"
		              : "data set");
	onn_network *fitted = NULL;
	bool damaged = false;
	onn_status status =
	    onn_options_take(&own, options, "onn_model_evaluate", "ONN_EVALUATE_OPTIONS_INIT");
	if (!status)
		status = onn_settings_check(onn_evaluate_settings(), &own);
	if (!status)
		status = check_damage(&damaged, &own, onn_model_network(model));
	if (!status)
		status =
		    onn_fit_to(&fitted, "onn_model_evaluate", onn_model_network(model), dataset);
	onn_network_destroy(fitted);
	if (!status)
		status = upload(weight, model, device, &own);
	own.bits = 0; /* that was done, and noise comes after it */
	const onn_measured measured = {model, 1, weight, &own, damaged, NULL, NULL, NULL};
	if (!status)
		status = onn_evaluator_create(&e, &measured, device, dataset);
	if (!status)
		status = onn_evaluator_run(e, accuracy);
	onn_evaluator_destroy(e);
	for (size_t i = 0; i < onn_model_count(model); i++)
		onn_tensor_destroy(weight[i]);
	return status;
}
