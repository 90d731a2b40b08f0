/*
 * The way back through pulse_rate.h: gradients of light, state and parameters from those of what
 * pulse_rate() gives. The way forward is gone again, a segment of slots at a time, with light and
 * rest behind each class kept: derivatives of G need no more.
 */

/* Working memory behind pulse_rate.h's: the gradients of rests, of each class's depth, scale and
 * weight, the rests at the start of each segment, the tape. */
#define PULSE_D_REST(i)   PULSE_AT(own + (i))
#define PULSE_D_H(j)      PULSE_AT(own + states + (j))
#define PULSE_D_SCALE(j)  PULSE_AT(own + states + p->classes + (j))
#define PULSE_D_C(j)      PULSE_AT(own + states + 2 * p->classes + (j))
#define PULSE_STARTS      (own + states + 3 * p->classes)
#define PULSE_START(s, i) PULSE_AT(PULSE_STARTS + (s)*states + (i))

/* Gradients that are sums over the slots. */
typedef struct PW_R(pulse_rate_sums) {
	real half_way[PULSE_ROOM], keep[PULSE_ROOM], two[PULSE_ROOM];
} PW_R(pulse_rate_sums);

/* Through the loss of half a cell, in which light f came; df is the gradient behind, then
 * before. */
PW void PW_R(pulse_rate_loss_back)(real *df, const real *f, const pw_pulse *p,
    const PW_R(pulse_rates) * c, PW_R(pulse_rate_sums) * d)
{
	PULSE_EACH(l)
	{
		real per = R(1.0) / (R(1.0) + f[l] * c->two[l]), y = f[l] * per;
		d->keep[l] += df[l] * y;
		d->two[l] -= df[l] * y * y * c->keep[l];
		df[l] *= c->keep[l] * per * per;
	}
}

/* Rest i at a slot's start: as the slot before left it in its tape or (first) as it is in
 * before. */
PW void PW_R(pulse_rate_start)(real *start, const pw_pulse *p, const PW_R(pulse_rates) * c,
    PULSE_MEMORY const real *before, pw_u32 i, int first)
{
	if (first)
		PULSE_EACH(l) start[l] = before PULSE_AT(i);
	else
		PULSE_EACH(l)
	start[l] = PW_R(pulse_relaxed)(
	    before PULSE_AT(2 * PW_R(pulse_rate_place)(p, i) + 1), c->half_way[l]);
}

/* Through a slot of thin cells: pulse_rate_slot_thin; as pulse_rate_slot_back. */
PW void PW_R(pulse_rate_slot_thin_back)(real *df, const real *f0, const pw_pulse *p,
    const PW_R(pulse_rates) * c, PW_R(pulse_rate_sums) * d, PULSE_MEMORY real *work,
    PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells, own = PULSE_RATE_OWN(states, 1);
	real start[PULSE_ROOM];
	PULSE_EACH(l)
	{
		df[l] *= work PULSE_BROAD(0);
		work PULSE_D_SCALE(0) -=
		    df[l] * work PULSE_BROAD(0) * R_LIB(log1p)(tape PULSE_AT(2 * (states - 1)));
	}
	for (pw_u32 i = states; i-- > 0;) {
		PW_R(pulse_rate_start)(start, p, c, before, i, first);
		PULSE_EACH(l)
		{
			const real e = c->half_way[l], left = tape PULSE_AT(2 * i + 1);
			const real x = tape PULSE_AT(2 * i), h = work PULSE_H(0);
			const real rest = PW_R(pulse_relaxed)(start[l], e);
			real dr = work PULSE_D_REST(i), du = df[l];
			const real de = -(R(1.0) - left) * dr;
			dr *= e;
			work PULSE_D_H(0) +=
			    PW_R(pulse_absorb_back)(&du, &dr, PW_R(pulse_more)(-h * left),
			        -x / (R(1.0) + x), left, rest, h, work PULSE_PER_H(0));
			df[l] = du;
			d->half_way[l] += de - (R(1.0) - start[l]) * dr;
			work PULSE_D_REST(i) = dr * e;
		}
	}
	PULSE_EACH(l)
	{
		work PULSE_D_SCALE(0) += df[l] * f0[l];
		df[l] *= work PULSE_SCALE(0);
	}
}

/*
 * Through a slot whose light came in as f0; df: gradient of the light behind, then before. before,
 * first: pulse_rate_start.
 */
PW void PW_R(pulse_rate_slot_back)(real *df, const real *f0, const pw_pulse *p,
    const PW_R(pulse_rates) * c, PW_R(pulse_rate_sums) * d, PULSE_MEMORY real *work,
    PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_RATE_OWN(states, p->classes);
	real f[PULSE_ROOM], in[PULSE_ROOM], start[PULSE_ROOM];
	if (PW_R(pulse_rate_is_thin)(f0, p, c, work)) {
		PW_R(pulse_rate_slot_thin_back)(df, f0, p, c, d, work, tape, before, first);
		return;
	}
	for (pw_u32 v = states, at = p->classes - 1; v-- > 0;
	     at = at > 0 ? at - 1 : p->classes - 1) {
		const pw_u32 i = PW_R(pulse_rate_place)(p, v), j = i - (v - at);
		if (p->lossy && at + 1 == p->classes) {
			PULSE_EACH(l) f[l] = tape PULSE_AT(2 * v);
			PW_R(pulse_rate_loss_back)(df, f, p, c, d);
		}
		/* what came into this class, and before that into the loss in front of the cell */
		PULSE_EACH(l) f[l] = v == 0 ? f0[l] : tape PULSE_AT(2 * (v == 0 ? 0 : v - 1));
		if (p->lossy && at == 0 && v > 0)
			PW_R(pulse_rate_loss)(f, p, c);
		PULSE_EACH(l) in[l] = f[l];
		if (p->lossy && at == 0)
			PW_R(pulse_rate_loss)(in, p, c);
		PW_R(pulse_rate_start)(start, p, c, before, i, first);
		PULSE_EACH(l)
		{
			const real e = c->half_way[l], left = tape PULSE_AT(2 * v + 1);
			const real out = tape PULSE_AT(2 * v), broad = work PULSE_BROAD(j);
			const real scale = work PULSE_SCALE(j);
			const real rest = PW_R(pulse_relaxed)(start[l], e);
			const real h = work PULSE_H(j);
			real dr = work PULSE_D_REST(i), du = df[l] * broad;
			const real de = -(R(1.0) - left) * dr, scaled = du * out;
			dr *= e;
			work PULSE_D_H(j) += PW_R(pulse_absorb_back)(&du, &dr,
			    PW_R(pulse_expm1)(-h * left), PW_R(pulse_expm1)(-out * scale), left,
			    rest, h, work PULSE_PER_H(j));
			work PULSE_D_SCALE(j) += du * in[l] - scaled;
			df[l] = du * scale;
			d->half_way[l] += de - (R(1.0) - start[l]) * dr;
			work PULSE_D_REST(i) = dr * e;
		}
		if (p->lossy && at == 0)
			PW_R(pulse_rate_loss_back)(df, f, p, c, d);
	}
}

/* What the record before slot n, whose rests are in work, adds. own: where gradients begin. */
PW void PW_R(pulse_rate_record_back)(const pw_pulse *p, pw_u32 n,
    PULSE_MEMORY const real *cotangent, PULSE_MEMORY real *work, pw_u32 own)
{
	const pw_u32 states = p->cells * p->classes;
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *dy = cotangent + PULSE_ROW(l) * p->cotangent_row +
		                              p->light_row + states + (pw_u64)n * p->cells;
		for (pw_u32 i = 0, j = 0; i < states; i++, j = j + 1 < p->classes ? j + 1 : 0) {
			const real dq = dy[i / p->classes];
			work PULSE_D_REST(i) -= work PULSE_WEIGHT(j) * dq;
			work PULSE_D_C(j) += (R(1.0) - work PULSE_REST(i)) * dq;
		}
	}
}

/* From the sums to the parameters. */
PW void PW_R(pulse_rate_parameters_back)(const pw_pulse *p, const PW_R(pulse_rates) * c,
    const PW_R(pulse_rate_sums) * d, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *out,
    PULSE_MEMORY const real *work, pw_u32 own)
{
	const pw_u32 states = p->cells * p->classes;
	const real piece = R(0.5) / (real)p->cells;
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *x = parameters + PULSE_ROW(l) * p->parameter_row;
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row + p->light_row + states;
		const real slot = x[PULSE_SLOT], loss = x[PULSE_LOSS], g1 = x[PULSE_G1];
		const real de = R(-0.5) * d->half_way[l] * c->half_way[l];
		const real length = PW_R(pulse_length)(loss, piece);
		real depth = R(0.0);
		if (!PULSE_IS_ROW(l))
			continue;
		for (pw_u32 j = 0; j < p->classes; j++) {
			const real s = work PULSE_SCALE(j), weight = work PULSE_WEIGHT(j);
			const real dh = work PULSE_D_H(j) / (real)p->cells;
			depth += dh * weight * s;
			to[PULSE_CLASS + p->classes + j] =
			    work PULSE_D_C(j) + dh * x[PULSE_DEPTH] * s;
			to[PULSE_CLASS + j] =
			    R(-2.0) * x[PULSE_CLASS + j] * s * s *
			    (work PULSE_D_SCALE(j) + dh * x[PULSE_DEPTH] * weight);
		}
		to[PULSE_SLOT] = de * g1 - d->two[l] * c->two[l] / slot;
		to[PULSE_DEPTH] = depth;
		to[PULSE_G1] = de * slot;
		to[PULSE_G2] = R(0.0);
		to[PULSE_LOSS] =
		    -piece * c->keep[l] * d->keep[l] +
		    d->two[l] * x[PULSE_TWO_PHOTON] / slot * PW_R(pulse_length_slope)(loss, piece);
		to[PULSE_TWO_PHOTON] = d->two[l] * length / slot;
	}
}

/* Forward through slots from ... to-1, on a tape where one is kept. */
PW void PW_R(pulse_rate_again)(const pw_pulse *p, const PW_R(pulse_rates) * c,
    PULSE_MEMORY const real *light, PULSE_MEMORY real *work, PULSE_MEMORY real *tape, pw_u32 from,
    pw_u32 to, int kept)
{
	const pw_u64 slot = 2 * (pw_u64)p->cells * p->classes;
	real f[PULSE_ROOM];
	for (pw_u32 m = from; m < to; m++) {
		PW_R(pulse_rate_load)(f, p, light, m);
		PW_R(pulse_rate_slot)
		(f, p, c, work, kept ? tape + (m - from) * slot * p->stride : tape, kept);
	}
}

/* A segment of slots, from ... to-1, back. */
PW void PW_R(pulse_rate_segment_back)(const pw_pulse *p, const PW_R(pulse_rates) * c,
    PW_R(pulse_rate_sums) * d, PULSE_MEMORY const real *light, PULSE_MEMORY const real *cotangent,
    PULSE_MEMORY real *out, PULSE_MEMORY real *work, pw_u32 from, pw_u32 to)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_RATE_OWN(states, p->classes);
	const pw_u32 segments = (p->slots + p->segment - 1) / p->segment;
	const pw_u64 slot = 2 * (pw_u64)states;
	PULSE_MEMORY real *start = work + (PULSE_STARTS + (from / p->segment) * states) * p->stride;
	PULSE_MEMORY real *tape = work + (PULSE_STARTS + (pw_u64)segments * states) * p->stride;
	real f[PULSE_ROOM], df[PULSE_ROOM];
	for (pw_u32 i = 0; i < states; i++)
		PULSE_EACH(l) work PULSE_REST(i) = start PULSE_AT(i);
	PW_R(pulse_rate_again)(p, c, light, work, tape, from, to, 1);
	for (pw_u32 m = to; m-- > from;) {
		const int first = m == from;
		PULSE_MEMORY real *now = tape + (m - from) * slot * p->stride;
		PULSE_MEMORY real *before = first ? start : now - slot * p->stride;
		PULSE_LANES(l)
		df[l] = cotangent[PULSE_ROW(l) * p->cotangent_row + m];
		PW_R(pulse_rate_load)(f, p, light, m);
		PW_R(pulse_rate_slot_back)(df, f, p, c, d, work, now, before, first);
		PULSE_LANES(l)
		{
			const pw_u64 row = PULSE_ROW(l);
			/* less than no light counts as none, whatever it is */
			const int none = light[row * p->light_row + m] < R(0.0);
			if (PULSE_IS_ROW(l))
				out[row * p->out_row + m] = none ? R(0.0) : df[l];
		}
		if (!p->record)
			continue;
		for (pw_u32 i = 0; i < states; i++) {
			PW_R(pulse_rate_start)(df, p, c, before, i, first);
			PULSE_EACH(l) work PULSE_REST(i) = df[l];
		}
		PW_R(pulse_rate_record_back)(p, m, cotangent, work, own);
	}
}

PW void PW_R(pulse_rate_adjoint)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters,
    PULSE_MEMORY const real *cotangent, PULSE_MEMORY real *out, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_RATE_OWN(states, p->classes);
	const pw_u32 segments = (p->slots + p->segment - 1) / p->segment;
	PW_R(pulse_rates) c;
	PW_R(pulse_rate_sums) d;
	PW_R(pulse_rate_begin)(&c, p, state, parameters, work);
	for (pw_u32 s = 0; s < segments; s++) {
		const pw_u32 from = s * p->segment;
		for (pw_u32 i = 0; i < states; i++)
			PULSE_EACH(l) work PULSE_START(s, i) = work PULSE_REST(i);
		/* the last is gone through with its tape */
		if (s + 1 < segments || p->record)
			PW_R(pulse_rate_again)
		(p, &c, light, work, work, from, s + 1 < segments ? from + p->segment : p->slots,
		    0);
	}
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *dy =
		    cotangent + PULSE_ROW(l) * p->cotangent_row + p->slots;
		d.half_way[l] = d.keep[l] = d.two[l] = R(0.0);
		for (pw_u32 i = 0; i < states; i++)
			work PULSE_D_REST(i) = dy[i];
		for (pw_u32 j = 0; j < p->classes; j++)
			work PULSE_D_H(j) = work PULSE_D_SCALE(j) = work PULSE_D_C(j) = R(0.0);
	}
	if (p->record)
		PW_R(pulse_rate_record_back)(p, p->slots, cotangent, work, own);
	for (pw_u32 s = segments; s-- > 0;) {
		const pw_u32 from = s * p->segment;
		PW_R(pulse_rate_segment_back)
		(p, &c, &d, light, cotangent, out, work, from,
		    s + 1 < segments ? from + p->segment : p->slots);
	}
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row + p->slots;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < states; i++)
			to[i] = work PULSE_D_REST(i);
	}
	PW_R(pulse_rate_parameters_back)(p, &c, &d, parameters, out, work, own);
}
