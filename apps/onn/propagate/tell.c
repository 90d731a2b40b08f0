/* How light was propagated: a line for people, an object for programs, and measures as CSV. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/system.h>

#include "propagate.h"
#include "result.h"

/* The one line: how, why, and what the numbers in OUT are. */
void propagate_tell(const propagate_work *w, double peak)
{
	const onn_grid *in = &w->grid, *out = &w->out_grid;
	size_t count = onn_array_count(w->in) / (in->ny * in->nx);

	char devices[512];
	const onn_measure *m = &w->worst;
	const number_list *z = &w->s->distance;
	bool far = m->method == ONN_METHOD_FRAUNHOFER, pads = !far && m->method != ONN_METHOD_RS;

	fprintf(stderr, "onn propagate: ");
	const number_list *l = &w->s->wavelength;
	if (l->count > 1)
		fprintf(stderr, "%zu wavelengths from %s to %s, worst at %s: ", l->count,
		    METRES(l->value[0], 4), METRES(l->value[l->count - 1], 4),
		    METRES(w->worst_of, 4));
	if (z->count > 1)
		fprintf(stderr, "%zu distances from %s to %s, worst at %s: ", z->count,
		    METRES(z->value[0], 4), METRES(z->value[z->count - 1], 4),
		    METRES(w->worst_at, 4));
	fprintf(stderr, "%s%s (%s); ",
	    m->enough ? ""
	    : far     ? "WARNING: no far field: "
	              : "WARNING: sampled too coarsely: ",
	    onn_method_name(m->method), m->why);
	if (count > 1)
		fprintf(stderr, "%zu fields of ", count);
	fprintf(stderr, "%zu x %zu pixels", in->ny, in->nx);
	if (pads && z->count == 1 && l->count == 1)
		fprintf(stderr, " padded to %zu x %zu", in->ny + 2 * propagate_padding(w, 0),
		    in->nx + 2 * propagate_padding(w, 1));
	fprintf(stderr, "; pitch out %s x %s", METRES(out->dy, 9), METRES(out->dx, 9));
	if (out->y0 != 0 || out->x0 != 0)
		fprintf(stderr, " about %s, %s", METRES(out->y0, 9), METRES(out->x0, 9));
	fprintf(stderr, "; %s on %s", onn_type_name(onn_type_real(w->type)),
	    jobs_devices(&w->jobs, devices, sizeof devices));
	if (path_ends_in(w->to, ".png"))
		fprintf(stderr, "; white is an intensity of %.9g", peak);
	fputc('\n', stderr);
}

/* The same for programs. */
int propagate_tell_json(const propagate_work *w, double peak)
{
	const onn_measure *m = &w->worst;
	const onn_grid *in = &w->grid, *out = &w->out_grid;
	result r = result_begin(&command_propagate);
	char devices[512];
	size_t fields = onn_array_count(w->in) / (in->ny * in->nx);

	result_text(&r, "method", onn_method_name(m->method));
	result_real(&r, "error", m->error, NULL);
	result_real(&r, "tolerance", w->s->r.tolerance, NULL);
	result_bool(&r, "enough", m->enough);
	result_text(&r, "why", m->why);
	result_reals(&r, "distance", w->s->distance.value, w->s->distance.count, "m");
	result_real(&r, "worst_distance", w->worst_at, "m");
	if (w->s->wavelength.count > 1)
		result_reals(&r, "wavelength", w->s->wavelength.value, w->s->wavelength.count, "m");
	else
		result_real(&r, "wavelength", w->s->wavelength.value[0], "m");
	result_bool(&r, "incoherent", w->s->incoherent);
	result_whole(&r, "fields", fields);
	result_reals(&r, "size", (double[]){(double)in->ny, (double)in->nx}, 2, NULL);
	result_reals(&r, "padding",
	    (double[]){(double)propagate_padding(w, 0), (double)propagate_padding(w, 1)}, 2, NULL);
	result_reals(&r, "size_out", (double[]){(double)out->ny, (double)out->nx}, 2, NULL);
	result_reals(&r, "pitch", w->s->r.pitch, 2, "m");
	result_reals(&r, "pitch_out", (double[]){out->dy, out->dx}, 2, "m");
	result_reals(&r, "centre_out", (double[]){out->y0, out->x0}, 2, "m");
	result_text(&r, "precision", onn_type_name(onn_type_real(w->type)));
	result_text(&r, "device", jobs_devices(&w->jobs, devices, sizeof devices));
	if (path_ends_in(w->to, ".png"))
		result_real(&r, "white", peak, NULL);
	result_text(&r, "out", w->to);
	return result_end(&r, EXIT_OK);
}

/* ---- measures ---- */

static void put(FILE *file, double value)
{
	if (isfinite(value))
		fprintf(file, ",%.12g", value);
	else
		fputc(',', file); /* wider than the grid */
}

/* The intensity of field i of all that is kept, into one array. */
static void intensity_of(double *to, const propagate_work *w, size_t i)
{
	size_t pixels = w->out_grid.ny * w->out_grid.nx;

	if (w->seen) {
		const double *seen = onn_array_const_data(w->seen);
		memcpy(to, seen + i * pixels, pixels * sizeof *to);
		return;
	}
	const float *narrow = onn_array_const_data(w->out);
	const double *wide = onn_array_const_data(w->out);
	for (size_t k = 0; k < pixels; k++) {
		size_t at = 2 * (i * pixels + k);
		double re = w->type == ONN_C64 ? (double)narrow[at] : wide[at];
		double im = w->type == ONN_C64 ? (double)narrow[at + 1] : wide[at + 1];
		to[k] = re * re + im * im;
	}
}

static void write_row(
    FILE *file, const propagate_work *w, size_t i, size_t fields, const onn_light_measure *m)
{
	const propagate_settings *s = w->s;
	const double number[] = {m->power, m->peak, m->at[0], m->at[1], m->mean[0], m->mean[1],
	    m->width[0], m->width[1], m->fwhm[0], m->fwhm[1]};
	size_t run = w->seen ? i : i / fields;

	if (!w->seen)
		fprintf(file, "%.12g,", s->wavelength.value[run / s->distance.count]);
	fprintf(file, "%.12g", s->distance.value[run % s->distance.count]);
	if (!w->seen)
		fprintf(file, ",%zu", i % fields);
	for (size_t k = 0; k < sizeof number / sizeof *number; k++)
		put(file, number[k]);
	fputc('\n', file);
}

static void write_csv(FILE *file, const void *user)
{
	const propagate_work *w = user;
	const onn_grid *grid = &w->out_grid;
	size_t pixels = grid->ny * grid->nx;
	size_t fields = onn_array_count(w->in) / (w->grid.ny * w->grid.nx);
	size_t count = onn_array_count(w->seen ? w->seen : w->out) / pixels;
	onn_array *intensity = NULL;
	onn_light_measure m;

	fprintf(file, "%sz%s,power,peak,at_y,at_x,mean_y,mean_x,width_y,width_x,fwhm_y,fwhm_x\n",
	    w->seen ? "" : "wavelength,", w->seen ? "" : ",field");
	onn_status status =
	    onn_array_create(&intensity, ONN_F64, 2, (size_t[]){grid->ny, grid->nx});
	for (size_t i = 0; i < count && !status; i++) {
		intensity_of(onn_array_data(intensity), w, i);
		status = onn_measure_light(&m, intensity, grid);
		if (!status)
			write_row(file, w, i, fields, &m);
	}
	if (status)
		command_status(&command_propagate, status);
	onn_array_destroy(intensity);
}

int propagate_write_measures(const propagate_work *w)
{
	return path_write(&command_propagate, w->folder, "measures.csv", write_csv, w);
}

int propagate_write_csv(const propagate_work *w)
{
	if (strcmp(w->s->csv, "-") == 0) {
		write_csv(stdout, w);
		return EXIT_OK;
	}
	return path_write(&command_propagate, NULL, w->s->csv, write_csv, w);
}
