/*
 * A pulse through a medium in the rate model, for some rows: half a relaxation of each cell, its
 * absorption, half a relaxation, slot by slot; loss half before and half behind each cell. Read
 * once for each precision.
 *
 * A cell's classes of atoms absorb one behind the other, in every other cell from the last to the
 * first: what their order does then cancels, and the error is of second order in cells. One that is
 * detuned by D has the weight c of all atoms, 1 + D^2 times the saturation fluence and as many
 * times less depth.
 */

/* What a row's parameters come to, a number for each lane. */
typedef struct PW_R(pulse_rates) {
	real half_way[PULSE_ROOM];              /* exp(-slot/(2 T1)) */
	real keep[PULSE_ROOM], two[PULSE_ROOM]; /* of half a cell: pulse_dimmed */
	int thin;                               /* cells are: pulse_rate_slot_thin */
} PW_R(pulse_rates);

/* Working memory, in numbers a lane: what is left of each cell and class, then of each class how
 * much light it takes for it and back, its depth in a cell, and back. */
#define PULSE_REST(i)                   PULSE_AT(i)
#define PULSE_SCALE(j)                  PULSE_AT(states + (j))
#define PULSE_BROAD(j)                  PULSE_AT(states + p->classes + (j))
#define PULSE_H(j)                      PULSE_AT(states + 2 * p->classes + (j))
#define PULSE_PER_H(j)                  PULSE_AT(states + 3 * p->classes + (j))
#define PULSE_WEIGHT(j)                 PULSE_AT(states + 4 * p->classes + (j))
#define PULSE_RATE_OWN(states, classes) ((states) + 5 * (classes))

/* The number among the states of what comes at this place of all classes of all cells; and the
 * place of a number. */
PW pw_u32 PW_R(pulse_rate_place)(const pw_pulse *p, pw_u32 i)
{
	const pw_u32 k = i / p->classes, j = i - k * p->classes;
	return k % 2 == 0 ? i : k * p->classes + p->classes - 1 - j;
}

/* What parameters x come to for a lane: whether cells are thin. */
PW int PW_R(pulse_rate_of)(PW_R(pulse_rates) * c, const pw_pulse *p, PULSE_MEMORY const real *x,
    PULSE_MEMORY real *work, pw_u32 l)
{
	const pw_u32 states = p->cells * p->classes;
	const real piece = R(0.5) / (real)p->cells;
	const real slot = x[PULSE_SLOT], loss = x[PULSE_LOSS];
	int thin = !p->lossy && p->classes == 1;
	c->half_way[l] = R_LIB(exp)(R(-0.5) * slot * x[PULSE_G1]);
	c->keep[l] = R_LIB(exp)(-loss * piece);
	c->two[l] = x[PULSE_TWO_PHOTON] / slot * PW_R(pulse_length)(loss, piece);
	for (pw_u32 j = 0; j < p->classes; j++) {
		const real off = x[PULSE_CLASS + j], broad = R(1.0) + off * off;
		const real weight = x[PULSE_CLASS + p->classes + j];
		const real h = x[PULSE_DEPTH] * weight / (broad * (real)p->cells);
		/* without depth the limit of a thin one */
		const real depth = h < PULSE_THIN ? PULSE_THIN : h;
		thin = thin && depth <= R(0.3465);
		work PULSE_SCALE(j) = R(1.0) / broad;
		work PULSE_BROAD(j) = broad;
		work PULSE_H(j) = depth;
		work PULSE_PER_H(j) = R(1.0) / depth;
		work PULSE_WEIGHT(j) = weight;
	}
	return thin;
}

PW real PW_R(pulse_of_lane)(PULSE_MEMORY const real *work, const pw_pulse *p, pw_u32 i, pw_u32 l)
{
	(void)p;
	return work PULSE_AT(i);
}

PW void PW_R(pulse_rate_begin)(PW_R(pulse_rates) * c, const pw_pulse *p,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes;
	c->thin = 1;
	PULSE_LANES(l)
	{
		if (l > 0 && p->parameter_row == 0) { /* all rows have the same */
			c->half_way[l] = c->half_way[0];
			c->keep[l] = c->keep[0];
			c->two[l] = c->two[0];
			for (pw_u32 i = states; i < PULSE_RATE_OWN(states, p->classes); i++)
				work PULSE_AT(i) = PW_R(pulse_of_lane)(work, p, i, 0);
		} else {
			const int thin = PW_R(pulse_rate_of)(
			    c, p, parameters + PULSE_ROW(l) * p->parameter_row, work, l);
			c->thin = c->thin && thin;
		}
		for (pw_u32 i = 0; i < states; i++)
			work PULSE_REST(i) = state[PULSE_ROW(l) * p->state_row + i];
	}
}

/* Number `at` of each row. Less light than none is none. */
PW void PW_R(pulse_rate_load)(real *f, const pw_pulse *p, PULSE_MEMORY const real *light, pw_u32 at)
{
	PULSE_LANES(l)
	{
		const real x = light[PULSE_ROW(l) * p->light_row + at];
		f[l] = x < R(0.0) ? R(0.0) : x;
	}
}

PW void PW_R(pulse_rate_loss)(real *f, const pw_pulse *p, const PW_R(pulse_rates) * c)
{
	PULSE_EACH(l) f[l] = PW_R(pulse_dimmed)(f[l], c->keep[l], c->two[l]);
}

/*
 * A slot's light through all cells where these are thin, of one class, and without loss. With x of
 * the light e^u - 1 and d of a cell's depth e^a - 1 there is no function in G: behind they are
 * x/(1+d) and d/(1+x). So the light stays in x from cell to cell, and a' = ln(1 + d/(1+x)) =
 * 2 artanh d/(2 + 2x + d). tape: x in place of light.
 */
PW void PW_R(pulse_rate_slot_thin)(real *f, const pw_pulse *p, const PW_R(pulse_rates) * c,
    PULSE_MEMORY real *work, PULSE_MEMORY real *tape, int kept)
{
	const pw_u32 states = p->cells;
	real left[PULSE_ROOM], x[PULSE_ROOM];
	PULSE_EACH(l) x[l] = PW_R(pulse_expm1)(f[l] * work PULSE_SCALE(0));
	for (pw_u32 i = 0; i < states; i++) {
		PULSE_EACH(l)
		{
			const real rest = PW_R(pulse_relaxed)(work PULSE_REST(i), c->half_way[l]);
			const real d = PW_R(pulse_more)(rest * work PULSE_H(0)), by = R(1.0) + d;
			const real sum = R(2.0) + d + R(2.0) * x[l], per = R(1.0) / (by * sum);
			left[l] = PW_R(pulse_artanh2)(d * (by * per)) * work PULSE_PER_H(0);
			x[l] *= sum * per;
			work PULSE_REST(i) = PW_R(pulse_relaxed)(left[l], c->half_way[l]);
		}
		if (kept) {
			PULSE_EACH(l)
			{
				tape PULSE_AT(2 * i) = x[l];
				tape PULSE_AT(2 * i + 1) = left[l];
			}
		}
	}
	PULSE_EACH(l) f[l] = R_LIB(log1p)(x[l]) * work PULSE_BROAD(0);
}

/* Whether that holds for light of this slot: e^u must not be too large. */
PW int PW_R(pulse_rate_is_thin)(
    const real *f, const pw_pulse *p, const PW_R(pulse_rates) * c, PULSE_MEMORY const real *work)
{
	const pw_u32 states = p->cells;
	real most = R(0.0);
	if (!c->thin)
		return 0;
	PULSE_UNITS(unit)
	{
		PULSE_IN_UNIT_MAX(l, unit, most)
		{
			const real u = f[l] * work PULSE_SCALE(0);
			most = u > most ? u : most;
		}
	}
	return most <= R(40.0);
}

/*
 * Where slots of thin cells are not looked into, their state stays in d = e^a - 1 from slot to slot
 * and has no logarithm: a slot later d is (1 + d)^e e^(h - e h) - 1, e = exp(-slot/T1), whose
 * binomial series has few terms.
 */
#undef PULSE_POWERS
#define PULSE_POWERS 12
typedef struct PW_R(pulse_powers) {
	real of[PULSE_POWERS + 1][PULSE_ROOM]; /* coefficients of d^n */
	pw_u32 most; /* n at most: 6, 9 or all, or 0 where nothing relaxes */
} PW_R(pulse_powers);

PW real PW_R(pulse_highest)(const pw_pulse *p, const real *x)
{
	real most = R(0.0);
	PULSE_UNITS(unit) { PULSE_IN_UNIT_MAX(l, unit, most) most = x[l] > most ? x[l] : most; }
	return most;
}

/* The coefficients. Returns whether they are enough: the next would leave less than d's
 * last digit, if no state is more than 1. */
PW int PW_R(pulse_rate_powers)(PW_R(pulse_powers) * c, const pw_pulse *p,
    const PW_R(pulse_rates) * r, PULSE_MEMORY const real *work)
{
	const pw_u32 states = p->cells;
	const real enough = ONN_BITS == 32 ? R(6e-8) : R(2e-16);
	real falls[PULSE_ROOM], rest[PULSE_ROOM];
	real after_6[PULSE_ROOM], after_9[PULSE_ROOM], after_all[PULSE_ROOM];
	if (!r->thin || p->record)
		return 0;
	PULSE_EACH(l)
	{
		const real e = r->half_way[l] * r->half_way[l], h = work PULSE_H(0);
		const real d = PW_R(pulse_more)(h), d3 = d * d * d, d6 = d3 * d3;
		const real gain = PW_R(pulse_expm1)(h - e * h);
		real factor = R(1.0) + gain;
		c->of[0][l] = gain;
		for (int n = 0; n < PULSE_POWERS; n++) {
			factor *= (e - (real)n) / (real)(n + 1);
			c->of[n + 1][l] = factor;
		}
		factor *= (e - (real)PULSE_POWERS) / (real)(PULSE_POWERS + 1);
		falls[l] = R(1.0) - r->half_way[l];
		after_6[l] = R_LIB(fabs)(c->of[7][l]) * d6;
		after_9[l] = R_LIB(fabs)(c->of[10][l]) * d6 * d3;
		after_all[l] = R_LIB(fabs)(factor) * d6 * d6;
		rest[l] = R(0.0);
	}
	for (pw_u32 i = 0; i < states; i++)
		PULSE_EACH(l) rest[l] = work PULSE_REST(i) > rest[l] ? work PULSE_REST(i) : rest[l];
	if (PW_R(pulse_highest)(p, falls) <= R(0.0))
		c->most = 0;
	else if (PW_R(pulse_highest)(p, after_6) <= enough)
		c->most = 6;
	else
		c->most = PW_R(pulse_highest)(p, after_9) <= enough ? 9 : PULSE_POWERS;
	return PW_R(pulse_highest)(p, rest) <= R(1.0) &&
	       PW_R(pulse_highest)(p, after_all) <= enough;
}

PULSE_INLINE real PW_R(pulse_power_sum)(const PW_R(pulse_powers) * c, real d, pw_u32 l, pw_u32 most)
{
	const real dd = d * d, d4 = dd * dd;
	real sum = c->of[5][l] + d * c->of[6][l], high = c->of[9][l];
	if (most > 9)
		high = (high + d * c->of[10][l]) + dd * (c->of[11][l] + d * c->of[12][l]);
	if (most > 6)
		sum = (sum + dd * (c->of[7][l] + d * c->of[8][l])) + d4 * high;
	sum = ((c->of[1][l] + d * c->of[2][l]) + dd * (c->of[3][l] + d * c->of[4][l])) + d4 * sum;
	return c->of[0][l] + d * sum;
}

/* A slot's light through all cells, as pulse_rate_slot_thin; before it relaxes what has d's powers
 * up to most, if any. */
PULSE_INLINE void PW_R(pulse_rate_slot_powers)(
    real *f, const pw_pulse *p, const PW_R(pulse_powers) * c, PULSE_MEMORY real *work, pw_u32 most)
{
	const pw_u32 states = p->cells;
	real x[PULSE_ROOM];
	PULSE_EACH(l) x[l] = PW_R(pulse_expm1)(f[l] * work PULSE_SCALE(0));
	for (pw_u32 i = 0; i < states; i++) {
		PULSE_EACH(l)
		{
			real d = work PULSE_REST(i);
			if (most > 0)
				d = PW_R(pulse_power_sum)(c, d, l, most);
			const real dim = R(1.0) + d, bright = R(1.0) + x[l];
			const real per = R(1.0) / (dim * bright);
			work PULSE_REST(i) = d * (dim * per);
			x[l] *= bright * per;
		}
	}
	PULSE_EACH(l) f[l] = R_LIB(log1p)(x[l]) * work PULSE_BROAD(0);
}

/* States to d in front of the first slot's light, and from d behind the last's. */
PW void PW_R(pulse_rate_to_powers)(
    const pw_pulse *p, const PW_R(pulse_rates) * c, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells;
	for (pw_u32 i = 0; i < states; i++) {
		PULSE_EACH(l)
		{
			const real rest = PW_R(pulse_relaxed)(work PULSE_REST(i), c->half_way[l]);
			work PULSE_REST(i) = PW_R(pulse_more)(rest * work PULSE_H(0));
		}
	}
}
PW void PW_R(pulse_rate_from_powers)(
    const pw_pulse *p, const PW_R(pulse_rates) * c, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells;
	for (pw_u32 i = 0; i < states; i++) {
		PULSE_EACH(l)
		{
			const real d = work PULSE_REST(i);
			const real a = PW_R(pulse_artanh2)(d / (R(2.0) + d));
			work PULSE_REST(i) =
			    PW_R(pulse_relaxed)(a * work PULSE_PER_H(0), c->half_way[l]);
		}
	}
}

/* A slot's light through all cells. tape: light and rest behind each class of each cell, as they
 * come, where it is kept. */
PW void PW_R(pulse_rate_slot)(real *f, const pw_pulse *p, const PW_R(pulse_rates) * c,
    PULSE_MEMORY real *work, PULSE_MEMORY real *tape, int kept)
{
	const pw_u32 states = p->cells * p->classes;
	real left[PULSE_ROOM];
	if (PW_R(pulse_rate_is_thin)(f, p, c, work)) {
		PW_R(pulse_rate_slot_thin)(f, p, c, work, tape, kept);
		return;
	}
	for (pw_u32 v = 0, at = 0; v < states; v++, at = at + 1 < p->classes ? at + 1 : 0) {
		const pw_u32 i = PW_R(pulse_rate_place)(p, v), j = i - (v - at);
		if (p->lossy && at == 0)
			PW_R(pulse_rate_loss)(f, p, c);
		PULSE_EACH(l)
		{
			real rest = PW_R(pulse_relaxed)(work PULSE_REST(i), c->half_way[l]);
			real u = f[l] * work PULSE_SCALE(j), a = rest * work PULSE_H(j);
			PW_R(pulse_absorb)(&u, &a);
			f[l] = u * work PULSE_BROAD(j);
			left[l] = a * work PULSE_PER_H(j);
			work PULSE_REST(i) = PW_R(pulse_relaxed)(left[l], c->half_way[l]);
		}
		if (kept) {
			PULSE_EACH(l)
			{
				tape PULSE_AT(2 * v) = f[l];
				tape PULSE_AT(2 * v + 1) = left[l];
			}
		}
		if (p->lossy && at + 1 == p->classes)
			PW_R(pulse_rate_loss)(f, p, c);
	}
}

/* The bleached fraction of each cell: record number n. */
PW void PW_R(pulse_rate_record)(
    const pw_pulse *p, pw_u32 n, PULSE_MEMORY real *out, PULSE_MEMORY const real *work)
{
	const pw_u32 states = p->cells * p->classes;
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to =
		    out + PULSE_ROW(l) * p->out_row + p->light_row + states + (pw_u64)n * p->cells;
		if (!PULSE_IS_ROW(l))
			continue;
		for (pw_u32 k = 0; k < p->cells; k++) {
			real bleached = R(0.0);
			for (pw_u32 j = 0; j < p->classes; j++)
				bleached += work PULSE_WEIGHT(j) *
				            (R(1.0) - work PULSE_REST(k * p->classes + j));
			to[k] = bleached;
		}
	}
}

PW void PW_R(pulse_rate_store)(const real *f, const pw_pulse *p, PULSE_MEMORY real *out, pw_u32 at)
{
	PULSE_LANES(l) if (PULSE_IS_ROW(l)) out[PULSE_ROW(l) * p->out_row + at] = f[l];
}

/* The slots until one's light is too strong for it, by powers; returns how many. */
PW pw_u32 PW_R(pulse_rate_by_powers)(const pw_pulse *p, const PW_R(pulse_rates) * c,
    PULSE_MEMORY const real *light, PULSE_MEMORY real *out, PULSE_MEMORY real *work)
{
	PW_R(pulse_powers) powers;
	real f[PULSE_ROOM];
	pw_u32 m = 0;
	if (!PW_R(pulse_rate_powers)(&powers, p, c, work))
		return 0;
	for (; m < p->slots; m++) {
		PW_R(pulse_rate_load)(f, p, light, m);
		if (!PW_R(pulse_rate_is_thin)(f, p, c, work))
			break;
		if (m == 0)
			PW_R(pulse_rate_to_powers)(p, c, work);
		if (m == 0 || powers.most == 0)
			PW_R(pulse_rate_slot_powers)(f, p, &powers, work, 0);
		else if (powers.most == 6)
			PW_R(pulse_rate_slot_powers)(f, p, &powers, work, 6);
		else if (powers.most == 9)
			PW_R(pulse_rate_slot_powers)(f, p, &powers, work, 9);
		else
			PW_R(pulse_rate_slot_powers)(f, p, &powers, work, PULSE_POWERS);
		PW_R(pulse_rate_store)(f, p, out, m);
	}
	if (m > 0)
		PW_R(pulse_rate_from_powers)(p, c, work);
	return m;
}

PW void PW_R(pulse_rate)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *out,
    PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes;
	PW_R(pulse_rates) c;
	real f[PULSE_ROOM];
	PW_R(pulse_rate_begin)(&c, p, state, parameters, work);
	for (pw_u32 m = PW_R(pulse_rate_by_powers)(p, &c, light, out, work); m < p->slots; m++) {
		if (p->record)
			PW_R(pulse_rate_record)(p, m, out, work);
		PW_R(pulse_rate_load)(f, p, light, m);
		PW_R(pulse_rate_slot)(f, p, &c, work, work, 0);
		PW_R(pulse_rate_store)(f, p, out, m);
	}
	if (p->record)
		PW_R(pulse_rate_record)(p, p->slots, out, work);
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row + p->slots;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < states; i++)
			to[i] = work PULSE_REST(i);
	}
}
