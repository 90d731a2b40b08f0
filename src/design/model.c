/*
 * Graph of a design: source, then plate and space in turn, camera, loss; then backwards plate by
 * plate.
 */
#include "design/model.h"

#include <stdio.h>
#include <stdlib.h>

#include <onn/optimizer.h>

#include "core/error.h"
#include "design/builder.h"

/* ---- forwards ---- */

static onn_node shown_phase(onn_graph *g, const onn_design *d, onn_node phase)
{
	onn_slm slm = ONN_SLM_INIT;

	slm.levels = d->levels;
	return d->levels ? onn_slm_phase(g, phase, &slm) : phase;
}

onn_node onn_design_transmission(
    onn_graph *g, const onn_design *d, size_t parts, const onn_node *part)
{
	if (d->modulation == ONN_DESIGN_MODULATION_PHASE)
		return onn_expi(g, shown_phase(g, d, part[0]));
	return parts == 2 ? onn_complex(g, part[0], part[1]) : part[0];
}

onn_node onn_design_through(
    const onn_design_builder *b, onn_node *behind, onn_node transmission, onn_node field)
{
	onn_field f = {field, b->grid, b->light};

	f = onn_complex_plate(b->g, f, transmission);
	*behind = f.e;
	return onn_propagate(b->g, f, b->design->distance, &b->way).e;
}

onn_node onn_design_pass(onn_design_builder *b, size_t k, onn_node field)
{
	size_t parts = b->m->parts;

	return onn_design_through(b, &b->behind[k],
	    onn_design_transmission(b->g, b->design, parts, b->part + k * parts), field);
}

void onn_design_store(onn_design_builder *b, onn_node variable, onn_node value)
{
	b->m->assign[b->m->nassigns++] = onn_assign(b->g, variable, value);
}

onn_propagation onn_design_way(const onn_design *d)
{
	onn_propagation way = ONN_PROPAGATION_INIT;

	way.method = ONN_METHOD_ASM;
	way.evanescent = d->evanescent;
	way.pad[0] = way.pad[1] = (ptrdiff_t)d->padding;
	return way;
}

/* ---- variables ---- */

/* Optimisers work on real numbers: a complex plate is two of them. */
static size_t parts_of(const onn_design *d)
{
	return d->modulation == ONN_DESIGN_MODULATION_COMPLEX &&
	               (d->update == ONN_DESIGN_UPDATE_ADAM || d->update == ONN_DESIGN_UPDATE_SGD)
	           ? 2
	           : 1;
}

static void list_variable(
    onn_design_model *m, const char *slot, const char *name, onn_type type, size_t n)
{
	onn_design_variable *v = &m->variable[m->nvariables++];

	snprintf(v->name, sizeof v->name, "%.16s%s%.40s", slot, *slot ? "." : "", name);
	v->type = type;
	v->ndim = n ? 2 : 0;
	v->shape[0] = v->shape[1] = n;
}

static void list_plates(onn_design_model *m, const onn_design *d)
{
	static const char *const part[] = {".re", ".im"};
	bool real = d->modulation == ONN_DESIGN_MODULATION_PHASE || m->parts == 2;

	for (size_t k = 0; k < d->plates; k++)
		for (size_t i = 0; i < m->parts; i++) {
			char name[40];
			snprintf(
			    name, sizeof name, "plate_%02zu%s", k, m->parts == 1 ? "" : part[i]);
			list_variable(m, "", name,
			    real ? d->precision : onn_type_complex(d->precision), d->pixels);
		}
}

static void list_moments(onn_design_model *m, const onn_design *d)
{
	onn_optimizer o = ONN_OPTIMIZER_INIT;
	size_t plates = m->nvariables;

	if (d->update != ONN_DESIGN_UPDATE_ADAM)
		return;
	for (size_t slot = 0; slot < onn_optimizer_slots(&o); slot++)
		for (size_t i = 0; i < plates; i++)
			list_variable(m, onn_optimizer_slot_name(&o, slot), m->variable[i].name,
			    d->precision, d->pixels);
	list_variable(m, "adam", "step", ONN_I32, 0);
}

/* ---- the whole ---- */

static bool make_room(onn_design_builder *b)
{
	onn_design_model *m = b->m;
	size_t plates = b->design->plates, n = plates * m->parts;

	m->variable = calloc(3 * n + 1, sizeof *m->variable);
	m->assign = calloc(4 * n + 1, sizeof *m->assign);
	b->part = calloc(n, sizeof *b->part);
	b->in = calloc(plates + 1, sizeof *b->in);
	b->behind = calloc(plates, sizeof *b->behind);
	b->again = calloc(plates + 1, sizeof *b->again);
	return m->variable && m->assign && b->part && b->in && b->behind && b->again;
}

static void build(onn_design_builder *b)
{
	const onn_design *d = b->design;
	onn_design_model *m = b->m;
	onn_graph *g = b->g;
	size_t shape[2] = {d->pixels, d->pixels};

	list_plates(m, d);
	for (size_t i = 0; i < d->plates * m->parts; i++)
		b->part[i] = onn_variable(g, m->variable[i].name, m->variable[i].type, 2, shape);
	list_moments(m, d);
	b->in[0] = onn_variable(g, "source", b->light.type, 2, shape);
	b->target = onn_variable(g, "target", d->precision, 2, shape);
	for (size_t k = 0; k < d->plates; k++)
		b->in[k + 1] = onn_design_pass(b, k, b->in[k]);
	m->camera = b->in[d->plates];
	m->intensity = onn_abs2(g, m->camera);
	m->loss = onn_design_loss_node(g, d, m->camera, m->intensity, b->target);
	onn_design_go_back(b);
}

onn_design_builder onn_design_builder_of(onn_design_model *m, const onn_design *d)
{
	return (onn_design_builder){.design = d,
	    .m = m,
	    .grid = onn_grid_square(d->pixels, d->side),
	    .light = onn_monochromatic(onn_type_complex(d->precision), d->wavelength),
	    .way = onn_design_way(d)};
}

onn_status onn_design_model_build(onn_design_model *m, const onn_design *d)
{
	onn_design_builder b = onn_design_builder_of(m, d);

	*m = (onn_design_model){.parts = parts_of(d)};
	onn_status status = make_room(&b) ? onn_graph_create(&m->g)
	                                  : onn_error_memory("onn_designer_create",
	                                        d->plates * sizeof(onn_design_variable));
	if (!status) {
		b.g = m->g;
		build(&b);
		status = onn_graph_status(m->g);
	}
	free(b.part);
	free(b.in);
	free(b.behind);
	free(b.again);
	if (status)
		onn_design_model_clear(m);
	return status;
}

void onn_design_model_clear(onn_design_model *m)
{
	onn_graph_destroy(m->g);
	free(m->variable);
	free(m->assign);
	*m = (onn_design_model){0};
}
