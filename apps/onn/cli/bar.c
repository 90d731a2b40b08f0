#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bar.h"
#include "system.h"

enum { BAR = 24 };

const char *duration_text(char *text, size_t room, double seconds)
{
	if (seconds < 99.5)
		snprintf(text, room, "%.0f s", seconds);
	else if (seconds < 5999)
		snprintf(
		    text, room, "%.0f min %02d s", (double)(int)(seconds / 60), (int)seconds % 60);
	else
		snprintf(text, room, "%.1f h", seconds / 3600);
	return text;
}

void bar_draw(const char *before, double part, const char *after)
{
	char line[320], bar[BAR + 1];
	int full = (int)(BAR * fmin(fmax(part, 0), 1));

	memset(bar, '-', BAR);
	memset(bar, '#', (size_t)full);
	bar[BAR] = '\0';
	int n = snprintf(line, sizeof line, "%s [%s] %.0f %%%s", before, bar, 100 * part, after);
	/* A line that reaches the last column would wrap, and \r comes back to its second half
	 * only. */
	int room = system_columns() - 1;
	fprintf(stderr, "\r%.*s\033[K", n < room ? n : room, line);
	fflush(stderr);
}

void bar_clear(void)
{
	fputs("\r\033[K", stderr);
	fflush(stderr);
}
