#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bar.h"
#include "plot.h"
#include "system.h"

int plot_check_path(const command *c, const char *option, const char *path, bool film)
{
	if (!path)
		return EXIT_OK;
	if (!path_ends_in(path, ".png") && !path_ends_in(path, ".svg") &&
	    !path_ends_in(path, ".pdf") && !(film && plot_is_film(path)))
		return command_usage(
		    c, "%s is '%s'; expected a name that ends in .png, .svg or .pdf", option, path);
	return path_check_folder(c, path);
}

plot_unit plot_unit_of(double largest, const char *unit)
{
	static const plot_unit metres[] = {{1e-9, "nm"}, {1e-6, "µm"}, {1e-3, "mm"}, {1, "m"}},
	                       seconds[] = {{1e-15, "fs"}, {1e-12, "ps"}, {1e-9, "ns"},
	                           {1e-6, "µs"}, {1e-3, "ms"}, {1, "s"}},
	                       angles[] = {{1e-6, "µrad"}, {1e-3, "mrad"}, {1, "rad"}};
	static const struct {
		const plot_unit *row;
		size_t count;
	} all[] = {{metres, 4}, {seconds, 6}, {angles, 3}};

	for (size_t k = 0; unit && k < sizeof all / sizeof *all; k++) {
		size_t i = 0, last = all[k].count - 1;
		if (strcmp(all[k].row[last].text, unit) != 0)
			continue;
		while (i < last && largest >= all[k].row[i + 1].factor)
			i++;
		return all[k].row[i];
	}
	return (plot_unit){1, unit ? unit : ""};
}

bool plot_is_film(const char *path) { return path && path_ends_in(path, ".gif"); }

static void prologue(FILE *script, const char *path, int width, int height)
{
	if (path_ends_in(path, ".svg"))
		fprintf(script,
		    "set terminal svg size %d,%d dynamic font 'sans-serif,14' background "
		    "'#ffffff'\n",
		    width, height);
	else if (plot_is_film(path)) /* 12 frames a second */
		fprintf(script,
		    "set terminal gif animate delay 8 loop 0 size %d,%d font 'sans,11'\n", width,
		    height);
	else if (path_ends_in(path, ".pdf")) /* 100 pixels an inch */
		fprintf(script, "set terminal pdfcairo size %.2fin,%.2fin font 'sans,10'\n",
		    width / 100., height / 100.);
	else
		fprintf(script, "set terminal pngcairo size %d,%d font 'sans,11'\n", width, height);
	/* Colours that colour-blind readers tell apart (Okabe and Ito). */
	fputs("set encoding utf8\n"
	      "set linetype 1 lc rgb '#0072b2' lw 2 pt 7 ps 0.6\n"
	      "set linetype 2 lc rgb '#d55e00' lw 2 pt 5 ps 0.6 dt 2\n"
	      "set linetype 3 lc rgb '#009e73' lw 2 pt 9 ps 0.6\n"
	      "set linetype 4 lc rgb '#cc79a7' lw 2 pt 13 ps 0.6\n"
	      "set linetype 5 lc rgb '#e69f00' lw 2 pt 11 ps 0.6\n"
	      "set linetype 6 lc rgb '#56b4e9' lw 2 pt 6 ps 0.6\n"
	      "set linetype 7 lc rgb '#000000' lw 2 pt 4 ps 0.6\n"
	      "set linetype cycle 7\n"
	      "set border 3\nset tics nomirror\nset grid back lc rgb '#cccccc' lw 1 dt 1\n",
	    script);
}

void plot_quote(FILE *script, const char *text, size_t most)
{
	fputc('\'', script);
	for (; *text && most > 0; text++, most--) {
		if (*text == '\'')
			fputc('\'', script);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, script);
	}
	fputc('\'', script);
}

void plot_log_axis(FILE *script, double low, double high)
{
	double from = 0.8 * low, to = 1.25 * high;

	fprintf(script, "set logscale y\nset format y '%%g'\nset yrange [%.9g:%.9g]\n", from, to);
	if (to > 1000 * from)
		return;
	/* gnuplot labels decades, of which there may be one or none */
	const char *before = "set ytics (";
	for (int decade = (int)floor(log10(from)); decade <= (int)floor(log10(to)); decade++)
		for (int i = 0; i < 3; i++) {
			double at = (double[]){1, 2, 5}[i] * pow(10, decade);
			if (at < from || at > to)
				continue;
			fprintf(script, "%s%.9g", before, at);
			before = ", ";
		}
	fputs(")\n", script);
}

void plot_give_up(FILE *script, const char *why) { fprintf(script, "exit error '%s'\n", why); }

/* ---- how far it is ---- */

/* gnuplot says it among its errors. */
#define FRAME_DONE "onn: a frame is drawn\n"

typedef struct film {
	const char *path;
	size_t frames, done; /* in all, drawn */
	bool bar, drawn;     /* on a terminal; there is a bar */
	double begin;
	long read; /* bytes of the errors */
	FILE *errors;
} film;

void plot_frame(FILE *script) { fputs("print 'onn: a frame is drawn'\n", script); }

static film film_begin(const command *c, const char *path, size_t frames, bool quiet)
{
	film f = {.path = path, .frames = frames, .begin = system_clock()};

	f.bar = frames > 1 && !quiet && system_is_terminal(stderr);
	if (frames > 1 && !quiet && !f.bar)
		fprintf(stderr, "onn %s: drawing %s, %zu frames\n", c->name, path, frames);
	return f;
}

static void film_look(void *user)
{
	film *f = user;
	char before[160], after[64] = "", time[24], text[sizeof FRAME_DONE];
	const size_t length = sizeof FRAME_DONE - 1;
	double passed = system_clock() - f->begin;

	/* one that is half there, or another's words, are looked at later, or never */
	while (system_read_at(text, length, f->errors, f->read) == length &&
	       !memcmp(text, FRAME_DONE, length)) {
		f->read += (long)length;
		f->done++;
	}
	if (!f->bar || passed < 0.3)
		return;
	double part = (double)f->done / (double)f->frames;
	snprintf(before, sizeof before, "%s: frame %zu/%zu", f->path, f->done, f->frames);
	if (f->done > 0)
		snprintf(after, sizeof after, ", %s left",
		    duration_text(time, sizeof time, passed * (1 / part - 1)));
	bar_draw(before, part, after);
	f->drawn = true;
}

static void film_end(const film *f)
{
	if (f->drawn)
		bar_clear();
}

static void show(FILE *errors)
{
	char text[512];

	rewind(errors);
	while (fgets(text, sizeof text, errors))
		if (strcmp(text, FRAME_DONE) != 0)
			fputs(text, stderr);
}

/* gnuplot does not notice a full disk: whether the figure has its end. */
static bool is_whole(const char *path, FILE *drawn)
{
	static const char png[] = "IEND\xae\x42\x60\x82", svg[] = "</svg>";
	char tail[64] = "";
	if (fseek(drawn, -(long)(sizeof tail - 1), SEEK_END))
		rewind(drawn); /* it is shorter */
	size_t n = fread(tail, 1, sizeof tail - 1, drawn);
	if (path_ends_in(path, ".svg"))
		return strstr(tail, svg) != NULL;
	if (path_ends_in(path, ".pdf"))
		return strstr(tail, "%%EOF") != NULL;
	if (plot_is_film(path))
		return n > 0 && tail[n - 1] == ';';
	return n >= sizeof png - 1 && !memcmp(tail + n - (sizeof png - 1), png, sizeof png - 1);
}

static plot_result give_up(const command *c, const char *path, int code, FILE *errors)
{
	int reason = errno;

	if (code == -2 && reason == ENOENT)
		return PLOT_NO_GNUPLOT;
	if (code == -2)
		command_fail(c, "cannot start gnuplot: %s", strerror(reason));
	else if (code == 0)
		command_fail(
		    c, "cannot write %s: gnuplot left a part of it; is the disk full?", path);
	else {
		show(errors);
		command_fail(c, "gnuplot failed with status %d; %s is not drawn", code, path);
	}
	return PLOT_FAILED;
}

/*
 * gnuplot writes to its standard output, so that no name of a file has to be quoted for it, and
 * into a file without a name: where we are killed it goes on, and a named one would be left. Its
 * warnings, of ranges without extent, are shown only where it failed.
 */
static plot_result run_gnuplot(
    const command *c, FILE *drawn, const char *name, FILE *script, FILE *errors, film *f)
{
	/* -d: without the user's own settings. By its name the script is read in blocks; without
	 * one each byte is a call of the system, and a film has millions. */
	static const char *const argv[] = {"gnuplot", "-d", "/dev/stdin", NULL};

	void (*meanwhile)(void *user) = f->bar ? film_look : NULL;
	f->errors = errors;
	int code = system_run(argv, script, drawn, errors, meanwhile, f);
	/* the signal may have come before it was out of our group */
	if (code == -1 && system_stop_asked())
		code = system_run(argv, script, drawn, errors, meanwhile, f);
	film_end(f);
	return code != 0 || !is_whole(name, drawn) ? give_up(c, name, code, errors) : PLOT_DRAWN;
}

static plot_result draw(const command *c, FILE *drawn, const char *name, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user, film *f)
{
	plot_result result = PLOT_FAILED;
	FILE *script = tmpfile(), *errors = tmpfile();

	if (script && errors) {
		prologue(script, name, width, height);
		write(script, user);
	}
	if (!script || !errors || fflush(script) || ferror(script))
		command_fail(c, "cannot draw %s: %s", name, strerror(errno));
	else
		result = run_gnuplot(c, drawn, name, script, errors, f);
	if (script)
		fclose(script);
	if (errors)
		fclose(errors);
	return result;
}

plot_result plot_into(const command *c, FILE *drawn, const char *name, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user)
{
	film none = {.path = name};

	return draw(c, drawn, name, width, height, write, user, &none);
}

plot_result plot_draw(const command *c, const char *path, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user)
{
	return plot_draw_film(c, path, width, height, write, user, 1, true);
}

plot_result plot_draw_film(const command *c, const char *path, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user, size_t frames, bool quiet)
{
	FILE *drawn = tmpfile();

	if (!drawn) {
		command_fail(c, "cannot draw %s: %s", path, strerror(errno));
		return PLOT_FAILED;
	}
	film f = film_begin(c, path, frames, quiet);
	plot_result result = draw(c, drawn, path, width, height, write, user, &f);
	if (result == PLOT_DRAWN && path_copy(c, path, drawn) != EXIT_OK)
		result = PLOT_FAILED;
	fclose(drawn);
	return result;
}

int plot_code(const command *c, const char *what, plot_result result)
{
	if (result == PLOT_NO_GNUPLOT)
		return command_fail(
		    c, "%s needs gnuplot, which is not installed (Debian: gnuplot-nox)", what);
	return result == PLOT_DRAWN ? EXIT_OK : EXIT_FAILED;
}
