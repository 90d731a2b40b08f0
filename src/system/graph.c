/*
 * A system as one graph, with derivatives by its free numbers.
 */
#include <stdlib.h>

#include "core/error.h"
#include "optics/light.h"
#include "system/system.h"

static void make_free(onn_system_graph *built, onn_way *way)
{
	onn_system *s = (onn_system *)(uintptr_t)way->system;
	built->nfree = s->nfree;
	for (size_t i = 0; i < s->nfree; i++) {
		const onn_free_number *f = &s->free[i];
		built->free[i] = onn_variable(way->g, f->name, ONN_F64, 0, NULL);
		if (f->item == ONN_SYSTEM_OWN)
			way->wavelength = built->free[i];
		else
			way->live[way->nlive++] = (onn_live){f->member, built->free[i]};
	}
}

static void build(onn_system_graph *built, onn_way *way, size_t looked_at)
{
	const onn_system *s = way->system;
	onn_node power = {0}, watched = {0};
	const onn_grid *grid = NULL;
	for (size_t i = 0; i < s->count && !onn_graph_status(way->g); i++) {
		const onn_grid *here = &way->signal[i].grid;
		bool source = s->item[i].kind->takes == ONN_TAKES_NOTHING;
		onn_way_pass(way, i);
		if (!source && s->item[i].kind != &onn_camera_layer)
			continue;
		onn_node intensity = onn_way_intensity(way->g, way->flow.x);
		if (source) {
			/* of all sources, as far as they stand before anything else */
			power = onn_mul_real(way->g, onn_sum(way->g, intensity, NULL, 0, false),
			    here->dy * here->dx);
			continue;
		}
		built->intensity[built->ncameras] = intensity;
		built->grid[built->ncameras++] = *here;
		if (i == looked_at) {
			watched = intensity;
			grid = here;
		}
	}
	built->power = power;
	if (grid)
		built->loss = onn_objective_loss(way->g, s, looked_at, watched, grid, power);
}

onn_status onn_system_build(onn_system_graph *built, onn_graph *g, onn_system *s)
{
	onn_signal *signal = malloc((s->count + 1) * sizeof *signal);
	onn_way way = {.system = s, .g = g, .signal = signal, .free = true};
	size_t looked_at = SIZE_MAX;
	*built = (onn_system_graph){.nfree = 0};
	onn_status status =
	    signal ? onn_system_signals(signal, s) : onn_error_memory("onn_system_build", 1);
	if (!status && (s->objective.maximize || s->objective.minimize))
		status = onn_objective_camera(&looked_at, s);
	if (status) {
		onn_fail(g, status, "%s", onn_last_error());
	} else {
		make_free(built, &way);
		build(built, &way, looked_at);
	}
	free(signal);
	return onn_graph_status(g);
}
