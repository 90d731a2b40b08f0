/*
 * Two strong beams in one medium of the rate model, for some rows: one enters in front, the other
 * behind, and each moves by a cell in a step, a slot long. In a step each cell relaxes by half,
 * absorbs both beams together, and relaxes by half. Read once for each precision.
 *
 * Of slots 0, 1, ... of either beam slot m is in cell k (counted from where it enters) at step m +
 * k.
 */

/* Working memory behind pulse_rate.h's: both beams, each slot as it is by now. */
#define PULSE_F(i)                      PULSE_AT(lights + (i))
#define PULSE_B(i)                      PULSE_AT(lights + p->slots + (i))
#define PULSE_MEET_OWN(states, classes) (PULSE_RATE_OWN(states, classes) + 2 * p->slots)
#define PULSE_STEPS                     (p->slots + p->cells - 1)

/* Whether, and which, a slot is in a cell that is `way` cells from where its beam enters. */
PW int PW_R(pulse_meet_has)(const pw_pulse *p, pw_u32 n, pw_u32 way)
{
	return n >= way && n - way < p->slots;
}

/* Light of t in all and a medium of depth a; returns by what the beams are multiplied. */
PULSE_INLINE real PW_R(pulse_share)(real t, real *a)
{
	int weak = t <= *a;
	real low = weak ? t : *a, high = weak ? *a : t, d = PW_R(pulse_exp)(low - high);
	real less = PW_R(pulse_log1p)(-d * PW_R(pulse_expm1)(-low)), more = (high - low) + less;
	*a = weak ? more : less;
	return t > PULSE_THIN ? (weak ? less : more) / (t > PULSE_THIN ? t : R(1.0)) : d;
}

/* The light of both beams in cell k at step n, before it; dark where there is none. */
PW void PW_R(pulse_meet_load)(
    real *f, real *b, const pw_pulse *p, pw_u32 n, pw_u32 k, PULSE_MEMORY const real *work)
{
	const pw_u32 lights = PULSE_RATE_OWN(p->cells * p->classes, p->classes);
	const pw_u32 back = p->cells - 1 - k;
	if (PW_R(pulse_meet_has)(p, n, k))
		PULSE_EACH(l) f[l] = work PULSE_F(n - k);
	else
		PULSE_EACH(l) f[l] = R(0.0);
	if (PW_R(pulse_meet_has)(p, n, back))
		PULSE_EACH(l) b[l] = work PULSE_B(n - back);
	else
		PULSE_EACH(l) b[l] = R(0.0);
}

PW void PW_R(pulse_meet_store)(
    const real *f, const real *b, const pw_pulse *p, pw_u32 n, pw_u32 k, PULSE_MEMORY real *work)
{
	const pw_u32 lights = PULSE_RATE_OWN(p->cells * p->classes, p->classes);
	const pw_u32 back = p->cells - 1 - k;
	if (PW_R(pulse_meet_has)(p, n, k))
		PULSE_EACH(l) work PULSE_F(n - k) = f[l];
	if (PW_R(pulse_meet_has)(p, n, back))
		PULSE_EACH(l) work PULSE_B(n - back) = b[l];
}

/* A step of all cells. tape: both beams and rest behind each class of each cell, as they come,
 * where it is kept. */
PW void PW_R(pulse_meet_step)(const pw_pulse *p, const PW_R(pulse_rates) * c, pw_u32 n,
    PULSE_MEMORY real *work, PULSE_MEMORY real *tape, int kept)
{
	const pw_u32 states = p->cells * p->classes;
	real f[PULSE_ROOM], b[PULSE_ROOM], left[PULSE_ROOM];
	for (pw_u32 v = 0, k = 0, at = 0; v < states; v++) {
		const pw_u32 i = PW_R(pulse_rate_place)(p, v), j = i - (v - at);
		if (at == 0) {
			PW_R(pulse_meet_load)(f, b, p, n, k, work);
			if (p->lossy) {
				PW_R(pulse_rate_loss)(f, p, c);
				PW_R(pulse_rate_loss)(b, p, c);
			}
		}
		PULSE_EACH(l)
		{
			const real rest = PW_R(pulse_relaxed)(work PULSE_REST(i), c->half_way[l]);
			real a = rest * work PULSE_H(j);
			const real ratio =
			    PW_R(pulse_share)((f[l] + b[l]) * work PULSE_SCALE(j), &a);
			f[l] *= ratio;
			b[l] *= ratio;
			left[l] = a * work PULSE_PER_H(j);
			work PULSE_REST(i) = PW_R(pulse_relaxed)(left[l], c->half_way[l]);
		}
		if (kept) {
			PULSE_EACH(l)
			{
				tape PULSE_AT(3 * v) = f[l];
				tape PULSE_AT(3 * v + 1) = b[l];
				tape PULSE_AT(3 * v + 2) = left[l];
			}
		}
		if (++at < p->classes)
			continue;
		if (p->lossy) {
			PW_R(pulse_rate_loss)(f, p, c);
			PW_R(pulse_rate_loss)(b, p, c);
		}
		PW_R(pulse_meet_store)(f, b, p, n, k, work);
		at = 0;
		k++;
	}
}

PW void PW_R(pulse_meet_begin)(PW_R(pulse_rates) * c, const pw_pulse *p,
    PULSE_MEMORY const real *light, PULSE_MEMORY const real *state,
    PULSE_MEMORY const real *parameters, PULSE_MEMORY real *work)
{
	const pw_u32 lights = PULSE_RATE_OWN(p->cells * p->classes, p->classes);
	PW_R(pulse_rate_begin)(c, p, state, parameters, work);
	for (pw_u32 i = 0; i < 2 * p->slots; i++)
		PULSE_LANES(l)
		{
			const real x = light[PULSE_ROW(l) * p->light_row + i];
			work PULSE_F(i) = x < R(0.0) ? R(0.0) : x;
		}
}

PW void PW_R(pulse_meet)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *out,
    PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes, lights = PULSE_RATE_OWN(states, p->classes);
	PW_R(pulse_rates) c;
	PW_R(pulse_meet_begin)(&c, p, light, state, parameters, work);
	for (pw_u32 n = 0; n < PULSE_STEPS; n++) {
		if (p->record)
			PW_R(pulse_rate_record)(p, n, out, work);
		PW_R(pulse_meet_step)(p, &c, n, work, work, 0);
	}
	if (p->record)
		PW_R(pulse_rate_record)(p, PULSE_STEPS, out, work);
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 2 * p->slots; i++)
			to[i] = work PULSE_F(i);
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < states; i++)
			to[2 * p->slots + i] = work PULSE_REST(i);
	}
}
