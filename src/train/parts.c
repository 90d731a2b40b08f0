#include "train/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"

/* Behind the gradients: the loss, how many ranks want to stop, how many have failed. */
enum { LOSS, STOPS, FAILURES, EXTRA };
enum { NAME_ROOM = ONN_WEIGHT_NAME + 16 };

struct onn_parts {
	const onn_group *group;
	size_t count; /* weights that are learnt */
	char name[ONN_MODEL_MAX_WEIGHTS][NAME_ROOM];
	onn_tensor *gradient[ONN_MODEL_MAX_WEIGHTS];
	onn_tensor *loss;
	onn_type type;
	char *numbers; /* gradients one behind the other, then EXTRA */
	size_t all;    /* how many they are */
	bool lost;
};

onn_share onn_share_of(const onn_group *group, size_t batch)
{
	size_t each = batch / group->ranks, more = batch % group->ranks, r = group->rank;
	return (onn_share){r * each + (r < more ? r : more), each + (r < more)};
}

/* ---- graphs ---- */

static const char *name_of(char name[NAME_ROOM], const char *weight)
{
	snprintf(name, NAME_ROOM, "gradient.%s", weight);
	return name;
}

static onn_node like(onn_graph *g, const char *name, const onn_array *w)
{
	return onn_variable(g, name, onn_array_type(w), onn_array_ndim(w), onn_array_shape(w));
}

static onn_node loss_of(onn_graph *g, const onn_model *model)
{
	return onn_variable(g, "part.loss", onn_model_network(model)->options.precision, 0, NULL);
}

onn_status onn_parts_build(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    onn_node loss, const onn_node *weight, double share)
{
	char name[NAME_ROOM];
	onn_learnt l = onn_learnt_of(model, weight);
	onn_node part = onn_mul_real(g, loss, share);
	onn_status status = onn_gradient(l.gradient, g, part, ONN_NULL_NODE, l.weight, l.count);
	*count = 0;
	if (status)
		return onn_error(status, "%s", onn_graph_error(g));
	out[(*count)++] = onn_assign(g, loss_of(g, model), part);
	for (size_t i = 0; i < l.count; i++) {
		const onn_array *w = onn_model_const_weight(model, l.which[i]);
		onn_node sum = like(g, name_of(name, l.name[i]), w);
		out[(*count)++] = onn_assign(g, sum, l.gradient[i]);
	}
	return ONN_OK;
}

onn_node onn_parts_take(onn_learnt *l, onn_node *weight, onn_graph *g, const onn_model *model)
{
	char name[NAME_ROOM];
	for (size_t i = 0; i < onn_model_count(model); i++)
		weight[i] = like(g, onn_model_name(model, i), onn_model_const_weight(model, i));
	*l = onn_learnt_of(model, weight);
	for (size_t i = 0; i < l->count; i++)
		l->gradient[i] =
		    like(g, name_of(name, l->name[i]), onn_model_const_weight(model, l->which[i]));
	return loss_of(g, model);
}

onn_status onn_parts_bind(const onn_parts *p, onn_plan *plan)
{
	onn_status status = onn_plan_bind(plan, "part.loss", p->loss);
	for (size_t i = 0; i < p->count && !status; i++)
		status = onn_plan_bind(plan, p->name[i], p->gradient[i]);
	return status;
}

/* ---- numbers ---- */

static onn_status make_tensors(onn_parts *p, const onn_model *model, onn_device *device)
{
	onn_status status = onn_tensor_create(&p->loss, device, p->type, 0, NULL);
	for (size_t i = 0; i < onn_model_count(model) && !status; i++) {
		const onn_array *w = onn_model_const_weight(model, i);
		if (onn_model_is_fixed(model, i))
			continue;
		name_of(p->name[p->count], onn_model_name(model, i));
		status = onn_tensor_create(&p->gradient[p->count], device, onn_array_type(w),
		    onn_array_ndim(w), onn_array_shape(w));
		p->count += !status;
		p->all += onn_array_count(w) * onn_type_parts(onn_array_type(w));
	}
	p->all += EXTRA;
	p->numbers = status ? NULL : calloc(p->all, onn_type_size(p->type));
	if (!status && !p->numbers)
		status = onn_error_memory("onn_train", p->all * onn_type_size(p->type));
	return status;
}

onn_status onn_parts_create(
    onn_parts **out, const onn_model *model, const onn_group *group, onn_device *device)
{
	*out = NULL;
	onn_parts *p = calloc(1, sizeof *p);
	if (!p)
		return onn_error_memory("onn_train", sizeof *p);
	p->group = group;
	p->type = onn_model_network(model)->options.precision;
	onn_status status = make_tensors(p, model, device);
	if (status)
		onn_parts_destroy(p);
	else
		*out = p;
	return status;
}

void onn_parts_destroy(onn_parts *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++)
		onn_tensor_destroy(p->gradient[i]);
	onn_tensor_destroy(p->loss);
	onn_free_all(p->numbers, p);
}

static size_t bytes_of(const onn_tensor *t)
{
	return onn_tensor_count(t) * onn_type_size(onn_tensor_type(t));
}

/* Gradients and loss between tensors and host. */
static onn_status move(onn_parts *p, bool back)
{
	char *at = p->numbers;
	onn_status status = ONN_OK;
	for (size_t i = 0; i <= p->count && !status; i++) {
		onn_tensor *t = i < p->count ? p->gradient[i] : p->loss;
		size_t bytes = bytes_of(t);
		status = back ? onn_tensor_write(t, at, bytes) : onn_tensor_read(at, t, bytes);
		at += bytes;
	}
	return status;
}

onn_status onn_parts_sum(onn_parts *p, onn_status own, bool empty, bool *stop)
{
	size_t extra = p->all - EXTRA;
	if (!own && !empty)
		own = move(p, false);
	if (own || empty)
		memset(p->numbers, 0, p->all * onn_type_size(p->type));
	onn_part_set(p->numbers, p->type, extra + STOPS, *stop);
	onn_part_set(p->numbers, p->type, extra + FAILURES, own != ONN_OK);
	char reason[512];
	snprintf(reason, sizeof reason, "%s", onn_last_error());
	onn_status status = p->group->sum(p->group->user, p->numbers, p->all, p->type);
	if (own) /* its text, whatever else was said since */
		return onn_error(own, "%s", reason);
	p->lost = status != ONN_OK;
	if (status)
		return status;
	*stop = onn_part_get(p->numbers, p->type, extra + STOPS) > 0;
	if (onn_part_get(p->numbers, p->type, extra + FAILURES) > 0) {
		p->lost = true;
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_train: another rank of the %zu failed; expected all to go on",
		    p->group->ranks);
	}
	return move(p, true);
}

bool onn_parts_lost(const onn_parts *p) { return p->lost; }
