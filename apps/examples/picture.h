/* Pictures of light: a map from brightness to colour, a PNG, and the numbers for onn plot. */
#ifndef ONN_PICTURE_H
#define ONN_PICTURE_H

#include "example.h"

#include <math.h>

/*
 * Black, violet, red, orange, pale yellow: lightness rises evenly with t in [0, 1], so that no edge
 * shows where there is none. A path through the colour space Oklab (B. Ottosson, 2020), to sRGB.
 */
static inline void colour_of(double t, double rgb[3])
{
	t = fmin(1, fmax(0, t));
	double angle = -1.35 + 3.1 * t, chroma = 0.6 * t * (1 - t) + 0.035 * t;
	double light = 0.05 + 0.93 * t, a = chroma * cos(angle), b = chroma * sin(angle);
	double l = pow(light + 0.3963377774 * a + 0.2158037573 * b, 3);
	double m = pow(light - 0.1055613458 * a - 0.0638541728 * b, 3);
	double s = pow(light - 0.0894841775 * a - 1.2914855480 * b, 3);
	rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
	rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
	rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
	for (int i = 0; i < 3; i++) {
		double x = fmin(1, fmax(0, rgb[i]));
		rgb[i] = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055;
	}
}

/* Writes value [ny, nx], 0 for dark and 1 for bright, as the file `name`.png in a folder, and as
 * `name`.npy, of which onn plot makes a picture with axes. */
static inline void save_picture(
    const char *folder, const char *name, size_t ny, size_t nx, const double *value)
{
	char path[4096];
	size_t shape[] = {ny, nx, 3};
	onn_array *a = NULL;
	must(onn_array_create(&a, ONN_F64, 3, shape));
	double *rgb = onn_array_data(a);
	for (size_t i = 0; i < ny * nx; i++)
		colour_of(value[i], rgb + 3 * i);
	snprintf(path, sizeof path, "%s/%s.png", folder, name);
	must(onn_image_save(a, path, 8));
	onn_array_destroy(a);
	printf("%s is drawn\n", path);
	must(onn_array_from(&a, ONN_F64, 2, shape, value));
	double *drawn = onn_array_data(a);
	for (size_t i = 0; i < ny * nx; i++)
		drawn[i] = fmin(1, fmax(0, drawn[i]));
	snprintf(path, sizeof path, "%s/%s.npy", folder, name);
	must(onn_array_save(a, path));
	onn_array_destroy(a);
}

#endif
