/*
 * Models and trainings of presets, for tests that begin with a description.
 */
#ifndef ONN_TESTS_PRESETS_H
#define ONN_TESTS_PRESETS_H

#include <onn/d2nn.h>
#include <onn/mlp.h>
#include <onn/model.h>
#include <onn/trainer.h>

#include "testing.h"

/* NULL where it is not right, which is then what the next call says. */
static inline onn_status create_mlp(onn_model **model, const onn_mlp *mlp, uint64_t seed)
{
	onn_network *network;
	*model = NULL;
	onn_status status = onn_network_of_mlp(&network, mlp);
	if (!status)
		status = onn_model_create(model, network, seed);
	onn_network_destroy(network);
	return status;
}

static inline onn_status create_d2nn(onn_model **model, const onn_d2nn *d2nn, uint64_t seed)
{
	onn_network *network;
	*model = NULL;
	onn_status status = onn_network_of_d2nn(&network, d2nn);
	if (!status)
		status = onn_model_create(model, network, seed);
	onn_network_destroy(network);
	return status;
}

static inline onn_status train_mlp(onn_train_result *result, const onn_mlp *mlp,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	onn_network *network;
	onn_status status = onn_network_of_mlp(&network, mlp);
	if (!status)
		status = onn_train(result, network, options, dataset, device);
	onn_network_destroy(network);
	return status;
}

static inline onn_status train_d2nn(onn_train_result *result, const onn_d2nn *d2nn,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	onn_network *network;
	onn_status status = onn_network_of_d2nn(&network, d2nn);
	if (!status)
		status = onn_train(result, network, options, dataset, device);
	onn_network_destroy(network);
	return status;
}

/* The description that a model was made of. */
static inline onn_mlp mlp_of(const onn_model *model)
{
	onn_mlp mlp = ONN_MLP_INIT;
	ck_assert(onn_network_is_mlp(&mlp, onn_model_network(model)));
	return mlp;
}

static inline onn_d2nn d2nn_of(const onn_model *model)
{
	onn_d2nn d2nn = ONN_D2NN_INIT;
	ck_assert(onn_network_is_d2nn(&d2nn, onn_model_network(model)));
	return d2nn;
}

/* JSON of a description as files hold it; and back. */
static inline char *mlp_to_json(const onn_mlp *mlp)
{
	onn_network *network;
	check_ok(onn_network_of_mlp(&network, mlp));
	char *text = onn_network_to_json(network);
	onn_network_destroy(network);
	ck_assert_ptr_nonnull(text);
	return text;
}

static inline char *d2nn_to_json(const onn_d2nn *d2nn)
{
	onn_network *network;
	check_ok(onn_network_of_d2nn(&network, d2nn));
	char *text = onn_network_to_json(network);
	onn_network_destroy(network);
	ck_assert_ptr_nonnull(text);
	return text;
}

static inline onn_status mlp_from_json(onn_mlp *mlp, const char *json)
{
	onn_network *network;
	onn_status status = onn_network_from_json(&network, json);
	if (!status)
		ck_assert(onn_network_is_mlp(mlp, network));
	onn_network_destroy(network);
	return status;
}

static inline onn_status d2nn_from_json(onn_d2nn *d2nn, const char *json)
{
	onn_network *network;
	onn_status status = onn_network_from_json(&network, json);
	if (!status)
		ck_assert(onn_network_is_d2nn(d2nn, network));
	onn_network_destroy(network);
	return status;
}

#endif
