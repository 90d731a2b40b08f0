/*
 * A pulse through a medium in the Bloch model, for some rows: half a relaxation of each cell, the
 * implicit midpoint of field and atoms, half a relaxation, slot by slot. Read once for each
 * precision.
 *
 * With W the field, p and w of each class of weight c, h = depth/(4 T2 cells) and t = slot/2, the
 * midpoint (m) is where
 *
 *     Wm = W + h sum c pm      pm = p + t Wm wm      wm = w - t Re(conj(Wm) pm)
 *
 * and what comes out is 2 m - in. Each class has wm = (w - t Re(conj(Wm) p))/(1 + t^2 |Wm|^2),
 * whose denominator all share. So sums over the classes, P of c p and I of c w, are all that the
 * field knows of them, and Wm = x (W + h P) with x real: a cubic has it.
 */

/* What x - 1 of thin cells may be wrong by: pulse_bloch_is_thin. */
#undef PULSE_BLOCH_THIN
#if ONN_BITS == 32
#define PULSE_BLOCH_THIN R(1e-8)
#else
#define PULSE_BLOCH_THIN R(1e-16)
#endif

/* What a row's parameters come to, a number for each lane. */
typedef struct PW_R(pulse_blochs) {
	real way[2][PULSE_ROOM]; /* exp(-slot/(2 T1)), and its square */
	real keep[PULSE_ROOM];   /* of the field in half a cell */
	real h[PULSE_ROOM], t[PULSE_ROOM];
	/* of a single class, weight c: 1/t, h c t; at most h c t |(p, w)| and, but for the light
	 * that comes in, t |W + h c p| */
	real per_t[PULSE_ROOM], g[PULSE_ROOM], most_g[PULSE_ROOM], most_turn[PULSE_ROOM];
} PW_R(pulse_blochs);

/*
 * Working memory, in numbers a lane: polarisations and inversions of each cell and class; of each
 * class by what a polarisation is multiplied in half a slot and in a whole one, and its weight.
 * Between slots the half behind one and that in front of the next are one: what is in memory is
 * then as the midpoint left it, until pulse_bloch_rest().
 */
#define PULSE_RE(i)                      PULSE_AT(i)
#define PULSE_IM(i)                      PULSE_AT(states + (i))
#define PULSE_W(i)                       PULSE_AT((p->planes - 1) * states + (i))
#define PULSE_BLOCH_TURN(whole)          (p->planes * states + ((whole) ? 2 * p->classes : 0))
#define PULSE_TURN_RE(j)                 PULSE_AT(p->planes *states + (j))
#define PULSE_TURN_IM(j)                 PULSE_AT(p->planes *states + p->classes + (j))
#define PULSE_C(j)                       PULSE_AT(p->planes *states + 4 * p->classes + (j))
#define PULSE_BLOCH_OWN(states, classes) (p->planes * (states) + 5 * (classes))
/* Tape: the field behind a cell, and its classes. */
#define PULSE_BLOCH_TAPE            (2 + 3 * p->classes)
#define PULSE_BEHIND(k, i)          PULSE_AT((k)*PULSE_BLOCH_TAPE + (i))
#define PULSE_CLASS_BEHIND(k, j, i) PULSE_AT((k)*PULSE_BLOCH_TAPE + 2 + 3 * (j) + (i))

PW void PW_R(pulse_bloch_begin)(PW_R(pulse_blochs) * c, const pw_pulse *p,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes;
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *x = parameters + PULSE_ROW(l) * p->parameter_row;
		const real t = R(0.5) * x[PULSE_SLOT], g2 = x[PULSE_G2];
		const real fall = R_LIB(exp)(-t * g2);
		c->way[0][l] = R_LIB(exp)(-t * x[PULSE_G1]);
		c->way[1][l] = R_LIB(exp)(R(-2.0) * t * x[PULSE_G1]);
		c->keep[l] = R_LIB(exp)(R(-0.25) * x[PULSE_LOSS] / (real)p->cells);
		c->h[l] = R(0.25) * x[PULSE_DEPTH] * g2 / (real)p->cells;
		c->t[l] = t;
		for (pw_u32 j = 0; j < p->classes; j++) {
			const real angle = t * g2 * x[PULSE_CLASS + j];
			const real re = fall * R_LIB(cos)(angle), im = -fall * R_LIB(sin)(angle);
			work PULSE_TURN_RE(j) = re;
			work PULSE_TURN_IM(j) = im;
			work PULSE_AT(PULSE_BLOCH_TURN(1) + j) = re * re - im * im;
			work PULSE_AT(PULSE_BLOCH_TURN(1) + p->classes + j) = R(2.0) * re * im;
			work PULSE_C(j) = x[PULSE_CLASS + p->classes + j];
		}
		for (pw_u32 i = 0; i < p->planes * states; i++)
			work PULSE_AT(i) = state[PULSE_ROW(l) * p->state_row + i];
		/* (p, w) grows past 1 where T2 > 2 T1, or has been there */
		real most = R(1.0) + R(0.25) * x[PULSE_G1] / g2;
		for (pw_u32 i = 0; i < states; i++) {
			const real a = work PULSE_RE(i), b = work PULSE_IM(i), w = work PULSE_W(i);
			most = R_LIB(fmax)(most, a * a + b * b + w * w);
		}
		c->per_t[l] = R(1.0) / t;
		c->g[l] = t * c->h[l] * work PULSE_C(0);
		c->most_g[l] = R_LIB(fabs)(c->g[l]) * R_LIB(sqrt)(most);
		c->most_turn[l] = (real)(2 * p->cells + 1) * c->most_g[l];
	}
}

PW void PW_R(pulse_bloch_load)(
    real *re, real *im, const pw_pulse *p, PULSE_MEMORY const real *light, pw_u32 at)
{
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *x = light + PULSE_ROW(l) * p->light_row;
		re[l] = x[at];
		im[l] = x[p->slots + at];
	}
}

/* Half a slot in the dark. */
PULSE_INLINE void PW_R(pulse_bloch_relax)(
    real *re, real *im, real *w, real turn_re, real turn_im, real half_way)
{
	real x = *re * turn_re - *im * turn_im;
	*im = *re * turn_im + *im * turn_re;
	*re = x;
	*w = (R(1.0) + *w) * half_way - R(1.0);
}

/*
 * x (1 - h t s) = 1, s = (I - t x dot)/(1 + t^2 x^2 square), by Halley's steps on the cubic that it
 * is; dot = Re(conj(B) P), square = |B|^2 of B = W + h P. One of the three roots is near 1. A step
 * below 3e-6 (f32: 3e-3) leaves an error of its cube. Where cells are thin that is the first.
 */
PULSE_INLINE real PW_R(pulse_midpoint_start)(real dot, real square, real inversion, real h, real t)
{
	/* 1/(1 - h t s) with the s of x = 1, where that is below 2 */
	real all = R(1.0) + t * t * square, part = h * t * (inversion - t * dot);
	int near = part < R(0.5) * all;
	return near ? all / (near ? all - part : R(1.0)) : R(2.0);
}
PULSE_INLINE real PW_R(pulse_midpoint_step)(
    real x, real dot, real square, real inversion, real h, real t)
{
	real b = t * t * square, d = h * t * t * dot - b, e = R(1.0) - h * t * inversion;
	real g = ((b * x + d) * x + e) * x - R(1.0), bent = R(3.0) * b * x + d;
	real slope = (bent + d) * x + e, next = x - g * slope / (slope * slope - g * bent);
	return next > R(0.0) ? next : R(0.5) * x;
}

PW void PW_R(pulse_bloch_midpoint)(real *x, const real *dot, const real *square,
    const real *inversion, const pw_pulse *p, const PW_R(pulse_blochs) * c)
{
	const real enough = ONN_BITS == 32 ? R(3e-3) : R(3e-6);
	PULSE_UNITS(u)
	{
		PULSE_IN_UNIT(l, u)
		x[l] =
		    PW_R(pulse_midpoint_start)(dot[l], square[l], inversion[l], c->h[l], c->t[l]);
		for (int i = 0; i < 60; i++) {
			real worst = R(0.0);
			PULSE_IN_UNIT_MAX(l, u, worst)
			{
				real next = PW_R(pulse_midpoint_step)(
				    x[l], dot[l], square[l], inversion[l], c->h[l], c->t[l]);
				real step = R_LIB(fabs)(next - x[l]) - enough * next;
				x[l] = next;
				worst = step > worst ? step : worst;
			}
			if (!(worst > R(0.0)))
				break;
		}
	}
}

/* 1/(1 + x) for a small x: pulse_bloch_is_thin. */
PULSE_INLINE real PW_R(pulse_bloch_turned)(real x)
{
#if ONN_BITS == 32
	return R(1.0) - x;
#else
	return (R(1.0) - x) + x * x;
#endif
}

/* A slot's field through one cell; the field comes in, and goes out, in re and im. whole: the half
 * slot before has still to be gone through too. */
PW void PW_R(pulse_bloch_cell)(real *re, real *im, const pw_pulse *p, const PW_R(pulse_blochs) * c,
    pw_u32 k, PULSE_MEMORY real *work, PULSE_MEMORY real *tape, int kept, int whole)
{
	const pw_u32 states = p->cells * p->classes, turn = PULSE_BLOCH_TURN(whole);
	real dot[PULSE_ROOM], square[PULSE_ROOM], inversion[PULSE_ROOM], x[PULSE_ROOM];
	real pre[PULSE_ROOM], pim[PULSE_ROOM];
	PULSE_EACH(l) pre[l] = pim[l] = inversion[l] = R(0.0);
	for (pw_u32 j = 0, i = k * p->classes; j < p->classes; j++, i++) {
		PULSE_EACH(l)
		{
			real a = work PULSE_RE(i), b = work PULSE_IM(i), w = work PULSE_W(i);
			const real weight = work PULSE_C(j);
			PW_R(pulse_bloch_relax)
			(&a, &b, &w, work PULSE_AT(turn + j), work PULSE_AT(turn + p->classes + j),
			    c->way[whole][l]);
			pre[l] += weight * a;
			pim[l] += weight * b;
			inversion[l] += weight * w;
			work PULSE_RE(i) = a;
			work PULSE_IM(i) = b;
			work PULSE_W(i) = w;
		}
	}
	PULSE_EACH(l)
	{
		real a = re[l] + c->h[l] * pre[l], b = im[l] + c->h[l] * pim[l];
		dot[l] = a * pre[l] + b * pim[l];
		square[l] = a * a + b * b;
		pre[l] = a;
		pim[l] = b;
	}
	PW_R(pulse_bloch_midpoint)(x, dot, square, inversion, p, c);
	PULSE_EACH(l)
	{
		pre[l] *= x[l];
		pim[l] *= x[l];
		re[l] = R(2.0) * pre[l] - re[l];
		im[l] = R(2.0) * pim[l] - im[l];
		square[l] = R(1.0) / (R(1.0) + c->t[l] * c->t[l] * x[l] * x[l] * square[l]);
	}
	for (pw_u32 j = 0, i = k * p->classes; j < p->classes; j++, i++) {
		PULSE_EACH(l)
		{
			const real a = work PULSE_RE(i), b = work PULSE_IM(i), w = work PULSE_W(i);
			const real t = c->t[l];
			const real wm = (w - t * (pre[l] * a + pim[l] * b)) * square[l];
			const real ar = a + R(2.0) * t * pre[l] * wm;
			const real br = b + R(2.0) * t * pim[l] * wm, wr = R(2.0) * wm - w;
			if (kept) {
				tape PULSE_CLASS_BEHIND(k, j, 0) = ar;
				tape PULSE_CLASS_BEHIND(k, j, 1) = br;
				tape PULSE_CLASS_BEHIND(k, j, 2) = wr;
			}
			work PULSE_RE(i) = ar;
			work PULSE_IM(i) = br;
			work PULSE_W(i) = wr;
		}
	}
}

PW void PW_R(pulse_bloch_loss)(real *re, real *im, const pw_pulse *p, const PW_R(pulse_blochs) * c)
{
	PULSE_EACH(l)
	{
		re[l] *= c->keep[l];
		im[l] *= c->keep[l];
	}
}

/*
 * A slot's field through all cells, of a single class, where these are thin. In units of 1/t, that
 * is with F = t W, B = F + g p, g = h c t, q = |B|^2 and s = Re(conj(B) p), the cubic of x = 1 + y
 * is
 *
 *     q y^3 + m y^2 + (1 + q + n) y = v      v = g (w - s)   n = g s - v   m = 2 q + g s
 *
 * Of y0 = v/(1+q) all but n y0 + m y0^2 + q y0^3 is met: one step of Newton's, whose slope is
 * turned over by its series, as is 1 + q x^2 from 1 + q. So there is one division, which needs
 * no start to be found first.
 */
PULSE_INLINE void PW_R(pulse_bloch_slot_thin)(real *re, real *im, const pw_pulse *p,
    const PW_R(pulse_blochs) * c, PULSE_MEMORY real *work, PULSE_MEMORY real *tape, int kept,
    int whole)
{
	const pw_u32 states = p->cells, turn = PULSE_BLOCH_TURN(whole);
	PULSE_EACH(l)
	{
		re[l] *= c->t[l];
		im[l] *= c->t[l];
	}
	for (pw_u32 k = 0; k < states; k++) {
		PULSE_EACH(l)
		{
			const real g = c->g[l];
			real a = work PULSE_RE(k), b = work PULSE_IM(k), w = work PULSE_W(k);
			PW_R(pulse_bloch_relax)
			(&a, &b, &w, work PULSE_AT(turn), work PULSE_AT(turn + 1),
			    c->way[whole][l]);
			const real wave_re = re[l] + g * a, wave_im = im[l] + g * b;
			const real s = wave_re * a + wave_im * b;
			const real q = wave_re * wave_re + wave_im * wave_im;
			const real per = R(1.0) / (R(1.0) + q), left = w - s, gs = g * s;
			/* all of the equation over 1 + q */
			const real y0 = g * left * per, q0 = q * per, s0 = gs * per;
			const real m0 = R(2.0) * q0 + s0;
			const real step = (s0 - y0) + y0 * (m0 + q0 * y0), slope = step + y0 * m0;
			const real y = y0 - y0 * step * PW_R(pulse_bloch_turned)(slope);
			const real more = q0 * y * (R(2.0) + y);
			const real wm = (left - s * y) * (per * PW_R(pulse_bloch_turned)(more));
			const real twice = R(2.0) + R(2.0) * y, bend = twice * wm;
			re[l] = twice * wave_re - re[l];
			im[l] = twice * wave_im - im[l];
			a += bend * wave_re;
			b += bend * wave_im;
			w = R(2.0) * wm - w;
			if (kept) {
				tape PULSE_BEHIND(k, 0) = re[l] * c->per_t[l];
				tape PULSE_BEHIND(k, 1) = im[l] * c->per_t[l];
				tape PULSE_CLASS_BEHIND(k, 0, 0) = a;
				tape PULSE_CLASS_BEHIND(k, 0, 1) = b;
				tape PULSE_CLASS_BEHIND(k, 0, 2) = w;
			}
			work PULSE_RE(k) = a;
			work PULSE_IM(k) = b;
			work PULSE_W(k) = w;
		}
	}
	PULSE_EACH(l)
	{
		re[l] *= c->per_t[l];
		im[l] *= c->per_t[l];
	}
}

/*
 * Whether that is exact for a field that comes in as (re, im). With Q the most that |t W| comes to,
 * q = Q^2 and G = most_g, the step begins wrong by less than 2 G^2 and ends so by less than
 * 8 (6 q + 3 G) G^4, and the series leaves 8 q^3 G^3; in f32, where both series are a term shorter,
 * 4 (4 q + G) G^3 and 4 q^2 G^2.
 */
PW int PW_R(pulse_bloch_is_thin)(
    const real *re, const real *im, const pw_pulse *p, const PW_R(pulse_blochs) * c)
{
	real most = R(0.0);
	if (p->classes != 1 || p->lossy)
		return 0;
	PULSE_UNITS(unit)
	{
		PULSE_IN_UNIT_MAX(l, unit, most)
		{
			const real g = c->most_g[l], t = c->t[l];
			const real turn =
			    c->most_turn[l] + t * (R_LIB(fabs)(re[l]) + R_LIB(fabs)(im[l]));
			const real q = turn * turn, gg = g * g, qg = q * g;
#if ONN_BITS == 32
			const real error = gg * g * (R(16.0) * q + R(4.0) * g) + R(4.0) * qg * qg;
#else
			const real error =
			    gg * gg * (R(48.0) * q + R(24.0) * g) + R(8.0) * qg * qg * qg;
#endif
			const real wrong = turn <= R(0.5) && t > R(0.0) ? error : R(1.0);
			most = wrong > most ? wrong : most;
		}
	}
	return most <= PULSE_BLOCH_THIN;
}

/* A slot's field through all cells; whole: pulse_bloch_cell. */
PW void PW_R(pulse_bloch_slot)(real *re, real *im, const pw_pulse *p, const PW_R(pulse_blochs) * c,
    PULSE_MEMORY real *work, PULSE_MEMORY real *tape, int kept, int whole)
{
	if (PW_R(pulse_bloch_is_thin)(re, im, p, c)) {
		if (kept)
			PW_R(pulse_bloch_slot_thin)(re, im, p, c, work, tape, 1, whole);
		else
			PW_R(pulse_bloch_slot_thin)(re, im, p, c, work, tape, 0, whole);
		return;
	}
	for (pw_u32 k = 0; k < p->cells; k++) {
		if (p->lossy)
			PW_R(pulse_bloch_loss)(re, im, p, c);
		PW_R(pulse_bloch_cell)(re, im, p, c, k, work, tape, kept, whole);
		if (kept) {
			PULSE_EACH(l)
			{
				tape PULSE_BEHIND(k, 0) = re[l];
				tape PULSE_BEHIND(k, 1) = im[l];
			}
		}
		if (p->lossy)
			PW_R(pulse_bloch_loss)(re, im, p, c);
	}
}

/* The half slot behind the last midpoint. */
PW void PW_R(pulse_bloch_rest)(
    const pw_pulse *p, const PW_R(pulse_blochs) * c, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes;
	for (pw_u32 i = 0, j = 0; i < states; i++, j = j + 1 < p->classes ? j + 1 : 0) {
		PULSE_EACH(l)
		{
			real a = work PULSE_RE(i), b = work PULSE_IM(i), w = work PULSE_W(i);
			PW_R(pulse_bloch_relax)
			(&a, &b, &w, work PULSE_TURN_RE(j), work PULSE_TURN_IM(j), c->way[0][l]);
			work PULSE_RE(i) = a;
			work PULSE_IM(i) = b;
			work PULSE_W(i) = w;
		}
	}
}

/* The bleached fraction of each cell, 1 + w: record number n. */
PW void PW_R(pulse_bloch_record)(
    const pw_pulse *p, pw_u32 n, PULSE_MEMORY real *out, PULSE_MEMORY const real *work)
{
	const pw_u32 states = p->cells * p->classes;
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row + p->light_row +
		                        p->planes * states + (pw_u64)n * p->cells;
		for (pw_u32 k = 0; PULSE_IS_ROW(l) && k < p->cells; k++) {
			real bleached = R(0.0);
			for (pw_u32 j = 0; j < p->classes; j++)
				bleached +=
				    work PULSE_C(j) * (R(1.0) + work PULSE_W(k * p->classes + j));
			to[k] = bleached;
		}
	}
}

PW void PW_R(pulse_bloch)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *out,
    PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes;
	PW_R(pulse_blochs) c;
	real re[PULSE_ROOM], im[PULSE_ROOM];
	PW_R(pulse_bloch_begin)(&c, p, state, parameters, work);
	for (pw_u32 m = 0; m < p->slots; m++) {
		if (p->record)
			PW_R(pulse_bloch_record)(p, m, out, work);
		PW_R(pulse_bloch_load)(re, im, p, light, m);
		PW_R(pulse_bloch_slot)(re, im, p, &c, work, work, 0, m > 0 && !p->record);
		if (p->record || m + 1 == p->slots)
			PW_R(pulse_bloch_rest)(p, &c, work);
		PULSE_LANES(l)
		if (PULSE_IS_ROW(l)) {
			out[PULSE_ROW(l) * p->out_row + m] = re[l];
			out[PULSE_ROW(l) * p->out_row + p->slots + m] = im[l];
		}
	}
	if (p->record)
		PW_R(pulse_bloch_record)(p, p->slots, out, work);
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row + 2 * p->slots;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 3 * states; i++)
			to[i] = work PULSE_AT(i);
	}
}
