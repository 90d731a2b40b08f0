/*
 * A system's inside: its list, its free numbers, and one way through it.
 */
#ifndef ONN_SRC_SYSTEM_SYSTEM_H
#define ONN_SRC_SYSTEM_SYSTEM_H

#include <onn/system.h>

#include "nn/network.h"

/* What a camera looks at; settings that stand beside those of its kind. */
typedef struct onn_watch {
	double radius, at[2]; /* of its region; a radius of 0: everything */
	char target[512];     /* a file; "": none */
	double side;          /* of the target, metres; 0: its pixels are the grid's */
} onn_watch;
const onn_settings *onn_watch_settings(void);

typedef enum onn_maximize {
	ONN_MAXIMIZE_NONE,
	ONN_MAXIMIZE_POWER,
	ONN_MAXIMIZE_PEAK,
	ONN_MAXIMIZE_OVERLAP
} onn_maximize;
typedef enum onn_minimize {
	ONN_MINIMIZE_NONE,
	ONN_MINIMIZE_POWER,
	ONN_MINIMIZE_WIDTH
} onn_minimize;

typedef struct onn_objective {
	char camera[ONN_SYSTEM_NAME]; /* "": the last one */
	onn_maximize maximize;
	onn_minimize minimize;
	size_t steps;
} onn_objective;
const onn_settings *onn_objective_settings(void);

typedef struct onn_item {
	char name[ONN_SYSTEM_NAME];
	const onn_layer_kind *kind;
	void *values;
	onn_watch watch; /* of a camera */
	/* of space whose method is auto: what the last run found best */
	bool settled;
	onn_method method;
	size_t pad[2];
} onn_item;

enum { ONN_SYSTEM_OWN = ONN_SYSTEM_MAX_LAYERS /* in place of a layer: the system's options */ };

/* Where a setting is. */
typedef struct onn_place {
	size_t item;                  /* ONN_SYSTEM_OWN; of the objective ONN_SYSTEM_OWN + 1 */
	const onn_settings *settings; /* the table that has it */
	void *values;                 /* of that table */
	const onn_setting *row;
	size_t base;   /* of the structure that the row is of */
	size_t index;  /* of a pair's number; SIZE_MAX: all of it */
	char name[64]; /* in its table */
} onn_place;

typedef struct onn_free_number {
	char name[ONN_SYSTEM_NAME + 40];
	size_t item;
	double *member;
	const onn_setting *row;
	double step;      /* the first ones of an optimisation; 0: as is usual */
	double low, high; /* infinite: the row's */
} onn_free_number;

struct onn_system {
	onn_system_options options;
	onn_objective objective;
	size_t count;
	onn_item item[ONN_SYSTEM_MAX_LAYERS];
	size_t nfree;
	onn_free_number free[ONN_SYSTEM_MAX_FREE];
};

/* Adds a layer with the standard settings of a system. */
onn_status onn_system_append(onn_system *system, const char *kind);
/* Gives each layer without a name one. ONN_ERROR_FORMAT: a name that is taken. */
onn_status onn_system_name_all(onn_system *system);
/* ONN_ERROR_ARGUMENT with the names that there are. */
onn_status onn_system_locate(onn_place *place, const onn_system *system, const char *name);
/* Makes a number free: one element of `place`, or all. step, low, high: NAN where not said. */
onn_status onn_system_free_at(
    onn_system *system, const onn_place *place, double step, double low, double high);
/* "layer 3 (lens2): " before the error's text. */
onn_status onn_at_item(onn_status status, const onn_system *system, size_t i);

extern const onn_layer_kind onn_space_layer, onn_camera_layer;

/* Why an item is smaller than a pixel or beyond the grid: into `why`; "" where it fits. */
void onn_item_misfit(char *why, size_t room, const onn_item *item, const onn_grid *grid);

/* What each layer gets; signal has room for the layers and one more. ONN_ERROR_ARGUMENT as
 * onn_system_check. */
onn_status onn_system_signals(onn_signal *signal, const onn_system *system);

/* One way of light through a system, as a graph. */
typedef struct onn_way {
	const onn_system *system;
	onn_graph *g;
	const onn_signal *signal;
	bool free; /* its free numbers are nodes, of `live` */
	onn_live live[ONN_SYSTEM_MAX_FREE];
	size_t nlive;
	onn_node wavelength;
	onn_flow flow;
} onn_way;

/* Light passes layer i: `flow` is what it gets, and becomes what it gives. */
void onn_way_pass(onn_way *way, size_t i);
/* How a gap is computed: what its file says, or what was found best. */
void onn_way_gap(onn_propagation *how, const onn_way *way, size_t i);
/* |E|^2 of all colours and modes, [ny, nx], in the light's real type. */
onn_node onn_way_intensity(onn_graph *g, onn_node e);

/* The objective of a camera's intensity, 0-d, and the power of the sources. */
onn_node onn_objective_loss(onn_graph *g, const onn_system *system, size_t item, onn_node intensity,
    const onn_grid *grid, onn_node power);
/* The camera that the objective is of; ONN_ERROR_ARGUMENT where there is none. */
onn_status onn_objective_camera(size_t *item, const onn_system *system);
/* A camera's target, f64 [ny, nx]; NULL without one. */
onn_status onn_watch_target(onn_array **target, const onn_watch *watch, const onn_grid *grid);
/* share, inside and overlap of a measure. */
onn_status onn_watch_measure(onn_light_measure *measure, const onn_watch *watch,
    const onn_array *intensity, const onn_grid *grid, double power);

#endif
