/*
 * A face to aim at.
 */
#include <stdint.h>

#include <onn/design.h>

#include "core/error.h"

enum { SAMPLES = 4 /* of a pixel, along each axis */ };

/* Whether a point is on the face; whole numbers, x to the right, y down, unit: half the side is h.
 * All lengths are percents of h, so that no machine rounds otherwise. */
static bool is_lit(int64_t x, int64_t y, int64_t h)
{
	const int64_t side = 100 * (x < 0 ? -x : x), down = 100 * y, h2 = h * h;
	const int64_t r2 = side * side + down * down;
	const int64_t ex = side - 16 * h, ey = down + 14 * h; /* from an eye's centre */
	const int64_t mx = side - 26 * h, my = down - 7 * h;  /* from the mouth's end */

	if (r2 >= 44 * 44 * h2 && r2 <= 50 * 50 * h2) /* the face's edge */
		return true;
	if (4 * ex * ex + ey * ey <= 11 * 11 * h2) /* eyes: twice as high as wide */
		return true;
	if (r2 >= 24 * 24 * h2 && r2 <= 30 * 30 * h2 && my >= 0) /* mouth */
		return true;
	return mx * mx + my * my <= 3 * 3 * h2; /* its round ends */
}

onn_status onn_design_smiley(onn_array **target, size_t n)
{
	*target = NULL;
	if (n == 0 || n > 32768)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "onn_design_smiley: %zu pixels; expected 1 to 32768", n);
	onn_status status = onn_array_create(target, ONN_F64, 2, (size_t[]){n, n});
	if (status)
		return status;
	double *t = onn_array_data(*target);
	const int64_t h = SAMPLES * (int64_t)n;
	for (size_t i = 0; i < n * n; i++) {
		int lit = 0;
		for (int k = 0; k < SAMPLES * SAMPLES; k++) {
			/* samples stand at odd places, the edges of the grid at -h and h */
			int64_t y = 2 * (SAMPLES * (int64_t)(i / n) + k / SAMPLES) + 1 - h;
			int64_t x = 2 * (SAMPLES * (int64_t)(i % n) + k % SAMPLES) + 1 - h;
			lit += is_lit(x, y, h);
		}
		t[i] = (double)lit / (SAMPLES * SAMPLES);
	}
	return ONN_OK;
}
