/*
 * Graph of a design: source, then plate and gap in turn, camera, loss; backwards plate by plate,
 * each plate's update right behind its gradient, so that a step holds the gradients of one or two
 * plates at a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/elements.h>
#include <onn/optimizer.h>

#include "design_model.h"

typedef struct builder {
	onn_graph *g;
	const design_problem *p;
	design_model *m;
	onn_grid grid;
	onn_light light;
	onn_propagation way;
	onn_node *part;   /* variables of the plates, m->parts each */
	onn_node *in;     /* the field before each plate; [plates] is the one at the camera */
	onn_node *behind; /* right behind each plate */
	onn_node *again;  /* `in` of the segment that is computed again */
} builder;

size_t design_parts(const design_problem *p)
{
	return !p->phase && (p->update == DESIGN_ADAM || p->update == DESIGN_SGD) ? 2 : 1;
}

static onn_node shown_phase(onn_graph *g, const design_problem *p, onn_node phase)
{
	onn_slm slm = ONN_SLM_INIT;

	slm.levels = p->levels;
	return p->levels ? onn_slm_phase(g, phase, &slm) : phase;
}

onn_node design_transmission(onn_graph *g, const design_problem *p, const onn_node *part)
{
	if (p->phase)
		return onn_expi(g, shown_phase(g, p, part[0]));
	return design_parts(p) == 2 ? onn_complex(g, part[0], part[1]) : part[0];
}

/* Plate k and the gap behind it. */
static onn_node pass(builder *b, size_t k, onn_node field)
{
	onn_field f = {field, b->grid, b->light};

	f = onn_complex_plate(b->g, f, design_transmission(b->g, b->p, b->part + k * b->m->parts));
	b->behind[k] = f.e;
	return onn_propagate(b->g, f, b->p->distance, &b->way).e;
}

/* ---- loss ---- */

static onn_node average(onn_graph *g, onn_node x) { return onn_mean(g, x, NULL, 0, false); }

static onn_node loss_of(onn_graph *g, design_loss kind, onn_node intensity, onn_node target)
{
	onn_node d = onn_sub(g, intensity, target);

	if (kind == DESIGN_TUTORIAL)
		return average(g, onn_add(g, onn_square(g, d), onn_abs(g, d)));
	if (kind == DESIGN_MSE)
		return average(g, onn_square(g, d));
	onn_node x = onn_sub(g, intensity, average(g, intensity));
	onn_node y = onn_sub(g, target, average(g, target));
	onn_node both = average(g, onn_mul(g, x, y));
	onn_node own = onn_mul(g, average(g, onn_square(g, x)), average(g, onn_square(g, y)));
	return onn_add_real(g, onn_neg(g, onn_div(g, both, onn_sqrt(g, own))), 1);
}

/* ---- updates ---- */

static void store(builder *b, onn_node variable, onn_node value)
{
	b->m->assign[b->m->nassigns++] = onn_assign(b->g, variable, value);
}

static void step_by_optimizer(builder *b, size_t k, const onn_node *grad)
{
	onn_optimizer o = ONN_OPTIMIZER_INIT;
	const onn_node *part = b->part + k * b->m->parts;

	o.kind = b->p->update == DESIGN_ADAM ? ONN_OPTIMIZER_ADAM : ONN_OPTIMIZER_SGD;
	for (size_t i = 0; i < b->m->parts; i++) {
		const char *name = b->m->variable[k * b->m->parts + i].name;
		onn_node updated, state[3], rate = onn_scalar(b->g, b->p->real, b->p->rate);
		size_t nstate = 0;
		if (onn_optimizer_build(
		        b->g, &o, rate, 1, &name, &part[i], &grad[i], &updated, state, &nstate))
			return; /* the graph keeps the error */
		store(b, part[i], updated);
		/* each call gives the same step number's assign, which a plan takes as one */
		for (size_t j = 0; j < nstate; j++)
			b->m->assign[b->m->nassigns++] = state[j];
	}
}

static void step_by_sign(builder *b, size_t k, onn_node grad)
{
	onn_node part = b->part[k];

	store(b, part, onn_sub(b->g, part, onn_mul_real(b->g, onn_sign(b->g, grad), b->p->rate)));
}

/* The gradient goes back through plate k, which steps against its own part of it. */
static onn_node back_by_gradient(builder *b, size_t k, onn_node in, onn_node out, onn_node slope)
{
	size_t parts = b->m->parts;
	onn_node wrt[3] = {b->part[k * parts], b->part[k * parts + parts - 1]}, grad[3];

	wrt[parts] = in;
	if (onn_gradient(grad, b->g, out, slope, wrt, parts + 1))
		return ONN_NULL_NODE;
	if (b->p->update == DESIGN_PHASE_SIGN)
		step_by_sign(b, k, grad[0]);
	else
		step_by_optimizer(b, k, grad);
	return grad[parts];
}

/* ---- projections ---- */

static onn_node is_zero(onn_graph *g, onn_node x)
{
	onn_node size = onn_abs(g, x);

	return onn_equal(g, size, onn_scalar(g, onn_node_type(g, size), 0));
}

/*
 * Gerchberg and Saxton for many plates. The field at the camera keeps its phase and takes the
 * target's amplitude, at equal power, and goes back. From the last plate to the first, each takes
 * the phase that turns the light before it into the phase of the field that came back, and the
 * field goes on backwards through the plate so changed. Each of these is the best for its plate, so
 * at equal power (|H| = 1, no padding) the distance of the amplitudes never grows.
 */
static onn_node project(builder *b, onn_node camera, onn_node target)
{
	onn_graph *g = b->g;
	onn_node turn = onn_sign(g, camera), dark = is_zero(g, camera);
	onn_node power = onn_div(
	    g, onn_sum(g, onn_abs2(g, camera), NULL, 0, false), onn_sum(g, target, NULL, 0, false));

	return onn_mul(g, onn_sqrt(g, onn_mul(g, target, power)), onn_add(g, turn, dark));
}

static onn_node back_by_projection(builder *b, size_t k, onn_node in, onn_node out, onn_node back)
{
	onn_graph *g = b->g;
	onn_node came;

	/* the adjoint of the gap: a gradient with the field as its seed */
	if (onn_gradient(&came, g, out, back, &b->behind[k], 1))
		return ONN_NULL_NODE;
	onn_node wanted = onn_mul(g, came, onn_conj(g, in));
	onn_node phase[2] = {
	    onn_select(g, is_zero(g, wanted), b->part[k], onn_arg(g, wanted)), ONN_NULL_NODE};
	store(b, b->part[k], phase[0]);
	return onn_mul(g, came, onn_conj(g, design_transmission(g, b->p, phase)));
}

/* ---- backwards ---- */

/* The first plate of the segment that plate k is in: its field is kept. */
static size_t segment_of(const design_problem *p, size_t k)
{
	return p->keep_every ? k / p->keep_every * p->keep_every : k;
}

/*
 * The fields of a segment, computed a second time from the one that is kept, for the backward pass
 * to read: so the first ones need not outlive the forward pass. stop makes them other nodes than
 * the first ones; the derivative does not pass it, but is handed on plate by plate anyway.
 */
static void compute_again(builder *b, size_t first, size_t end)
{
	b->again[first] = onn_stop(b->g, b->in[first]);
	for (size_t k = first; k < end; k++)
		b->again[k + 1] = pass(b, k, b->again[k]);
}

/* From the camera to the source. */
static void go_back(builder *b, onn_node from)
{
	const design_problem *p = b->p;
	size_t n = p->plates, last = segment_of(p, n - 1);

	for (size_t k = n; k-- > 0 && from.id;) {
		size_t first = segment_of(p, k);
		bool again = p->keep_every && first != last; /* the last ones are still there */
		if (again && segment_of(p, k + 1) != first)
			compute_again(b, first, k + 1);
		const onn_node *in = again ? b->again : b->in;
		from = p->update == DESIGN_GERCHBERG_SAXTON
		           ? back_by_projection(b, k, in[k], in[k + 1], from)
		           : back_by_gradient(b, k, in[k], in[k + 1], from);
	}
}

/* ---- variables ---- */

static void list_variable(
    design_model *m, const char *slot, const char *name, onn_type type, size_t n)
{
	design_variable *v = &m->variable[m->nvariables++];

	snprintf(v->name, sizeof v->name, "%.16s%s%.40s", slot, *slot ? "." : "", name);
	v->type = type;
	v->ndim = n ? 2 : 0;
	v->shape[0] = v->shape[1] = n;
}

static void list_plates(design_model *m, const design_problem *p)
{
	onn_type type = p->phase || m->parts == 2 ? p->real : onn_type_complex(p->real);

	for (size_t k = 0; k < p->plates; k++)
		for (size_t i = 0; i < m->parts; i++) {
			char name[40];
			snprintf(name, sizeof name, "plate_%02zu%s", k,
			    m->parts == 1 ? ""
			    : i           ? ".im"
			                  : ".re");
			list_variable(m, "", name, type, p->size);
		}
}

static void list_moments(design_model *m, const design_problem *p)
{
	onn_optimizer o = ONN_OPTIMIZER_INIT;
	size_t plates = m->nvariables;

	if (p->update != DESIGN_ADAM)
		return;
	for (size_t slot = 0; slot < onn_optimizer_slots(&o); slot++)
		for (size_t i = 0; i < plates; i++)
			list_variable(m, onn_optimizer_slot_name(&o, slot), m->variable[i].name,
			    p->real, p->size);
	list_variable(m, "adam", "step", ONN_I32, 0);
}

/* ---- the whole ---- */

static bool make_room(builder *b)
{
	const design_problem *p = b->p;
	design_model *m = b->m;

	m->parts = design_parts(p);
	size_t n = p->plates * m->parts;
	m->variable = calloc(3 * n + 1, sizeof *m->variable);
	m->assign = calloc(4 * n + 1, sizeof *m->assign);
	b->part = calloc(n, sizeof *b->part);
	b->in = calloc(p->plates + 1, sizeof *b->in);
	b->behind = calloc(p->plates, sizeof *b->behind);
	b->again = calloc(p->plates + 1, sizeof *b->again);
	return m->variable && m->assign && b->part && b->in && b->behind && b->again &&
	       onn_graph_create(&b->g) == ONN_OK;
}

static void build(builder *b)
{
	const design_problem *p = b->p;
	design_model *m = b->m;
	onn_graph *g = b->g;
	size_t shape[2] = {p->size, p->size};

	list_plates(m, p);
	for (size_t i = 0; i < p->plates * m->parts; i++)
		b->part[i] = onn_variable(g, m->variable[i].name, m->variable[i].type, 2, shape);
	list_moments(m, p);
	b->in[0] = onn_variable(g, "source", onn_type_complex(p->real), 2, shape);
	onn_node target = onn_variable(g, "target", p->real, 2, shape);
	for (size_t k = 0; k < p->plates; k++)
		b->in[k + 1] = pass(b, k, b->in[k]);
	onn_node camera = b->in[p->plates];
	m->intensity = onn_abs2(g, camera);
	m->loss = loss_of(g, p->loss, m->intensity, target);
	onn_node slope;
	if (p->update == DESIGN_GERCHBERG_SAXTON)
		go_back(b, project(b, camera, target));
	else if (!onn_gradient(&slope, g, m->loss, ONN_NULL_NODE, &camera, 1))
		go_back(b, slope);
}

static onn_propagation way_of(const design_problem *p)
{
	onn_propagation way = ONN_PROPAGATION_INIT;

	way.method = ONN_METHOD_ASM;
	way.evanescent = p->evanescent;
	way.pad[0] = way.pad[1] = (ptrdiff_t)p->padding;
	return way;
}

onn_status design_model_sampling(const design_problem *p, onn_sampling *sampling)
{
	onn_grid grid = onn_grid_square(p->size, p->side);
	onn_light light = onn_monochromatic(onn_type_complex(p->real), p->wavelength);
	onn_propagation way = way_of(p);

	return onn_propagation_choose(sampling, &grid, &light, p->distance, &way);
}

onn_status design_model_build(design_model *m, const design_problem *p)
{
	builder b = {.p = p, .m = m};

	*m = (design_model){0};
	bool room = make_room(&b);
	onn_status status = room ? ONN_OK : ONN_ERROR_MEMORY;
	if (room) {
		b.grid = onn_grid_square(p->size, p->side);
		b.light = onn_monochromatic(onn_type_complex(p->real), p->wavelength);
		b.way = way_of(p);
		m->g = b.g;
		build(&b);
		status = onn_graph_status(b.g);
	}
	free(b.part);
	free(b.in);
	free(b.behind);
	free(b.again);
	if (status)
		design_model_clear(m);
	return status;
}

void design_model_clear(design_model *m)
{
	onn_graph_destroy(m->g);
	free(m->variable);
	free(m->assign);
	*m = (design_model){0};
}
