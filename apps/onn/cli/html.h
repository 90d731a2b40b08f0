/*
 * A page of HTML that needs no other file: its frame, and what goes into it.
 */
#ifndef ONN_APPS_HTML_H
#define ONN_APPS_HTML_H

#include <stdio.h>

#include "command.h"

/* Refuses a name that does not end in .html, and a folder that is not there; NULL is fine. An exit
 * status, the error printed. */
int html_check_path(const command *c, const char *path);

/* The page from its first byte to its heading, and its end. */
void html_begin(FILE *file, const char *title, const char *heading);
void html_end(FILE *file);
/* Text in which no letter is markup. */
void html_text(FILE *file, const char *text);
/* <td>text</td>, or of a number with the printf format; "-" of none. */
void html_cell(FILE *file, const char *text);
void html_number(FILE *file, double value, const char *format, double scale);
/* What an open file on disk holds, from its start, in place: a figure of plot_into in SVG, a
 * picture in PNG. caption: NULL: none. */
void html_svg(FILE *file, FILE *svg);
void html_png(FILE *file, FILE *png, const char *name, const char *caption);

#endif
