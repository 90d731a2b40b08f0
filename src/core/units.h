/*
 * Numbers with units as texts: "532nm", "30deg", "5 mW/cm^2".
 */
#ifndef ONN_SRC_CORE_UNITS_H
#define ONN_SRC_CORE_UNITS_H

#include <onn/settings.h>

/* "a length" of a row in metres; "a number" of a unit without a word. */
const char *onn_unit_kind(const char *unit);
/* How a value of that unit may be written, for messages: "532nm"; NULL: no word for it. */
const char *onn_unit_example(const char *unit);

/* Of a number with a unit that is none of its kind, 532n: "a length: 532nm, 532um, ... or 532m",
 * cut to fit; NULL: it has one, or none, or is no number. */
const char *onn_unit_wanted(
    char *text, size_t room, const char *given, size_t length, const char *unit);

/* A length for a sentence: "5.118 cm". */
#define ONN_METRES(value) onn_quantity_text((char[40]){0}, 40, 4, value, "m")

#endif
