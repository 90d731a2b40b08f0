#include "reproduce/measure.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/path.h"
#include "core/text.h"

/* ---- of a run ---- */

static onn_status report(double *value, const onn_subject *s)
{
	*value = s->run->report_accuracy;
	return ONN_OK;
}

static onn_status selection(double *value, const onn_subject *s)
{
	*value = s->run->selection_accuracy;
	return ONN_OK;
}

static onn_status loss(double *value, const onn_subject *s)
{
	*value = s->run->train_loss;
	return ONN_OK;
}

/* ---- of its best network ---- */

static onn_status load_best(onn_model **model, const onn_subject *s)
{
	char path[ONN_PATH_ROOM];
	onn_path_join(path, s->folder, "best.npz");
	return onn_model_load(model, path);
}

/* Of the whole test set, with the errors of `evaluation`, the mean over copies. */
static onn_status accuracy(double *value, const onn_subject *s)
{
	onn_model *model = NULL;
	onn_evaluate_options o = s->c->evaluation;
	onn_status status = load_best(&model, s);
	double sum = 0;
	o.seed = s->seed;
	for (size_t i = 0; i < s->c->copies && !status; i++) {
		onn_accuracy a;
		o.copy = (uint32_t)i;
		status = onn_model_evaluate(&a, model, s->device, s->dataset, &o);
		sum += status ? 0 : a.all;
	}
	*value = sum / (double)s->c->copies;
	onn_model_destroy(model);
	return status;
}

static double copies_of(const onn_case *c) { return (double)c->copies; }

/* The part of an image's light that arrives in its label's region, the mean over the test set. */
static onn_status mean_light(double *value, const onn_subject *s, const onn_array *fraction)
{
	const onn_dataset *d = s->dataset;
	const int32_t *label = onn_array_const_data(d->test_y);
	size_t count = onn_array_count(d->test_y), regions = onn_array_shape(fraction)[1];
	onn_array *part = NULL;
	onn_status status = onn_array_convert(&part, fraction, ONN_F64);
	double sum = 0;
	if (!status && regions % d->classes != 0)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "light: %zu regions for %zu classes; expected detectors that are classes",
		    regions, d->classes);
	for (size_t i = 0; i < count && !status; i++)
		sum += ((const double *)onn_array_const_data(part))[i * regions + (size_t)label[i]];
	*value = count ? sum / (double)count : NAN;
	onn_array_destroy(part);
	return status;
}

static onn_status light(double *value, const onn_subject *s)
{
	onn_model *model = NULL;
	onn_array *output = NULL, *fraction = NULL;
	onn_status status = load_best(&model, s);
	if (!status)
		status = onn_model_readings(
		    &output, &fraction, model, s->device, s->dataset->test_x, s->dataset->scale);
	if (!status)
		status = mean_light(value, s, fraction);
	onn_array_destroy(output);
	onn_array_destroy(fraction);
	onn_model_destroy(model);
	return status;
}

static double once(const onn_case *c)
{
	(void)c;
	return 1;
}

/* ---- of an absorber alone ---- */

static onn_status respond(onn_response *point, const onn_subject *s)
{
	return onn_absorber_response(point, &s->c->absorber, &s->c->input, 1);
}

static onn_status output(double *value, const onn_subject *s)
{
	onn_response point = {0};
	onn_status status = respond(&point, s);
	*value = point.output;
	return status;
}

static onn_status exact(double *value, const onn_subject *s)
{
	onn_response point = {0};
	onn_status status = respond(&point, s);
	*value = point.exact;
	return status;
}

static onn_status probe(double *value, const onn_subject *s)
{
	onn_response point = {0};
	onn_status status = respond(&point, s);
	*value = point.probe;
	return status;
}

/* ---- the table ---- */

static const onn_study_measure measures[] = {
    /* accuracy of the best epoch on the report half, and on the one that it was chosen on */
    {"report", true, NULL, report},
    {"selection", true, NULL, selection},
    /* of the last epoch on the training set */
    {"loss", true, NULL, loss},
    {"accuracy", true, copies_of, accuracy},
    {"light", true, once, light},
    {"cosine", true, NULL, onn_measure_cosine},
    /* an absorber's response to `input`, its derivative, and what a weak probe sees */
    {"output", false, NULL, output},
    {"exact", false, NULL, exact},
    {"probe", false, NULL, probe},
    /* of a pulse's light: what comes through, how much later, what a probe behind it sees */
    {"transmission", false, NULL, onn_measure_transmission},
    {"shift", false, NULL, onn_measure_shift},
    {"peak", false, NULL, onn_measure_peak}, /* largest power behind over that in front */
    {"pulse_probe", false, NULL, onn_measure_probe},
};

onn_status onn_measure_find(const onn_study_measure **measure, const char *name)
{
	onn_text all = ONN_TEXT_INIT;
	for (size_t i = 0; i < ONN_COUNT(measures); i++) {
		*measure = &measures[i];
		if (strcmp(measures[i].name, name) == 0)
			return ONN_OK;
	}
	for (size_t i = 0; i < ONN_COUNT(measures); i++)
		onn_text_add(&all, "%s%s", i ? ", " : "", measures[i].name);
	*measure = NULL;
	char *names = onn_text_take(&all);
	onn_status status = onn_error(ONN_ERROR_FORMAT, "\"measure\" is \"%s\"; expected one of %s",
	    name, names ? names : "those of the manual");
	onn_free(names);
	return status;
}
