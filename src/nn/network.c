/*
 * Networks as lists of layers: made, changed, read.
 */
#include "nn/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/number.h"
#include "core/options.h"
#include "nn/words.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_network_options, member)
static const onn_setting rows[] = {
    {ROW("input", SIZE, input), .low = 1, .high = 1 << 24, .length = 2, .counted = true,
        .counter = offsetof(onn_network_options, ndim)},
    {ROW("classes", SIZE, classes), .low = 1, .high = 1 << 24, .zero = "the data set's"},
    {ROW("precision", WORD, precision), .words = &onn_precision_words},
    {ROW("input_maximum", REAL, input_maximum), .low = 0, .high = INFINITY, .low_open = true},
    {ROW("loss", WORD, loss), .words = &onn_loss_words},
    {ROW("gain", REAL, gain), .low = 0, .high = INFINITY, .low_open = true},
    {ROW("off_target", REAL, off_target), .low = -INFINITY, .high = 1, .high_open = true},
    {ROW("efficiency", REAL, efficiency), .low = 0, .high = INFINITY, .late = true},
};

const onn_settings *onn_network_settings(void)
{
	ONN_RETURN_SETTINGS("network", rows, onn_network_options, NULL, ONN_NETWORK_OPTIONS_INIT);
}

/* ---- life ---- */

onn_status onn_network_create(onn_network **network, const onn_network_options *options)
{
	onn_network_options own = ONN_NETWORK_OPTIONS_INIT;
	*network = NULL;
	onn_status status =
	    onn_options_take(&own, options, "onn_network_create", "ONN_NETWORK_OPTIONS_INIT");
	if (!status)
		status = onn_settings_check(onn_network_settings(), &own);
	if (status)
		return status;
	onn_network *n = calloc(1, sizeof *n);
	if (!n)
		return onn_error_memory("onn_network_create", sizeof *n);
	n->options = own;
	*network = n;
	return ONN_OK;
}

static onn_status copy_of(void **copy, const void *values, size_t size)
{
	*copy = malloc(size);
	if (!*copy)
		return onn_error_memory("onn_network_add", size);
	memcpy(*copy, values, size);
	return ONN_OK;
}

onn_status onn_network_copy(onn_network **copy, const onn_network *network)
{
	onn_status status = onn_network_create(copy, &network->options);
	for (size_t i = 0; i < network->count && !status; i++)
		status = onn_network_append(
		    *copy, network->layer[i].kind->name, network->layer[i].values);
	if (!status && network->preset) {
		(*copy)->preset = network->preset;
		status =
		    copy_of(&(*copy)->values, network->values, network->preset->settings()->size);
	}
	if (status) {
		onn_network_destroy(*copy);
		*copy = NULL;
	}
	return status;
}

/* It is a list of its own from now on. */
static void leave_preset(onn_network *n)
{
	free(n->values);
	n->values = NULL;
	n->preset = NULL;
}

void onn_network_destroy(onn_network *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->count; i++)
		free(n->layer[i].values);
	leave_preset(n);
	free(n);
}

/* ---- the list ---- */

/* "a, b, c" */
static const char *kinds_text(char *text, size_t room)
{
	size_t n = 0;
	for (size_t i = 0; onn_layer_kind_at(i) && n < room; i++)
		n += (size_t)snprintf(
		    text + n, room - n, "%s%s", i ? ", " : "", onn_layer_kind_at(i)->name);
	return text;
}

onn_status onn_network_append(onn_network *n, const char *name, const void *values)
{
	char kinds[512];
	const onn_layer_kind *kind = onn_layer_kind_find(name);
	if (!kind)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "layer %zu: there is no kind of layer '%s'; expected one of %s", n->count + 1,
		    name ? name : "", kinds_text(kinds, sizeof kinds));
	if (n->count == ONN_NETWORK_MAX_LAYERS)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "a network of more than %d layers", ONN_NETWORK_MAX_LAYERS);
	const onn_settings *settings = kind->settings();
	onn_layer layer = {.kind = kind};
	onn_status status =
	    copy_of(&layer.values, values ? values : settings->standard, settings->size);
	if (!status)
		n->layer[n->count++] = layer;
	return status;
}

/* One "name=value" of the text; *text moves behind it. */
static onn_status take_word(const char **text, void *values, const onn_settings *settings)
{
	char word[640];
	const char *begin = *text;
	size_t length = strcspn(begin, " \t\n");
	*text = begin + length + strspn(begin + length, " \t\n");
	if (length >= sizeof word)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "a setting of %zu bytes; expected less than %zu", length, sizeof word);
	memcpy(word, begin, length);
	word[length] = 0;
	char *value = strchr(word, '=');
	if (!value)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "'%s' is no setting; expected NAME=VALUE", word);
	*value = 0;
	return onn_settings_set(values, settings, word, value + 1);
}

onn_status onn_network_add(onn_network *n, const char *kind, const char *text)
{
	onn_status status = onn_network_append(n, kind, NULL);
	if (status)
		return status;
	onn_layer *layer = &n->layer[n->count - 1];
	for (text = text ? text + strspn(text, " \t\n") : ""; *text && !status;)
		status = take_word(&text, layer->values, layer->kind->settings());
	if (status) {
		onn_at_layer(status, n, n->count - 1);
		free(n->layer[--n->count].values);
		return status;
	}
	leave_preset(n);
	return ONN_OK;
}

onn_status onn_network_set(onn_network *n, size_t i, const char *name, const char *value)
{
	if (i >= n->count)
		return onn_no_layer("onn_network_set", n, i);
	onn_status status =
	    onn_settings_set(n->layer[i].values, n->layer[i].kind->settings(), name, value);
	if (!status)
		leave_preset(n);
	return onn_at_layer(status, n, i);
}

onn_status onn_network_set_real(onn_network *n, size_t i, const char *name, double value)
{
	char text[ONN_NUMBER_ROOM];
	return onn_network_set(n, i, name, onn_number_text(text, value));
}

size_t onn_network_layers(const onn_network *n) { return n->count; }

const char *onn_network_kind(const onn_network *n, size_t i)
{
	return i < n->count ? n->layer[i].kind->name : NULL;
}

char *onn_network_get(const onn_network *n, size_t i, const char *name)
{
	if (i < n->count)
		return onn_settings_get(n->layer[i].kind->settings(), n->layer[i].values, name);
	onn_no_layer("onn_network_get", n, i);
	return NULL;
}

const onn_network_options *onn_network_options_of(const onn_network *n) { return &n->options; }

size_t onn_network_find(const onn_network *n, const char *kind, size_t from)
{
	for (size_t i = from; i < n->count; i++)
		if (strcmp(n->layer[i].kind->name, kind) == 0)
			return i;
	return SIZE_MAX;
}

size_t onn_network_ordinal(const onn_network *n, size_t i)
{
	size_t before = 0;
	for (size_t k = 0; k < i; k++)
		before += n->layer[k].kind == n->layer[i].kind;
	return before;
}
