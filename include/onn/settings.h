/**
 * @file
 * Settings by name: one row a setting.
 *
 * A structure of values, such as onn_absorber, has a table with a row for each setting: its name,
 * its kind, what it may be, its unit, the words of its enumeration. Checks, command lines, JSON,
 * help and comparisons read the rows, so a new setting is a new row.
 *
 *     onn_absorber absorber = ONN_ABSORBER_INIT;
 *     onn_settings_set(&absorber, onn_absorber_settings(), "medium", "thick");
 *     char *json = onn_settings_to_json(onn_absorber_settings(), &absorber);
 *
 * A structure may hold another one as a part. The settings of a named part are called part.setting
 * ("absorber.od") and stand in an object of their own in JSON; those of a part without a name stand
 * among the others.
 */
#ifndef ONN_SETTINGS_H
#define ONN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <onn/export.h>
#include <onn/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a setting is, and its C type. */
typedef enum onn_setting_kind {
	ONN_SETTING_REAL,     /**< double */
	ONN_SETTING_SIZE,     /**< size_t */
	ONN_SETTING_WHOLE,    /**< uint64_t */
	ONN_SETTING_UNSIGNED, /**< unsigned */
	ONN_SETTING_BOOL,     /**< bool */
	ONN_SETTING_WORD,     /**< an enumeration: one of words */
	ONN_SETTING_TEXT,     /**< char [length], ends with 0 */
	ONN_SETTING_PART,     /**< a structure with a table of its own */
	ONN_SETTING_MARK      /**< no member: JSON says what the structure is, "model": "mlp" */
} onn_setting_kind;

/** Another word for a value: "probe" for approximate. */
typedef struct onn_synonym {
	const char *word; /**< the other word */
	int value;        /**< whose */
} onn_synonym;

/** The words of an enumeration; a program makes them of the list beside it, ONN_MEDIUM_WORDS. */
typedef struct onn_words {
	const char *const *word;    /**< of the values first, first + 1, ... */
	size_t count;               /**< how many words */
	int first;                  /**< the value of the first */
	const onn_synonym *synonym; /**< nsynonyms of them; read, never written */
	size_t nsynonyms;           /**< how many synonyms */
} onn_words;

/** A row. What does not go with its kind is 0. */
typedef struct onn_setting {
	const char *name;      /**< NULL: a part whose settings stand among the others */
	onn_setting_kind kind; /**< which of the others count */
	size_t offset;         /**< of the member in the structure */
	double low;            /**< numbers: the least; low and high both 0: any finite number */
	double high;           /**< numbers: the largest */
	bool low_open;         /**< low itself is out */
	bool high_open;        /**< high itself is out */
	bool infinite;         /**< a real may be infinite, too: "inf", null in JSON */
	const char *zero; /**< numbers: 0 is in, whatever the bounds say, and means this: "any" */
	const char *word; /**< a size: this is in, too, and is SIZE_MAX: "half" */
	/** "m", "rad": of a plain number, and of which kind one behind the number may be; NULL:
	 * none. */
	const char *unit;
	/** Numbers: an array of so many; 0: one number. One number given stands for all of them.
	 * Texts: room, the 0 included. */
	size_t length;
	/** An array whose length varies, at most `length`: the size_t member that counts it is at
	 * `counter`. "none" is the empty one. */
	bool counted;
	size_t counter;                           /**< where the counter is */
	const onn_words *words;                   /**< WORD; MARK: one word */
	const struct onn_settings *(*part)(void); /**< PART: its table */
	/** It counts only where another setting has one of these words ("activation=sa|relu") or is
	 * above 0 ("depth"), a part is checked and written only there; NULL: always. */
	const char *needs;
	/** Came later than files that lack it: written only where it is not the standard. */
	bool late;
} onn_setting;

/**
 * How a row begins: {ONN_SETTING("od", REAL, onn_absorber, depth), .low = 0, .high = 1e6}.
 */
#define ONN_SETTING(text, type, structure, member)                                                 \
	.name = (text), .kind = ONN_SETTING_##type, .offset = offsetof(structure, member)

/** A structure's table. */
typedef struct onn_settings {
	const char *what;       /**< "absorber": how messages begin */
	const onn_setting *row; /**< count rows */
	size_t count;           /**< how many */
	size_t size;            /**< of the structure */
	const void *standard;   /**< a structure as its ..._INIT leaves it */
	/** What no row can say: how settings go together. Called after the rows are found right;
	 * may be NULL. Sets the error's text. */
	onn_status (*check)(const void *values);
} onn_settings;

/**
 * The body of a function that gives the table of an array of rows: `...` is what the structure
 * begins as, `check` the table's, or NULL.
 */
#define ONN_RETURN_SETTINGS(what, rows, type, check, ...)                                          \
	static const type standard = __VA_ARGS__;                                                  \
	static const onn_settings settings = {                                                     \
	    what, rows, sizeof(rows) / sizeof *(rows), sizeof(type), &standard, check};            \
	return &settings

/**
 * The row of a name, "od" or "absorber.od".
 *
 * @param base      receives where the structure that the row is of begins within the whole one (0
 *                  but for parts); NULL is fine
 * @param settings  the table
 * @param name      of a setting
 * @return lent; NULL where there is none of that name
 */
ONN_API const onn_setting *onn_settings_find(
    size_t *base, const onn_settings *settings, const char *name);

/**
 * Reads a text into one setting: a decimal number (a point, no blanks, no hexadecimal), where its
 * row has a unit one of that kind may stand behind it (onn_quantity_read); numbers with commas, a
 * word, true or false.
 *
 * @param values    the structure
 * @param settings  its table
 * @param name      of a setting
 * @param text      its value
 * @return ONN_ERROR_ARGUMENT with what was expected, and nothing is changed: no setting of that
 *         name, or no value that its row takes. How settings go together is onn_settings_check's to
 *         say.
 */
ONN_API onn_status onn_settings_set(
    void *values, const onn_settings *settings, const char *name, const char *text);
/** The same by the row, in the structure that it is of; false and unchanged where the row does not
 * take the text. */
ONN_API bool onn_setting_parse(void *structure, const onn_setting *row, const char *text);
/** The setting as onn_settings_set reads it back to the bit; free it with onn_free. NULL: no such
 * setting, or no memory. */
ONN_API char *onn_settings_get(const onn_settings *settings, const void *values, const char *name);
/** What the row takes, for messages: "a whole number from 1 to 4096". Cut to fit; returns text. */
ONN_API const char *onn_setting_expected(char *text, size_t room, const onn_setting *row);

/**
 * Whether a text was not taken since a number in it has lost its unit (onn_quantity_doubt), or has
 * one that is none of its kind, as 532n has.
 *
 * @param text   receives what was expected in its place, cut to fit
 * @param room   bytes of text, the 0 included
 * @param row    a setting's; others than reals with a name and a unit have none to lose
 * @param given  a number, or several with commas or colons between
 * @return text; NULL: all is well with its units
 */
ONN_API const char *onn_setting_lost_unit(
    char *text, size_t room, const onn_setting *row, const char *given);

/** ONN_OK, or ONN_ERROR_ARGUMENT with the first setting that is out of its range or does not go
 * with another. */
ONN_API onn_status onn_settings_check(const onn_settings *settings, const void *values);

/**
 * The first setting in which two structures differ.
 *
 * @param name      receives its name, "absorber.od", cut to fit
 * @param room      bytes of name, the 0 included
 * @param settings  the table of both
 * @param a         a structure
 * @param b         another
 * @return its row, lent; NULL where they are the same
 */
ONN_API const onn_setting *onn_settings_difference(
    char *name, size_t room, const onn_settings *settings, const void *a, const void *b);

/** An object with every setting; free it with onn_free. NULL: no memory. */
ONN_API char *onn_settings_to_json(const onn_settings *settings, const void *values);
/**
 * Reads an object; settings that it lacks become the standard's.
 *
 * @param values    receives the settings
 * @param settings  its table
 * @param json      the object's text
 * @return ONN_ERROR_FORMAT: not JSON, a setting that there is not, one of another kind or out of
 *         its range; the text names it
 */
ONN_API onn_status onn_settings_from_json(
    void *values, const onn_settings *settings, const char *json);

/**
 * Reads a number with a unit: "532nm", "8 um", "5cm", "26ns", ".5mrad", "30deg", "2mW/cm^2".
 *
 * @param value   receives it in `unit`: 532nm has the bits of 532e-9; untouched on failure
 * @param text    a decimal number, then at most one blank, then nothing or a unit of the same kind:
 *                the symbol with a prefix from f to T, c before metres alone, micro as u or its
 *                sign; angles in deg, too; squares as ^2 or 2
 * @param length  bytes of text
 * @param unit    what a plain number is in: m, s, rad, W, J, Hz, K, Pa, W/m^2, J/m^2; NULL: plain
 *                numbers only
 * @return false where the text is no such number, or its unit is of another kind
 */
ONN_API bool onn_quantity_read(double *value, const char *text, size_t length, const char *unit);
/** Number i, from 0, of the units that onn_quantity_read takes: "m", "s", ...; NULL beyond them. */
ONN_API const char *onn_quantity_unit(size_t i);
/**
 * A number as a person writes it: 5.32e-07 m is "532 nm", 0.05 m "5 cm"; of units that take no
 * prefix here (K, W/m^2) the number alone is shortened.
 *
 * @param text    receives it, cut to fit
 * @param room    bytes of text, the 0 included
 * @param digits  significant ones, 1 to 17
 * @param value   in `unit`
 * @param unit    as for onn_quantity_read; NULL: the number alone
 * @return text
 */
ONN_API const char *onn_quantity_text(
    char *text, size_t room, int digits, double value, const char *unit);

/**
 * Whether a plain number seems to have lost its unit, as a wavelength of 532 has, which is 532 m.
 * Settings do not take such a number from a text or JSON without its unit, "532nm" or "532m".
 *
 * @param text   receives what was expected, "a unit: 532nm, or 532m where that is meant", cut
 * @param room   bytes of text, the 0 included
 * @param value  in `unit`
 * @param name   what the number is, as settings are called: "wavelength", "pitch", "radius"
 * @param unit   as for onn_quantity_read
 * @return text; NULL where the number may well be meant, or nothing is known of that name
 */
ONN_API const char *onn_quantity_doubt(
    char *text, size_t room, double value, const char *name, const char *unit);

/** The word of a value; "?" for a value that has none. */
ONN_API const char *onn_words_name(const onn_words *words, int value);
/** The value of a word or synonym; false and untouched if there is none. */
ONN_API bool onn_words_find(int *value, const onn_words *words, const char *word);

#ifdef __cplusplus
}
#endif

#endif
