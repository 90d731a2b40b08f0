/*
 * The kinds of layers: the library's own, rows of layers.def, and those that programs register.
 */
#include <stdatomic.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/os.h"
#include "nn/layer.h"

#define ONN_LAYER(name) extern const onn_layer_kind onn_##name##_layer;
#include "nn/layers.def"
#undef ONN_LAYER

#define ONN_LAYER(name) &onn_##name##_layer,
static const onn_layer_kind *const built_in[] = {
#include "nn/layers.def"
};
#undef ONN_LAYER

/* The program's, written once each under the lock, and counted then: who reads needs none. */
static onn_layer_kind registered[ONN_LAYER_MAX_KINDS];
static _Atomic size_t nregistered;

const onn_layer_kind *onn_layer_kind_at(size_t i)
{
	if (i < ONN_COUNT(built_in))
		return built_in[i];
	i -= ONN_COUNT(built_in);
	return i < atomic_load(&nregistered) ? &registered[i] : NULL;
}

const onn_layer_kind *onn_layer_kind_find(const char *name)
{
	const onn_layer_kind *kind = name ? onn_layer_kind_at(0) : NULL;
	for (size_t i = 0; kind && strcmp(kind->name, name) != 0;)
		kind = onn_layer_kind_at(++i);
	return kind;
}

const char *onn_layer_kind_name(size_t i)
{
	const onn_layer_kind *kind = onn_layer_kind_at(i);
	return kind ? kind->name : NULL;
}

const onn_settings *onn_layer_settings(const char *name)
{
	const onn_layer_kind *kind = onn_layer_kind_find(name);
	return kind ? kind->settings() : NULL;
}

const char *onn_layer_summary(const char *name)
{
	const onn_layer_kind *kind = onn_layer_kind_find(name);
	return kind ? kind->summary : NULL;
}

const onn_settings *onn_no_settings(void)
{
	static const size_t nothing = 0;
	static const onn_settings settings = {"layer", NULL, 0, sizeof nothing, &nothing, NULL};
	return &settings;
}

/* ---- weights ---- */

size_t onn_layer_weights(onn_weight weight[ONN_LAYER_MAX_WEIGHTS], const onn_layer_kind *kind,
    const void *layer, const onn_signal *in, size_t ordinal)
{
	memset(weight, 0, ONN_LAYER_MAX_WEIGHTS * sizeof *weight);
	return kind->weights ? kind->weights(weight, layer, in, ordinal) : 0;
}

onn_status onn_weight_check(const onn_weight *w)
{
	const char *what = NULL;
	if (!w->name[0] || !memchr(w->name, 0, sizeof w->name))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "a weight without a name; expected 1 to %d bytes", ONN_WEIGHT_NAME - 1);
	if (w->ndim > ONN_COUNT(w->shape))
		what = "more than 4 axes";
	else if (w->begin != ONN_BEGIN_ZERO && w->begin != ONN_BEGIN_FILE && !w->start)
		what = "no start";
	else if (w->begin == ONN_BEGIN_PHASORS && (w->ndim == 0 || w->shape[0] != 2))
		what = "phasors whose first axis is not 2";
	else if (w->begin == ONN_BEGIN_FILE && !w->read)
		what = "no function that reads its file";
	return what ? onn_error(ONN_ERROR_ARGUMENT,
	                  "weight %s has %s; expected what onn/layer.h says", w->name, what)
	            : ONN_OK;
}

/* ---- a program's own ---- */

/* For file names, JSON and command lines. */
static bool is_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
	return name[0] >= 'a' && name[0] <= 'z' && !name[n] && n < ONN_WEIGHT_NAME;
}

static onn_status check_settings(const onn_layer_kind *kind)
{
	const onn_settings *s = kind->settings();
	if (!s || !s->what || !s->standard || s->size == 0 || (s->count && !s->row))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_layer_register: the settings of %s are not whole; expected what, row, "
		    "size and "
		    "standard",
		    kind->name);
	if (onn_settings_find(NULL, s, "layer"))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_layer_register: %s has a setting \"layer\"; expected another name, for "
		    "that "
		    "is its kind",
		    kind->name);
	onn_status status = onn_settings_check(s, s->standard);
	return status ? onn_error(status, "onn_layer_register: the standard values of %s: %s",
	                    kind->name, onn_last_error())
	              : ONN_OK;
}

static onn_status check_kind(const onn_layer_kind *kind)
{
	static const char *const function = "onn_layer_register";
	if (!kind->name || !is_name(kind->name))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the name is \"%s\"; expected a small letter, then at most %d of them, "
		    "digits, - "
		    "and _",
		    function, kind->name ? kind->name : "NULL", ONN_WEIGHT_NAME - 2);
	if (!kind->summary)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %s has no summary; expected a line of text", function, kind->name);
	if ((unsigned)kind->takes > ONN_TAKES_NOTHING)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %s takes %d; expected ONN_TAKES_NUMBERS ...", function, kind->name,
		    (int)kind->takes);
	if (!kind->forward)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %s has no forward; expected the function that builds its graph", function,
		    kind->name);
	return check_settings(kind);
}

static onn_status add(const onn_layer_kind *kind)
{
	size_t n = atomic_load(&nregistered);
	if (onn_layer_kind_find(kind->name))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_layer_register: there is a kind of layer \"%s\"; expected another name",
		    kind->name);
	if (n == ONN_LAYER_MAX_KINDS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_layer_register: %s would be one more than the %d kinds that a process may "
		    "register",
		    kind->name, ONN_LAYER_MAX_KINDS);
	registered[n] = *kind;
	atomic_store(&nregistered, n + 1);
	return ONN_OK;
}

onn_status onn_layer_register(const onn_layer_kind *kind)
{
	onn_layer_kind own = {.size = sizeof own};
	if (!kind)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "onn_layer_register: kind is NULL; expected a structure");
	onn_status status =
	    onn_options_take(&own, kind, "onn_layer_register", "sizeof(onn_layer_kind)");
	if (status)
		return status;
	if (!own.settings)
		own.settings = onn_no_settings;
	status = check_kind(&own);
	if (status)
		return status;
	onn_global_lock();
	status = add(&own);
	onn_global_unlock();
	return status;
}
