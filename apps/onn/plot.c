#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "system.h"

bool plot_path_fits(const char *path) { return path_ends_in(path, ".svg") || path_ends_in(path, ".png"); }

static void prologue(FILE *script, const char *path, int width, int height)
{
	if (path_ends_in(path, ".svg"))
		fprintf(script,
		    "set terminal svg size %d,%d dynamic font 'sans-serif,14' background '#ffffff'\n",
		    width, height);
	else
		fprintf(script, "set terminal pngcairo size %d,%d font 'sans,11'\n", width, height);
	/* Colours that colour-blind readers tell apart (Okabe and Ito). */
	fputs("set encoding utf8\n"
	      "set linetype 1 lc rgb '#0072b2' lw 2 pt 7 ps 0.6\n"
	      "set linetype 2 lc rgb '#d55e00' lw 2 pt 5 ps 0.6 dt 2\n"
	      "set linetype 3 lc rgb '#009e73' lw 2 pt 9 ps 0.6\n"
	      "set border 3\nset tics nomirror\nset grid back lc rgb '#dddddd' lw 1 dt 1\n",
	    script);
}

/* gnuplot writes to its standard output, so that no name of a file has to be quoted for it. */
plot_result plot_draw(const command *c, const char *path, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user)
{
	/* -d: without the user's own settings. */
	static const char *const argv[] = {"gnuplot", "-d", NULL};
	plot_result result = PLOT_FAILED;
	size_t room = strlen(path) + sizeof ".part";
	char *part = malloc(room);
	FILE *script = tmpfile();

	if (!part || !script) {
		command_fail(c, "cannot draw %s: %s", path, strerror(errno));
		goto done;
	}
	snprintf(part, room, "%s.part", path);
	prologue(script, path, width, height);
	write(script, user);
	if (fflush(script) || ferror(script) || fseek(script, 0, SEEK_SET)) {
		command_fail(c, "cannot draw %s: %s", path, strerror(errno));
		goto done;
	}
	/* The child reports a failure to open its output as ENOENT or EACCES, just as it reports a
	 * missing program: so the output is opened here first. */
	FILE *probe = fopen(part, "wb");
	if (!probe) {
		command_fail(c, "cannot write %s: %s", path, strerror(errno));
		goto done;
	}
	fclose(probe);
	int code = system_run(argv, script, part);
	if (code == -2 && errno == ENOENT)
		result = PLOT_NO_GNUPLOT;
	else if (code == -2)
		command_fail(c, "cannot start gnuplot: %s", strerror(errno));
	else if (code != 0)
		command_fail(c, "gnuplot failed with status %d; %s is not drawn", code, path);
	else if (rename(part, path))
		command_fail(c, "cannot write %s: %s", path, strerror(errno));
	else
		result = PLOT_DRAWN;
	if (result != PLOT_DRAWN)
		remove(part);
done:
	if (script)
		fclose(script);
	free(part);
	return result;
}
