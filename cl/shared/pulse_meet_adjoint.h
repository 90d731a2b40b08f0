/*
 * The way back through pulse_meet.h, as pulse_rate_adjoint.h goes through one beam; a segment is of
 * steps.
 */

/* Working memory behind pulse_meet.h's: pulse_rate_adjoint.h's gradients; those of both beams;
 * rests and beams at the start of each segment; the tape. own is PULSE_MEET_OWN. */
#define PULSE_D_F(i)      PULSE_AT(own + states + 3 * p->classes + (i))
#define PULSE_D_B(i)      PULSE_AT(own + states + 3 * p->classes + p->slots + (i))
#define PULSE_MEET_STARTS (own + states + 3 * p->classes + 2 * p->slots)
/* The rests come first, and the beams of a copy stand where PULSE_F() finds them. */
#define PULSE_MEET_START (PULSE_RATE_OWN(states, p->classes) + 2 * p->slots)

/* The light of both beams that came to cell k at step n: as it is in before (first), or as the step
 * before left it in its tape; new light is that of the row. */
PW void PW_R(pulse_meet_came)(real *f, real *b, const pw_pulse *p, const PW_R(pulse_rates) * c,
    pw_u32 n, pw_u32 k, PULSE_MEMORY const real *light, PULSE_MEMORY const real *before, int first)
{
	const pw_u32 back = p->cells - 1 - k, last = p->classes - 1;
	if (first) {
		PW_R(pulse_meet_load)(f, b, p, n, k, before);
		return;
	}
	PULSE_EACH(l) f[l] = b[l] = R(0.0);
	if (PW_R(pulse_meet_has)(p, n, k)) {
		if (k == 0) {
			PW_R(pulse_rate_load)(f, p, light, n);
		} else {
			PULSE_EACH(l) f[l] = before PULSE_AT(3 * ((k - 1) * p->classes + last));
			if (p->lossy)
				PW_R(pulse_rate_loss)(f, p, c);
		}
	}
	if (PW_R(pulse_meet_has)(p, n, back)) {
		if (back == 0) {
			PW_R(pulse_rate_load)(b, p, light, p->slots + n);
		} else {
			PULSE_EACH(l) b[l] = before PULSE_AT(3 * ((k + 1) * p->classes + last) + 1);
			if (p->lossy)
				PW_R(pulse_rate_loss)(b, p, c);
		}
	}
}

/* Back through class j of a step, state i, at place v, into which light (f, b) came and at whose
 * start the rest was `start`. */
PW void PW_R(pulse_meet_class_back)(real *df, real *db, const real *f, const real *b,
    const real *start, const pw_pulse *p, const PW_R(pulse_rates) * c, PW_R(pulse_rate_sums) * d,
    pw_u32 v, pw_u32 i, pw_u32 j, PULSE_MEMORY real *work, PULSE_MEMORY const real *tape)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_MEET_OWN(states, p->classes);
	PULSE_EACH(l)
	{
		const real e = c->half_way[l], left = tape PULSE_AT(3 * v + 2);
		const real out = tape PULSE_AT(3 * v) + tape PULSE_AT(3 * v + 1);
		const real scale = work PULSE_SCALE(j), h = work PULSE_H(j), sum = f[l] + b[l];
		const real rest = PW_R(pulse_relaxed)(start[l], e), t = sum * scale;
		const int dark = t <= PULSE_THIN;
		const real per = R(1.0) / (dark ? R(1.0) : t);
		const real ratio = dark ? PW_R(pulse_exp)(-h * left) : out * scale * per;
		/* of t' = G(t, a), and of t by way of the ratio t'/t */
		const real through = dark ? R(0.0) : (df[l] * f[l] + db[l] * b[l]) * per;
		real dr = work PULSE_D_REST(i), du = through;
		const real de = -(R(1.0) - left) * dr;
		dr *= e;
		work PULSE_D_H(j) += PW_R(pulse_absorb_back)(&du, &dr, PW_R(pulse_expm1)(-h * left),
		    PW_R(pulse_expm1)(-out * scale), left, rest, h, work PULSE_PER_H(j));
		du -= through * ratio;
		work PULSE_D_SCALE(j) += du * sum;
		df[l] = df[l] * ratio + du * scale;
		db[l] = db[l] * ratio + du * scale;
		d->half_way[l] += de - (R(1.0) - start[l]) * dr;
		work PULSE_D_REST(i) = dr * e;
	}
}

/* Rest i at a step's start. */
PW void PW_R(pulse_meet_start)(real *start, const pw_pulse *p, const PW_R(pulse_rates) * c,
    PULSE_MEMORY const real *before, pw_u32 i, int first)
{
	if (first)
		PULSE_EACH(l) start[l] = before PULSE_AT(i);
	else
		PULSE_EACH(l)
	start[l] = PW_R(pulse_relaxed)(
	    before PULSE_AT(3 * PW_R(pulse_rate_place)(p, i) + 2), c->half_way[l]);
}

/* Back through cell k of step n. */
PW void PW_R(pulse_meet_cell_back)(const pw_pulse *p, const PW_R(pulse_rates) * c,
    PW_R(pulse_rate_sums) * d, pw_u32 n, pw_u32 k, PULSE_MEMORY const real *light,
    PULSE_MEMORY real *work, PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before,
    int first)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_MEET_OWN(states, p->classes);
	const pw_u32 back = p->cells - 1 - k, last = k * p->classes + p->classes - 1;
	const int has_f = PW_R(pulse_meet_has)(p, n, k), has_b = PW_R(pulse_meet_has)(p, n, back);
	real f[PULSE_ROOM], b[PULSE_ROOM], df[PULSE_ROOM], db[PULSE_ROOM], start[PULSE_ROOM];
	PULSE_EACH(l)
	{
		df[l] = has_f ? work PULSE_D_F(has_f ? n - k : 0) : R(0.0);
		db[l] = has_b ? work PULSE_D_B(has_b ? n - back : 0) : R(0.0);
		f[l] = tape PULSE_AT(3 * last);
		b[l] = tape PULSE_AT(3 * last + 1);
	}
	if (p->lossy) {
		PW_R(pulse_rate_loss_back)(df, f, p, c, d);
		PW_R(pulse_rate_loss_back)(db, b, p, c, d);
	}
	for (pw_u32 at = p->classes; at-- > 0;) {
		const pw_u32 v = k * p->classes + at, i = PW_R(pulse_rate_place)(p, v);
		if (at > 0) {
			PULSE_EACH(l)
			{
				f[l] = tape PULSE_AT(3 * (v - 1));
				b[l] = tape PULSE_AT(3 * (v - 1) + 1);
			}
		} else {
			PW_R(pulse_meet_came)(f, b, p, c, n, k, light, before, first);
			if (p->lossy) {
				PW_R(pulse_rate_loss)(f, p, c);
				PW_R(pulse_rate_loss)(b, p, c);
			}
		}
		PW_R(pulse_meet_start)(start, p, c, before, i, first);
		PW_R(pulse_meet_class_back)
		(df, db, f, b, start, p, c, d, v, i, i - k * p->classes, work, tape);
	}
	if (p->lossy) {
		PW_R(pulse_meet_came)(f, b, p, c, n, k, light, before, first);
		PW_R(pulse_rate_loss_back)(df, f, p, c, d);
		PW_R(pulse_rate_loss_back)(db, b, p, c, d);
	}
	if (has_f)
		PULSE_EACH(l) work PULSE_D_F(n - k) = df[l];
	if (has_b)
		PULSE_EACH(l) work PULSE_D_B(n - back) = db[l];
}

/* A segment of steps, from ... to-1, back. */
PW void PW_R(pulse_meet_segment_back)(const pw_pulse *p, const PW_R(pulse_rates) * c,
    PW_R(pulse_rate_sums) * d, PULSE_MEMORY const real *light, PULSE_MEMORY const real *cotangent,
    PULSE_MEMORY real *work, pw_u32 from, pw_u32 to)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_MEET_OWN(states, p->classes);
	const pw_u32 segments = (PULSE_STEPS + p->segment - 1) / p->segment;
	const pw_u64 step = 3 * (pw_u64)states, starts = PULSE_MEET_STARTS;
	PULSE_MEMORY real *start =
	    work + (starts + (pw_u64)(from / p->segment) * PULSE_MEET_START) * p->stride;
	PULSE_MEMORY real *tape = work + (starts + (pw_u64)segments * PULSE_MEET_START) * p->stride;
	real rest[PULSE_ROOM];
	for (pw_u32 i = 0; i < PULSE_MEET_START; i++)
		PULSE_EACH(l) work PULSE_AT(i) = start PULSE_AT(i);
	for (pw_u32 n = from; n < to; n++)
		PW_R(pulse_meet_step)(p, c, n, work, tape + (n - from) * step * p->stride, 1);
	for (pw_u32 n = to; n-- > from;) {
		const int first = n == from;
		PULSE_MEMORY real *now = tape + (n - from) * step * p->stride;
		PULSE_MEMORY real *before = first ? start : now - step * p->stride;
		for (pw_u32 k = 0; k < p->cells; k++)
			PW_R(pulse_meet_cell_back)
		(p, c, d, n, k, light, work, now, before, first);
		if (!p->record)
			continue;
		for (pw_u32 i = 0; i < states; i++) {
			PW_R(pulse_meet_start)(rest, p, c, before, i, first);
			PULSE_EACH(l) work PULSE_REST(i) = rest[l];
		}
		PW_R(pulse_rate_record_back)(p, n, cotangent, work, own);
	}
}

PW void PW_R(pulse_meet_adjoint)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters,
    PULSE_MEMORY const real *cotangent, PULSE_MEMORY real *out, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_MEET_OWN(states, p->classes);
	const pw_u32 segments = (PULSE_STEPS + p->segment - 1) / p->segment;
	const pw_u64 starts = PULSE_MEET_STARTS;
	PW_R(pulse_rates) c;
	PW_R(pulse_rate_sums) d;
	PW_R(pulse_meet_begin)(&c, p, light, state, parameters, work);
	for (pw_u32 s = 0; s < segments; s++) {
		const pw_u32 end = s + 1 < segments ? (s + 1) * p->segment : PULSE_STEPS;
		for (pw_u32 i = 0; i < PULSE_MEET_START; i++)
			PULSE_EACH(l)
		work PULSE_AT(starts + (pw_u64)s * PULSE_MEET_START + i) = work PULSE_AT(i);
		for (pw_u32 n = s * p->segment; n < end && (s + 1 < segments || p->record); n++)
			PW_R(pulse_meet_step)(p, &c, n, work, work, 0);
	}
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *dy = cotangent + PULSE_ROW(l) * p->cotangent_row;
		d.half_way[l] = d.keep[l] = d.two[l] = R(0.0);
		for (pw_u32 i = 0; i < 2 * p->slots; i++)
			work PULSE_D_F(i) = dy[i];
		for (pw_u32 i = 0; i < states; i++)
			work PULSE_D_REST(i) = dy[2 * p->slots + i];
		for (pw_u32 j = 0; j < 3 * p->classes; j++)
			work PULSE_D_H(j) = R(0.0);
	}
	if (p->record)
		PW_R(pulse_rate_record_back)(p, PULSE_STEPS, cotangent, work, own);
	for (pw_u32 s = segments; s-- > 0;)
		PW_R(pulse_meet_segment_back)
	(p, &c, &d, light, cotangent, work, s * p->segment,
	    s + 1 < segments ? (s + 1) * p->segment : PULSE_STEPS);
	PULSE_LANES(l)
	{
		const pw_u64 row = PULSE_ROW(l);
		PULSE_MEMORY real *to = out + row * p->out_row;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 2 * p->slots; i++)
			to[i] = light[row * p->light_row + i] < R(0.0) ? R(0.0) : work PULSE_D_F(i);
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < states; i++)
			to[2 * p->slots + i] = work PULSE_D_REST(i);
	}
	PW_R(pulse_rate_parameters_back)(p, &c, &d, parameters, out, work, own);
}
