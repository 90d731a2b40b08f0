/**
 * @file
 * Design of plates: a row of thin plates that turns a beam of light into a picture at a camera.
 *
 * The field before the first plate, the source, is multiplied by the plate's transmission p and
 * goes on through free space by the angular spectrum, once for each plate; a camera behind the last
 * space sees I = |E|^2. A designer changes the plates step by step so that I comes near the target
 * t.
 *
 *     onn_design design = ONN_DESIGN_INIT;
 *     onn_designer_create(&designer, &design, NULL, NULL, device);
 *     onn_designer_run(designer);
 *     onn_designer_plate(&plate, designer, 0);
 *
 * Lengths are metres, angles radians. Arrays are [y, x] with the optical axis at index n/2 of each
 * axis, n the grid's pixels along a side; fields travel as exp(i(kz - wt)) (optics.h).
 *
 * Run folder: config.json (all settings), metrics.csv (step,loss: the loss after each update),
 * last.npz (all that is needed to go on: plates, the optimiser's state, losses, target, source,
 * settings). last.npz is written last and is what counts: a run killed at any moment goes on from
 * it and, on the same device and with the same number of threads, ends with the same bytes as one
 * that never stopped.
 *
 * @see docs/design-of-plates.md. The defaults are the optics example of the Autograd tutorial
 * (Johnson, Duvenaud, Maclaurin, 2017).
 */
#ifndef ONN_DESIGN_H
#define ONN_DESIGN_H

#include <onn/elements.h>
#include <onn/plan.h>
#include <onn/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a plate may change. */
typedef enum onn_design_modulation {
	ONN_DESIGN_MODULATION_COMPLEX, /**< amplitude and phase: p is any number, it may amplify */
	ONN_DESIGN_MODULATION_PHASE    /**< phase alone: p = exp(i phase) */
} onn_design_modulation;
/** The words of onn_design_modulation, in its order. */
#define ONN_DESIGN_MODULATION_WORDS "complex", "phase"

/**
 * How a step changes the plates; g is dL/dx + i dL/dy of the loss L by a pixel x + iy of a plate,
 * or dL/dphase, which is real.
 */
typedef enum onn_design_update {
	ONN_DESIGN_UPDATE_PHASE_SIGN, /**< p -= rate g/|g| where g is not 0: a constant length */
	ONN_DESIGN_UPDATE_ADAM,       /**< Adam on real and imaginary parts, or on phases */
	ONN_DESIGN_UPDATE_SGD,        /**< p -= rate g */
	/**
	 * By projections, for plates of phase: the field at the camera takes the target's amplitude
	 * and goes back; from the last plate to the first, each takes the phase that turns the
	 * light before it into the phase of the light that came back. No rate. Where propagation
	 * keeps power, the amplitudes at the camera never come to be further from the target's.
	 * @see Gerchberg and Saxton, Optik 35, 237 (1972)
	 */
	ONN_DESIGN_UPDATE_GERCHBERG_SAXTON
} onn_design_update;
/** The words of onn_design_update, in its order. */
#define ONN_DESIGN_UPDATE_WORDS "phase-sign", "adam", "sgd", "gerchberg-saxton"

/**
 * What is made small, and told. Gerchberg and Saxton's projections do not ask for it, and keep the
 * light's power, whatever the target's: their tutorial and mse are of s I, s as onn_design_result's
 * scale, so that all fall when the picture becomes better.
 */
typedef enum onn_design_loss {
	ONN_DESIGN_LOSS_TUTORIAL, /**< mean((I - t)^2 + |I - t|) */
	ONN_DESIGN_LOSS_MSE,      /**< mean((I - t)^2) */
	/** 1 - sum(I t)/sqrt(sum(I^2) sum(t^2)), at any brightness: c = 1 - loss is the cosine of
	 * the angle between the pictures, and 1 - c^2 is what the mean square error is of mean(t^2)
	 * at the best brightness. 0 for a picture in proportion to the target alone: light beside
	 * it counts, even where it is spread evenly. */
	ONN_DESIGN_LOSS_CORRELATION,
	/** 1 - sum(|E| sqrt(t))/sqrt(sum(I) sum(t)), at any brightness: the same of amplitudes. The
	 * cosine's square is at most the share of the light that falls where there is a target. So
	 * light in the dark counts by its power, where CORRELATION squares it. What Gerchberg and
	 * Saxton's projections make small. */
	ONN_DESIGN_LOSS_OVERLAP
} onn_design_loss;
/** The words of onn_design_loss, in its order. */
#define ONN_DESIGN_LOSS_WORDS "tutorial", "mse", "correlation", "overlap"

/** What is designed, and how. */
typedef struct onn_design {
	size_t size; /**< sizeof(onn_design) */
	/* the light */
	size_t pixels;     /**< along each side of the square grid; 2 to 32768 */
	double side;       /**< length of the grid's side; > 0 */
	double wavelength; /**< > 0 */
	double
	    aperture; /**< radius of the disc of light that shines where no source is given; >= 0 */
	/* the plates */
	size_t plates;   /**< in the beam; 1 to 4096 */
	double distance; /**< from plate to plate, and from the last one to the camera; > 0 */
	onn_design_modulation modulation; /**< what a plate may change */
	unsigned levels; /**< phases that a plate can show, evenly spaced, 2 to 65536; 0: any.
	                    Gradients pass straight through the rounding (onn_slm_phase). For plates
	                    of phase */
	/* the spaces */
	size_t padding; /**< zeros on each side while the light travels, pixels, to 32768; 0: what
	                   leaves the grid comes in again on the other side */
	onn_evanescent evanescent; /**< what becomes of components finer than the wavelength */
	/* the way to the plates */
	size_t steps;             /**< updates of the plates; to 10^7 */
	onn_design_update update; /**< how a step changes the plates */
	double rate;              /**< learning rate; > 0. Not of Gerchberg and Saxton */
	onn_design_loss loss;     /**< what is made small */
	/** Keep the field before each so many plates only, and compute the others again on the way
	 * back: less memory, more time; near the square root of the plates is least. 0: keep all.
	 */
	size_t checkpoint_planes;
	onn_type precision; /**< ONN_F32 or ONN_F64 */
	size_t save_every;  /**< steps from checkpoint to checkpoint; 0: a sixteenth of them, at
	                       least 32 */
	/* what the plates are made of, for their heights (fabrication.h): no light depends on it */
	double index; /**< refractive index; > 1 */
	double base;  /**< thickness under the lowest pixel; > 0 */
	/** What the loss means: 2, as said at onn_design_loss. 1, of runs from before, which go on
	 * with it: the correlation is Pearson's, which does not see an even background, and the
	 * other losses under Gerchberg and Saxton are of I as bright as it is. */
	unsigned rules;
} onn_design;

/** The Autograd tutorial's: 32 complex plates of 128 x 128 pixels over 32 mm, 50 mm apart, 550 nm,
 * a disc of 8 mm, 128 steps of phase-sign at a rate of 1e-3, f32. */
#define ONN_DESIGN_INIT                                                                            \
	{                                                                                          \
		sizeof(onn_design), 128, 32e-3, 550e-9, 8e-3, 32, 50e-3,                           \
		    ONN_DESIGN_MODULATION_COMPLEX, 0, 0, ONN_EVANESCENT_PASS, 128,                 \
		    ONN_DESIGN_UPDATE_PHASE_SIGN, 1e-3, ONN_DESIGN_LOSS_TUTORIAL, 0, ONN_F32, 0,   \
		    1.5, 1e-3, 2                                                                   \
	}

/** Settings that go together. */
typedef enum onn_design_preset {
	ONN_DESIGN_PRESET_TUTORIAL, /**< those of ONN_DESIGN_INIT */
	/** Plates that can be made: 5 of phase, 2 m apart, padding of 64 pixels, a disc of 14 mm,
	 * Adam at .1, the loss of overlap. On the standard grid they draw any picture. */
	ONN_DESIGN_PRESET_PHASE
} onn_design_preset;
/** The words of onn_design_preset, in its order. */
#define ONN_DESIGN_PRESET_WORDS "tutorial", "phase"

/** "tutorial", "phase"; "?" for what is none. */
ONN_API const char *onn_design_preset_name(onn_design_preset preset);
/** The preset of that name; false and untouched if there is none. */
ONN_API bool onn_design_preset_from_name(onn_design_preset *preset, const char *name);
/** Sets modulation, plates, distance, padding, aperture, update, rate and loss of a design as the
 * preset says; the others stay. A preset that is none changes nothing. */
ONN_API void onn_design_use_preset(onn_design *design, onn_design_preset preset);

/** "complex", "phase"; "?" for what is none. */
ONN_API const char *onn_design_modulation_name(onn_design_modulation modulation);
/** "phase-sign", "adam", "sgd", "gerchberg-saxton"; "?" for what is none. */
ONN_API const char *onn_design_update_name(onn_design_update update);
/** "tutorial", "mse", "correlation", "overlap"; "?" for what is none. */
ONN_API const char *onn_design_loss_name(onn_design_loss loss);
/** The modulation of that name; false and untouched if there is none. */
ONN_API bool onn_design_modulation_from_name(onn_design_modulation *modulation, const char *name);
/** The update of that name; false and untouched if there is none. */
ONN_API bool onn_design_update_from_name(onn_design_update *update, const char *name);
/** The loss of that name; false and untouched if there is none. */
ONN_API bool onn_design_loss_from_name(onn_design_loss *loss, const char *name);

/** The table of the settings, for texts, JSON and messages (settings.h); lent. */
ONN_API const onn_settings *onn_design_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range or does not go with
 * another. */
ONN_API onn_status onn_design_check(const onn_design *design);
/** How well the space between plates is sampled (onn_propagation_choose). ONN_ERROR_ARGUMENT as
 * onn_design_check. */
ONN_API onn_status onn_design_sampling(onn_sampling *sampling, const onn_design *design);

/* ---- what a design starts from; the caller destroys the arrays ---- */

/** The smiley that `onn design` aims at: f64 [n, n] from 0 to 1, drawn in whole numbers, the same
 * on every machine. */
ONN_API onn_status onn_design_smiley(onn_array **target, size_t n);
/**
 * A picture as a target: as large as fits into [n, n], centred, dark around it; a pixel is the mean
 * over what it covers.
 *
 * @param target   receives f64 [n, n]
 * @param picture  real [height, width], such as onn_image_load gives; none of its sizes is 0
 * @param n        pixels along each side
 * @return ONN_ERROR_ARGUMENT (a shape or type), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_design_fit(onn_array **target, const onn_array *picture, size_t n);
/**
 * The same of a PNG or TIFF, of which one row, or one row of tiles, is in memory at a time: grey as
 * onn_image_load.
 *
 * @param target  receives f64 [n, n]
 * @param path    of the file
 * @param n       pixels along each side
 * @return ONN_ERROR_UNSUPPORTED (interlaced, with more than 1 GiB of pixels), ONN_ERROR_ARGUMENT (n
 *         is 0), ONN_ERROR_FILE, ONN_ERROR_FORMAT, ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_design_fit_file(onn_array **target, const char *path, size_t n);
/** The disc of light of a design: 1 within its aperture, 0 elsewhere, f64 [n, n]. */
ONN_API onn_status onn_design_disc(onn_array **source, const onn_design *design);

/** What a design starts from. Arrays are lent while onn_designer_create runs; all numbers finite.
 */
typedef struct onn_design_inputs {
	size_t size; /**< sizeof(onn_design_inputs) */
	/** The intensity wanted at the camera, |E|^2 in units of the source's: real [n, n], >= 0,
	 * not 0 everywhere. NULL: onn_design_smiley. */
	const onn_array *target;
	/** The field before the first plate, [n, n], complex or a real amplitude. NULL:
	 * onn_design_disc. */
	const onn_array *source;
	/** The plates, [plates, n, n]: transmissions, complex or real; for plates of phase the
	 * phases, real, or complex numbers of which the phase counts. NULL: 1 everywhere, phase 0.
	 */
	const onn_array *start;
	/** Where the target comes from, for config.json and messages; NULL: "smiley" where there is
	 * none, else nothing is said. */
	const char *target_name;
	const char *source_name; /**< the source; NULL: nothing is said */
	const char *start_name;  /**< the plates */
} onn_design_inputs;

/** The smiley, the disc, plates of 1. */
#define ONN_DESIGN_INPUTS_INIT                                                                     \
	{                                                                                          \
		sizeof(onn_design_inputs), NULL, NULL, NULL, NULL, NULL, NULL                      \
	}

/* ---- what is known before it runs ---- */

/** What a design will take, and whether its light can get to where it is wanted. */
typedef struct onn_design_forecast {
	/** Memory, host and device, about: within 30 %, as measured on device c. */
	double bytes;
	double memory; /**< the device's; infinite where unknown, or where bytes are below 1e9 */
	/** How far light can turn aside on the whole way, along each axis, metres: at each plate by
	 * the finest grating that it can show, of two pixels. Infinite for pixels of half a
	 * wavelength. */
	double reach;
	/** The part of the target that lies further than reach, and a pixel, from the source's
	 * light, where that is above 1e-3 of its peak: it stays dark, whatever the plates. */
	double unreached;
	double aperture; /**< radius of a disc of light that reaches 99 % of the target, metres */
	/** or the distance from plate to plate at which the source at hand does, metres */
	double distance;
	/** Without padding: pixels of it that keep light from coming in again on the other side, if
	 * it can get there; else 0. */
	size_t padding;
} onn_design_forecast;

/**
 * Looks at a design before it runs.
 *
 * @param forecast  receives what is found
 * @param design    as for onn_designer_create
 * @param inputs    as for onn_designer_create, of which target and source are read; NULL for those
 *                  of the tutorial
 * @param device    that it is to run on; NULL: its memory is unknown
 * @return ONN_ERROR_ARGUMENT (a setting; a target or source that is not [n, n]), ONN_ERROR_MEMORY
 * @note   onn_design_sampling says how well the spaces are sampled
 */
ONN_API onn_status onn_design_foresee(onn_design_forecast *forecast, const onn_design *design,
    const onn_design_inputs *inputs, const onn_device *device);

/* ---- one design under way ---- */

/** Where a run stands, after each step. */
typedef struct onn_design_progress {
	size_t step;  /**< updates taken */
	size_t steps; /**< of how many */
	double loss;  /**< before the latest update, that is after step - 1 of them */
} onn_design_progress;

/** The light at the camera; its arrays are lent while the callback runs. */
typedef struct onn_design_picture {
	size_t step;                /**< updates taken */
	double loss;                /**< of this light */
	const onn_array *intensity; /**< I, real [n, n] of the design's precision */
	/** I as a picture to show, f64 [n, n], 1 where the target is brightest; multiplied by
	 * onn_design_result's scale */
	const onn_array *picture;
} onn_design_picture;

/** How a design runs: its files, and what a caller sees of it. */
typedef struct onn_design_options {
	size_t size;     /**< sizeof(onn_design_options) */
	const char *out; /**< run folder, made if need be; NULL: no files */
	bool resume;     /**< go on from out's last.npz */

	void *user; /**< first argument of the callbacks, each of which may be NULL */
	/** After each step. True: finish, save, return ONN_CANCELLED. */
	bool (*progress)(void *user, const onn_design_progress *progress);
	/** The light, after 0, picture_every, 2 picture_every ... steps and after the last one.
	 * What it returns, where it is not ONN_OK, ends the run. */
	onn_status (*picture)(void *user, const onn_design_picture *picture);
	size_t picture_every; /**< 0: after 0, 1, 2, 4, 8 ... steps */
} onn_design_options;

/** No files, no callbacks. */
#define ONN_DESIGN_OPTIONS_INIT                                                                    \
	{                                                                                          \
		sizeof(onn_design_options), NULL, false, NULL, NULL, NULL, 0                       \
	}

/** A design under way. One thread at a time. */
typedef struct onn_designer onn_designer;

/**
 * Makes a designer: graph, plans, plates on the device; its folder with a first checkpoint, where
 * there is one. What is refused leaves no files.
 *
 * @param designer  receives it; the caller destroys it
 * @param design    copied. Where options->resume is set: NULL for the run's own settings, or
 *                  settings that differ from them in steps, save_every, index and base at most
 * @param inputs    NULL for those of the tutorial. A resumed run has its own: names that are given
 *                  must be theirs
 * @param options   NULL for no files and no callbacks; copied, its texts too
 * @param device    lent; it outlives the designer
 * @return ONN_ERROR_ARGUMENT (a setting or input that is wrong, by name; out holds a run and resume
 *         is false; resume without a checkpoint; the run is of another design, or has taken more
 *         than steps),
 *         ONN_ERROR_NUMERIC (the loss before the first step is not finite),
 *         ONN_ERROR_UNSUPPORTED (the device lacks the precision),
 *         ONN_ERROR_MEMORY (also: the device has less than the design needs),
 *         ONN_ERROR_FILE, ONN_ERROR_FORMAT, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_designer_create(onn_designer **designer, const onn_design *design,
    const onn_design_inputs *inputs, const onn_design_options *options, onn_device *device);
/** Frees it, not its device; its files stay. NULL is fine. */
ONN_API void onn_designer_destroy(onn_designer *designer);

/**
 * Takes the steps that are left of design->steps, calls back, saves each save_every steps and at
 * the end.
 *
 * @return ONN_CANCELLED (progress said so: saved, another call or a resumed run goes on),
 *         ONN_ERROR_NUMERIC (the loss is not finite: the text names the step; the last good
 *         checkpoint stays), what a picture returned, ONN_ERROR_FILE, ONN_ERROR_MEMORY,
 *         ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_designer_run(onn_designer *designer);
/** Takes one step, beyond design->steps too; calls and saves nothing. ONN_ERROR_NUMERIC as above.
 */
ONN_API onn_status onn_designer_step(onn_designer *designer);
/** Writes metrics.csv and last.npz now; without a folder nothing. */
ONN_API onn_status onn_designer_save(onn_designer *designer);

/* ---- what there is to see; arrays that are received are the caller's to destroy ---- */

/** Lent: the settings; of a resumed run its own. */
ONN_API const onn_design *onn_designer_design(const onn_designer *designer);
/** Lent: the target, real [n, n] of the design's precision. */
ONN_API const onn_array *onn_designer_target(const onn_designer *designer);
/** Lent: the source, complex [n, n] of the design's precision. */
ONN_API const onn_array *onn_designer_source(const onn_designer *designer);
/** Updates taken, those of a resumed run included. */
ONN_API size_t onn_designer_steps(const onn_designer *designer);
/** Lent until the next step: the loss before the first step and after each. The last one is known,
 * and counts, from when the light was looked at: a step tells the loss before it. */
ONN_API const double *onn_designer_losses(size_t *count, const onn_designer *designer);

/** The field at the camera, complex [n, n]. */
ONN_API onn_status onn_designer_field(onn_array **field, onn_designer *designer);
/** I at the camera, real [n, n] of the design's precision. */
ONN_API onn_status onn_designer_intensity(onn_array **intensity, onn_designer *designer);
/** Plate k, from 0, as the light sees it: its transmission, complex [n, n]; levels are rounded to.
 * onn_plate_phase gives its phase, onn_height_map its height. */
ONN_API onn_status onn_designer_plate(onn_array **plate, onn_designer *designer, size_t k);
/** Puts another plate in place k, of a form that onn_design_inputs.start takes, [n, n]. The
 * optimiser's moments stay. */
ONN_API onn_status onn_designer_set_plate(onn_designer *designer, size_t k, const onn_array *plate);

/** What the plates came to. */
typedef struct onn_design_result {
	double loss; /**< of the plates as they are */
	/** What I is multiplied by before it is compared and shown. Where the design is after the
	 * picture at any brightness (the losses of correlation and overlap, Gerchberg and Saxton):
	 * what brings it nearest to the target in the least squares; else 1. */
	double scale;
	onn_likeness likeness; /**< of scale I and the target, whose peak is the peak */
	/** The light at the camera, of that of the source; what is missing has left the grid, and
	 * plates that amplify may make it more than 1. likeness.efficiency is of the light at the
	 * camera. */
	double arriving;
} onn_design_result;

/** Compares the light at the camera with the target. picture receives scale I, f64 [n, n]; NULL is
 * fine. */
ONN_API onn_status onn_designer_result(
    onn_design_result *result, onn_array **picture, onn_designer *designer);

/**
 * What the light comes to with plates that can be made of complex ones: each p becomes p/|p|, and 1
 * where it is 0, as in phases, heights and solids of them. Of plates of phase it is what there is.
 * The plates of the designer stay.
 *
 * @param result    receives the comparison with the target, as onn_designer_result
 * @param gain      receives the largest |p| of the plates as they are: above 1 they amplify; NULL
 *                  is fine
 * @param picture   receives scale I, f64 [n, n]; NULL is fine
 * @param designer  whose plates
 * @return ONN_ERROR_NUMERIC (the loss is not finite), ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_designer_result_of_phases(
    onn_design_result *result, double *gain, onn_array **picture, onn_designer *designer);

/** Lent: the plan of a step, for onn_plan_describe, onn_plan_bytes and onn_plan_profile; NULL
 * behind onn_designer_rest. */
ONN_API const onn_plan *onn_designer_plan(const onn_designer *designer);
/** Gives a step's memory back, for those who only look from now on; the next step takes it again.
 */
ONN_API void onn_designer_rest(onn_designer *designer);

/* ---- runs on disk ---- */

enum { ONN_DESIGN_NAME_ROOM = 4096 };

/** What a run's checkpoint says of it. */
typedef struct onn_design_config {
	onn_design design;                 /**< its settings */
	char target[ONN_DESIGN_NAME_ROOM]; /**< onn_design_inputs's name; "" for none, as below */
	char source[ONN_DESIGN_NAME_ROOM]; /**< where the source came from */
	char start[ONN_DESIGN_NAME_ROOM];  /**< where the plates came from */
	char device[64];                   /**< onn_device_name */
	int threads;                       /**< onn_device_threads */
} onn_design_config;

/** Whether there is a run to resume: FOLDER/last.npz. */
ONN_API bool onn_design_config_exists(const char *folder);
/** Reads what FOLDER/last.npz says of its run. ONN_ERROR_FILE, ONN_ERROR_FORMAT. */
ONN_API onn_status onn_design_config_load(onn_design_config *config, const char *folder);
/** Reads a design's config.json by its path. ONN_ERROR_FILE, ONN_ERROR_FORMAT. */
ONN_API onn_status onn_design_config_read(onn_design_config *config, const char *path);

#ifdef __cplusplus
}
#endif

#endif
