/*
 * Perceptrons: a preset that writes linear layers and activations.
 */
#include <onn/mlp.h>

#include <math.h>

#include "core/error.h"
#include "nn/layers/linear.h"
#include "nn/network.h"
#include "nn/words.h"

static const char *const mark[] = {"mlp"};
static const onn_words mark_words = {mark, 1, 0, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_mlp, member)
static const onn_setting rows[] = {
    {.name = "model", .kind = ONN_SETTING_MARK, .words = &mark_words},
    {ROW("hidden", SIZE, hidden), .low = 1, .high = 1 << 24, .length = ONN_MLP_MAX_HIDDEN,
        .counted = true, .counter = offsetof(onn_mlp, nhidden)},
    {ROW("inputs", SIZE, inputs), .low = 1, .high = 1 << 24},
    {ROW("outputs", SIZE, outputs), .low = 1, .high = 1 << 24},
    {ROW("activation", WORD, activation), .words = &onn_activation_words},
    {ROW("loss", WORD, loss), .words = &onn_loss_words},
    {ROW("bias", BOOL, bias)},
    {ROW("precision", WORD, precision), .words = &onn_precision_words},
    {ROW("input_maximum", REAL, input_maximum), .low = 0, .high = INFINITY, .low_open = true},
    {ROW(NULL, PART, start), .part = onn_weight_start_settings},
    {ROW("absorber", PART, absorber), .part = onn_absorber_settings, .needs = "activation=sa"},
};

const onn_settings *onn_mlp_settings(void)
{
	ONN_RETURN_SETTINGS("mlp", rows, onn_mlp, NULL, ONN_MLP_INIT);
}

static onn_status write(onn_network *n, const void *values)
{
	static const char *const activation[] = {"absorber", "relu", "tanh", "sigmoid"};
	const onn_mlp *m = values;
	n->options.ndim = 1;
	n->options.input[0] = m->inputs;
	n->options.classes = m->outputs;
	n->options.precision = m->precision;
	n->options.input_maximum = m->input_maximum;
	n->options.loss = m->loss;
	bool absorbs = m->activation == ONN_ACTIVATION_SA;
	onn_status status = ONN_OK;
	for (size_t i = 0; i <= m->nhidden && !status; i++) {
		bool last = i == m->nhidden;
		const onn_linear_values linear = {
		    last ? m->outputs : m->hidden[i], m->bias, m->start};
		status = onn_network_append(n, "linear", &linear);
		if (!status && !last)
			status = onn_network_append(
			    n, activation[m->activation], absorbs ? &m->absorber : NULL);
	}
	return status;
}

const onn_preset onn_mlp_preset = {
    "mlp", "ONN_MLP_INIT", "onn_mlp_check", onn_mlp_settings, NULL, write};

onn_status onn_mlp_check(const onn_mlp *mlp) { return onn_preset_check(&onn_mlp_preset, mlp); }

onn_status onn_network_of_mlp(onn_network **network, const onn_mlp *mlp)
{
	return onn_network_from(network, &onn_mlp_preset, mlp);
}

bool onn_network_is_mlp(onn_mlp *mlp, const onn_network *network)
{
	return onn_network_is(network, &onn_mlp_preset, mlp);
}
