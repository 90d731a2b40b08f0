/*
 * The way back through pulse_bloch.h, as pulse_rate_adjoint.h goes through the rate model. Of the
 * midpoint's equations F(m, in) = 0 the gradients u of their sides solve (dF/dm)^T u = 2 d, d the
 * gradient of what comes out, 2 m - in; that of what came in is u - d.
 */

/* Working memory behind pulse_bloch.h's: gradients of the states; of each class's turn and weight;
 * the states at the start of each segment, the tape. */
#define PULSE_D_STATE(i)   PULSE_AT(own + (i))
#define PULSE_D_RE(i)      PULSE_AT(own + (i))
#define PULSE_D_IM(i)      PULSE_AT(own + states + (i))
#define PULSE_D_W(i)       PULSE_AT(own + (p->planes - 1) * states + (i))
#define PULSE_D_TURN_RE(j) PULSE_AT(own + p->planes * states + (j))
#define PULSE_D_TURN_IM(j) PULSE_AT(own + p->planes * states + p->classes + (j))
#define PULSE_D_WEIGHT(j)  PULSE_AT(own + p->planes * states + 2 * p->classes + (j))
#define PULSE_BLOCH_STARTS (own + 3 * states + 3 * p->classes)

/* Gradients that are sums over slots and cells. */
typedef struct PW_R(pulse_bloch_sums) {
	real half_way[PULSE_ROOM], keep[PULSE_ROOM], h[PULSE_ROOM], t[PULSE_ROOM];
} PW_R(pulse_bloch_sums);

/* Back through half a slot in the dark that began with (re, im, w): gradients behind, then before.
 * Returns the gradient of half_way. */
PULSE_INLINE real PW_R(pulse_bloch_relax_back)(real *dre, real *dim, real *dw, real re, real im,
    real w, real turn_re, real turn_im, real half_way, real *dturn_re, real *dturn_im)
{
	real a = *dre, b = *dim, de = *dw * (R(1.0) + w);
	*dturn_re += a * re + b * im;
	*dturn_im += b * re - a * im;
	*dre = a * turn_re + b * turn_im;
	*dim = b * turn_re - a * turn_im;
	*dw *= half_way;
	return de;
}

/* State i, of class j of a cell, at a slot's start: as the slot before left it in its tape or
 * (first) as it is in before. */
PW void PW_R(pulse_bloch_start)(real *re, real *im, real *w, const pw_pulse *p,
    const PW_R(pulse_blochs) * c, pw_u32 k, pw_u32 j, PULSE_MEMORY const real *work,
    PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells * p->classes, i = k * p->classes + j;
	if (first) {
		PULSE_EACH(l)
		{
			re[l] = before PULSE_RE(i);
			im[l] = before PULSE_IM(i);
			w[l] = before PULSE_W(i);
		}
		return;
	}
	PULSE_EACH(l)
	{
		real x = before PULSE_CLASS_BEHIND(k, j, 0), y = before PULSE_CLASS_BEHIND(k, j, 1);
		real z = before PULSE_CLASS_BEHIND(k, j, 2);
		PW_R(pulse_bloch_relax)
		(&x, &y, &z, work PULSE_TURN_RE(j), work PULSE_TURN_IM(j), c->way[0][l]);
		re[l] = x;
		im[l] = y;
		w[l] = z;
	}
}

/* What a cell's way back goes by, a number for each lane. */
typedef struct PW_R(pulse_bloch_middle) {
	real re[PULSE_ROOM], im[PULSE_ROOM];   /* the field's midpoint */
	real per[PULSE_ROOM];                  /* 1/(1 + t^2 |Wm|^2) */
	real ure[PULSE_ROOM], uim[PULSE_ROOM]; /* right side of the field's equation, then its u */
	real pre[PULSE_ROOM], pim[PULSE_ROOM]; /* sum of c pm */
	real inversion[PULSE_ROOM];            /* sum of c wm */
	real kappa[PULSE_ROOM]; /* of an inversion's u by the field's, over its weight */
} PW_R(pulse_bloch_middle);

/* The midpoint of class j, whose state was (re, im, w) at the slot's start: comes into the same
 * numbers. */
PULSE_INLINE void PW_R(pulse_bloch_between)(real *re, real *im, real *w, const pw_pulse *p,
    real half_way, pw_u32 k, pw_u32 j, pw_u32 l, PULSE_MEMORY const real *work,
    PULSE_MEMORY const real *tape)
{
	const pw_u32 states = p->cells * p->classes;
	PW_R(pulse_bloch_relax)(re, im, w, work PULSE_TURN_RE(j), work PULSE_TURN_IM(j), half_way);
	*re = R(0.5) * (*re + tape PULSE_CLASS_BEHIND(k, j, 0));
	*im = R(0.5) * (*im + tape PULSE_CLASS_BEHIND(k, j, 1));
	*w = R(0.5) * (*w + tape PULSE_CLASS_BEHIND(k, j, 2));
}

/* Back through the last half of a slot, and sums over the classes: the field's equation. */
PW void PW_R(pulse_bloch_gather)(PW_R(pulse_bloch_middle) * m, const pw_pulse *p,
    const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * d, pw_u32 k, PULSE_MEMORY real *work,
    PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_OWN(states, p->classes);
	real sre[PULSE_ROOM], sim[PULSE_ROOM], sw[PULSE_ROOM];
	for (pw_u32 j = 0, i = k * p->classes; j < p->classes; j++, i++) {
		PW_R(pulse_bloch_start)(sre, sim, sw, p, c, k, j, work, before, first);
		PULSE_EACH(l)
		{
			const real t = c->t[l], weight = work PULSE_C(j);
			real ar = sre[l], br = sim[l], wm = sw[l];
			real a = work PULSE_D_RE(i), b = work PULSE_D_IM(i), w = work PULSE_D_W(i);
			real turn_re = work PULSE_D_TURN_RE(j), turn_im = work PULSE_D_TURN_IM(j);
			PW_R(pulse_bloch_between)
			(&ar, &br, &wm, p, c->way[0][l], k, j, l, work, tape);
			d->half_way[l] += PW_R(pulse_bloch_relax_back)(&a, &b, &w,
			    tape PULSE_CLASS_BEHIND(k, j, 0), tape PULSE_CLASS_BEHIND(k, j, 1),
			    tape PULSE_CLASS_BEHIND(k, j, 2), work PULSE_TURN_RE(j),
			    work PULSE_TURN_IM(j), c->way[0][l], &turn_re, &turn_im);
			const real e = R(2.0) * (w + t * (m->re[l] * a + m->im[l] * b)) * m->per[l];
			m->ure[l] += t * (R(2.0) * wm * a - (t * m->re[l] * wm + ar) * e);
			m->uim[l] += t * (R(2.0) * wm * b - (t * m->im[l] * wm + br) * e);
			m->pre[l] += weight * ar;
			m->pim[l] += weight * br;
			m->inversion[l] += weight * wm;
			work PULSE_D_TURN_RE(j) = turn_re;
			work PULSE_D_TURN_IM(j) = turn_im;
			work PULSE_D_RE(i) = a;
			work PULSE_D_IM(i) = b;
			work PULSE_D_W(i) = w;
		}
	}
}

/* From the field's u to the classes', and back through the first half of the slot. */
PW void PW_R(pulse_bloch_spread)(const PW_R(pulse_bloch_middle) * m, const pw_pulse *p,
    const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * d, pw_u32 k, PULSE_MEMORY real *work,
    PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before, int first)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_OWN(states, p->classes);
	real sre[PULSE_ROOM], sim[PULSE_ROOM], sw[PULSE_ROOM];
	for (pw_u32 j = 0, i = k * p->classes; j < p->classes; j++, i++) {
		PW_R(pulse_bloch_start)(sre, sim, sw, p, c, k, j, work, before, first);
		PULSE_EACH(l)
		{
			const real t = c->t[l], weight = work PULSE_C(j), h = c->h[l] * weight;
			real ar = sre[l], br = sim[l], wm = sw[l];
			real a = work PULSE_D_RE(i), b = work PULSE_D_IM(i), w = work PULSE_D_W(i);
			real turn_re = work PULSE_D_TURN_RE(j), turn_im = work PULSE_D_TURN_IM(j);
			PW_R(pulse_bloch_between)
			(&ar, &br, &wm, p, c->way[0][l], k, j, l, work, tape);
			const real e = R(2.0) * (w + t * (m->re[l] * a + m->im[l] * b)) * m->per[l];
			const real uw = e + weight * m->kappa[l];
			const real ua = R(2.0) * a + h * m->ure[l] - t * m->re[l] * uw;
			const real ub = R(2.0) * b + h * m->uim[l] - t * m->im[l] * uw;
			d->t[l] += wm * (ua * m->re[l] + ub * m->im[l]) -
			           uw * (m->re[l] * ar + m->im[l] * br);
			work PULSE_D_WEIGHT(j) += c->h[l] * (m->ure[l] * ar + m->uim[l] * br);
			a = ua - a;
			b = ub - b;
			w = uw - w;
			d->half_way[l] += PW_R(pulse_bloch_relax_back)(&a, &b, &w, sre[l], sim[l],
			    sw[l], work PULSE_TURN_RE(j), work PULSE_TURN_IM(j), c->way[0][l],
			    &turn_re, &turn_im);
			work PULSE_D_TURN_RE(j) = turn_re;
			work PULSE_D_TURN_IM(j) = turn_im;
			work PULSE_D_RE(i) = a;
			work PULSE_D_IM(i) = b;
			work PULSE_D_W(i) = w;
		}
	}
}

/* Back through a cell into which the field (re, im) came; (dre, dim) its gradient behind, then
 * before. */
PW void PW_R(pulse_bloch_cell_back)(real *dre, real *dim, const real *re, const real *im,
    const pw_pulse *p, const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * d, pw_u32 k,
    PULSE_MEMORY real *work, PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before,
    int first)
{
	PW_R(pulse_bloch_middle) m;
	PULSE_EACH(l)
	{
		const real t = c->t[l];
		m.re[l] = R(0.5) * (re[l] + tape PULSE_BEHIND(k, 0));
		m.im[l] = R(0.5) * (im[l] + tape PULSE_BEHIND(k, 1));
		m.per[l] = R(1.0) / (R(1.0) + t * t * (m.re[l] * m.re[l] + m.im[l] * m.im[l]));
		m.ure[l] = R(2.0) * dre[l];
		m.uim[l] = R(2.0) * dim[l];
		m.pre[l] = m.pim[l] = m.inversion[l] = R(0.0);
	}
	PW_R(pulse_bloch_gather)(&m, p, c, d, k, work, tape, before, first);
	/* (1 - t h s) u + v t h Re(conj(m) u)/(1 + t^2 |m|^2) = right side */
	PULSE_EACH(l)
	{
		const real t = c->t[l], h = c->h[l], s = m.inversion[l];
		const real vre = t * (t * s * m.re[l] + m.pre[l]);
		const real vim = t * (t * s * m.im[l] + m.pim[l]);
		const real one = R(1.0) - t * h * s, share = t * h * m.per[l];
		const real q = (m.re[l] * m.ure[l] + m.im[l] * m.uim[l]) /
		               (one + share * (m.re[l] * vre + m.im[l] * vim));
		m.kappa[l] = share * q;
		m.ure[l] = (m.ure[l] - vre * m.kappa[l]) / one;
		m.uim[l] = (m.uim[l] - vim * m.kappa[l]) / one;
		d->h[l] += m.ure[l] * m.pre[l] + m.uim[l] * m.pim[l];
		dre[l] = m.ure[l] - dre[l];
		dim[l] = m.uim[l] - dim[l];
	}
	PW_R(pulse_bloch_spread)(&m, p, c, d, k, work, tape, before, first);
}

/* Back through the loss of half a cell into which the field (re, im) came. */
PW void PW_R(pulse_bloch_loss_back)(real *dre, real *dim, const real *re, const real *im,
    const pw_pulse *p, const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * d)
{
	PULSE_EACH(l)
	{
		d->keep[l] += dre[l] * re[l] + dim[l] * im[l];
		dre[l] *= c->keep[l];
		dim[l] *= c->keep[l];
	}
}

/* Back through a slot whose light came in as (re0, im0). */
PW void PW_R(pulse_bloch_slot_back)(real *dre, real *dim, const real *re0, const real *im0,
    const pw_pulse *p, const PW_R(pulse_blochs) * c, PW_R(pulse_bloch_sums) * d,
    PULSE_MEMORY real *work, PULSE_MEMORY const real *tape, PULSE_MEMORY const real *before,
    int first)
{
	real re[PULSE_ROOM], im[PULSE_ROOM], fre[PULSE_ROOM], fim[PULSE_ROOM];
	for (pw_u32 k = p->cells; k-- > 0;) {
		if (p->lossy) {
			PULSE_EACH(l)
			{
				re[l] = tape PULSE_BEHIND(k, 0);
				im[l] = tape PULSE_BEHIND(k, 1);
			}
			PW_R(pulse_bloch_loss_back)(dre, dim, re, im, p, c, d);
		}
		/* before the loss in front, and behind that */
		PULSE_EACH(l)
		{
			fre[l] = k == 0 ? re0[l] : tape PULSE_BEHIND(k == 0 ? 0 : k - 1, 0);
			fim[l] = k == 0 ? im0[l] : tape PULSE_BEHIND(k == 0 ? 0 : k - 1, 1);
		}
		if (p->lossy && k > 0)
			PW_R(pulse_bloch_loss)(fre, fim, p, c);
		PULSE_EACH(l)
		{
			re[l] = p->lossy ? fre[l] * c->keep[l] : fre[l];
			im[l] = p->lossy ? fim[l] * c->keep[l] : fim[l];
		}
		PW_R(pulse_bloch_cell_back)
		(dre, dim, re, im, p, c, d, k, work, tape, before, first);
		if (p->lossy)
			PW_R(pulse_bloch_loss_back)(dre, dim, fre, fim, p, c, d);
	}
}

/* What the record before slot n, whose inversions are in work, adds. */
PW void PW_R(pulse_bloch_record_back)(const pw_pulse *p, pw_u32 n,
    PULSE_MEMORY const real *cotangent, PULSE_MEMORY real *work, pw_u32 own)
{
	const pw_u32 states = p->cells * p->classes;
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *dy = cotangent + PULSE_ROW(l) * p->cotangent_row +
		                              p->light_row + p->planes * states +
		                              (pw_u64)n * p->cells;
		for (pw_u32 i = 0, j = 0; i < states; i++, j = j + 1 < p->classes ? j + 1 : 0) {
			const real dq = dy[i / p->classes];
			work PULSE_D_W(i) += work PULSE_C(j) * dq;
			work PULSE_D_WEIGHT(j) += (R(1.0) + work PULSE_W(i)) * dq;
		}
	}
}

/* From the sums to the parameters. */
PW void PW_R(pulse_bloch_parameters_back)(const pw_pulse *p, const PW_R(pulse_blochs) * c,
    const PW_R(pulse_bloch_sums) * d, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *out,
    PULSE_MEMORY const real *work, pw_u32 own)
{
	const pw_u32 states = p->cells * p->classes;
	const real piece = R(0.25) / (real)p->cells;
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *x = parameters + PULSE_ROW(l) * p->parameter_row;
		PULSE_MEMORY real *to =
		    out + PULSE_ROW(l) * p->out_row + p->light_row + p->planes * states;
		const real t = c->t[l], g1 = x[PULSE_G1], g2 = x[PULSE_G2];
		const real de = d->half_way[l] * c->way[0][l];
		real dt = d->t[l] - de * g1, dg2 = d->h[l] * x[PULSE_DEPTH] * piece;
		if (!PULSE_IS_ROW(l))
			continue;
		for (pw_u32 j = 0; j < p->classes; j++) {
			/* conj(d turn) turn */
			const real a = work PULSE_D_TURN_RE(j), b = work PULSE_D_TURN_IM(j);
			const real re = work PULSE_TURN_RE(j), im = work PULSE_TURN_IM(j);
			const real off = x[PULSE_CLASS + j];
			const real u = a * re + b * im, v = a * im - b * re;
			dt -= (u - off * v) * g2;
			dg2 -= (u - off * v) * t;
			to[PULSE_CLASS + j] = v * t * g2;
			to[PULSE_CLASS + p->classes + j] = work PULSE_D_WEIGHT(j);
		}
		to[PULSE_SLOT] = R(0.5) * dt;
		to[PULSE_DEPTH] = d->h[l] * g2 * piece;
		to[PULSE_G1] = -de * t;
		to[PULSE_G2] = dg2;
		to[PULSE_LOSS] = -d->keep[l] * c->keep[l] * piece;
		to[PULSE_TWO_PHOTON] = R(0.0);
	}
}

/* Forward through slots from ... to-1, on a tape where one is kept. */
PW void PW_R(pulse_bloch_again)(const pw_pulse *p, const PW_R(pulse_blochs) * c,
    PULSE_MEMORY const real *light, PULSE_MEMORY real *work, PULSE_MEMORY real *tape, pw_u32 from,
    pw_u32 to, int kept)
{
	const pw_u64 slot = (pw_u64)p->cells * PULSE_BLOCH_TAPE;
	real re[PULSE_ROOM], im[PULSE_ROOM];
	for (pw_u32 m = from; m < to; m++) {
		PW_R(pulse_bloch_load)(re, im, p, light, m);
		PW_R(pulse_bloch_slot)
		(re, im, p, c, work, kept ? tape + (m - from) * slot * p->stride : tape, kept,
		    m > from);
	}
	PW_R(pulse_bloch_rest)(p, c, work);
}

/* A segment of slots, from ... to-1, back. */
PW void PW_R(pulse_bloch_segment_back)(const pw_pulse *p, const PW_R(pulse_blochs) * c,
    PW_R(pulse_bloch_sums) * d, PULSE_MEMORY const real *light, PULSE_MEMORY const real *cotangent,
    PULSE_MEMORY real *out, PULSE_MEMORY real *work, pw_u32 from, pw_u32 to)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_OWN(states, p->classes);
	const pw_u32 segments = (p->slots + p->segment - 1) / p->segment;
	const pw_u64 slot = (pw_u64)p->cells * PULSE_BLOCH_TAPE, starts = PULSE_BLOCH_STARTS;
	PULSE_MEMORY real *start =
	    work + (starts + (pw_u64)(from / p->segment) * 3 * states) * p->stride;
	PULSE_MEMORY real *tape = work + (starts + (pw_u64)segments * 3 * states) * p->stride;
	real re[PULSE_ROOM], im[PULSE_ROOM], dre[PULSE_ROOM], dim[PULSE_ROOM];
	for (pw_u32 i = 0; i < 3 * states; i++)
		PULSE_EACH(l) work PULSE_AT(i) = start PULSE_AT(i);
	PW_R(pulse_bloch_again)(p, c, light, work, tape, from, to, 1);
	for (pw_u32 m = to; m-- > from;) {
		const int first = m == from;
		PULSE_MEMORY real *now = tape + (m - from) * slot * p->stride;
		PULSE_MEMORY real *before = first ? start : now - slot * p->stride;
		PULSE_LANES(l)
		{
			PULSE_MEMORY const real *dy = cotangent + PULSE_ROW(l) * p->cotangent_row;
			dre[l] = dy[m];
			dim[l] = dy[p->slots + m];
		}
		PW_R(pulse_bloch_load)(re, im, p, light, m);
		PW_R(pulse_bloch_slot_back)
		(dre, dim, re, im, p, c, d, work, now, before, first);
		PULSE_LANES(l)
		if (PULSE_IS_ROW(l)) {
			out[PULSE_ROW(l) * p->out_row + m] = dre[l];
			out[PULSE_ROW(l) * p->out_row + p->slots + m] = dim[l];
		}
		if (!p->record)
			continue;
		for (pw_u32 k = 0, i = 0; k < p->cells; k++)
			for (pw_u32 j = 0; j < p->classes; j++, i++) {
				PW_R(pulse_bloch_start)
				(re, im, dre, p, c, k, j, work, before, first);
				PULSE_EACH(l) work PULSE_W(i) = dre[l];
			}
		PW_R(pulse_bloch_record_back)(p, m, cotangent, work, own);
	}
}

PW void PW_R(pulse_bloch_adjoint)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters,
    PULSE_MEMORY const real *cotangent, PULSE_MEMORY real *out, PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes, own = PULSE_BLOCH_OWN(states, p->classes);
	const pw_u32 segments = (p->slots + p->segment - 1) / p->segment;
	const pw_u64 starts = PULSE_BLOCH_STARTS;
	PW_R(pulse_blochs) c;
	PW_R(pulse_bloch_sums) d;
	PW_R(pulse_bloch_begin)(&c, p, state, parameters, work);
	for (pw_u32 s = 0; s < segments; s++) {
		const pw_u32 from = s * p->segment;
		for (pw_u32 i = 0; i < 3 * states; i++)
			PULSE_EACH(l)
		work PULSE_AT(starts + (pw_u64)s * 3 * states + i) = work PULSE_AT(i);
		if (s + 1 < segments || p->record)
			PW_R(pulse_bloch_again)
		(p, &c, light, work, work, from, s + 1 < segments ? from + p->segment : p->slots,
		    0);
	}
	PULSE_LANES(l)
	{
		PULSE_MEMORY const real *dy =
		    cotangent + PULSE_ROW(l) * p->cotangent_row + 2 * p->slots;
		d.half_way[l] = d.keep[l] = d.h[l] = d.t[l] = R(0.0);
		for (pw_u32 i = 0; i < 3 * states; i++)
			work PULSE_D_STATE(i) = dy[i];
		for (pw_u32 j = 0; j < 3 * p->classes; j++)
			work PULSE_D_TURN_RE(j) = R(0.0);
	}
	if (p->record)
		PW_R(pulse_bloch_record_back)(p, p->slots, cotangent, work, own);
	for (pw_u32 s = segments; s-- > 0;) {
		const pw_u32 from = s * p->segment;
		PW_R(pulse_bloch_segment_back)
		(p, &c, &d, light, cotangent, out, work, from,
		    s + 1 < segments ? from + p->segment : p->slots);
	}
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row + 2 * p->slots;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 3 * states; i++)
			to[i] = work PULSE_D_STATE(i);
	}
	PW_R(pulse_bloch_parameters_back)(p, &c, &d, parameters, out, work, own);
}
