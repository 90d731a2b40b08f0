/**
 * @file
 * Systems of light: a source, gaps, lenses, masks, cameras, as a list in a file.
 *
 * A system is a grid, a wavelength and a list of layers (network.h) that begins with a source.
 * Light goes through them in order; a camera looks at it and lets it pass:
 *
 *     {
 *       "grid": 256, "pitch": "8um", "wavelength": "532nm",
 *       "layers": [
 *         {"layer": "plane", "radius": "0.5mm"},
 *         {"layer": "lens", "f": "60mm"},
 *         {"layer": "space", "distance": "60mm"},
 *         {"layer": "camera"}
 *       ]
 *     }
 *
 * Sources are plane, gaussian, point, hermite-gauss, laguerre-gauss, slits, text and image; what
 * follows them is every kind of layer that takes light and gives light, and camera
 * (docs/systems.md). {"4f": {"f1": ..., "f2": ..., "mask": {...}}} stands for the rows of two
 * lenses with that mask between them. A layer may have a "name"; without one it has that of its
 * kind, with a number where there are several: lens1, lens2. Numbers are called NAME.SETTING,
 * "lens.f", one of a pair also "lens.at.y" and "lens.at.x", and the system's own "wavelength" and
 * "pitch".
 *
 *     onn_system_load(&system, "lens.json");
 *     onn_system_set(system, "lens.f", "80mm");
 *     onn_system_run(&result, system, device);
 *     printf("%g m\n", onn_system_camera_at(result, 0)->measure.fwhm[1]);
 *
 * A number that stands in the file as {"optimize": true, "start": "60mm"} is free: onn_system_build
 * makes a variable of it, with derivatives, and onn_system_optimize finds what is best for the
 * file's "objective".
 *
 * Lengths are metres, angles radians, intensities |E|^2; sources are 1 where they are brightest,
 * powers therefore in square metres. A system belongs to one thread at a time. The caller destroys
 * what it receives.
 */
#ifndef ONN_SYSTEM_H
#define ONN_SYSTEM_H

#include <onn/array.h>
#include <onn/device.h>
#include <onn/network.h>
#include <onn/sampling.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How long a list may be, names with their ends, and how many numbers may be free. */
enum { ONN_SYSTEM_MAX_LAYERS = 128, ONN_SYSTEM_NAME = 32, ONN_SYSTEM_MAX_FREE = 32 };

/** A list of layers of light. */
typedef struct onn_system onn_system;

/** What all of a system's light has in common; "objective" and "layers" stand beside it. */
typedef struct onn_system_options {
	size_t size;         /**< sizeof(onn_system_options) */
	size_t grid[2];      /**< pixels (y, x) */
	double pitch[2];     /**< metres from pixel to pixel (y, x) */
	size_t nwavelengths; /**< colours, which do not interfere: 1 to ONN_MAX_WAVELENGTHS */
	double wavelength[ONN_MAX_WAVELENGTHS]; /**< metres, in the medium */
	size_t npowers;                         /**< 0: all colours are alike */
	double power[ONN_MAX_WAVELENGTHS];      /**< of each colour, over the mean of all */
	onn_type precision;                     /**< ONN_F32 or ONN_F64 */
	bool incoherent; /**< the light of several sources does not interfere */
	double
	    tolerance; /**< wished-for error of gaps of method auto, over the largest amplitude */
} onn_system_options;

/** 256 x 256 pixels, f64, 1e-3; pitch and wavelength have to be given. */
#define ONN_SYSTEM_OPTIONS_INIT                                                                    \
	{                                                                                          \
		sizeof(onn_system_options), {256, 256}, {0, 0}, 0, {0}, 0, {0}, ONN_F64, false,    \
		    1e-3                                                                           \
	}

/** The table of onn_system_options: grid, pitch, wavelength, power, precision, incoherent,
 * tolerance. Lent. */
ONN_API const onn_settings *onn_system_settings(void);

/* ---- files ---- */

/**
 * Reads a system.
 *
 * @param system  receives it
 * @param json    its text
 * @param folder  where the files that it names are, unless they are absolute; NULL: the working
 *                directory
 * @return ONN_ERROR_FORMAT with the layer and setting that is wrong; ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_system_from_json(onn_system **system, const char *json, const char *folder);
/** The same of a file, in whose folder the files are that it names. ONN_ERROR_FILE too. */
ONN_API onn_status onn_system_load(onn_system **system, const char *path);
/** All of it, with every setting, and free numbers as they are now; free it with onn_free. NULL: no
 * memory. */
ONN_API char *onn_system_to_json(const onn_system *system);
/** A system of its own with the same list. ONN_ERROR_MEMORY. */
ONN_API onn_status onn_system_copy(onn_system **copy, const onn_system *system);
/** NULL is fine. */
ONN_API void onn_system_destroy(onn_system *system);

/* ---- the list ---- */

/** Lent. */
ONN_API const onn_system_options *onn_system_options_of(const onn_system *system);
/** How many layers it has. */
ONN_API size_t onn_system_layers(const onn_system *system);
/** The name of layer i, lent; NULL for an i that is not there. */
ONN_API const char *onn_system_name(const onn_system *system, size_t i);
/** "lens", ..., lent; NULL for an i that is not there. */
ONN_API const char *onn_system_kind(const onn_system *system, size_t i);
/** The layer of that name; SIZE_MAX where there is none. */
ONN_API size_t onn_system_find(const onn_system *system, const char *name);
/** Where layer i stands, metres behind the source. ONN_ERROR_ARGUMENT: no such layer. */
ONN_API onn_status onn_system_place(double *z, const onn_system *system, size_t i);

/**
 * Changes a setting.
 *
 * @param system  keeps its list
 * @param name    "lens.f", "lens.at.x", "wavelength"
 * @param value   as in the file, without quotes: "60mm", "0,1mm"
 * @return ONN_ERROR_ARGUMENT, nothing changed: no such name (the text has those that there are), or
 *         a value that it does not take. Whether the list is still a system is
 *         onn_system_check's to say
 */
ONN_API onn_status onn_system_set(onn_system *system, const char *name, const char *value);
/** The same with a number in metres, radians, ..., to the bit. */
ONN_API onn_status onn_system_set_real(onn_system *system, const char *name, double value);
/** A setting as onn_system_set reads it; free it with onn_free. NULL: no such name, or no memory.
 */
ONN_API char *onn_system_get(const onn_system *system, const char *name);
/** The row of a setting of that name, for its unit and bounds, lent; NULL where there is none. */
ONN_API const onn_setting *onn_system_row(const onn_system *system, const char *name);
/** ONN_OK, or ONN_ERROR_ARGUMENT: a setting out of its range; a list that does not begin with a
 * source; a layer that cannot take what it gets. */
ONN_API onn_status onn_system_check(const onn_system *system);

/* ---- measures ---- */

/** What a camera sees, in numbers. Pairs are (y, x). */
typedef struct onn_light_measure {
	double power;   /**< intensity summed over pixels, times dy dx */
	double share;   /**< of the sources' power */
	double peak;    /**< the largest intensity */
	double at[2];   /**< where it is, metres from the axis */
	double mean[2]; /**< centre of gravity */
	/** twice the standard deviation about it: the radius w of a Gaussian beam (ISO 11146) */
	double width[2];
	/** full width at half of the peak, along the lines through it, between pixels; infinite
	 * where it does not fall to the half on the grid */
	double fwhm[2];
	double inside;  /**< part of the camera's power in its region; 1 without one */
	double overlap; /**< sum of I T over the root of the sums of I^2 and T^2, T its target: 1 is
	                   the same picture; NAN without one */
} onn_light_measure;

/** power, peak, at, mean, width and fwhm of an intensity [ny, nx], f32 or f64, on its grid; share
 * and inside are 1, overlap NAN. ONN_ERROR_ARGUMENT: its shape or type, or the grid. */
ONN_API onn_status onn_measure_light(
    onn_light_measure *measure, const onn_array *intensity, const onn_grid *grid);

/* ---- running ---- */

/** A camera's picture. Arrays are the result's. */
typedef struct onn_system_camera {
	size_t layer;               /**< which it is */
	double z;                   /**< metres behind the source */
	onn_grid grid;              /**< its pixels */
	const onn_array *intensity; /**< f64 [ny, nx]: colours and modes added up, with noise */
	/** complex [mode, ny, nx], of several colours [mode, wavelength, ny, nx], as it arrives */
	const onn_array *field;
	onn_light_measure measure; /**< of the intensity */
} onn_system_camera;

/** How a layer went. */
typedef struct onn_system_step {
	double z;      /**< where it stands */
	onn_grid grid; /**< of the light behind it */
	double share;  /**< of the sources' power behind it */
	/** a gap's; of others enough is false where light turns too fast for its pixels and `why`
	 * says so */
	onn_measure sampling;
	/** why it is smaller than a pixel, or where no pixel is, one sentence; "": it fits */
	char misfit[256];
} onn_system_step;

/** What came of a run. */
typedef struct onn_system_result onn_system_result;

/**
 * Sends light through a system: layer after layer, each gap by the method that suits the light
 * that arrives there, unless its file says which.
 *
 * @param result  receives what came of it
 * @param system  one that fits; its gaps remember how they are best computed
 * @param device  runs it; NULL: plain C
 * @return ONN_ERROR_ARGUMENT as onn_system_check, ONN_ERROR_FILE and ONN_ERROR_FORMAT (files that
 *         it names), ONN_ERROR_UNSUPPORTED (a type that the device lacks), ONN_ERROR_MEMORY,
 *         ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_system_run(
    onn_system_result **result, onn_system *system, onn_device *device);
/** How far a run is. */
typedef struct onn_system_stage {
	size_t layer;     /**< that light comes to now, from 0 */
	size_t layers;    /**< of so many */
	const char *name; /**< of that layer, lent */
} onn_system_stage;

/** What is told before each layer; false ends the run. */
typedef bool (*onn_system_watch)(const onn_system_stage *stage, void *user);

/**
 * The same, told from layer to layer.
 *
 * @param result  receives what came of it
 * @param system  as of onn_system_run
 * @param device  runs it; NULL: plain C
 * @param watch   NULL is fine
 * @param user    is given to it
 * @return as onn_system_run; ONN_CANCELLED where `watch` said so
 */
ONN_API onn_status onn_system_run_watched(onn_system_result **result, onn_system *system,
    onn_device *device, onn_system_watch watch, void *user);
/**
 * What a run takes at least: the light of all colours and modes before and behind the layer that
 * has most of it, with its padding and transfer function, and what cameras keep.
 *
 * @param bytes   receives them
 * @param system  one that fits
 * @return as onn_system_check
 */
ONN_API onn_status onn_system_memory(double *bytes, const onn_system *system);
/** NULL is fine. */
ONN_API void onn_system_result_destroy(onn_system_result *result);
/** How many cameras there are. */
ONN_API size_t onn_system_cameras(const onn_system_result *result);
/** Camera i, in the order of the list, lent; NULL where there is none. */
ONN_API const onn_system_camera *onn_system_camera_at(const onn_system_result *result, size_t i);
/** Layer i, lent; NULL where there is none. */
ONN_API const onn_system_step *onn_system_step_at(const onn_system_result *result, size_t i);

/* ---- derivatives ---- */

/** A system as a graph. Nodes are the graph's. */
typedef struct onn_system_graph {
	size_t nfree; /**< numbers of the file that are free */
	/** 0-d f64 variables, each called as onn_system_free says: "lens.f" */
	onn_node free[ONN_SYSTEM_MAX_FREE];
	size_t ncameras;                           /**< cameras */
	onn_node intensity[ONN_SYSTEM_MAX_LAYERS]; /**< of each, real [ny, nx], without noise */
	onn_grid grid[ONN_SYSTEM_MAX_LAYERS];      /**< of each */
	onn_node power;                            /**< of the sources, 0-d */
	onn_node loss; /**< what is to become small, 0-d; null without an objective */
} onn_system_graph;

/** How many numbers are free. */
ONN_API size_t onn_system_free_count(const onn_system *system);
/** The name of free number i, "lens.f" or "lens.at.x", lent; NULL for an i that is not there. */
ONN_API const char *onn_system_free(const onn_system *system, size_t i);
/** Makes a number free, as {"optimize": true} does: one that has a derivative (docs/systems.md).
 * ONN_ERROR_ARGUMENT: no such number, or none that has. */
ONN_API onn_status onn_system_release(onn_system *system, const char *name);
/**
 * Builds a system as nodes with derivatives by its free numbers.
 *
 * Gaps of method auto are computed as the last onn_system_run found best, else by the rules of
 * onn_propagation_choose. Free numbers need a device with f64.
 *
 * @param built   receives the nodes
 * @param g       graph; after an error it keeps status and text
 * @param system  one that fits
 * @return the graph's status
 */
ONN_API onn_status onn_system_build(onn_system_graph *built, onn_graph *g, onn_system *system);

/** How an optimisation goes. */
typedef struct onn_system_progress {
	size_t step;         /**< from 0 */
	size_t steps;        /**< of so many */
	double loss;         /**< at these numbers */
	const double *value; /**< of the free numbers, lent */
	size_t count;        /**< of them */
} onn_system_progress;

/** What is told of each step; false ends it, as it is. */
typedef bool (*onn_system_told)(const onn_system_progress *progress, void *user);

/**
 * Finds the free numbers that are best for the file's objective, by exact gradients and Adam whose
 * steps become small towards the end. The system then has the best numbers that were met.
 *
 * @param history  receives f64 [steps + 1, 1 + free]: the loss and the numbers before each step,
 *                 and the best ones last; NULL is fine
 * @param system   one with an objective and free numbers
 * @param device   runs it; NULL: plain C
 * @param told     NULL is fine
 * @param user     is given to it
 * @return ONN_ERROR_ARGUMENT: nothing is free, no objective, a loss that is no number; as
 *         onn_system_run
 */
ONN_API onn_status onn_system_optimize(
    onn_array **history, onn_system *system, onn_device *device, onn_system_told told, void *user);

#ifdef __cplusplus
}
#endif

#endif
