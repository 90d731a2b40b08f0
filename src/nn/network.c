/*
 * Networks of any kind: to the kind's own functions.
 */
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/settings.h"
#include "nn/describe.h"
#include "nn/model.h"

ONN_WORDS(onn_network_kind, ONN_NETWORK_KIND_WORDS)

onn_network onn_network_of_mlp(const onn_mlp *mlp)
{
	onn_network n = ONN_NETWORK_INIT;
	n.kind = ONN_NETWORK_MLP;
	n.mlp = *mlp;
	return n;
}

onn_network onn_network_of_d2nn(const onn_d2nn *d2nn)
{
	onn_network n = ONN_NETWORK_INIT;
	n.kind = ONN_NETWORK_D2NN;
	n.d2nn = *d2nn;
	return n;
}

static bool is_d2nn(const onn_network *n) { return n->kind == ONN_NETWORK_D2NN; }

onn_status onn_network_check(const onn_network *n)
{
	if (!n || n->size != sizeof *n || (size_t)n->kind > ONN_NETWORK_D2NN)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_network_check: no description of this version; expected one made by "
		    "ONN_NETWORK_INIT");
	return is_d2nn(n) ? onn_d2nn_check(&n->d2nn) : onn_mlp_check(&n->mlp);
}

char *onn_network_to_json(const onn_network *n)
{
	return is_d2nn(n) ? onn_d2nn_to_json(&n->d2nn) : onn_mlp_to_json(&n->mlp);
}

onn_status onn_network_from_json(onn_network *n, const char *json)
{
	onn_status status = ONN_OK;
	*n = (onn_network)ONN_NETWORK_INIT;
	cJSON *o = onn_json_parse("onn_network_from_json", json, &status);
	if (!o)
		return status;
	const char *kind = onn_json_get_text(o, "model", &status);
	if (kind && !onn_network_kind_from_name(&n->kind, kind))
		onn_json_unknown(&status, "model", kind);
	cJSON_Delete(o);
	if (status)
		return status;
	return is_d2nn(n) ? onn_d2nn_from_json(&n->d2nn, json) : onn_mlp_from_json(&n->mlp, json);
}

size_t onn_network_inputs(const onn_network *n)
{
	return is_d2nn(n) ? n->d2nn.height * n->d2nn.width : n->mlp.inputs;
}

size_t onn_network_outputs(const onn_network *n)
{
	return is_d2nn(n) ? n->d2nn.outputs : n->mlp.outputs;
}

onn_type onn_network_precision(const onn_network *n)
{
	return is_d2nn(n) ? n->d2nn.precision : n->mlp.precision;
}

double onn_network_input_maximum(const onn_network *n)
{
	return is_d2nn(n) ? 1 : n->mlp.input_maximum;
}

bool onn_network_draws(const onn_network *n) { return is_d2nn(n) && n->d2nn.misalign > 0; }

/* Of fields some 16 MiB at a time, which is worth a plan's overhead and more than a cache holds. */
size_t onn_network_batch(const onn_network *n, size_t most)
{
	if (!is_d2nn(n))
		return most;
	size_t fit = ((size_t)1 << 21) / (n->d2nn.grid * n->d2nn.grid);
	return fit < 1 ? 1 : fit < most ? fit : most;
}

/* Softmax: the shares are in [0, 1], so the gain says how sure a network can be. */
onn_node onn_network_loss(onn_graph *g, const onn_network *n, onn_node output, onn_node label)
{
	if (!is_d2nn(n))
		return onn_loss_of(g, n->mlp.loss, output, label);
	const onn_d2nn *d = &n->d2nn;
	if (d->loss == ONN_D2NN_LOSS_SOFTMAX)
		return onn_loss_of(g, ONN_LOSS_NLL, onn_mul_real(g, output, d->gain), label);
	if (d->detection == ONN_D2NN_DETECTION_PLAIN)
		return onn_loss_of(g, ONN_LOSS_MSE, output, label);
	/* targets of 1 and -1, as four times the loss of targets 1 and 0 */
	onn_node half = onn_mul_real(g, onn_add_real(g, output, 1), .5);
	return onn_mul_real(g, onn_loss_of(g, ONN_LOSS_MSE, half, label), 4);
}
