/*
 * What a kind of layer is: one row, and how signals flow through layers.
 */
#ifndef ONN_SRC_NN_LAYER_H
#define ONN_SRC_NN_LAYER_H

#include <onn/model.h>
#include <onn/sampling.h>

#include "core/settings.h"

/* How a weight begins. */
typedef enum onn_weight_begin {
	ONN_BEGIN_NORMAL, /* drawn by `start` */
	ONN_BEGIN_ZERO,
	ONN_BEGIN_PHASORS, /* [2, ...]: cosine and sine of an angle that is drawn so */
	ONN_BEGIN_FILE     /* read from `file` */
} onn_weight_begin;

enum { ONN_LAYER_MAX_WEIGHTS = 2, ONN_MODEL_MAX_WEIGHTS = 256, ONN_WEIGHT_NAME = 24 };

typedef struct onn_weight {
	char name[ONN_WEIGHT_NAME];
	size_t ndim, shape[4];
	onn_weight_begin begin;
	const onn_weight_start *start; /* lent, of the layer */
	bool fixed;                    /* not trained */
	bool bias;                     /* added: limits of weights do not hold for it */
	/* The nearest to what an update gives that can be made; NULL: anything can. */
	onn_node (*within)(onn_graph *g, onn_node w);
	/* FILE: reads it as real numbers of that shape */
	onn_status (*read)(onn_array **array, const void *layer, const struct onn_weight *weight);
	onn_grid grid; /* FILE: where its pixels are */
} onn_weight;

/* In what state a network is used; all zeros: as it was designed. */
typedef struct onn_run_condition {
	onn_node step; /* 0-d u32: training, and which draw of the random errors */
	uint64_t seed; /* of what is drawn */
	bool damaged;  /* a copy with the errors of `damage` */
	/* in training, too, for the errors that onn_train_options has */
	onn_evaluate_options damage;
	onn_node batch; /* 0-d u32, not training: which draw of a camera's noise */
} onn_run_condition;

/* A signal on its way through a graph. */
typedef struct onn_flow {
	onn_signal is;
	/* numbers [batch, shape...]; light [batch, lit.ny, lit.nx], with several wavelengths
	 * [batch, wavelength, lit.ny, lit.nx]: complex, or real where it is an amplitude */
	onn_node x;
	onn_region lit; /* light: the part of the grid that x is; the rest is dark */
	/* incoherent light: the images, [batch, pixels]; x is the light of each pixel alone,
	 * [pixels, ...], and intensities are sums over pixels */
	onn_node images;
} onn_flow;

struct onn_pass;

/* A number of a layer's settings that stands in the graph as a node. */
typedef struct onn_live {
	const double *member;
	onn_node node; /* 0-d f64 */
} onn_live;

/* A layer in a forward pass. */
typedef struct onn_layer_call {
	const void *layer; /* its settings */
	onn_graph *g;
	struct onn_pass *pass;
	const onn_node *weight; /* those that its kind's row named */
	size_t ordinal;         /* of its kind, from 0 */
	onn_signal in, out;
	onn_region need; /* out is light: the part of it that later layers look at */
	/* of a system: its numbers that are nodes, and the wavelength where that is one */
	const onn_live *live;
	size_t nlive;
	onn_node wavelength; /* null: the light's own */
} onn_layer_call;

/* What signals a kind takes. */
typedef enum onn_takes {
	ONN_TAKES_NUMBERS, /* of any shape */
	ONN_TAKES_LIST,    /* numbers [n] */
	ONN_TAKES_IMAGE,   /* numbers [height, width] */
	ONN_TAKES_IMAGES,  /* numbers [height, width] or [channels, height, width] */
	ONN_TAKES_LIGHT,
	ONN_TAKES_NOTHING /* a source: what a system of light begins with */
} onn_takes;

/* A row of the table of kinds. What is NULL is as usual. */
typedef struct onn_layer_kind {
	const char *name;
	const char *summary; /* a line without full stop */
	onn_takes takes;
	const onn_settings *(*settings)(void);
	/* What it gives: *signal is what it gets, which `takes` allows. Usual: the same. */
	onn_status (*shape)(
	    onn_signal *signal, const void *layer, const onn_network_options *network);
	/* Fills at most ONN_LAYER_MAX_WEIGHTS rows, returns how many; usual: none. */
	size_t (*weights)(
	    onn_weight *weight, const void *layer, const onn_signal *in, size_t ordinal);
	/* Whether it draws random numbers: while training, and always. */
	bool (*draws)(const void *layer);
	/* Light: of what it gets, the part that it looks at. Usual: what is needed of what it
	 * gives. */
	onn_region (*looks_at)(const onn_layer_call *call);
	/* Turns what it gets into what it gives. */
	void (*forward)(onn_flow *flow, const onn_layer_call *call);
	bool activates; /* what it gives may have noise: onn_evaluate_options.activation_noise */
	/* Of a system: the numbers that may be nodes, "f at wavelength"; NULL: none. */
	const char *differentiable;
	/* Whether light turns too fast for its pixels there; NULL: never. */
	onn_status (*sampling)(
	    onn_phase_sampling *sampling, const void *layer, const onn_signal *light);
} onn_layer_kind;

/* The kinds, in the order of layers.def. */
extern const onn_layer_kind *const onn_layer_kinds[];
extern const size_t onn_layer_kind_count;
/* NULL where there is none of that name. */
const onn_layer_kind *onn_layer_kind_find(const char *name);

/* A structure of settings for layers that have none. */
const onn_settings *onn_no_settings(void);

/* ---- of layers of images ---- */

/* 1 where there is no axis of them. */
static inline size_t onn_signal_channels(const onn_signal *s)
{
	return s->ndim == 3 ? s->shape[0] : 1;
}
/* Height and width, lent. */
static inline const size_t *onn_signal_image(const onn_signal *s) { return s->shape + s->ndim - 2; }

/* ---- of layers of light ---- */

/* Noise of phases [ny, nx]; null where there is none. A damaged copy keeps its own. */
onn_node onn_phase_noise(const onn_layer_call *call, size_t ny, size_t nx, uint32_t stream);

static inline onn_region onn_whole(const onn_grid *grid)
{
	return (onn_region){0, 0, grid->ny, grid->nx};
}

/* Whether one of `count` numbers from `member` on is a node; and number `member` as one in any
 * case, 0-d f64. */
bool onn_is_live(const onn_layer_call *call, const double *member, size_t count);
onn_node onn_live_number(const onn_layer_call *call, const double *member);
/* Phases of the first colour, made of a material without dispersion, in each colour. */
onn_node onn_phase_of_colours(onn_graph *g, onn_node phase, const onn_light *beam);
/* Light of a source becomes what flows: a batch of one. */
void onn_flow_begin(onn_flow *flow, onn_graph *g, onn_field field);
/* The grid seen from (y, x): what is centred there is centred on the axis. */
onn_grid onn_grid_seen_from(const onn_grid *grid, const double at[2]);

/* Light through a transmission [ny, nx] or [wavelength, ny, nx] of the whole grid. */
void onn_flow_times(onn_flow *flow, onn_graph *g, onn_node transmission);
/* |E|^2 of the region of the grid, [batch, ny, nx], wavelengths added up. */
onn_node onn_flow_intensity(const onn_flow *flow, onn_graph *g, const onn_region *region);
/* Of intensities of each pixel's light, [pixels, ny, nx], those of incoherent images, [batch, ny,
 * nx]; where images is null, x itself. */
onn_node onn_of_images(onn_graph *g, onn_node images, onn_node x);
/* A field on the whole grid that is 1 everywhere, for builders of elements. */
onn_field onn_bright_field(onn_graph *g, const onn_signal *light);
/* x / y, 0 where y is 0: an image without light. */
onn_node onn_part_of(onn_graph *g, onn_node x, onn_node y);

#endif
