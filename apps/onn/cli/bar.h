/* A bar of progress on a terminal, and how long things take in words. */
#ifndef ONN_APPS_BAR_H
#define ONN_APPS_BAR_H

#include <stddef.h>

/* "12 s", "3 min 05 s", "2.4 h", cut to fit; returns text. */
const char *duration_text(char *text, size_t room, double seconds);

/* On the current line of standard error, in place of what stood there: "before [###---] 50 %after",
 * cut to the terminal's width. */
void bar_draw(const char *before, double part, const char *after);
void bar_clear(void);

#endif
