/* Pictures of any size, dark ink on white or light on black, as a network learned to see them. */
#ifndef ONN_APPS_PREDICT_VIEW_H
#define ONN_APPS_PREDICT_VIEW_H

#include <onn/array.h>
#include <onn/settings.h>

#include "command.h"

typedef enum view_ink { VIEW_INK_AUTO, VIEW_INK_LIGHT, VIEW_INK_DARK } view_ink;

/* How a picture is looked at. */
typedef struct view {
	view_ink ink; /* auto: dark where the edge of a picture is lighter than half of white */
	bool crop;    /* to the ink, with a margin */
} view;

const onn_settings *view_settings(void);

/* What was done to a picture. */
typedef struct view_done {
	bool inverted, cropped, fitted;
	size_t height, width; /* before it was fitted */
} view_done;

/*
 * A picture f64 [height, width] of fractions of white as the network takes it, [n, n] where it is
 * fitted: *seen is the caller's, NULL where the picture itself is right. The error's text is the
 * library's.
 */
onn_status view_picture(onn_array **seen, view_done *done, const onn_array *picture, const view *v,
    bool may_be_dark, size_t height, size_t width);

#endif
