/*
 * Models and trainings of presets, for tests that begin with a description.
 */
#ifndef ONN_TESTS_PRESETS_H
#define ONN_TESTS_PRESETS_H

#include <onn/d2nn.h>
#include <onn/mlp.h>
#include <onn/model.h>
#include <onn/trainer.h>

#include "network.h"
#include "testing.h"

/* The network that `status` says was made becomes a model; NULL where it is not right, which is
 * then what the next call says. */
static inline onn_status create_model(
    onn_model **model, onn_status status, onn_network *network, uint64_t seed)
{
	*model = NULL;
	if (!status)
		status = onn_model_create(model, network, seed);
	onn_network_destroy(network);
	return status;
}

static inline onn_status create_mlp(onn_model **model, const onn_mlp *mlp, uint64_t seed)
{
	onn_network *network;
	onn_status status = onn_network_of_mlp(&network, mlp);
	return create_model(model, status, network, seed);
}

static inline onn_status create_d2nn(onn_model **model, const onn_d2nn *d2nn, uint64_t seed)
{
	onn_network *network;
	onn_status status = onn_network_of_d2nn(&network, d2nn);
	return create_model(model, status, network, seed);
}

static inline onn_status train_network(onn_train_result *result, onn_status status,
    onn_network *network, const onn_train_options *options, const onn_dataset *dataset,
    onn_device *device)
{
	if (!status)
		status = onn_train(result, network, options, dataset, device);
	onn_network_destroy(network);
	return status;
}

static inline onn_status train_mlp(onn_train_result *result, const onn_mlp *mlp,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	onn_network *network;
	onn_status status = onn_network_of_mlp(&network, mlp);
	return train_network(result, status, network, options, dataset, device);
}

static inline onn_status train_d2nn(onn_train_result *result, const onn_d2nn *d2nn,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device)
{
	onn_network *network;
	onn_status status = onn_network_of_d2nn(&network, d2nn);
	return train_network(result, status, network, options, dataset, device);
}

/* out: a loss of the model and its gradient by each of the weights, in double, which are as central
 * differences of `h` say, of every so many elements. The least of the gradients' largest. */
static inline double check_gradients(onn_model *model, onn_device *device, const onn_graph *g,
    const onn_node *out, size_t every, double h, double tolerance)
{
	onn_plan *plan;
	onn_tensor *tensor[4];
	size_t count = onn_model_count(model);
	double least = INFINITY;
	ck_assert(count <= COUNT(tensor));
	check_ok(onn_plan_create(&plan, device, g, out, count + 1, NULL));
	for (size_t i = 0; i < count; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], device, onn_model_weight(model, i)));
		check_ok(onn_plan_bind(plan, onn_model_name(model, i), tensor[i]));
	}
	for (size_t i = 0; i < count; i++) {
		double *w = onn_array_data(onn_model_weight(model, i)), most = 0, l[2];
		size_t n = onn_array_count(onn_model_weight(model, i));
		double *grad = malloc(n * sizeof *grad);
		ck_assert_ptr_nonnull(grad);
		check_ok(onn_plan_run(plan));
		read_numbers(onn_plan_output(plan, i + 1), grad);
		for (size_t k = 0; k < n; k += every) {
			double at = w[k];
			for (int s = 0; s < 2; s++) {
				w[k] = s ? at + h : at - h;
				check_ok(onn_tensor_write(tensor[i], w, n * sizeof *w));
				check_ok(onn_plan_run(plan));
				read_numbers(onn_plan_output(plan, 0), &l[s]);
			}
			w[k] = at;
			check_near(grad[k], (l[1] - l[0]) / (2 * h), tolerance);
			most = fmax(most, fabs(grad[k]));
		}
		least = fmin(least, most);
		check_ok(onn_tensor_write(tensor[i], w, n * sizeof *w));
		free(grad);
	}
	onn_plan_destroy(plan);
	for (size_t i = 0; i < count; i++)
		onn_tensor_destroy(tensor[i]);
	return least;
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
static inline char *network_to_json(onn_status status, onn_network *network)
{
	check_ok(status);
	char *text = onn_network_to_json(network);
	onn_network_destroy(network);
	ck_assert_ptr_nonnull(text);
	return text;
}

static inline char *mlp_to_json(const onn_mlp *mlp)
{
	onn_network *network;
	onn_status status = onn_network_of_mlp(&network, mlp);
	return network_to_json(status, network);
}

static inline char *d2nn_to_json(const onn_d2nn *d2nn)
{
	onn_network *network;
	onn_status status = onn_network_of_d2nn(&network, d2nn);
	return network_to_json(status, network);
}

static inline onn_status mlp_from_json(onn_mlp *mlp, const char *json)
{
	onn_network *network;
	onn_status status = onn_network_from_json(&network, json);
	ck_assert(status || onn_network_is_mlp(mlp, network));
	onn_network_destroy(network);
	return status;
}

static inline onn_status d2nn_from_json(onn_d2nn *d2nn, const char *json)
{
	onn_network *network;
	onn_status status = onn_network_from_json(&network, json);
	ck_assert(status || onn_network_is_d2nn(d2nn, network));
	onn_network_destroy(network);
	return status;
}

#endif
