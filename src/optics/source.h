/*
 * Fields that are tables: a profile evaluated at every pixel in double, kept in the graph by its
 * parameters.
 */
#ifndef ONN_SRC_OPTICS_SOURCE_H
#define ONN_SRC_OPTICS_SOURCE_H

#include <complex.h>
#include <math.h>

#include "optics/light.h"

enum { ONN_PROFILE_PARAMETERS = 5, ONN_MODE_MAX = 1000 /* orders of a beam's modes */ };

/* The amplitude at (y, x) for one wavelength. */
typedef double _Complex (*onn_profile)(
    const double *parameter, double wavelength, double y, double x);

/* name is part of the key: one for each profile. Unused parameters are 0. */
onn_field onn_tabulate(onn_graph *g, const char *name, onn_profile profile, const onn_grid *grid,
    const onn_light *light, const double parameter[ONN_PROFILE_PARAMETERS]);

/* exp(2 pi i turns), whole turns removed first: long double so that a path of 10^6 wavelengths
 * keeps the double's precision. */
static inline double _Complex onn_turns(long double turns)
{
	double angle = (double)((turns - rintl(turns)) * (2 * ONN_PI));
	return cos(angle) + sin(angle) * _Complex_I;
}

/* k z in turns, whole ones removed. */
static inline long double onn_axial_turns(double z, double wavelength)
{
	return fmod(z, wavelength) / (long double)wavelength;
}

/* k r in turns, whole ones of its k z removed, for r^2 = rho2 + z^2, z > 0: without the rounding
 * of a large r. */
static inline long double onn_radial_turns(double z, long double rho2, double wavelength)
{
	long double r = sqrtl(rho2 + (long double)z * z);
	return onn_axial_turns(z, wavelength) + rho2 / ((r + z) * wavelength);
}

#endif
