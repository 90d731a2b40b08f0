/* onn show: what its files share. */
#ifndef ONN_APPS_SHOW_H
#define ONN_APPS_SHOW_H

#include <onn/network.h>

#include "command.h"

/* The settings of layer i that are not the kind's standard, "distance=0.03 padding=32", cut to fit.
 * ONN_ERROR_MEMORY: not all are there. */
onn_status show_settings(char *text, size_t room, const onn_network *network, size_t i);
/* Draws the list as a strip from left to right into a file of .svg or .png; an exit status. */
int show_strip(const command *c, const onn_network *network, const char *title, const char *path);

#endif
