/* Saturable absorbers by name, and what a sample of one is. */
#include <math.h>
#include <string.h>

#include <onn/pulse_media.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/pi.h"
#include "core/settings.h"

#define PI          ((double)ONN_PI)
#define LIGHT_SPEED 299792458.     /* m/s */
#define PLANCK      6.62607015e-34 /* J s */
#define BOLTZMANN   1.380649e-23   /* J/K */
#define ATMOSPHERE  101325.        /* Pa */
#define TORR        (ATMOSPHERE / 760)

/* The vapour's pressure in atmospheres over a solid and a liquid metal: lg p = a - b/T. */
typedef struct metal {
	double melting; /* K */
	double solid[2], liquid[2];
} metal;

static const metal rubidium = {312.45, {4.857, 4215}, {4.312, 4040}},
                   cesium = {301.65, {4.711, 3999}, {4.165, 3830}};

enum { GASES = ONN_PULSE_GAS_ARGON + 1 };

typedef struct row {
	onn_pulse_material material;
	/* of an atomic line: of the ground state's atoms in the level that the light drives */
	double share;
	const metal *metal;
	double broadening[GASES]; /* MHz/Torr, full width; 0: not known */
} row;

/*
 * A line by its wavelength, lifetime and sigma/(3 lambda^2/(2 pi)), which is 1 of a cycling
 * transition and 1/3 of linear polarisation on a D1 line: Isat = hbar w G/(2 sigma).
 */
#define LINE_ISAT(lambda, life, strength)                                                          \
	(PI * PLANCK * LIGHT_SPEED / (3 * (lambda) * (lambda) * (lambda) * (life) * (strength)))
#define LINE(name, title, source, lambda, life, strength, mass)                                    \
	{                                                                                          \
		name, title, source, lambda, life, 2 * (life), LINE_ISAT(lambda, life, strength),  \
		    LINE_ISAT(lambda, life, strength) * (life), 0, 0, mass                         \
	}
/* Anything else by its saturation fluence. */
#define SOLID(name, title, source, lambda, t1, fsat, depth, loss)                                  \
	{                                                                                          \
		name, title, source, lambda, t1, 0, (fsat) / (t1), fsat, depth, loss, 0            \
	}
#define NO_VAPOUR                                                                                  \
	0, NULL, { 0 }
#define STECK_RB "D. A. Steck, Rubidium 87 D Line Data"
#define STECK_CS "D. A. Steck, Cesium D Line Data"
#define MASS_RB  1.443160648e-25
#define MASS_CS  2.20694650e-25

static const row rows[] = {
    {LINE("rb87-d2", "rubidium 87 vapour, D2, F=2 to F'=3", STECK_RB, 780.241209686e-9, 26.2348e-9,
         1, MASS_RB),
        5. / 8, &rubidium, {0, 20.0, 9.47, 18.3, 17.7}},
    {LINE("rb87-d1", "rubidium 87 vapour, D1, F=2, linear polarisation", STECK_RB, 794.978851156e-9,
         27.679e-9, 1. / 3, MASS_RB),
        5. / 8, &rubidium, {0, 18.9, 9.84, 16.3, 18.1}},
    {LINE("cs133-d2", "cesium 133 vapour, D2, F=4 to F'=5", STECK_CS, 852.34727582e-9, 30.405e-9, 1,
         MASS_CS),
        9. / 16, &cesium, {0}},
    {SOLID("sesam", "semiconductor saturable absorber mirror for mode locking",
         "typical within U. Keller, Appl. Phys. B 100, 15 (2010): 50 uJ/cm^2, 1 %, 10 ps", 1030e-9,
         10e-12, .5, .01, .001),
        NO_VAPOUR},
    {SOLID("graphene", "one layer of graphene",
         "2.3 %, 0.7 MW/cm^2, two thirds saturable: Bao et al., Adv. Funct. Mater. 19, 3077 "
         "(2009); "
         "T1 0.4 to 1.7 ps: Dawlaty et al., Appl. Phys. Lett. 92, 042116 (2008)",
         1550e-9, 1e-12, .7e10 * 1e-12, .0155, .0078),
        NO_VAPOUR},
    {SOLID("cnt", "film of single-walled carbon nanotubes in a polymer",
         "13.9 uJ/cm^2, 16.9 %, some 1 ps: Wang et al., Int. J. Mater. Form. 1, 107 (2008)",
         1550e-9, 1e-12, .139, .185, 0),
        NO_VAPOUR},
    {SOLID("cr4-yag", "Cr4+:YAG of 70 % initial transmission",
         "4.3e-18 cm^2, excited 8.2e-19 cm^2, 3.2 us: J. Optoelectron. Laser 9, 453 (1998)",
         1064e-9, 3.2e-6, 434.2, .2887, .0680),
        NO_VAPOUR},
};

ONN_WORDS(onn_pulse_gas, ONN_PULSE_GAS_WORDS)

#define CELL(name, kind, member) ONN_SETTING(name, kind, onn_pulse_cell, member)
static const onn_setting cell_rows[] = {
    {CELL("temperature", REAL, temperature), .low = 200, .high = 1000, .unit = "K"},
    {CELL("length", REAL, length), .low = 0, .high = INFINITY, .low_open = true, .unit = "m"},
    {CELL("buffer_gas", WORD, gas), .words = &onn_pulse_gas_words},
    {CELL("pressure", REAL, pressure), .low = 0, .high = 1e7, .unit = "Pa",
        .needs = "buffer_gas=helium|neon|nitrogen|argon"},
    {CELL("linewidth", REAL, linewidth), .low = 0, .high = INFINITY, .unit = "Hz",
        .zero = "what nature and the gas make"},
};

const onn_settings *onn_pulse_cell_settings(void)
{
	ONN_RETURN_SETTINGS("cell", cell_rows, onn_pulse_cell, NULL, ONN_PULSE_CELL_INIT);
}

const onn_pulse_material *onn_pulse_material_known(size_t i)
{
	return i < ONN_COUNT(rows) ? &rows[i].material : NULL;
}

const onn_pulse_material *onn_pulse_material_find(const char *name)
{
	for (size_t i = 0; name && i < ONN_COUNT(rows); i++)
		if (strcmp(rows[i].material.name, name) == 0)
			return &rows[i].material;
	return NULL;
}

/* Atoms per cubic metre over the metal. */
static double density(const metal *m, double temperature)
{
	const double *law = temperature < m->melting ? m->solid : m->liquid;
	return ATMOSPHERE * pow(10, law[0] - law[1] / temperature) / (BOLTZMANN * temperature);
}

/* The line's homogeneous full width, Hz, in this cell. */
static onn_status linewidth(double *width, const row *r, const onn_pulse_cell *cell)
{
	static const char *const function = "onn_pulse_sample_of";
	double natural = 1 / (2 * PI * r->material.t1), per_torr = r->broadening[cell->gas];

	*width = natural;
	if (cell->linewidth > 0 && cell->gas != ONN_PULSE_GAS_NONE)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: a linewidth of %g Hz and a buffer gas, %s; expected one of them", function,
		    cell->linewidth, onn_pulse_gas_name(cell->gas));
	if (cell->gas != ONN_PULSE_GAS_NONE && per_torr == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: buffer gas %s widens %s by an unknown amount; expected a linewidth in Hz",
		    function, onn_pulse_gas_name(cell->gas), r->material.name);
	*width += per_torr * 1e6 * cell->pressure / TORR;
	if (cell->linewidth == 0)
		return ONN_OK;
	if (cell->linewidth < natural)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: linewidth is %g Hz; expected at least the natural one of %s, %.6g Hz",
		    function, cell->linewidth, r->material.name, natural);
	*width = cell->linewidth;
	return ONN_OK;
}

/* The vapour of a line: sigma = h c G/(2 lambda Isat), and all falls with what widens the line. */
static onn_status fill_vapour(onn_pulse_sample *s, const row *r, const onn_pulse_cell *cell)
{
	const onn_pulse_material *m = &r->material;
	onn_status status = linewidth(&s->linewidth, r, cell);
	if (status)
		return status;
	double natural = 1 / (2 * PI * m->t1), wider = s->linewidth / natural;
	double section = PLANCK * LIGHT_SPEED / (2 * m->wavelength * m->isat * m->t1);
	double speed = sqrt(2 * BOLTZMANN * cell->temperature / m->mass);
	s->density = density(r->metal, cell->temperature);
	s->depth = s->density * r->share * section * cell->length / wider;
	s->isat = m->isat * wider;
	s->fsat = m->fsat * wider;
	s->t2 = 1 / (PI * s->linewidth);
	s->doppler = speed / m->wavelength / (s->linewidth / 2);
	return ONN_OK;
}

onn_status onn_pulse_sample_of(
    onn_pulse_sample *sample, const onn_pulse_material *material, const onn_pulse_cell *given)
{
	static const char *const function = "onn_pulse_sample_of";
	onn_pulse_cell cell = ONN_PULSE_CELL_INIT;
	const row *r = NULL;

	for (size_t i = 0; i < ONN_COUNT(rows); i++)
		if (material == &rows[i].material)
			r = &rows[i];
	if (!r || !sample)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: no %s", function,
		    sample
		        ? "material of the table; expected one that onn_pulse_material_find lends"
		        : "sample to fill");
	onn_status status = onn_options_take(&cell, given, function, "ONN_PULSE_CELL_INIT");
	if (!status)
		status = onn_settings_check(onn_pulse_cell_settings(), &cell);
	if (status)
		return status;
	*sample = (onn_pulse_sample){.wavelength = material->wavelength,
	    .t1 = material->t1,
	    .t2 = material->t2,
	    .isat = material->isat,
	    .fsat = material->fsat,
	    .depth = material->depth,
	    .loss = material->loss};
	return r->metal ? fill_vapour(sample, r, &cell) : ONN_OK;
}
