/*
 * The light's way through a row of plates, and a step that improves them, as one graph. No files,
 * no options: tests build it too.
 */
#ifndef ONN_APPS_DESIGN_MODEL_H
#define ONN_APPS_DESIGN_MODEL_H

#include <onn/graph.h>
#include <onn/optics.h>

/* In the order of the options' names. */
typedef enum design_update {
	DESIGN_PHASE_SIGN, /* plate -= rate g/|g| where g is not 0 */
	DESIGN_ADAM,
	DESIGN_SGD,
	DESIGN_GERCHBERG_SAXTON
} design_update;

typedef enum design_loss {
	DESIGN_TUTORIAL,   /* mean((I - t)^2 + |I - t|) */
	DESIGN_MSE,        /* mean((I - t)^2) */
	DESIGN_CORRELATION /* 1 - Pearson's correlation of I and t */
} design_loss;

typedef struct design_problem {
	size_t size; /* pixels of a side */
	size_t plates;
	double side, distance, wavelength; /* metres */
	size_t padding;                    /* pixels on each side */
	onn_evanescent evanescent;
	onn_type real;   /* ONN_F32 or ONN_F64 */
	bool phase;      /* plates of phase alone, else complex */
	unsigned levels; /* phases that a plate can show; 0: all */
	design_update update;
	design_loss loss;
	double rate;
	size_t keep_every; /* keep the field of each such plate, compute the others again; 0: all */
} design_problem;

/* A tensor of state: zeros at first, the plates apart. */
typedef struct design_variable {
	char name[64];
	onn_type type;
	size_t ndim, shape[2];
} design_variable;

/*
 * Variables of the graph: "source" complex, "target" real, both [size, size], those in the list;
 * the first `parts` times `plates` of it are the plates: plate_00 (complex, or the phase), or
 * plate_00.re and plate_00.im where the optimiser's arithmetic is real.
 */
typedef struct design_model {
	onn_graph *g;
	onn_node loss;      /* of the plates before the step, 0-d */
	onn_node intensity; /* |E|^2 at the camera */
	onn_node *assign;   /* what a step stores */
	size_t nassigns;
	design_variable *variable;
	size_t nvariables;
	size_t parts; /* variables a plate: 1 or 2 */
} design_model;

/* The error is the graph's. On failure the model is empty. */
onn_status design_model_build(design_model *m, const design_problem *p);
/* How well the space between plates is sampled. */
onn_status design_model_sampling(const design_problem *p, onn_sampling *sampling);
void design_model_clear(design_model *m);

/* The transmission of a plate whose variables are "plate_00" ...: a graph of its own to look at
 * plates with, complex [size, size]. */
onn_node design_transmission(onn_graph *g, const design_problem *p, const onn_node *part);
/* Variables a plate. */
size_t design_parts(const design_problem *p);

#endif
