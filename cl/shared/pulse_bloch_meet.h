/*
 * Two strong beams in one medium of the Bloch model, for some rows, which move as those of
 * pulse_meet.h: a cell in a step. Of each class both have a polarisation of their own, and share
 * the inversion. Fields and polarisations are four numbers, real and imaginary ones of the first
 * beam, then of the second: with products of these the midpoint is that of pulse_bloch.h. Read once
 * for each precision.
 *
 * Where a beam has no slot in a cell, its atoms do not radiate into it: as behind the last slot of
 * one beam, what would come is not followed.
 *
 * Atoms that move meet the second beam with the opposite velocity: in class j its polarisation
 * turns as the first beam's does in the class as far from the other end.
 */

/* Working memory: number d of a state, the inversion being the last; behind pulse_bloch.h's the
 * fields, each slot as it is by now. */
#define PULSE_NUMBER(d, i)                    PULSE_AT((d)*states + (i))
#define PULSE_FIELD(d, m)                     PULSE_AT(fields + (d)*p->slots + (m))
#define PULSE_BLOCH_MEET_OWN(states, classes) (PULSE_BLOCH_OWN(states, classes) + 4 * p->slots)
/* Tape: the fields behind a cell, and its classes. */
#define PULSE_BLOCH_MEET_TAPE    (4 + 5 * p->classes)
#define PULSE_MET(k, d)          PULSE_AT((k)*PULSE_BLOCH_MEET_TAPE + (d))
#define PULSE_CLASS_MET(k, j, d) PULSE_AT((k)*PULSE_BLOCH_MEET_TAPE + 4 + 5 * (j) + (d))

/* Whether the beam of number d has a slot in cell k at step n. */
PW int PW_R(pulse_bloch_meet_has)(const pw_pulse *p, pw_u32 n, pw_u32 k, pw_u32 d)
{
	return PW_R(pulse_meet_has)(p, n, d < 2 ? k : p->cells - 1 - k);
}

/* The fields in cell k at step n, before it; dark where there are none. */
PW void PW_R(pulse_bloch_meet_load)(
    real (*f)[PULSE_ROOM], const pw_pulse *p, pw_u32 n, pw_u32 k, PULSE_MEMORY const real *work)
{
	const pw_u32 fields = PULSE_BLOCH_OWN(p->cells * p->classes, p->classes);
	for (pw_u32 d = 0; d < 4; d++) {
		const pw_u32 way = d < 2 ? k : p->cells - 1 - k;
		if (PW_R(pulse_meet_has)(p, n, way))
			PULSE_EACH(l) f[d][l] = work PULSE_FIELD(d, n - way);
		else
			PULSE_EACH(l) f[d][l] = R(0.0);
	}
}

PW void PW_R(pulse_bloch_meet_store)(
    real (*f)[PULSE_ROOM], const pw_pulse *p, pw_u32 n, pw_u32 k, PULSE_MEMORY real *work)
{
	const pw_u32 fields = PULSE_BLOCH_OWN(p->cells * p->classes, p->classes);
	for (pw_u32 d = 0; d < 4; d++) {
		const pw_u32 way = d < 2 ? k : p->cells - 1 - k;
		if (PW_R(pulse_meet_has)(p, n, way))
			PULSE_EACH(l) work PULSE_FIELD(d, n - way) = f[d][l];
	}
}

PW void PW_R(pulse_bloch_meet_loss)(
    real (*f)[PULSE_ROOM], const pw_pulse *p, const PW_R(pulse_blochs) * c)
{
	PW_R(pulse_bloch_loss)(f[0], f[1], p, c);
	PW_R(pulse_bloch_loss)(f[2], f[3], p, c);
}

/* Half a slot in the dark of class j, whose numbers are in s. */
PW void PW_R(pulse_bloch_meet_relax)(real (*s)[PULSE_ROOM], const pw_pulse *p,
    const PW_R(pulse_blochs) * c, pw_u32 j, PULSE_MEMORY const real *work)
{
	const pw_u32 states = p->cells * p->classes, other = p->classes - 1 - j;
	PULSE_EACH(l)
	{
		real re = s[2][l], im = s[3][l];
		PW_R(pulse_bloch_relax)
		(&s[0][l], &s[1][l], &s[4][l], work PULSE_TURN_RE(j), work PULSE_TURN_IM(j),
		    c->way[0][l]);
		s[2][l] = re * work PULSE_TURN_RE(other) - im * work PULSE_TURN_IM(other);
		s[3][l] = re * work PULSE_TURN_IM(other) + im * work PULSE_TURN_RE(other);
	}
}

/* From the middle of a slot, where the fields are m, to its end, for class j of cell k. */
PW void PW_R(pulse_bloch_meet_class)(real (*m)[PULSE_ROOM], const real *per, const pw_pulse *p,
    const PW_R(pulse_blochs) * c, pw_u32 k, pw_u32 j, PULSE_MEMORY real *work,
    PULSE_MEMORY real *tape, int kept)
{
	const pw_u32 states = p->cells * p->classes, i = k * p->classes + j;
	real s[5][PULSE_ROOM];
	for (pw_u32 d = 0; d < 5; d++)
		PULSE_EACH(l) s[d][l] = work PULSE_NUMBER(d, i);
	PULSE_EACH(l)
	{
		const real t = c->t[l], w = s[4][l];
		const real along =
		    m[0][l] * s[0][l] + m[1][l] * s[1][l] + m[2][l] * s[2][l] + m[3][l] * s[3][l];
		const real wm = (w - t * along) * per[l], by = R(2.0) * t * wm;
		s[0][l] += by * m[0][l];
		s[1][l] += by * m[1][l];
		s[2][l] += by * m[2][l];
		s[3][l] += by * m[3][l];
		s[4][l] = R(2.0) * wm - w;
	}
	if (kept) {
		for (pw_u32 d = 0; d < 5; d++)
			PULSE_EACH(l) tape PULSE_CLASS_MET(k, j, d) = s[d][l];
	}
	PW_R(pulse_bloch_meet_relax)(s, p, c, j, work);
	for (pw_u32 d = 0; d < 5; d++)
		PULSE_EACH(l) work PULSE_NUMBER(d, i) = s[d][l];
}

/* The fields of both beams through cell k at step n. */
PW void PW_R(pulse_bloch_meet_cell)(real (*f)[PULSE_ROOM], const pw_pulse *p,
    const PW_R(pulse_blochs) * c, pw_u32 n, pw_u32 k, PULSE_MEMORY real *work,
    PULSE_MEMORY real *tape, int kept)
{
	const pw_u32 states = p->cells * p->classes;
	real dot[PULSE_ROOM], square[PULSE_ROOM], inversion[PULSE_ROOM], x[PULSE_ROOM];
	real m[4][PULSE_ROOM], s[5][PULSE_ROOM];
	PULSE_EACH(l)
	dot[l] = square[l] = inversion[l] = m[0][l] = m[1][l] = m[2][l] = m[3][l] = R(0.0);
	for (pw_u32 j = 0, i = k * p->classes; j < p->classes; j++, i++) {
		for (pw_u32 d = 0; d < 5; d++)
			PULSE_EACH(l) s[d][l] = work PULSE_NUMBER(d, i);
		PW_R(pulse_bloch_meet_relax)(s, p, c, j, work);
		for (pw_u32 d = 0; d < 5; d++)
			PULSE_EACH(l) work PULSE_NUMBER(d, i) = s[d][l];
		for (pw_u32 d = 0; d < 4; d++)
			PULSE_EACH(l) m[d][l] += work PULSE_C(j) * s[d][l];
		PULSE_EACH(l) inversion[l] += work PULSE_C(j) * s[4][l];
	}
	for (pw_u32 d = 0; d < 4; d++) {
		if (!PW_R(pulse_bloch_meet_has)(p, n, k, d)) {
			PULSE_EACH(l) m[d][l] = R(0.0);
			continue;
		}
		PULSE_EACH(l)
		{
			const real both = f[d][l] + c->h[l] * m[d][l];
			dot[l] += both * m[d][l];
			square[l] += both * both;
			m[d][l] = both;
		}
	}
	PW_R(pulse_bloch_midpoint)(x, dot, square, inversion, p, c);
	for (pw_u32 d = 0; d < 4; d++) {
		PULSE_EACH(l)
		{
			m[d][l] *= x[l];
			f[d][l] = R(2.0) * m[d][l] - f[d][l];
		}
	}
	PULSE_EACH(l)
	square[l] = R(1.0) / (R(1.0) + c->t[l] * c->t[l] * x[l] * x[l] * square[l]);
	for (pw_u32 j = 0; j < p->classes; j++)
		PW_R(pulse_bloch_meet_class)(m, square, p, c, k, j, work, tape, kept);
}

/* A step of all cells. */
PW void PW_R(pulse_bloch_meet_step)(const pw_pulse *p, const PW_R(pulse_blochs) * c, pw_u32 n,
    PULSE_MEMORY real *work, PULSE_MEMORY real *tape, int kept)
{
	real f[4][PULSE_ROOM];
	for (pw_u32 k = 0; k < p->cells; k++) {
		PW_R(pulse_bloch_meet_load)(f, p, n, k, work);
		if (p->lossy)
			PW_R(pulse_bloch_meet_loss)(f, p, c);
		PW_R(pulse_bloch_meet_cell)(f, p, c, n, k, work, tape, kept);
		if (kept) {
			for (pw_u32 d = 0; d < 4; d++)
				PULSE_EACH(l) tape PULSE_MET(k, d) = f[d][l];
		}
		if (p->lossy)
			PW_R(pulse_bloch_meet_loss)(f, p, c);
		PW_R(pulse_bloch_meet_store)(f, p, n, k, work);
	}
}

PW void PW_R(pulse_bloch_meet_begin)(PW_R(pulse_blochs) * c, const pw_pulse *p,
    PULSE_MEMORY const real *light, PULSE_MEMORY const real *state,
    PULSE_MEMORY const real *parameters, PULSE_MEMORY real *work)
{
	const pw_u32 fields = PULSE_BLOCH_OWN(p->cells * p->classes, p->classes);
	PW_R(pulse_bloch_begin)(c, p, state, parameters, work);
	for (pw_u32 i = 0; i < 4 * p->slots; i++)
		PULSE_LANES(l)
	work PULSE_FIELD(0, i) = light[PULSE_ROW(l) * p->light_row + i];
}

PW void PW_R(pulse_bloch_meet)(const pw_pulse *p, PULSE_MEMORY const real *light,
    PULSE_MEMORY const real *state, PULSE_MEMORY const real *parameters, PULSE_MEMORY real *out,
    PULSE_MEMORY real *work)
{
	const pw_u32 states = p->cells * p->classes, fields = PULSE_BLOCH_OWN(states, p->classes);
	PW_R(pulse_blochs) c;
	PW_R(pulse_bloch_meet_begin)(&c, p, light, state, parameters, work);
	for (pw_u32 n = 0; n < PULSE_STEPS; n++) {
		if (p->record)
			PW_R(pulse_bloch_record)(p, n, out, work);
		PW_R(pulse_bloch_meet_step)(p, &c, n, work, work, 0);
	}
	if (p->record)
		PW_R(pulse_bloch_record)(p, PULSE_STEPS, out, work);
	PULSE_LANES(l)
	{
		PULSE_MEMORY real *to = out + PULSE_ROW(l) * p->out_row;
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 4 * p->slots; i++)
			to[i] = work PULSE_FIELD(0, i);
		for (pw_u32 i = 0; PULSE_IS_ROW(l) && i < 5 * states; i++)
			to[4 * p->slots + i] = work PULSE_AT(i);
	}
}
