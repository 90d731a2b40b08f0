/*
 * Tables of settings within the library: the words of enumerations, and settings as members of JSON
 * objects.
 */
#ifndef ONN_SRC_CORE_SETTINGS_H
#define ONN_SRC_CORE_SETTINGS_H

#include <onn/settings.h>

struct cJSON;

/*
 * An enumeration that counts from 0, with its words as the public header lists them:
 *
 *     ONN_WORDS(onn_norm, ONN_NORM_WORDS)
 *
 * defines onn_norm_words, for rows, and onn_norm_name and onn_norm_from_name.
 */
#define ONN_WORDS(type, ...) ONN_WORDS_ALSO(type, NULL, 0, __VA_ARGS__)
/* The same with synonyms. */
#define ONN_WORDS_ALSO(type, synonyms, nsynonyms, ...)                                             \
	static const char *const type##_list[] = {__VA_ARGS__};                                    \
	const onn_words type##_words = {                                                           \
	    type##_list, sizeof type##_list / sizeof *type##_list, 0, synonyms, nsynonyms};        \
	const char *type##_name(type value) { return onn_words_name(&type##_words, (int)value); }  \
	bool type##_from_name(type *value, const char *name)                                       \
	{                                                                                          \
		int found;                                                                         \
		bool fine = onn_words_find(&found, &type##_words, name);                           \
		if (fine)                                                                          \
			*value = (type)found;                                                      \
		return fine;                                                                       \
	}

/* f32 and f64: what networks and designs compute in. */
extern const onn_words onn_precision_words;

/* Calls visit for each row that holds a value, parts' rows instead of the parts, until one returns
 * false; base: of the structure that the row is of. False: one did. */
typedef bool (*onn_setting_visitor)(
    void *user, const char *name, const onn_setting *row, size_t base);
bool onn_settings_each(const onn_settings *settings, onn_setting_visitor visit, void *user);

/* How many numbers the setting is at present: 1, or an array's length. */
size_t onn_setting_length(const onn_setting *row, const void *structure);
/* What the row takes in place of a text, or of a value in JSON, that it did not take. */
const char *onn_setting_refusal(char *text, size_t room, const onn_setting *row, const char *given);
/* A number of the row as a text that the row reads back to the bit: with its unit where it would
 * seem to have lost it. text has ONN_NUMBER_ROOM bytes; returned. */
const char *onn_setting_number_text(char *text, const onn_setting *row, double value);
/* Whether a plain number of the row has lost its unit. */
bool onn_setting_is_doubtful(const onn_setting *row, double value);
/* Number i of a setting of any kind of number; and back. */
double onn_setting_number(const onn_setting *row, const void *structure, size_t i);
void onn_setting_set_number(void *structure, const onn_setting *row, size_t i, double value);
/* All of it, of an array that counts itself as many as there are; else one stands for each. False:
 * it takes another number of them. */
bool onn_setting_set_numbers(
    void *structure, const onn_setting *row, const double *value, size_t count);
/* Whether a number stands for the row's word. */
bool onn_setting_is_word(const onn_setting *row, double value);
/* Whether a number is within the row's bounds. */
bool onn_setting_within(const onn_setting *row, double value);
/* Whether it is whole numbers. */
bool onn_setting_is_whole(const onn_setting *row);
/* Whether the row counts, by what it needs, in this structure. */
bool onn_setting_counts(
    const onn_setting *row, const onn_settings *settings, const void *structure);
/* "a, b or c" into text, cut to fit; returns text. */
const char *onn_words_text(char *text, size_t room, const onn_words *words);

/* Members of an object, in the order of the rows; false without memory. */
bool onn_settings_put(struct cJSON *object, const onn_settings *settings, const void *values);
/*
 * Reads the members that are there; others keep what values holds. ONN_ERROR_FORMAT, values then as
 * far as it came: a member of another kind or beyond its bounds, or, where strict, of no name here.
 */
onn_status onn_settings_take(
    void *values, const onn_settings *settings, const struct cJSON *object, bool strict);
/* Whether an object has every member that onn_settings_put writes of these values, but those that
 * came late; ONN_ERROR_FORMAT with the first that is missing. */
onn_status onn_settings_complete(
    const onn_settings *settings, const void *values, const struct cJSON *object);

#endif
