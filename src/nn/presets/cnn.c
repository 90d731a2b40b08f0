/*
 * Convolutional networks: a preset that writes convolutions, pooling, dropout and linear layers.
 */
#include <onn/cnn.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "nn/layers/conv2d.h"
#include "nn/layers/linear.h"
#include "nn/network.h"
#include "nn/words.h"

static const char *const mark[] = {"cnn"};
static const onn_words mark_words = {mark, 1, 0, NULL, 0};

enum { MOST = 1 << 24 };

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_cnn, member)
static const onn_setting rows[] = {
    {.name = "model", .kind = ONN_SETTING_MARK, .words = &mark_words},
    {ROW("channels", SIZE, channels), .low = 1, .high = MOST, .length = ONN_CNN_MAX_CONVOLUTIONS,
        .counted = true, .counter = offsetof(onn_cnn, nchannels)},
    {ROW("kernel", SIZE, kernel), .low = 1, .high = 4096, .length = 2},
    {ROW("pool", WORD, pool), .words = &onn_pooling_words},
    {ROW("window", SIZE, window), .low = 1, .high = 4096, .length = 2},
    {ROW("dropout", REAL, dropout), .low = 0, .high = 1, .high_open = true},
    {ROW("hidden", SIZE, hidden), .low = 1, .high = MOST, .length = ONN_CNN_MAX_HIDDEN,
        .counted = true, .counter = offsetof(onn_cnn, nhidden)},
    {ROW("height", SIZE, height), .low = 1, .high = MOST},
    {ROW("width", SIZE, width), .low = 1, .high = MOST},
    {ROW("outputs", SIZE, outputs), .low = 1, .high = MOST},
    {ROW("activation", WORD, activation), .words = &onn_activation_words},
    {ROW("loss", WORD, loss), .words = &onn_loss_words},
    {ROW("bias", BOOL, bias)},
    {ROW("precision", WORD, precision), .words = &onn_precision_words},
    {ROW("input_maximum", REAL, input_maximum), .low = 0, .high = INFINITY, .low_open = true},
    {ROW("conv", PART, conv_start), .part = onn_weight_start_settings},
    {ROW(NULL, PART, start), .part = onn_weight_start_settings},
    {ROW("absorber", PART, absorber), .part = onn_absorber_settings, .needs = "activation=sa"},
};

const onn_settings *onn_cnn_settings(void)
{
	ONN_RETURN_SETTINGS("cnn", rows, onn_cnn, NULL, ONN_CNN_INIT);
}

/* How many of n convolutions and windows go into an axis of pixels. */
static size_t fitting(size_t pixels, size_t kernel, size_t window, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (kernel > pixels || window > pixels - kernel + 1)
			return i;
		pixels = (pixels - kernel + 1) / window;
	}
	return n;
}

/* Layers would say which of them does not fit; this says what would. */
static onn_status check_sizes(const onn_cnn *c)
{
	size_t n = c->nchannels, y = fitting(c->height, c->kernel[0], c->window[0], n);
	size_t x = fitting(c->width, c->kernel[1], c->window[1], n), most = y < x ? y : x;
	size_t side = c->height > c->width ? c->height : c->width;
	if (most == n)
		return ONN_OK;
	while (side > 0 && (fitting(c->height, side, c->window[0], n) < n ||
	                       fitting(c->width, side, c->window[1], n) < n))
		side--;
	char kernels[64] = "";
	if (side > 0)
		snprintf(kernels, sizeof kernels, ", or kernel at most %zu", side);
	return onn_error(ONN_ERROR_ARGUMENT,
	    "cnn: %zu x %zu pixels are too few for %zu convolutions of %zu x %zu with windows of "
	    "%zu x %zu; expected at most %zu number%s of channels%s",
	    c->height, c->width, n, c->kernel[0], c->kernel[1], c->window[0], c->window[1], most,
	    most == 1 ? "" : "s", kernels);
}

static onn_status add_activation(onn_network *n, const onn_cnn *c)
{
	static const char *const kind[] = {"absorber", "relu", "tanh", "sigmoid"};
	bool absorbs = c->activation == ONN_ACTIVATION_SA;
	return onn_network_append(n, kind[c->activation], absorbs ? &c->absorber : NULL);
}

static onn_status add_convolution(onn_network *n, const onn_cnn *c, size_t outputs)
{
	onn_conv2d_values conv = {outputs, {c->kernel[0], c->kernel[1]}, {1, 1}, {0, 0}, {1, 1}, 1,
	    c->bias, c->conv_start};
	onn_pool_values pool = {c->pool, {c->window[0], c->window[1]}, {0, 0}, {0, 0}};
	onn_status status = onn_network_append(n, "conv2d", &conv);
	if (!status)
		status = add_activation(n, c);
	if (!status && (c->window[0] > 1 || c->window[1] > 1))
		status = onn_network_append(n, "pool", &pool);
	return status;
}

static onn_status write(onn_network *n, const void *values)
{
	const onn_cnn *c = values;
	n->options.ndim = 2;
	n->options.input[0] = c->height;
	n->options.input[1] = c->width;
	n->options.classes = c->outputs;
	n->options.precision = c->precision;
	n->options.input_maximum = c->input_maximum;
	n->options.loss = c->loss;
	onn_status status = check_sizes(c);
	for (size_t i = 0; i < c->nchannels && !status; i++)
		status = add_convolution(n, c, c->channels[i]);
	if (!status)
		status = onn_network_append(n, "flatten", NULL);
	if (!status && c->dropout > 0)
		status = onn_network_append(n, "dropout", &(onn_dropout_values){c->dropout});
	for (size_t i = 0; i <= c->nhidden && !status; i++) {
		bool last = i == c->nhidden;
		const onn_linear_values linear = {
		    last ? c->outputs : c->hidden[i], c->bias, c->start};
		status = onn_network_append(n, "linear", &linear);
		if (!status && !last)
			status = add_activation(n, c);
	}
	return status;
}

const onn_preset onn_cnn_preset = {
    "cnn", "ONN_CNN_INIT", "onn_cnn_check", onn_cnn_settings, NULL, write};

onn_status onn_cnn_check(const onn_cnn *cnn) { return onn_preset_check(&onn_cnn_preset, cnn); }

onn_status onn_network_of_cnn(onn_network **network, const onn_cnn *cnn)
{
	return onn_network_from(network, &onn_cnn_preset, cnn);
}

bool onn_network_is_cnn(onn_cnn *cnn, const onn_network *network)
{
	return onn_network_is(network, &onn_cnn_preset, cnn);
}
