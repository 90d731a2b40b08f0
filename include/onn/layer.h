/**
 * @file
 * Kinds of layers: what one is, and a program's own beside the library's.
 *
 * A kind is a structure: its name, its settings, the rule that turns what it gets into what it
 * gives, its weights, and a function that builds graph. Once it is registered, lists of layers,
 * JSON files, trainings, checkpoints, gradients and every device know it, as they know "linear":
 *
 *     static void forward(onn_flow *flow, const onn_layer_call *call)
 *     {
 *             flow->x = onn_square(call->g, flow->x);
 *     }
 *     static const onn_layer_kind square = {sizeof(onn_layer_kind), "square",
 *         "the square of each number", ONN_TAKES_NUMBERS, .forward = forward};
 *
 *     onn_layer_register(&square);
 *     onn_network_add(network, "square", "");
 *
 * docs/adding-a-layer.md goes through one with settings and weights, which
 * apps/examples/custom_layer.c trains. The library's own are such structures, too: the same file
 * can become part of it.
 */
#ifndef ONN_LAYER_H
#define ONN_LAYER_H

#include <onn/network.h>
#include <onn/sampling.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a weight begins. */
typedef enum onn_weight_begin {
	ONN_BEGIN_NORMAL,  /**< drawn by `start` */
	ONN_BEGIN_ZERO,    /**< as 0 */
	ONN_BEGIN_PHASORS, /**< [2, ...]: cosine and sine of an angle that is drawn so */
	ONN_BEGIN_FILE     /**< as `read` reads it */
} onn_weight_begin;

enum {
	ONN_LAYER_MAX_WEIGHTS = 8, /**< how many arrays a layer may learn */
	ONN_LAYER_MAX_KINDS = 64,  /**< how many kinds a program may register */
	ONN_WEIGHT_NAME = 48 /**< room for a weight's name, and for a kind's, the 0 included */
};

/** An array of real numbers that a layer learns, or reads from a file. */
typedef struct onn_weight {
	/** unique in a network: such as the kind's name and how often it stood before */
	char name[ONN_WEIGHT_NAME];
	size_t ndim;                   /**< at most 4 */
	size_t shape[4];               /**< ndim sizes */
	onn_weight_begin begin;        /**< how it begins */
	const onn_weight_start *start; /**< NORMAL and PHASORS: of which distribution; lent */
	bool fixed;                    /**< not trained */
	bool bias; /**< added: limits of weights (onn_weight_limits) do not hold for it */
	/** The nearest to what an update gives that can be made; NULL: anything can. */
	onn_node (*within)(onn_graph *g, onn_node w);
	/** FILE: reads it as real numbers of that shape, an array of the caller's. */
	onn_status (*read)(onn_array **array, const void *layer, const struct onn_weight *weight);
	onn_grid grid; /**< FILE: where its pixels are */
} onn_weight;

/** A signal on its way through a graph. */
typedef struct onn_flow {
	onn_signal is; /**< what it is, of one image */
	/** numbers [batch, shape...]; light [batch, lit.ny, lit.nx], with several wavelengths
	 * [batch, wavelength, lit.ny, lit.nx]: complex, or real where it is an amplitude */
	onn_node x;
	onn_region lit; /**< light: the part of the grid that x is; the rest is dark */
	/** incoherent light: the images, [batch, pixels]; x is the light of each pixel alone,
	 * [pixels, ...], and intensities are sums over pixels */
	onn_node images;
} onn_flow;

/** A number of a layer's settings that stands in the graph as a node. */
typedef struct onn_live onn_live;
/** What the layers of a pass share. */
typedef struct onn_pass onn_pass;

/** A layer in a forward pass. */
typedef struct onn_layer_call {
	const void *layer;      /**< its settings */
	onn_graph *g;           /**< graph that what it builds belongs to */
	onn_pass *pass;         /**< the library's own */
	const onn_node *weight; /**< those that its kind named, of the network's precision */
	size_t ordinal;         /**< of its kind, from 0 */
	onn_signal in;          /**< what it gets */
	onn_signal out;         /**< what it is to give */
	onn_region need;        /**< out is light: the part of it that later layers look at */
	/** of a system: its numbers that are nodes, which onn_live_number gives */
	const onn_live *live;
	size_t nlive;        /**< how many */
	onn_node wavelength; /**< of a system whose wavelength is a node; else null */
	onn_node step;       /**< 0-d u32: the training's step; null where it is no training */
	uint64_t seed;       /**< of what is drawn */
	uint32_t stream;     /**< the first of 16 streams of random numbers for this layer alone */
} onn_layer_call;

/** What signals a kind takes. */
typedef enum onn_takes {
	ONN_TAKES_NUMBERS, /**< of any shape */
	ONN_TAKES_LIST,    /**< numbers [n] */
	ONN_TAKES_IMAGE,   /**< numbers [height, width] */
	ONN_TAKES_IMAGES,  /**< numbers [height, width] or [channels, height, width] */
	ONN_TAKES_LIGHT,   /**< a field on a grid */
	ONN_TAKES_NOTHING  /**< a source: what a system of light begins with */
} onn_takes;

/** A kind of layer. What is NULL is as usual. */
typedef struct onn_layer_kind {
	size_t size;         /**< sizeof(onn_layer_kind) */
	const char *name;    /**< small letters, digits, - and _, a letter first */
	const char *summary; /**< what it does: a line without full stop */
	onn_takes takes;     /**< what comes in is held to it */
	/** The table of its settings, the same at each call; usual: none. */
	const onn_settings *(*settings)(void);
	/** What it gives: *signal is what it gets, which `takes` allows. It refuses by
	 * onn_set_error; the text needs no name of the layer. Usual: the same. */
	onn_status (*shape)(
	    onn_signal *signal, const void *layer, const onn_network_options *network);
	/** Fills at most ONN_LAYER_MAX_WEIGHTS rows, which are zeros before, returns how many;
	 * usual: none. */
	size_t (*weights)(
	    onn_weight *weight, const void *layer, const onn_signal *in, size_t ordinal);
	/** Whether it draws random numbers: while training, and always. */
	bool (*draws)(const void *layer);
	/** Light: of what it gets, the part that it looks at. Usual: what is needed of what it
	 * gives. */
	onn_region (*looks_at)(const onn_layer_call *call);
	/** Turns what it gets, flow->x (and flow->lit), into what it gives. */
	void (*forward)(onn_flow *flow, const onn_layer_call *call);
	/** What it gives may have noise: onn_evaluate_options.activation_noise. */
	bool activates;
	/** Of a system: the numbers that may be nodes, "f at wavelength"; NULL: none. */
	const char *differentiable;
	/** Whether light turns too fast for its pixels there; NULL: never. */
	onn_status (*sampling)(
	    onn_phase_sampling *sampling, const void *layer, const onn_signal *light);
} onn_layer_kind;

/**
 * Makes a kind of a program's own known under its name, to every network and system of the process
 * until it ends. Any thread may call it, at any time: networks that there are stay as they are.
 *
 * @param kind  is copied; what it points to (texts, functions, its table of settings) must stay
 * @return ONN_ERROR_ARGUMENT, and nothing is registered: NULL, a structure of another version; a
 *         name that is no such name, or of a kind that there is; no summary, no forward, no such
 *         `takes`; a table without a name, a size or standard values, or whose standard values it
 *         refuses itself; more than ONN_LAYER_MAX_KINDS kinds
 */
ONN_API onn_status onn_layer_register(const onn_layer_kind *kind);

/* ---- for forward functions ---- */

/** The whole of a grid. */
static inline onn_region onn_whole(const onn_grid *grid)
{
	onn_region whole = {0, 0, 0, 0};
	whole.ny = grid->ny;
	whole.nx = grid->nx;
	return whole;
}

/** For looks_at: all of what it gets, for layers that are no function of each pixel alone. */
ONN_API onn_region onn_looks_at_whole(const onn_layer_call *call);
/** The light of a part of the grid as that of the whole, with zeros in the dark around it. */
ONN_API void onn_flow_widen(onn_flow *flow, onn_graph *g);
/** Light through a transmission [ny, nx] or [wavelength, ny, nx] of the whole grid. */
ONN_API void onn_flow_times(onn_flow *flow, onn_graph *g, onn_node transmission);
/** |E|^2 of the region of the grid, [batch, ny, nx], wavelengths added up. */
ONN_API onn_node onn_flow_intensity(const onn_flow *flow, onn_graph *g, const onn_region *region);
/** Light of a source becomes what flows: a batch of one. */
ONN_API void onn_flow_begin(onn_flow *flow, onn_graph *g, onn_field field);

/** Whether one of `count` numbers of the layer's settings, from `member` on, is a node. */
ONN_API bool onn_is_live(const onn_layer_call *call, const double *member, size_t count);
/** The number `member` of the layer's settings as a node in any case, 0-d f64. */
ONN_API onn_node onn_live_number(const onn_layer_call *call, const double *member);

#ifdef __cplusplus
}
#endif

#endif
