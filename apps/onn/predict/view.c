#include "predict/view.h"

#include <string.h>

#include <onn/design.h>

static const char *const ink_list[] = {"auto", "light", "dark"};
static const onn_words inks = {ink_list, 3, VIEW_INK_AUTO, NULL, 0};

const onn_settings *view_settings(void)
{
	static const onn_setting row[] = {
	    {ONN_SETTING("ink", WORD, view, ink), .words = &inks},
	    {ONN_SETTING("crop", BOOL, view, crop)},
	};
	static const view standard = {VIEW_INK_AUTO, false};
	static const onn_settings table = {
	    "view", row, sizeof row / sizeof *row, sizeof standard, &standard, NULL};

	return &table;
}

/* Paper surrounds what is written on it. */
static bool is_dark_on_light(const double *x, size_t h, size_t w)
{
	double sum = 0;
	size_t count = 0;

	for (size_t i = 0; i < h; i++)
		for (size_t j = 0; j < w; j += i == 0 || i == h - 1 || w == 1 ? 1 : w - 1, count++)
			sum += x[i * w + j];
	return sum > 0.5 * (double)count;
}

/* The box of what is at least half as light as the lightest; empty: all of it. */
typedef struct box {
	size_t top, bottom, left, right; /* the latter of each pair is one behind */
} box;

static box ink_of(const double *x, size_t h, size_t w)
{
	box b = {h, 0, w, 0};
	double most = 0;

	for (size_t i = 0; i < h * w; i++)
		most = x[i] > most ? x[i] : most;
	for (size_t i = 0; i < h * w && most > 0; i++) {
		size_t y = i / w, z = i % w;
		if (x[i] < most / 2)
			continue;
		b.top = y < b.top ? y : b.top;
		b.bottom = y + 1 > b.bottom ? y + 1 : b.bottom;
		b.left = z < b.left ? z : b.left;
		b.right = z + 1 > b.right ? z + 1 : b.right;
	}
	return b.bottom ? b : (box){0, h, 0, w};
}

/* A square around the ink, a fifth of it dark on each side of the longer one, as digits are set
 * into MNIST: 20 pixels of 28. */
static onn_status crop(onn_array **cut, const onn_array *picture)
{
	size_t h = onn_array_shape(picture)[0], w = onn_array_shape(picture)[1];
	const double *x = onn_array_const_data(picture);
	box b = ink_of(x, h, w);
	size_t high = b.bottom - b.top, wide = b.right - b.left, longer = high > wide ? high : wide;
	size_t margin = (longer + 4) / 5, side = longer + 2 * margin;
	onn_status status = onn_array_create(cut, ONN_F64, 2, (size_t[]){side, side});

	if (status)
		return status;
	double *to = onn_array_data(*cut);
	for (size_t i = 0; i < high; i++)
		memcpy(to + ((side - high) / 2 + i) * side + (side - wide) / 2,
		    x + (b.top + i) * w + b.left, wide * sizeof *to);
	return ONN_OK;
}

static onn_status invert(onn_array **light, const onn_array *picture)
{
	onn_status status = onn_array_convert(light, picture, ONN_F64);

	if (status)
		return status;
	double *x = onn_array_data(*light);
	for (size_t i = 0; i < onn_array_count(*light); i++)
		x[i] = 1 - x[i];
	return ONN_OK;
}

/* *seen becomes what a step made of it, in place of what was there. */
static void replace(onn_array **seen, onn_array *made)
{
	onn_array_destroy(*seen);
	*seen = made;
}

onn_status view_picture(onn_array **seen, view_done *done, const onn_array *picture, const view *v,
    bool may_be_dark, size_t height, size_t width)
{
	size_t h = onn_array_shape(picture)[0], w = onn_array_shape(picture)[1];
	const onn_array *now = picture;
	onn_array *made;
	onn_status status = ONN_OK;

	*seen = NULL;
	*done = (view_done){.height = h, .width = w};
	done->inverted =
	    v->ink == VIEW_INK_DARK || (v->ink == VIEW_INK_AUTO && may_be_dark &&
	                                   is_dark_on_light(onn_array_const_data(picture), h, w));
	if (done->inverted && !(status = invert(&made, now)))
		replace(seen, made), now = made;
	done->cropped = v->crop;
	if (!status && done->cropped && !(status = crop(&made, now)))
		replace(seen, made), now = made;
	done->fitted = onn_array_shape(now)[0] != height || onn_array_shape(now)[1] != width;
	if (!status && done->fitted && height == width &&
	    !(status = onn_design_fit(&made, now, height)))
		replace(seen, made);
	if (status)
		replace(seen, NULL);
	return status;
}
