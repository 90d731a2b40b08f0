/*
 * A network as a strip of boxes, from the image on the left to the classes on the right. Light is a
 * broad band between boxes, numbers an arrow; what repeats stands once, with how often.
 */
#include <stdio.h>
#include <string.h>

#include "plot.h"
#include "show.h"

/* pixels */
enum { BOX = 104, HEIGHT = 120, GAP = 56, MARGIN = 28, HEAD = 54, FOOT = 40, ROW = HEIGHT + 92 };
enum { MOST_COLUMNS = 9, MOST_PERIOD = 6 };

/* Layers that stand in the picture: each of a run of repeats once. */
typedef struct shown {
	size_t layer;
	size_t first;  /* of a group: its first place */
	size_t repeat; /* of its group; 1: none */
	bool last;     /* of its group */
} shown;

typedef struct strip {
	const onn_network *network;
	const char *title;
	shown place[ONN_NETWORK_MAX_LAYERS];
	size_t count;
} strip;

static bool same(const onn_network *n, size_t a, size_t b)
{
	char x[512], y[512];

	return !strcmp(onn_network_kind(n, a), onn_network_kind(n, b)) &&
	       !show_settings(x, sizeof x, n, a) && !show_settings(y, sizeof y, n, b) &&
	       !strcmp(x, y);
}

/* How often the `period` layers from i on stand one behind the other. */
static size_t repeats(const onn_network *n, size_t i, size_t period)
{
	size_t count = 1;

	for (;; count++)
		for (size_t k = 0; k < period; k++) {
			size_t at = i + count * period + k;
			if (at >= onn_network_layers(n) || !same(n, i + k, at))
				return count;
		}
}

static void find_places(strip *s)
{
	for (size_t i = 0; i < onn_network_layers(s->network);) {
		size_t period = 1, most = 1, first = s->count;
		for (size_t p = 1; p <= MOST_PERIOD; p++) {
			size_t times = repeats(s->network, i, p);
			if (times > 1 && times * p > most * period) {
				period = p;
				most = times;
			}
		}
		for (size_t k = 0; k < period; k++)
			s->place[s->count++] = (shown){i + k, first, most, k + 1 == period};
		i += most * period;
	}
}

static size_t columns(const strip *s) { return s->count < MOST_COLUMNS ? s->count : MOST_COLUMNS; }
static size_t rows(const strip *s) { return (s->count + MOST_COLUMNS - 1) / MOST_COLUMNS; }

static size_t left_of(size_t place) { return MARGIN + GAP + place % MOST_COLUMNS * (BOX + GAP); }

/* gnuplot counts from below. */
static size_t bottom_of(const strip *s, size_t place)
{
	return FOOT + (rows(s) - 1 - place / MOST_COLUMNS) * ROW;
}

/* Text without what gnuplot's enhanced mode would take for markup. */
static void write_text(FILE *script, const char *text, size_t length)
{
	for (size_t i = 0; i < length && text[i]; i++) {
		if (strchr("\\\"'", text[i]))
			fputc(' ', script);
		else
			fputc(text[i], script);
	}
}

static void write_label(
    FILE *script, const char *text, size_t x, size_t y, const char *place, const char *style)
{
	fputs("set label \"", script);
	write_text(script, text, strlen(text));
	fprintf(script, "\" at %zu,%zu %s noenhanced %s front\n", x, y, place, style);
}

static const char *colour_of(const onn_signal *in, const onn_signal *out)
{
	return in->light && out->light   ? "#d7ecfa"
	       : in->light || out->light ? "#d9f2e6"
	                                 : "#fdeacb";
}

/* A band for light, an arrow for numbers, with what flows beneath. */
static void write_flow(FILE *script, const onn_signal *s, size_t x, size_t y)
{
	char text[64];
	size_t middle = y + HEIGHT / 2;

	if (s->light)
		fprintf(script,
		    "set object rectangle from %zu,%zu to %zu,%zu fs solid 0.35 noborder fc rgb "
		    "'#56b4e9' back\n",
		    x, middle - 26, x + GAP, middle + 26);
	else
		fprintf(script,
		    "set arrow from %zu,%zu to %zu,%zu lc rgb '#555555' lw 1.5 size 7,25 filled\n",
		    x + 6, middle, x + GAP - 6, middle);
	if (s->light)
		snprintf(text, sizeof text, "%zu x %zu", s->grid.ny, s->grid.nx);
	else
		onn_signal_text(text, sizeof text, s);
	write_label(
	    script, text, x + GAP / 2, middle - 38, "center", "font ',8' textcolor rgb '#555555'");
}

/* The settings below a box's name, a line each, as many as there is room for. */
static void write_settings(FILE *script, const onn_network *n, size_t i, size_t x, size_t y)
{
	enum { LINES = 4, CHARACTERS = 17 };
	char text[512], line[CHARACTERS + 1];
	const char *p = text;

	if (show_settings(text, sizeof text, n, i))
		plot_give_up(script, "no memory");
	for (size_t k = 0; k < LINES && *p; k++) {
		size_t length = strcspn(p, " ");
		int room = (int)(length > CHARACTERS ? CHARACTERS - 2 : length);
		snprintf(line, sizeof line, "%.*s%s", room, p, length > CHARACTERS ? ".." : "");
		write_label(script, line, x + BOX / 2, y + HEIGHT - 48 - 17 * k, "center",
		    "font ',8' textcolor rgb '#333333'");
		p += length + (p[length] == ' ');
	}
}

static void write_box(FILE *script, const strip *s, size_t place)
{
	const onn_network *n = s->network;
	size_t i = s->place[place].layer, x = left_of(place), y = bottom_of(s, place);
	onn_signal in, out;

	if (onn_network_signal(&in, n, i) || onn_network_signal(&out, n, i + 1)) {
		plot_give_up(script, "the layers do not fit");
		return;
	}
	write_flow(script, &in, x - GAP, y);
	if (place + 1 == s->count)
		write_flow(script, &out, x + BOX, y);
	fprintf(script,
	    "set object rectangle from %zu,%zu to %zu,%zu fs solid 1 border lc rgb '#444444' fc "
	    "rgb '%s' front\n",
	    x, y, x + BOX, y + HEIGHT, colour_of(&in, &out));
	write_label(script, onn_network_kind(n, i), x + BOX / 2, y + HEIGHT - 20, "center",
	    "font ',12' textcolor rgb '#000000'");
	write_settings(script, n, i, x, y);
}

/* A bracket over what repeats, broken where its row ends. */
static void write_repeat(FILE *script, const strip *s, size_t place)
{
	const shown *p = &s->place[place];
	char text[32];

	if (p->repeat < 2 || !p->last)
		return;
	size_t y = bottom_of(s, place) + HEIGHT + 10, right = left_of(place) + BOX;
	bool broken = p->first / MOST_COLUMNS != place / MOST_COLUMNS;
	size_t left = left_of(broken ? place - place % MOST_COLUMNS : p->first);
	fprintf(script,
	    "set arrow from %zu,%zu to %zu,%zu nohead lc rgb '#444444'\n"
	    "set arrow from %zu,%zu to %zu,%zu nohead lc rgb '#444444'\n"
	    "set arrow from %zu,%zu to %zu,%zu nohead lc rgb '#444444'\n",
	    left, y, right, y, left, y, left, y - 6, right, y, right, y - 6);
	snprintf(text, sizeof text, "× %zu", p->repeat);
	write_label(script, text, (left + right) / 2, y + 11, "center", "font ',11'");
}

static size_t width_of(const strip *s) { return 2 * MARGIN + GAP + columns(s) * (BOX + GAP); }

static size_t height_of(const strip *s) { return FOOT + rows(s) * ROW + HEAD - 40; }

static void write_strip(FILE *script, const void *user)
{
	const strip *s = user;

	fprintf(script,
	    "unset key\nunset tics\nunset border\nunset grid\nset lmargin 0\nset rmargin 0\nset "
	    "tmargin 0\nset bmargin 0\nset xrange [0:%zu]\nset yrange [0:%zu]\n",
	    width_of(s), height_of(s));
	write_label(script, s->title, MARGIN, height_of(s) - 18, "left", "font ',12'");
	for (size_t i = 0; i < s->count; i++) {
		write_box(script, s, i);
		write_repeat(script, s, i);
	}
	fputs("plot -1 lc rgb '#ffffff'\n", script);
}

int show_strip(const command *c, const onn_network *network, const char *title, const char *path)
{
	strip s = {.network = network, .title = title};

	find_places(&s);
	return plot_code(c, "--plot",
	    plot_draw(c, path, (int)width_of(&s), (int)height_of(&s), write_strip, &s));
}
