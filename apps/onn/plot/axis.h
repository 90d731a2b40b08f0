/*
 * Axes as a person gives them: "z:0:40mm", a name and what the first and the last pixel are at.
 */
#ifndef ONN_APPS_AXIS_H
#define ONN_APPS_AXIS_H

#include "plot/picture.h"

enum { AXIS_TEXT = 96 };

/* An axis of `count` pixels; its name stays within text, which is cut up. An exit status, the
 * reason printed. option: "--x-axis". */
int axis_read(
    const command *c, picture_axis *axis, const char *option, char text[AXIS_TEXT], size_t count);

#endif
