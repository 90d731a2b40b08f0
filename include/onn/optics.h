/**
 * @file
 * Light on a grid: fields, sources, and propagation through free space.
 *
 * Lengths are metres, angles radians. Fields travel as exp(i(kz - wt)). Arrays are [..., y, x], and
 * the optical axis is at index n/2 of each axis. A grid of one row (ny = 1) is a field in one
 * dimension: nothing depends on y, fy = 0, beams are sheets, points are lines. One column (nx = 1)
 * is a strip one pixel wide, which for methods by the spectrum repeats itself in x unless it is
 * padded. Builders take a field by value and return one; grids, lights, arrays and options are read
 * at once and never kept. After an error they return a field with the null node, and the graph
 * keeps status and text: ONN_ERROR_ARGUMENT for a grid, light, type, shape or number out of range,
 * ONN_ERROR_MEMORY for a table.
 *
 * @see Goodman, Introduction to Fourier Optics; Matsushima and Shimobaba, Opt. Express 17, 19662
 * (2009)
 */
#ifndef ONN_OPTICS_H
#define ONN_OPTICS_H

#include <onn/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Pixels and their pitch. Pixel (iy, ix) is at (y0 + (iy - ny/2) dy, x0 + (ix - nx/2) dx). */
typedef struct onn_grid {
	size_t ny; /**< rows */
	size_t nx; /**< columns */
	double dy; /**< pitch of rows */
	double dx; /**< pitch of columns */
	double y0; /**< where row ny/2 is; 0: on the optical axis */
	double x0; /**< where column nx/2 is; 0: on the optical axis */
} onn_grid;

/** n x n pixels over a square side; n = 0 gives a grid that every function refuses. */
ONN_API onn_grid onn_grid_square(size_t n, double side);
/** ONN_ERROR_ARGUMENT with the field that is wrong: sizes of 0, a pitch that is not positive and
 * finite, a position that is not finite, too many pixels. */
ONN_API onn_status onn_grid_check(const onn_grid *grid);
/** Rows' coordinates y as a real node [ny, 1], metres; type f32 or f64. */
ONN_API onn_node onn_grid_y(onn_graph *g, onn_type type, const onn_grid *grid);
/** Columns' coordinates x as a real node [1, nx], metres; type f32 or f64. */
ONN_API onn_node onn_grid_x(onn_graph *g, onn_type type, const onn_grid *grid);
/** y^2 + x^2 as a real node [ny, nx], square metres; type f32 or f64. */
ONN_API onn_node onn_grid_r2(onn_graph *g, onn_type type, const onn_grid *grid);

enum { ONN_MAX_WAVELENGTHS = 16 /**< the most that one light can have */ };

/** What light a field is: its precision and its wavelengths. */
typedef struct onn_light {
	onn_type type;                          /**< ONN_C64 or ONN_C128 */
	size_t nwavelengths;                    /**< 1 to ONN_MAX_WAVELENGTHS */
	double wavelength[ONN_MAX_WAVELENGTHS]; /**< in the medium; finite, > 0 */
} onn_light;

/** One wavelength. */
ONN_API onn_light onn_monochromatic(onn_type type, double wavelength);

/** A complex amplitude on a grid, part of a graph. */
typedef struct onn_field {
	/** Complex [..., y, x]; with more than one wavelength [..., wavelength, y, x]. Leading axes
	 * are a batch: images, modes. */
	onn_node e;
	onn_grid grid;   /**< where its pixels are */
	onn_light light; /**< its precision and wavelengths */
} onn_field;

/** A field of a node of your own: complex, or real, which is cast to the light's type. Checks its
 * shape; ONN_ERROR_ARGUMENT in the graph. */
ONN_API onn_field onn_field_of(
    onn_graph *g, onn_node e, const onn_grid *grid, const onn_light *light);
/** |E|^2 per wavelength, real, of e's shape. */
ONN_API onn_node onn_intensity(onn_graph *g, onn_field field);
/** Power: |E|^2 summed over pixels, times dy dx; [...] or [..., wavelength]. */
ONN_API onn_node onn_power(onn_graph *g, onn_field field);
/** Pads with zeros, or crops where pixels are negative, the same on both sides of an axis. */
ONN_API onn_field onn_field_pad(onn_graph *g, onn_field field, ptrdiff_t py, ptrdiff_t px);

/* ---- sources ----
 * All have amplitude 1 where they are strongest, unless said otherwise, and no batch axes. Tables
 * are made in double and rounded once. sampling.h tells whether the grid is fine enough for them.
 */

/** Amplitude 1, travelling at angles (ty, tx) to the axis: exp(i k (y sin ty + x sin tx)); 0, 0
 * travels along z. ONN_ERROR_ARGUMENT: sin^2 ty + sin^2 tx > 1; a tilt finer than two pixels,
 * |sin t| > lambda/(2 d) (1 - 1/(2 n)) on an axis of n, which would be another one on this grid. */
ONN_API onn_field onn_plane_wave(
    onn_graph *g, const onn_grid *grid, const onn_light *light, double ty, double tx);
/** A point source at (y, x), a distance z before the plane (z < 0: converging to a point |z|
 * behind it): exp(i k r)/r times |z|, with conjugate phase for z < 0. z is not 0. On one row a line
 * source: exp(i k r) sqrt(|z|/r), r from x and z. */
ONN_API onn_field onn_point_source(
    onn_graph *g, const onn_grid *grid, const onn_light *light, double y, double x, double z);
/** A Gaussian beam of waist radius w0 (where the amplitude is 1/e), a distance z behind its waist;
 * amplitude 1 at the waist's centre: (w0/w) exp(-r^2/w^2) exp(i[kz + k r^2/(2R) - atan(z/zR)]); on
 * one row sqrt(w0/w), and half the arc tangent. */
ONN_API onn_field onn_gaussian_beam(
    onn_graph *g, const onn_grid *grid, const onn_light *light, double w0, double z);
/** Laguerre-Gauss mode of radial order p >= 0 and azimuthal order l (phase l theta, theta from x to
 * y), z behind its waist of radius w0; orders to 1000. Its power is 1 (W, with |E|^2 in W/m^2). Not
 * on a grid of one row. */
ONN_API onn_field onn_laguerre_gauss(
    onn_graph *g, const onn_grid *grid, const onn_light *light, int p, int l, double w0, double z);
/** Hermite-Gauss mode of orders m (y) and n (x), z behind its waist of radius w0; orders to 1000.
 * Its power is 1; on one row (m = 0) the integral over x is. */
ONN_API onn_field onn_hermite_gauss(
    onn_graph *g, const onn_grid *grid, const onn_light *light, int m, int n, double w0, double z);
/** An array as a field: complex, or real as amplitude; of a field's shape, or [ny, nx], which then
 * shines in every wavelength. */
ONN_API onn_field onn_field_from_array(
    onn_graph *g, const onn_array *a, const onn_grid *grid, const onn_light *light);
/** A real array as phase, amplitude 1. */
ONN_API onn_field onn_field_from_phase(
    onn_graph *g, const onn_array *phase, const onn_grid *grid, const onn_light *light);

/* ---- propagation ---- */

/** How light is propagated. */
typedef enum onn_method {
	ONN_METHOD_AUTO,         /**< chosen by the sampling rules; see onn_propagation_choose */
	ONN_METHOD_ASM,          /**< angular spectrum, exact for the sampled, padded field */
	ONN_METHOD_BAND_LIMITED, /**< the same within the band that H is sampled in */
	ONN_METHOD_FRESNEL,      /**< paraxial transfer function */
	ONN_METHOD_FRAUNHOFER, /**< far field; output pitch lambda |z|/(n d), centred on the axis */
	ONN_METHOD_RS,         /**< Rayleigh-Sommerfeld, first kind, as a linear convolution */
	ONN_METHOD_SCALED      /**< angular spectrum to a pitch and window of your own by chirp-z */
} onn_method;
/** The words of onn_method, in its order. */
#define ONN_METHOD_WORDS "auto", "asm", "band-limited", "fresnel", "fraunhofer", "rs", "scaled"

/** What becomes of components that do not travel, 1/lambda^2 < fx^2 + fy^2. */
typedef enum onn_evanescent {
	ONN_EVANESCENT_DECAY, /**< exp(-2 pi z sqrt(|.|)); z >= 0 only */
	ONN_EVANESCENT_DROP,  /**< H = 0 */
	ONN_EVANESCENT_PASS   /**< H = 1 */
} onn_evanescent;
/** The words of onn_evanescent, in its order. */
#define ONN_EVANESCENT_WORDS "decay", "drop", "pass"

/** "auto", "asm", "band-limited", "fresnel", "fraunhofer", "rs", "scaled"; "?" for what is none. */
ONN_API const char *onn_method_name(onn_method method);
/** "decay", "drop", "pass"; "?" for what is none. */
ONN_API const char *onn_evanescent_name(onn_evanescent policy);
/** The method of that name; false and untouched if there is none. */
ONN_API bool onn_method_from_name(onn_method *method, const char *name);
/** The policy of that name; false and untouched if there is none. */
ONN_API bool onn_evanescent_from_name(onn_evanescent *policy, const char *name);

/** Half the size on each side, rounded down: twice an even size in all; none at a size of 1. */
#define ONN_PAD_HALF (-1)

/** How to propagate. Methods ignore what is not theirs. */
typedef struct onn_propagation {
	size_t size;               /**< sizeof(onn_propagation) */
	onn_method method;         /**< auto chooses */
	onn_evanescent evanescent; /**< asm, band-limited, scaled */
	/** Zeros on each side, pixels (y, x), for methods that convolve circularly: asm,
	 * band-limited, fresnel, scaled. RS always has what a linear convolution needs; a grid of
	 * one row gets none in y. */
	ptrdiff_t pad[2];
	/** Scaled: the grid of the result; all zeros: the input's. The spectrum is that of the
	 * padded field, which repeats: a window beyond the padded grid's edges shows the next
	 * period. */
	onn_grid to;
	/**
	 * Null, or a real 0-d f64 node that stands for the distance; and one for the wavelength
	 * (0-d, or [wavelength, 1, 1]): H is then computed in the graph in double, with
	 * derivatives. asm, band-limited (whose band stays that of the numbers given), fresnel.
	 *
	 * The axial phase is expanded about the numbers given, z and the light's wavelengths: it is
	 * as exact as a table's where the nodes equal them, and loses 1e-16 of the turns they
	 * differ by. Where evanescent waves decay the distance has to stay >= 0. The device needs
	 * f64.
	 */
	onn_node distance;
	onn_node wavelength; /**< as distance */
} onn_propagation;

/** Method auto, evanescent waves decay, padded to twice the size. */
#define ONN_PROPAGATION_INIT                                                                       \
	{                                                                                          \
		sizeof(onn_propagation), ONN_METHOD_AUTO, ONN_EVANESCENT_DECAY,                    \
		    {ONN_PAD_HALF, ONN_PAD_HALF}, {0, 0, 0, 0, 0, 0}, {0},                         \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

/**
 * The field a distance z further on; z < 0 goes back (and is what undoes a propagation: its
 * adjoint, where |H| = 1).
 *
 * The transfer function is made in double, its phase reduced by whole turns before it is rounded,
 * and kept once in a graph for equal parameters (docs/physics.md).
 *
 * @param g            graph
 * @param field        the light at z = 0
 * @param z            distance, metres; finite
 * @param propagation  NULL: ONN_PROPAGATION_INIT
 * @return field on the same grid (Fraunhofer: pitch lambda |z|/(n d), one wavelength; scaled:
 * `to`). The graph's error is ONN_ERROR_ARGUMENT: what was given and what was expected: a distance
 * that is not finite, z < 0 with decay, z = 0 for fraunhofer and rs, a wavelength node where the
 * method has none; or ONN_ERROR_MEMORY: the transfer function on the padded grid
 */
ONN_API onn_field onn_propagate(
    onn_graph *g, onn_field field, double z, const onn_propagation *propagation);

/** How well a method samples a propagation, whatever the light. */
typedef struct onn_sampling {
	onn_method method; /**< auto: the one that was chosen */
	/** false: light that fills the grid and its frequencies comes out wrong, as `why` says; a
	 * smooth beam far from the edges may still come out right */
	bool enough;
	char why[320]; /**< one sentence with the numbers compared, no line end */
	/** the worst case: the largest error of an amplitude, over the light's own largest, that
	 * light of the grid's finest frequencies can have along both axes, even across; infinite
	 * where it is not known: methods other than asm and rs, grids that H or the kernel is not
	 * sampled on, pixels of half a wavelength or less */
	double error;
} onn_sampling;

/**
 * The sampling rules, for the most demanding of the wavelengths: which method auto takes and why,
 * or whether the method named samples enough. They know nothing of the light; where it is known,
 * onn_propagation_measure (sampling.h) tells how much of it is wrong, and what would do better.
 *
 * auto: asm while its H is well sampled on the padded grid, z <= n d^2 sqrt(1/lambda^2 -
 * 1/(4 d^2)) on both axes; then rs where its kernel is sampled (from there on where the sides of
 * the grid are alike); else band-limited while its band holds half or more of the grid's own
 * frequencies, the smaller of 1/(2d) and 1/lambda; else fresnel where rs would be sampled, but
 * needs more memory than there is or distance or wavelength are nodes, as `why` says; else
 * band-limited, which is not enough but drops what it cannot sample (more padding helps); never
 * fraunhofer or scaled, which change the grid. An axis without padding repeats itself, which asm
 * has exactly at any distance: rs, which would set it in the dark, is then not taken. On pixels of
 * half a wavelength or less asm is taken to z = 3 d and rs from there on, both within 1.2 % of the
 * peak (docs/physics.md).
 *
 * `enough` of a named method: asm, band-limited: as above. fresnel: z <= n d^2/lambda, and the
 * phase of the grid's finest directions within .1 rad of its paraxial part. rs:
 * sqrt(x^2 + z^2) >= 2 d x/lambda at the largest offset x, and z >= d. scaled: as asm, and the
 * window inside the padded grid. fraunhofer: z >= D^2/lambda, D the side of the grid.
 *
 * @param sampling     receives the answer
 * @param grid         of the field
 * @param light        of the field
 * @param z            distance, metres
 * @param propagation  NULL: ONN_PROPAGATION_INIT
 * @return ONN_ERROR_ARGUMENT as onn_propagate
 */
ONN_API onn_status onn_propagation_choose(onn_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double z, const onn_propagation *propagation);

/**
 * A method's transfer function on its padded grid, c128, frequency 0 first: what onn_propagate
 * multiplies with, for those who want to look at it or use it elsewhere. asm, band-limited,
 * fresnel.
 *
 * @param h            receives [wavelength, padded ny, padded nx], owned by the caller
 * @param grid         of the field
 * @param light        of the field
 * @param z            distance, metres
 * @param propagation  NULL: ONN_PROPAGATION_INIT
 * @return ONN_ERROR_ARGUMENT as onn_propagate, or a method that has none; ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_transfer_function(onn_array **h, const onn_grid *grid,
    const onn_light *light, double z, const onn_propagation *propagation);

#ifdef __cplusplus
}
#endif

#endif
