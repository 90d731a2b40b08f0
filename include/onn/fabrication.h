/**
 * @file
 * From a designed plate to one that can be made: phases, reliefs, height maps, STL, levels as
 * GDSII, grids for OpticStudio, patterns for modulators. Pictures of 16 bits: onn/image.h.
 */
#ifndef ONN_FABRICATION_H
#define ONN_FABRICATION_H

#include <onn/optics.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The phase of each pixel of a plate, wrapped to [0, 2 pi).
 *
 * @param phase  receives f64 [ny, nx], owned by the caller
 * @param plate  [ny, nx]: real phase, or complex, of which the phase counts; finite
 * @return ONN_ERROR_ARGUMENT (a shape or type, a phase that is not finite, by its place),
 *         ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_plate_phase(onn_array **phase, const onn_array *plate);

/** What a plate's relief came to. */
typedef struct onn_relief {
	double constant; /**< added to all phases, radians, 0 up to 2 pi: light does not see it */
	double range;    /**< the phases run from 0 up to this, radians */
	size_t pairs;    /**< neighbours, along x and along y */
	size_t steps;    /**< pairs whose phases differ by more than pi, where the plate's differ by
	                    less: walls of a whole wave that light does not see either */
	size_t vortices; /**< squares of four pixels around which the phase makes a turn; a line of
	                    steps ends at each, whatever way the phase is unwrapped */
} onn_relief;

/**
 * The phases of a plate's surface: equal to the plate's up to a constant and whole turns, the
 * lowest 0.
 *
 * Wrapped, they stay below 2 pi, and the constant is chosen so that as few neighbours as possible
 * (to 1/4096 of a turn) lie on two sides of the wrap: a plate that turns light by -.01 rad here and
 * there is flat to .01 rad. Unwrapped, whole turns are added pixel by pixel from the smoothest
 * places on: a phase whose neighbours differ by less than half a turn comes out without a step, and
 * as high as it takes.
 *
 * @param phase   receives f64 [ny, nx], radians, owned by the caller
 * @param relief  receives the figures; NULL is fine
 * @param plate   as for onn_plate_phase
 * @param unwrap  false: below 2 pi
 * @return ONN_ERROR_ARGUMENT (as onn_plate_phase; to unwrap, more than 2^31 pixels),
 *         ONN_ERROR_MEMORY
 * @see Herraez, Burton, Lalor, Gdeisat, Appl. Opt. 41, 7437 (2002), for the order of pixels
 */
ONN_API onn_status onn_plate_relief(
    onn_array **phase, onn_relief *relief, const onn_array *plate, bool unwrap);
/**
 * Heights in proportion to phases: phase lambda/(2 pi (n - 1)), metres. Nothing is wrapped.
 *
 * @param height      receives f64 [ny, nx], owned by the caller
 * @param phase       real [ny, nx], such as onn_plate_relief gives; finite
 * @param wavelength  lambda in the medium around the plate, metres; finite, > 0
 * @param index       refractive index, > 1 (light slowed by 2 pi/lambda (n - 1) a metre)
 * @return ONN_ERROR_ARGUMENT (a shape or type, wavelength, index, a value that is not finite),
 *         ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_relief_height(
    onn_array **height, const onn_array *phase, double wavelength, double index);
/**
 * Heights of a plate: onn_plate_relief, wrapped, then onn_relief_height.
 *
 * @param height      receives f64 [ny, nx] from 0 up to lambda/(n - 1), owned by the caller
 * @param plate       as for onn_plate_phase
 * @param wavelength  as for onn_relief_height
 * @param index       as for onn_relief_height
 * @return ONN_ERROR_ARGUMENT (as onn_plate_phase, wavelength, index), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_height_map(
    onn_array **height, const onn_array *plate, double wavelength, double index);

/**
 * Writes a solid as binary STL, millimetres: each pixel a column of its height on a base; a closed
 * surface, each edge of exactly two triangles, outside normals. x and y are those of the grid, the
 * underside is at z = 0. Neighbours of one height are joined: a flat plate is a box of 14
 * triangles, at any number of pixels.
 *
 * Two columns that would touch along a line only, across a corner that the other two pixels leave
 * lower, make no solid. At such a corner a post with a diagonal of 1/32 pixel stands instead, as
 * high as its four pixels in the mean, so that the volume stays that of the columns.
 *
 * @param path    of the file; replaced where it exists
 * @param height  f64 [ny, nx], metres, >= 0
 * @param grid    its pixels
 * @param base    thickness of the base under height 0, metres; > 0
 * @return ONN_ERROR_ARGUMENT (a shape, a height, a pitch that single precision does not tell apart
 * from 0 beside the position), ONN_ERROR_MEMORY, ONN_ERROR_FILE (nothing is left behind)
 */
ONN_API onn_status onn_stl_write(
    const char *path, const onn_array *height, const onn_grid *grid, double base);

/**
 * The level of each pixel of a surface that is made in steps of 2 pi/levels: the nearest one.
 *
 * @param level   receives i32 [ny, nx] from 0 up, owned by the caller. Phases of a wave and more,
 *                and what is rounded up to a wave, are levels from `levels` on
 * @param phase   real [ny, nx], radians, finite and >= 0, such as onn_plate_relief gives
 * @param levels  steps that a wave has, 2 to 65536
 * @return ONN_ERROR_ARGUMENT (a shape or type, levels, a phase that is below 0, not finite or above
 *         2^31 levels, by its place), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_relief_levels(onn_array **level, const onn_array *phase, size_t levels);

/** What a layer of a GDSII file is. */
typedef enum onn_gds_layers {
	ONN_GDS_LEVELS, /**< layer k has the pixels of level k, so each pixel is in one layer: for
	                   writers that give each layer its dose */
	ONN_GDS_MASKS /**< layer b has the pixels whose level has bit b, which are 2^b steps higher
	                   than without: n masks, each etched to its depth, make 2^n levels */
} onn_gds_layers;
/** The words of onn_gds_layers, in its order. */
#define ONN_GDS_LAYERS_WORDS "levels", "masks"

/** How levels become a GDSII file. */
typedef struct onn_gds {
	size_t size;           /**< sizeof(onn_gds) */
	onn_gds_layers layers; /**< ONN_GDS_LEVELS */
	double unit;    /**< the database's unit, metres; corners are whole numbers of it: 1e-9 */
	double feature; /**< the narrowest line that can be made, metres; 0: any can */
} onn_gds;
/** A level a layer, nanometres, any line. */
#define ONN_GDS_INIT                                                                               \
	{                                                                                          \
		sizeof(onn_gds), ONN_GDS_LEVELS, 1e-9, 0                                           \
	}

/** What a plate came to as a cell of a GDSII file. Lengths are metres. */
typedef struct onn_gds_report {
	size_t layers;     /**< that have pixels */
	size_t rectangles; /**< that the pixels were merged to */
	double rounding;   /**< the farthest that a corner was moved to a whole number of units */
	double narrowest;  /**< width of the narrowest line along x or y; of masks also of the
	                      narrowest space between two lines; 0 where there is none */
	size_t narrower;   /**< lines, and of masks spaces, that are narrower than `feature` */
	size_t contacts;   /**< corners that two pixels of a layer touch at without a side in
	                      common */
} onn_gds_report;

/**
 * Writes levels as GDSII (stream format, release 6): a cell for each plate, plate_00 and so on, in
 * which runs of equal pixels along x, and equal runs in rows that follow each other, are one
 * rectangle. x and y are those of the grid; datatypes are 0. Equal levels make equal bytes.
 *
 * A line is as many pixels along x or y as have the same level (of masks: the same bit); rows of
 * equal lines one after another count as one.
 *
 * @param report   receives the figures of each plate; NULL is fine
 * @param path     of the file; replaced where it exists
 * @param level    i32 [ny, nx], or [plate, ny, nx] of up to 100 plates; 0 to 255 where a level is a
 *                 layer, else to 65535
 * @param grid     its pixels
 * @param options  NULL: ONN_GDS_INIT
 * @return ONN_ERROR_ARGUMENT (a shape or type, a level by its place, pixels below the unit, corners
 *         beyond 2^31 units, layers, unit, feature), ONN_ERROR_MEMORY, ONN_ERROR_FILE (nothing is
 *         left behind)
 * @see Swanson, Binary Optics Technology, MIT Lincoln Laboratory TR-854 (1989), for masks of bits
 */
ONN_API onn_status onn_gds_write(onn_gds_report *report, const char *path, const onn_array *level,
    const onn_grid *grid, const onn_gds *options);

/**
 * Writes phases as a grid of OpticStudio's (Zemax), for its surface Grid Phase: text, a .DAT, in
 * millimetres and radians. Derivatives are central differences, each step between neighbours being
 * taken the short way round, so that wrapped phases have the slopes that light sees.
 *
 * @param path   of the file; replaced where it exists
 * @param phase  real [ny, nx], radians; finite
 * @param grid   its pixels, 5 a side or more
 * @return ONN_ERROR_ARGUMENT (a shape or type, fewer pixels, a phase by its place),
 *         ONN_ERROR_MEMORY, ONN_ERROR_FILE (nothing is left behind)
 */
ONN_API onn_status onn_zemax_write(const char *path, const onn_array *phase, const onn_grid *grid);
/**
 * Reads such a grid: in millimetres, centimetres, inches or metres; derivatives are left out.
 *
 * @param phase  receives f64 [ny, nx], radians; the caller destroys it
 * @param grid   receives its pixels; NULL is fine
 * @param path   of the file
 * @return ONN_ERROR_FILE, ONN_ERROR_FORMAT (by the line; also a point that is flagged as without
 *         data), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_zemax_read(onn_array **phase, onn_grid *grid, const char *path);

/** How a modulator with grey levels of 8 bits shows phases. */
typedef struct onn_slm_display {
	size_t size;   /**< sizeof(onn_slm_display) */
	unsigned turn; /**< grey level whose phase is 2 pi at the wavelength, level 0 being 0,
	                              evenly; 2 to 1024; without lut: 256 */
	const onn_array *lut; /**< lent: f64 [256], phase of each level, radians, NaN: none is
	                              known; NULL: as turn says */
	const onn_array
	    *flatness; /**< lent: real [ny, nx], radians that the panel adds of itself, which
	                              are subtracted; NULL: none */
} onn_slm_display;
/** 256 even levels of a flat panel. */
#define ONN_SLM_DISPLAY_INIT                                                                       \
	{                                                                                          \
		sizeof(onn_slm_display), 256, NULL, NULL                                           \
	}

/** What a pattern came to. */
typedef struct onn_slm_report {
	double worst; /**< the largest difference from the phase wanted, radians */
	double rms;   /**< the root of the mean square of these */
} onn_slm_report;

/**
 * Grey levels that show a plate on a modulator: of each pixel the one whose phase, with the panel's
 * own, is nearest to the plate's on the circle; of equal ones the lowest.
 *
 * @param grey     receives u8 [ny, nx], owned by the caller; as a picture: onn_image_save, 8 bits
 * @param report   receives the figures; NULL is fine
 * @param plate    as for onn_plate_phase
 * @param display  NULL: ONN_SLM_DISPLAY_INIT
 * @return ONN_ERROR_ARGUMENT (as onn_plate_phase; turn; a lut that is not f64 [256] or has no
 *         number; a flatness of another shape or that is not finite), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_slm_pattern(onn_array **grey, onn_slm_report *report, const onn_array *plate,
    const onn_slm_display *display);
/**
 * The phase that light gets from grey levels: the levels' and the panel's.
 *
 * @param phase    receives f64 [ny, nx], 0 up to 2 pi, owned by the caller
 * @param grey     u8 [ny, nx]
 * @param display  as for onn_slm_pattern
 * @return ONN_ERROR_ARGUMENT (as onn_slm_pattern; a level whose phase is not known, by its place),
 *         ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_slm_pattern_phase(
    onn_array **phase, const onn_array *grey, const onn_slm_display *display);
/**
 * Reads the phases of a modulator's levels: 256 of them in order, or measured ones, each a level
 * and a phase, between which the phase is linear; levels below the first and above the last are not
 * used.
 *
 * @param lut   receives f64 [256], radians; the caller destroys it
 * @param path  of a text, a line a level, its numbers between blanks or commas, behind # remarks;
 *              or of an array [256] or [n, 2] as onn_array_load reads it (.npy, .h5, .mat ...)
 * @return ONN_ERROR_FILE, ONN_ERROR_FORMAT (neither of these; levels that do not rise from 0 to
 *         255; a phase that is not finite), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_slm_lut_load(onn_array **lut, const char *path);

#ifdef __cplusplus
}
#endif

#endif
