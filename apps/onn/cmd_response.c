/* onn response: what a saturable absorber lets through, and its derivatives. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <onn/saturable.h>

#include "command.h"
#include "plot.h"
#include "result.h"

typedef struct settings {
	onn_absorber absorber;
	number_list inputs;
	const char *plot;
	bool json;
} settings;

#define AT(member)     offsetof(settings, member)
#define ABSORBER(name) SETTING(name, onn_absorber_settings, absorber)

static const option_row rows[] = {
    {ABSORBER("medium"),
        .help = "one saturation for the whole medium, or a beam that is absorbed on its way"},
    {ABSORBER("encoding"), .help = "what the numbers are"},
    {ABSORBER("od"), .help = "optical depth on resonance for a weak beam's intensity"},
    {ABSORBER("isat"),
        .help = "saturation intensity in the input's units (squared, for an amplitude)"},
    {ABSORBER("detuning"),
        .help = "(w0 - w)/(Gamma/2), positive below resonance; the columns are then the real parts "
                "of the complex field, its slope and the probe's transmission, or the intensities"},
    {OPTION("inputs", INPUTS, inputs), .shown = "LIST|MIN:MAX:COUNT[:log]", .standard = "0:5:101",
        .help = "numbers with commas, or COUNT of them from MIN to MAX in equal steps or (:log) "
                "factors; none below 0 for intensities"},
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "also draw the figure into FILE, a name of .png, .svg or .pdf (needs gnuplot)"},
    JSON_ROW,
};

typedef struct figure {
	const settings *s;
	const onn_response *point;
} figure;

/* What hardly changes is drawn flat, as it is: on a finer axis the labels would all be alike. */
static void write_range(FILE *script, const onn_response *point, size_t count)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < count; i++) {
		low = fmin(low, fmin(point[i].exact, point[i].probe));
		high = fmax(high, fmax(point[i].exact, point[i].probe));
	}
	double least = 1e-3 * fmax(fabs(low), fabs(high)), middle = (low + high) / 2;
	if (high - low < least && isfinite(middle))
		fprintf(script, "set yrange [%.9g:%.9g]\n", middle - least / 2, middle + least / 2);
}

static void write_figure(FILE *script, const void *user)
{
	const figure *f = user;
	const settings *s = f->s;
	const char *what =
	    s->absorber.encoding == ONN_ENCODING_AMPLITUDE ? "amplitude" : "intensity";
	const char *unit = s->absorber.encoding == ONN_ENCODING_AMPLITUDE ? "√I_{sat}" : "I_{sat}";
	double scale = s->absorber.encoding == ONN_ENCODING_AMPLITUDE ? sqrt(s->absorber.isat)
	                                                              : s->absorber.isat;
	const char *style = s->inputs.count < 40 ? "linespoints" : "lines";

	char detuned[48] = "";
	if (s->absorber.detuning != 0)
		snprintf(detuned, sizeof detuned, ", detuned by %g Γ/2", s->absorber.detuning);
	fputs("$r << END\n", script);
	for (size_t i = 0; i < s->inputs.count; i++)
		fprintf(script, "%.12g %.12g %.12g %.12g\n", s->inputs.value[i] / scale,
		    f->point[i].output / scale, f->point[i].exact, f->point[i].probe);
	fprintf(script,
	    "END\n"
	    "set multiplot layout 1,2 title 'Response of a %s saturable absorber, optical depth "
	    "%g%s' font ',13'\n"
	    "set tmargin 2\nset bmargin 5.5\nset key outside bottom center horizontal samplen 3\n"
	    "set xlabel 'input %s / %s'\nset offsets 0, 0, graph 0.05, 0\n",
	    s->absorber.medium == ONN_MEDIUM_THIN ? "thin" : "thick", s->absorber.depth, detuned,
	    what, unit);
	fprintf(script,
	    "set ylabel 'output %s / %s'\nplot $r using 1:2 smooth unique with %s lt 1 notitle\n"
	    "set ylabel 'derivative of the output'\n",
	    what, unit, style);
	write_range(script, f->point, s->inputs.count);
	fprintf(script,
	    "plot $r using 1:3 smooth unique with %s lt 1 title 'exact', $r using 1:4 smooth "
	    "unique with %s lt 2 title 'probe'\n"
	    "unset multiplot\n",
	    style, style);
}

static int draw(const settings *s, const onn_response *point)
{
	figure f = {s, point};

	return plot_code(&command_response, "--plot",
	    plot_draw(&command_response, s->plot, 1100, 480, write_figure, &f));
}

static onn_absorber absorber_of(const settings *s)
{
	onn_absorber a = s->absorber;

	if (a.encoding == ONN_ENCODING_INTENSITY) {
		/* Intensities off resonance: depth a0/D and saturation D Isat with D = 1 + Delta^2,
		 * thin and thick, are all there is to it; the phase is not seen. */
		double d = 1 + a.detuning * a.detuning;
		a.depth /= d;
		a.isat *= d;
		a.detuning = 0;
	}
	return a;
}

static int check(const settings *s)
{
	int code = plot_check_path(&command_response, "--plot", s->plot, false);

	if (code)
		return code;
	if (s->absorber.encoding == ONN_ENCODING_INTENSITY)
		for (size_t i = 0; i < s->inputs.count; i++)
			if (s->inputs.value[i] < 0)
				return command_usage(&command_response,
				    "--inputs has the intensity %g; expected none below 0",
				    s->inputs.value[i]);
	return EXIT_OK;
}

static int print_json(const settings *s, const onn_response *point)
{
	result r = result_begin(&command_response);

	result_text(&r, "medium", onn_medium_name(s->absorber.medium));
	result_text(&r, "encoding", onn_encoding_name(s->absorber.encoding));
	result_real(&r, "od", s->absorber.depth, NULL);
	result_real(&r, "isat", s->absorber.isat, NULL);
	result_real(&r, "detuning", s->absorber.detuning, NULL);
	for (size_t i = 0; i < s->inputs.count; i++) {
		result_row(&r, "points");
		result_real(&r, "input", s->inputs.value[i], NULL);
		result_real(&r, "output", point[i].output, NULL);
		result_real(&r, "exact", point[i].exact, NULL);
		result_real(&r, "probe", point[i].probe, NULL);
		result_leave(&r);
	}
	return result_end(&r, EXIT_OK);
}

static void print_rows(const settings *s, const onn_response *point)
{
	printf("input,output,exact,probe\n");
	for (size_t i = 0; i < s->inputs.count; i++)
		printf("%.12g,%.12g,%.12g,%.12g\n", s->inputs.value[i], point[i].output,
		    point[i].exact, point[i].probe);
}

static int respond(const settings *s)
{
	onn_absorber absorber = absorber_of(s);
	size_t count = s->inputs.count;
	onn_response *point = calloc(count, sizeof *point);

	if (!point)
		return command_fail(&command_response, "no memory for %zu points", count);
	onn_status status = onn_absorber_response(point, &absorber, s->inputs.value, count);
	if (status) {
		free(point);
		return command_status(&command_response, status);
	}
	int code = EXIT_OK;
	if (s->json)
		code = print_json(s, point);
	else
		print_rows(s, point);
	if (!code && s->plot)
		code = draw(s, point);
	free(point);
	return code;
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;

	(void)line;
	int code = check(s);
	return code ? code : respond(s);
}

const command command_response = {
    .name = "response",
    .summary = "response of a saturable absorber, as CSV and as a figure",
    .text = "Prints what a saturable absorber makes of a list of inputs, as CSV with the "
            "columns input, output, exact (the derivative of the output) and probe (what a "
            "weak probe beam sees, which optical backpropagation takes for the "
            "derivative). All of it is computed in double precision.",
    ROWS(rows),
    .example = "onn response --od 10 --inputs 0:5:51 --plot response.svg",
    WORK(settings, run),
};
