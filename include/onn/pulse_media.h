/**
 * @file
 * Saturable absorbers by name, in SI: atomic lines, semiconductor mirrors, graphene, nanotubes,
 * crystals.
 *
 * A vapour's density follows from its temperature. Collisions with a buffer gas, or whatever else
 * widens the line homogeneously, weaken it: at a total width Gt in place of the natural G, Isat and
 * Fsat grow by Gt/G and the optical depth falls by G/Gt. The atoms are taken to be in the hyperfine
 * level that the light drives, by its share of the ground state's 2(2I + 1) states, and to have the
 * cross section of Isat.
 */
#ifndef ONN_PULSE_MEDIA_H
#define ONN_PULSE_MEDIA_H

#include <onn/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A row of the table. What a medium has not is 0. */
typedef struct onn_pulse_material {
	const char *name;   /**< "rb87-d2" */
	const char *title;  /**< for people */
	const char *source; /**< of the numbers */
	double wavelength;  /**< in vacuum, m */
	double t1;          /**< lifetime of the inversion, s */
	double t2;          /**< of the polarisation, s; 0: not known, and short */
	double isat;        /**< saturation intensity on resonance, W/m^2 */
	double fsat;        /**< saturation fluence Isat T1, J/m^2 */
	double depth;       /**< of a typical sample: saturable optical depth */
	double loss;        /**< and its unsaturable one */
	double mass;        /**< of an atom, kg; 0: no vapour */
} onn_pulse_material;

/** The names of the table, in its order. */
#define ONN_PULSE_MATERIAL_WORDS                                                                   \
	"rb87-d2", "rb87-d1", "cs133-d2", "sesam", "graphene", "cnt", "cr4-yag"
/** The table: i from 0; NULL past the last. Lent. */
ONN_API const onn_pulse_material *onn_pulse_material_known(size_t i);
/** The row of a name, lent; NULL, without an error, where there is none. */
ONN_API const onn_pulse_material *onn_pulse_material_find(const char *name);

/** A gas that widens the line. */
typedef enum onn_pulse_gas {
	ONN_PULSE_GAS_NONE,     /**< a cell without */
	ONN_PULSE_GAS_HELIUM,   /**< He */
	ONN_PULSE_GAS_NEON,     /**< Ne */
	ONN_PULSE_GAS_NITROGEN, /**< N2 */
	ONN_PULSE_GAS_ARGON     /**< Ar */
} onn_pulse_gas;
/** The words of onn_pulse_gas, in its order. */
#define ONN_PULSE_GAS_WORDS "none", "helium", "neon", "nitrogen", "argon"
/** The word of a gas; "?" for a value that is none. */
ONN_API const char *onn_pulse_gas_name(onn_pulse_gas gas);
/** The gas of a word; false and untouched if there is none. */
ONN_API bool onn_pulse_gas_from_name(onn_pulse_gas *gas, const char *name);

/** The cell that a vapour is in. */
typedef struct onn_pulse_cell {
	size_t size;        /**< sizeof(onn_pulse_cell) */
	double temperature; /**< K: of the vapour, and of the metal that it comes from */
	double length;      /**< m */
	onn_pulse_gas gas;  /**< beside the vapour */
	double pressure;    /**< of the gas, Pa */
	/** homogeneous full width at half maximum, Hz, as of other broadening; 0: what nature and
	 * the gas make */
	double linewidth;
} onn_pulse_cell;
/** 75 mm at 320 K, no gas. */
#define ONN_PULSE_CELL_INIT                                                                        \
	{                                                                                          \
		sizeof(onn_pulse_cell), 320, .075, ONN_PULSE_GAS_NONE, 0, 0                        \
	}
/** The table of onn_pulse_cell: temperature, length, buffer_gas, pressure, linewidth. Lent. */
ONN_API const onn_settings *onn_pulse_cell_settings(void);

/** What a pulse meets, in SI. */
typedef struct onn_pulse_sample {
	double wavelength; /**< m; 0: not known */
	double t1;         /**< s; INFINITY: a slow absorber */
	double t2;         /**< s; 0: not known, and short */
	double isat;       /**< W/m^2; 0: not known */
	double fsat;       /**< J/m^2; 0: not known */
	double depth;      /**< saturable optical depth of all atoms on resonance */
	double loss;       /**< unsaturable depth */
	double doppler;    /**< 1/e half width of the spread of detunings, in half linewidths */
	double density;    /**< of a vapour, all levels, atoms/m^3 */
	double linewidth;  /**< homogeneous full width, Hz; 0: not known */
} onn_pulse_sample;

/**
 * A material as it lies in a cell.
 *
 * @param sample    receives it
 * @param material  a row of the table
 * @param cell      of a vapour; NULL: ONN_PULSE_CELL_INIT; does not count for others
 * @return ONN_ERROR_ARGUMENT: a setting out of its range, a linewidth below the natural one, a gas
 *         whose broadening of this line the table does not have, of a linewidth both
 * @note   Pressure of the vapour: Alcock, Itkin, Horrigan, Can. Metall. Q. 23, 309 (1984), 5 % from
 *         298 to 550 K. Broadening of rubidium: Rotondaro, Perram, J. Quant. Spectrosc. Radiat.
 *         Transfer 57, 497 (1997), at 394 K; quenching by nitrogen, which shortens T1, is left out.
 */
ONN_API onn_status onn_pulse_sample_of(
    onn_pulse_sample *sample, const onn_pulse_material *material, const onn_pulse_cell *cell);

#ifdef __cplusplus
}
#endif

#endif
