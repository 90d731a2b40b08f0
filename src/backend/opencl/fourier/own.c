/*
 * Fourier transforms by kernels of our own (cl/fourier/fourier.cl): a pass over memory for each
 * factor of the length, in Stockham's order. Factors 8, 5, 4, 3 and 2 are butterflies and other
 * primes are summed up directly; lengths with a prime too large for that go Bluestein's way. What
 * is zero is not read, and what nobody wants is not written.
 */
#include <complex.h>
#include <stdlib.h>

#include "backend/opencl/fourier/fourier.h"
#include "backend/opencl/thresholds.h"
#include "core/dft.h"
#include "core/memory.h"

size_t onn_cl_next_factor(size_t n)
{
	if (n % 2 == 0)
		return n % 8 == 0 && n != 16 ? 8 : n % 4 == 0 ? 4 : 2;
	for (size_t p = 3; p * p <= n; p += 2)
		if (n % p == 0)
			return p;
	return n;
}

/* Points of Bluestein's convolution; 0: n has small factors only. */
static size_t chirp_length(size_t n)
{
	size_t m = 1;

	for (size_t rest = n; rest > 1; rest /= onn_cl_next_factor(rest))
		if (onn_cl_next_factor(rest) > ONN_CL_LARGEST_RADIX) {
			while (m < 2 * n)
				m *= 2;
			return m;
		}
	return 0;
}

bool onn_cl_own_chirps(size_t n) { return chirp_length(n) > 0; }

size_t onn_cl_own_room(const onn_cl_lines *l)
{
	size_t m = chirp_length(l->n), n = l->n == 1 ? 0 : l->n;

	return l->outer * (m ? m : n) * l->inner;
}

/* ---- tables ---- */

static void fill_roots(double _Complex *x, size_t n)
{
	for (size_t k = 0; k < n; k++)
		x[k] = onn_root_of_unity(k, n);
}

/* n elements of exp(-pi i k^2 / n), then the transform over m of what undoes it, divided by m. */
static onn_status fill_chirp(double _Complex *x, size_t n, size_t m)
{
	double _Complex *kernel = x + n, *work;
	onn_dft *dft;
	onn_status status = onn_dft_create(&dft, m);

	if (status)
		return status;
	work = malloc(onn_dft_work(dft) * sizeof *work);
	onn_chirp(x, kernel, n, m);
	if (work)
		onn_dft_run(dft, kernel, 1, false, work);
	else
		status = onn_error_memory("onn_plan_create", onn_dft_work(dft) * sizeof *work);
	free(work);
	onn_dft_destroy(dft);
	return status;
}

static onn_status make_table(onn_cl_executable *e, onn_cl_table *t)
{
	const size_t count = t->n + t->m, bytes = count * onn_type_size(t->type);
	double _Complex *x = malloc(count * sizeof *x);
	float _Complex *single = (void *)x;
	onn_status status = ONN_OK;
	cl_int code = 0;

	if (!x)
		return onn_error_memory("onn_plan_create", count * sizeof *x);
	if (t->m > 0)
		status = fill_chirp(x, t->n, t->m);
	else
		fill_roots(x, t->n);
	for (size_t k = 0; k < count && t->type == ONN_C64; k++) {
		double _Complex z = x[k];
		single[k] = t->m > 0 && k < t->n ? onn_round_to_unit(z) : (float _Complex)z;
	}
	if (!status)
		status = onn_cl_check_size(e->device, "onn_plan_create: a table of", bytes);
	if (!status) {
		t->memory = clCreateBuffer(
		    e->device->context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, bytes, x, &code);
		if (!t->memory)
			status = onn_cl_error("onn_plan_create", "clCreateBuffer", code);
	}
	free(x);
	return status;
}

/* Equal tables are made once. */
onn_status onn_cl_fft_table(
    uint32_t *number, onn_cl_executable *e, onn_type type, size_t n, size_t m)
{
	onn_cl_table table = {n, m, type, NULL};
	onn_status status;

	for (*number = 0; *number < e->tables; ++*number) {
		const onn_cl_table *t = &e->table[*number];
		if (t->n == n && t->m == m && t->type == type)
			return ONN_OK;
	}
	if (!onn_grow(&e->table, &e->table_room, e->tables + 1, sizeof *e->table))
		return onn_error_memory("onn_plan_create", (e->tables + 1) * sizeof *e->table);
	status = make_table(e, &table);
	if (!status)
		e->table[e->tables++] = table;
	return status;
}

/* ---- passes ---- */

/* The arguments that all passes share, and the data is in the other half from now on. */
static void pass_lines(onn_cl_work *w, const onn_cl_lines *l, uint32_t table, size_t total)
{
	onn_cl_executable *e = w->e;

	onn_cl_pass_scratch(e, w->elements * onn_type_size(w->type), onn_type_size(w->type), w->at);
	w->at = w->half - w->at;
	onn_cl_pass_ulong(e, w->at);
	onn_cl_pass_table(e, table);
	onn_cl_fft_pass(w, l->n);
	onn_cl_fft_pass(w, l->inner);
	onn_cl_fft_pass(w, l->in_from);
	onn_cl_fft_pass(w, l->in_count);
	onn_cl_fft_pass(w, l->out_from);
	onn_cl_fft_pass(w, l->out_count);
	onn_cl_pass_int(e, l->inverse);
	onn_cl_fft_pass(w, total);
	onn_cl_moves(e, (double)(l->outer * l->inner * (l->in_count + l->out_count)) *
	                    (double)onn_type_size(w->type));
}

/* The pass for the next factor, after those that made lines of `below` points. */
static void add_pass(
    onn_cl_work *w, const onn_cl_lines *l, size_t below, size_t radix, uint32_t table)
{
	const bool direct = radix > 5 && radix != 8;
	const size_t items = direct ? l->out_count : l->n / radix;
	onn_text text = ONN_TEXT_INIT;

	onn_cl_fft_begin(&text, w, direct ? "DIRECT" : "BUTTERFLY");
	if (!direct)
		onn_text_add(&text, "#define RADIX %zu\n", radix);
	onn_cl_fft_end(&text, w, l->outer * items * l->inner);
	pass_lines(w, l, table, l->outer * items * l->inner);
	onn_cl_fft_pass(w, below);
	if (direct)
		onn_cl_fft_pass(w, radix);
}

static onn_status add_passes(onn_cl_work *w, const onn_cl_lines *l)
{
	onn_cl_lines pass = *l;
	uint32_t table;
	onn_status status = onn_cl_fft_table(&table, w->e, w->type, l->n, 0);

	if (status)
		return status;
	for (size_t below = 1, rest = l->n; rest > 1;) {
		const size_t radix = onn_cl_next_factor(rest);
		rest /= radix;
		pass.out_from = rest == 1 ? l->out_from : 0;
		pass.out_count = rest == 1 ? l->out_count : l->n;
		add_pass(w, &pass, below, radix, table);
		pass.in_from = 0;
		pass.in_count = l->n;
		below *= radix;
	}
	return ONN_OK;
}

static void add_chirp(onn_cl_work *w, const onn_cl_lines *l, size_t m, int part, uint32_t table)
{
	const size_t total = l->outer * (part == 2 ? l->out_count : m) * l->inner;
	onn_text text = ONN_TEXT_INIT;

	onn_cl_fft_begin(&text, w, "CHIRP");
	onn_cl_fft_end(&text, w, total);
	pass_lines(w, l, table, total);
	onn_cl_fft_pass(w, m);
	onn_cl_pass_int(w->e, part);
}

static onn_status add_bluestein(onn_cl_work *w, const onn_cl_lines *l, size_t m)
{
	onn_cl_lines inner = {l->outer, m, l->inner, 0, m, 0, m, false};
	uint32_t table;
	onn_status status = onn_cl_fft_table(&table, w->e, w->type, l->n, m);

	if (status)
		return status;
	add_chirp(w, l, m, 0, table);
	status = add_passes(w, &inner);
	if (status)
		return status;
	add_chirp(w, l, m, 1, table);
	inner.inverse = true;
	status = add_passes(w, &inner);
	if (!status)
		add_chirp(w, l, m, 2, table);
	return status;
}

onn_status onn_cl_own_add(onn_cl_work *w, const onn_cl_lines *l)
{
	const size_t m = chirp_length(l->n);

	return m ? add_bluestein(w, l, m) : add_passes(w, l);
}
