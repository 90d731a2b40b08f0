/*
 * The way back through pulse_bloch_meet.h: steps as in pulse_meet_adjoint.h, a cell's midpoint as
 * in pulse_bloch_adjoint.h.
 */

/* Working memory behind pulse_bloch_meet.h's: gradients of the states, of each class's turn and
 * weight, and of the fields; what was there at the start of each segment; the tape. own is
 * PULSE_BLOCH_MEET_OWN. */
#define PULSE_D_NUMBER(d, i)    PULSE_AT(own + (d)*states + (i))
#define PULSE_D_FIELD(d, m)     PULSE_AT(own + 5 * states + 3 * p->classes + (d)*p->slots + (m))
#define PULSE_BLOCH_MEET_STARTS (own + 5 * states + 3 * p->classes + 4 * p->slots)

/* Back through half a slot in the dark of class j that began with s: gradients g behind, then
 * before. */
PW void PW_R(pulse_bloch_meet_relax_back)(real (*g)[PULSE_ROOM], real (*s)[PULSE_ROOM],
    const pw_pulse *p, const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * d, pw_u32 j,
    PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes, other = p->classes - 1 - j;
	const pw_u32 own = PULSE_BLOCH_MEET_OWN(states, p->classes);
	PULSE_EACH(l)
	{
		real re = work PULSE_D_TURN_RE(j), im = work PULSE_D_TURN_IM(j), none = R(0.0);
		d->half_way[l] += PW_R(pulse_bloch_relax_back)(&g[0][l], &g[1][l], &g[4][l],
		    s[0][l], s[1][l], s[4][l], work PULSE_TURN_RE(j), work PULSE_TURN_IM(j),
		    c->way[0][l], &re, &im);
		work PULSE_D_TURN_RE(j) = re;
		work PULSE_D_TURN_IM(j) = im;
		re = work PULSE_D_TURN_RE(other);
		im = work PULSE_D_TURN_IM(other);
		PW_R(pulse_bloch_relax_back)
		(&g[2][l], &g[3][l], &none, s[2][l], s[3][l], R(0.0), work PULSE_TURN_RE(other),
		    work PULSE_TURN_IM(other), c->way[0][l], &re, &im);
		work PULSE_D_TURN_RE(other) = re;
		work PULSE_D_TURN_IM(other) = im;
	}
}

/* The numbers of class j of cell k at a step's start. */
PW void PW_R(pulse_bloch_meet_start)(real (*s)[PULSE_ROOM], const pw_pulse *p,
    const PW_R(pulse_blochs) * c, pw_u32 k, pw_u32 j, PULSE_MEMORY const real *work,
    PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells * p->classes, i = k * p->classes + j;
	for (pw_u32 d = 0; d < 5; d++) {
		if (first)
			PULSE_EACH(l) s[d][l] = before PULSE_NUMBER(d, i);
		else
			PULSE_EACH(l) s[d][l] = before PULSE_CLASS_MET(k, j, d);
	}
	if (!first)
		PW_R(pulse_bloch_meet_relax)(s, p, c, j, work);
}

/* What a cell's way back goes by. */
typedef struct PW_R(pulse_bloch_meet_middle) {
	real field[4][PULSE_ROOM];  /* midpoint */
	real per[PULSE_ROOM];       /* 1/(1 + t^2 |Wm|^2) */
	real u[4][PULSE_ROOM];      /* right side of the fields' equations, then their u */
	real sum[4][PULSE_ROOM];    /* of c pm */
	real inversion[PULSE_ROOM]; /* sum of c wm */
	real kappa[PULSE_ROOM];     /* of an inversion's u by the fields', over its weight */
} PW_R(pulse_bloch_meet_middle);

/* Numbers at a step's start become those of the midpoint. */
PW void PW_R(pulse_bloch_meet_between)(real (*s)[PULSE_ROOM], const pw_pulse *p,
    const PW_R(pulse_blochs) * c, pw_u32 k, pw_u32 j, PULSE_MEMORY const real *work,
    PULSE_MEMORY const real *tape)
{
	PW_R(pulse_bloch_meet_relax)(s, p, c, j, work);
	for (pw_u32 d = 0; d < 5; d++)
		PULSE_EACH(l) s[d][l] = R(0.5) * (s[d][l] + tape PULSE_CLASS_MET(k, j, d));
}

/* 2 (dw + t Re(conj(Wm) dp))/(1 + t^2 |Wm|^2) of gradients g: an inversion's u without the field's
 * part. */
PW real PW_R(pulse_bloch_meet_alone)(
    const PW_R(pulse_bloch_meet_middle) * m, real (*g)[PULSE_ROOM], real t, pw_u32 l)
{
	const real along = m->field[0][l] * g[0][l] + m->field[1][l] * g[1][l] +
	                   m->field[2][l] * g[2][l] + m->field[3][l] * g[3][l];
	return R(2.0) * (g[4][l] + t * along) * m->per[l];
}

/* Back through the last half of a slot, and sums over the classes: the fields' equations. */
PW void PW_R(pulse_bloch_meet_gather)(PW_R(pulse_bloch_meet_middle) * m, const pw_pulse *p,
    const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * sums, pw_u32 k, PULSE_MEMORY real *work,
    PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_MEET_OWN(states, p->classes);
	real s[5][PULSE_ROOM], g[5][PULSE_ROOM], alone[PULSE_ROOM];
	for (pw_u32 j = 0, i = k * p->classes; j < p->classes; j++, i++) {
		for (pw_u32 d = 0; d < 5; d++) {
			PULSE_EACH(l)
			{
				s[d][l] = tape PULSE_CLASS_MET(k, j, d);
				g[d][l] = work PULSE_D_NUMBER(d, i);
			}
		}
		PW_R(pulse_bloch_meet_relax_back)(g, s, p, c, sums, j, work);
		for (pw_u32 d = 0; d < 5; d++)
			PULSE_EACH(l) work PULSE_D_NUMBER(d, i) = g[d][l];
		PW_R(pulse_bloch_meet_start)(s, p, c, k, j, work, before, first);
		PW_R(pulse_bloch_meet_between)(s, p, c, k, j, work, tape);
		PULSE_EACH(l)
		{
			alone[l] = PW_R(pulse_bloch_meet_alone)(m, g, c->t[l], l);
			m->inversion[l] += work PULSE_C(j) * s[4][l];
		}
		for (pw_u32 d = 0; d < 4; d++) {
			PULSE_EACH(l)
			{
				const real t = c->t[l], wm = s[4][l];
				m->u[d][l] +=
				    t * (R(2.0) * wm * g[d][l] -
				            (t * m->field[d][l] * wm + s[d][l]) * alone[l]);
				m->sum[d][l] += work PULSE_C(j) * s[d][l];
			}
		}
	}
}

/* From the fields' u to the classes', and back through the first half of the slot. */
PW void PW_R(pulse_bloch_meet_spread)(const PW_R(pulse_bloch_meet_middle) * m, const pw_pulse *p,
    const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * sums, pw_u32 k, PULSE_MEMORY real *work,
    PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_MEET_OWN(states, p->classes);
	real s[5][PULSE_ROOM], between[5][PULSE_ROOM], g[5][PULSE_ROOM], uw[PULSE_ROOM];
	for (pw_u32 j = 0, i = k * p->classes; j < p->classes; j++, i++) {
		PW_R(pulse_bloch_meet_start)(s, p, c, k, j, work, before, first);
		for (pw_u32 d = 0; d < 5; d++) {
			PULSE_EACH(l)
			{
				between[d][l] = s[d][l];
				g[d][l] = work PULSE_D_NUMBER(d, i);
			}
		}
		PW_R(pulse_bloch_meet_between)(between, p, c, k, j, work, tape);
		PULSE_EACH(l)
		{
			uw[l] = PW_R(pulse_bloch_meet_alone)(m, g, c->t[l], l) +
			        work PULSE_C(j) * m->kappa[l];
			g[4][l] = uw[l] - g[4][l];
		}
		for (pw_u32 d = 0; d < 4; d++) {
			PULSE_EACH(l)
			{
				const real field = m->field[d][l], pm = between[d][l];
				const real u = R(2.0) * g[d][l] +
				               c->h[l] * work PULSE_C(j) * m->u[d][l] -
				               c->t[l] * field * uw[l];
				sums->t[l] += between[4][l] * u * field - uw[l] * field * pm;
				work PULSE_D_WEIGHT(j) += c->h[l] * m->u[d][l] * pm;
				g[d][l] = u - g[d][l];
			}
		}
		PW_R(pulse_bloch_meet_relax_back)(g, s, p, c, sums, j, work);
		for (pw_u32 d = 0; d < 5; d++)
			PULSE_EACH(l) work PULSE_D_NUMBER(d, i) = g[d][l];
	}
}

/* Back through cell k of step n into whose midpoint the fields f came; df: their gradients behind,
 * then before. */
PW void PW_R(pulse_bloch_meet_middle_back)(real (*df)[PULSE_ROOM], real (*f)[PULSE_ROOM],
    const pw_pulse *p, const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * sums, pw_u32 n,
    pw_u32 k, PULSE_MEMORY real *work, PULSE_MEMORY const real *tape,
    PULSE_MEMORY const real *before, int first)
{
	PW_R(pulse_bloch_meet_middle) m;
	real v[4][PULSE_ROOM], mu[PULSE_ROOM], mv[PULSE_ROOM];
	PULSE_EACH(l) m.per[l] = m.inversion[l] = mu[l] = mv[l] = R(0.0);
	for (pw_u32 d = 0; d < 4; d++) {
		PULSE_EACH(l)
		{
			m.field[d][l] = R(0.5) * (f[d][l] + tape PULSE_MET(k, d));
			m.per[l] += m.field[d][l] * m.field[d][l];
			m.u[d][l] = R(2.0) * df[d][l];
			m.sum[d][l] = R(0.0);
		}
	}
	PULSE_EACH(l) m.per[l] = R(1.0) / (R(1.0) + c->t[l] * c->t[l] * m.per[l]);
	PW_R(pulse_bloch_meet_gather)(&m, p, c, sums, k, work, tape, before, first);
	for (pw_u32 d = 0; d < 4; d++) {
		if (!PW_R(pulse_bloch_meet_has)(p, n, k, d))
			PULSE_EACH(l) m.u[d][l] = m.sum[d][l] = R(0.0);
	}
	/* (1 - t h s) u + v t h Re(conj(m) u)/(1 + t^2 |m|^2) = right side */
	for (pw_u32 d = 0; d < 4; d++) {
		PULSE_EACH(l)
		{
			const real t = c->t[l];
			v[d][l] = t * (t * m.inversion[l] * m.field[d][l] + m.sum[d][l]);
			mu[l] += m.field[d][l] * m.u[d][l];
			mv[l] += m.field[d][l] * v[d][l];
		}
	}
	PULSE_EACH(l)
	{
		const real th = c->t[l] * c->h[l], share = th * m.per[l];
		m.kappa[l] = share * mu[l] / (R(1.0) - th * m.inversion[l] + share * mv[l]);
	}
	for (pw_u32 d = 0; d < 4; d++) {
		PULSE_EACH(l)
		{
			const real one = R(1.0) - c->t[l] * c->h[l] * m.inversion[l];
			m.u[d][l] = (m.u[d][l] - v[d][l] * m.kappa[l]) / one;
			sums->h[l] += m.u[d][l] * m.sum[d][l];
			df[d][l] = m.u[d][l] - df[d][l];
		}
	}
	PW_R(pulse_bloch_meet_spread)(&m, p, c, sums, k, work, tape, before, first);
}

PW void PW_R(pulse_bloch_meet_loss_back)(real (*df)[PULSE_ROOM], real (*f)[PULSE_ROOM],
    const pw_pulse *p, const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * sums)
{
	PW_R(pulse_bloch_loss_back)(df[0], df[1], f[0], f[1], p, c, sums);
	PW_R(pulse_bloch_loss_back)(df[2], df[3], f[2], f[3], p, c, sums);
}

/* The fields that came to cell k at step n, before its loss: those in before (first), or as the
 * step before left them in its tape; new light is that of the row. */
PW void PW_R(pulse_bloch_meet_came)(real (*f)[PULSE_ROOM], const pw_pulse *p,
    const PW_R(pulse_blochs) * c, pw_u32 n, pw_u32 k, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *before, int first)
{
	const pw_u32 way[2] = {k, p->cells - 1 - k};
	if (first) {
		PW_R(pulse_bloch_meet_load)(f, p, n, k, before);
		return;
	}
	for (pw_u32 beam = 0; beam < 2; beam++) {
		real *re = f[2 * beam], *im = f[2 * beam + 1];
		const pw_u32 from = beam ? k + 1 : k - 1, at = 2 * p->slots * beam + n;
		PULSE_EACH(l) re[l] = im[l] = R(0.0);
		if (!PW_R(pulse_meet_has)(p, n, way[beam]))
			continue;
		if (way[beam] == 0) {
			PW_R(pulse_bloch_load)(re, im, p, light, at);
			continue;
		}
		PULSE_EACH(l)
		{
			re[l] = before PULSE_MET(from, 2 * beam);
			im[l] = before PULSE_MET(from, 2 * beam + 1);
		}
		if (p->lossy)
			PW_R(pulse_bloch_loss)(re, im, p, c);
	}
}

/* Back through cell k of step n. */
PW void PW_R(pulse_bloch_meet_cell_back)(const pw_pulse *p, const PW_R(pulse_blochs) * c,
    PW_R(pulse_bloch_sums) * sums, pw_u32 n, pw_u32 k, PULSE_MEMORY const real *light,
    PULSE_MEMORY real *work, PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before,
    int first)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_MEET_OWN(states, p->classes);
	real f[4][PULSE_ROOM], df[4][PULSE_ROOM];
	for (pw_u32 d = 0; d < 4; d++) {
		const pw_u32 way = d < 2 ? k : p->cells - 1 - k;
		const int has = PW_R(pulse_meet_has)(p, n, way);
		PULSE_EACH(l)
		{
			df[d][l] = has ? work PULSE_D_FIELD(d, has ? n - way : 0) : R(0.0);
			f[d][l] = tape PULSE_MET(k, d);
		}
	}
	if (p->lossy)
		PW_R(pulse_bloch_meet_loss_back)(df, f, p, c, sums);
	PW_R(pulse_bloch_meet_came)(f, p, c, n, k, light, before, first);
	if (p->lossy)
		PW_R(pulse_bloch_meet_loss)(f, p, c);
	PW_R(pulse_bloch_meet_middle_back)(df, f, p, c, sums, n, k, work, tape, before, first);
	if (p->lossy) {
		PW_R(pulse_bloch_meet_came)(f, p, c, n, k, light, before, first);
		PW_R(pulse_bloch_meet_loss_back)(df, f, p, c, sums);
	}
	for (pw_u32 d = 0; d < 4; d++) {
		const pw_u32 way = d < 2 ? k : p->cells - 1 - k;
		if (PW_R(pulse_meet_has)(p, n, way))
			PULSE_EACH(l) work PULSE_D_FIELD(d, n - way) = df[d][l];
	}
}

/* A segment of steps, from ... to-1, back. */
PW void PW_R(pulse_bloch_meet_segment_back)(const pw_pulse *p, const PW_R(pulse_blochs) * c,
    PW_R(pulse_bloch_sums) * sums, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *cotangent, PULSE_MEMORY real *work, pw_u32 from, pw_u32 to)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_MEET_OWN(states, p->classes);
	const pw_u32 segments = (PULSE_STEPS + p->segment - 1) / p->segment;
	const pw_u64 step = (pw_u64)p->cells * PULSE_BLOCH_MEET_TAPE;
	const pw_u64 starts = PULSE_BLOCH_MEET_STARTS;
	PULSE_MEMORY real *start = work + (starts + (pw_u64)(from / p->segment) * own) * p->stride;
	PULSE_MEMORY real *tape = work + (starts + (pw_u64)segments * own) * p->stride;
	real s[5][PULSE_ROOM];
	for (pw_u32 i = 0; i < own; i++)
		PULSE_EACH(l) work PULSE_AT(i) = start PULSE_AT(i);
	for (pw_u32 n = from; n < to; n++)
		PW_R(pulse_bloch_meet_step)
	(p, c, n, work, tape + (n - from) * step * p->stride, 1);
	for (pw_u32 n = to; n-- > from;) {
		const int first = n == from;
		PULSE_MEMORY real *now = tape + (n - from) * step * p->stride;
		PULSE_MEMORY real *before = first ? start : now - step * p->stride;
		for (pw_u32 k = 0; k < p->cells; k++)
			PW_R(pulse_bloch_meet_cell_back)
		(p, c, sums, n, k, light, work, now, before, first);
		if (!p->record)
			continue;
		for (pw_u32 k = 0, i = 0; k < p->cells; k++)
			for (pw_u32 j = 0; j < p->classes; j++, i++) {
				PW_R(pulse_bloch_meet_start)(s, p, c, k, j, work, before, first);
				PULSE_EACH(l) work PULSE_W(i) = s[4][l];
			}
		PW_R(pulse_bloch_record_back)(p, n, cotangent, work, own);
	}
}

PW void PW_R(pulse_bloch_meet_adjoint)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters,
    PULSE_MEMORY const real *cotangent, PULSE_MEMORY real *out, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_MEET_OWN(states, p->classes);
	const pw_u32 segments = (PULSE_STEPS + p->segment - 1) / p->segment;
	const pw_u64 starts = PULSE_BLOCH_MEET_STARTS;
	PW_R(pulse_blochs) c;
	PW_R(pulse_bloch_sums) sums;
	PW_R(pulse_bloch_meet_begin)(&c, p, light, state, parameters, work);
	for (pw_u32 s = 0; s < segments; s++) {
		const pw_u32 end = s + 1 < segments ? (s + 1) * p->segment : PULSE_STEPS;
		for (pw_u32 i = 0; i < own; i++)
			PULSE_EACH(l)
		work PULSE_AT(starts + (pw_u64)s * own + i) = work PULSE_AT(i);
		for (pw_u32 n = s * p->segment; n < end && (s + 1 < segments || p->record); n++)
			PW_R(pulse_bloch_meet_step)(p, &c, n, work, work, 0);
	}
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *dy = cotangent + PULSE_ROW(l) * p->cotangent_row;
		sums.half_way[l] = sums.keep[l] = sums.h[l] = sums.t[l] = R(0.0);
		for (pw_u32 i = 0; i < 4 * p->slots; i++)
			work PULSE_D_FIELD(0, i) = dy[i];
		for (pw_u32 i = 0; i < 5 * states; i++)
			work PULSE_D_NUMBER(0, i) = dy[4 * p->slots + i];
		for (pw_u32 j = 0; j < 3 * p->classes; j++)
			work PULSE_D_TURN_RE(j) = R(0.0);
	}
	if (p->record)
		PW_R(pulse_bloch_record_back)(p, PULSE_STEPS, cotangent, work, own);
	for (pw_u32 s = segments; s-- > 0;)
		PW_R(pulse_bloch_meet_segment_back)
	(p, &c, &sums, light, cotangent, work, s * p->segment,
	    s + 1 < segments ? (s + 1) * p->segment : PULSE_STEPS);
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 4 * p->slots; i++)
			to[i] = work PULSE_D_FIELD(0, i);
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 5 * states; i++)
			to[4 * p->slots + i] = work PULSE_D_NUMBER(0, i);
	}
	PW_R(pulse_bloch_parameters_back)(p, &c, &sums, parameters, out, work, own);
}
