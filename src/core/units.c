/*
 * Units: a number, then a prefix and a symbol of the kind that is wanted.
 */
#include "core/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/pi.h"

static const struct kind {
	const char *unit, *word, *example, *all; /* all: that numbers mostly have */
} kinds[] = {
    {"m", "a length", "8um", "nm um mm cm m"},
    {"s", "a time", "26ns", "fs ps ns us ms s"},
    {"rad", "an angle", "30deg", "deg mrad rad"},
    {"W", "a power", "2mW", "nW uW mW W"},
    {"J", "an energy", "5nJ", "pJ nJ uJ mJ J"},
    {"Hz", "a frequency", "6MHz", "Hz kHz MHz GHz"},
    {"K", "a temperature", "300K", "K"},
    {"Pa", "a pressure", "2kPa", "Pa kPa"},
    {"W/m^2", "an intensity", "2mW/cm^2", "mW/cm^2 W/cm^2 W/m^2"},
    {"J/m^2", "a fluence", "50uJ/cm^2", "uJ/cm^2 mJ/cm^2 J/m^2"},
};

static const struct kind *kind_of(const char *unit)
{
	for (size_t i = 0; unit && i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].unit, unit) == 0)
			return &kinds[i];
	return NULL;
}

const char *onn_quantity_unit(size_t i)
{
	return i < sizeof kinds / sizeof *kinds ? kinds[i].unit : NULL;
}

const char *onn_unit_kind(const char *unit)
{
	const struct kind *kind = kind_of(unit);
	return kind ? kind->word : "a number";
}

const char *onn_unit_example(const char *unit)
{
	const struct kind *kind = kind_of(unit);
	return kind ? kind->example : NULL;
}

/* ---- forgotten units ---- */

/*
 * What a plain number of a setting is at most by itself: what is beyond has lost its unit, and is
 * likely to be in `near`, or from `turn` on in `far`.
 */
static const struct plain {
	const char *name, *unit;
	double most;
	const char *near;
	double turn;
	const char *far;
} plain_numbers[] = {
    {"wavelength", "m", .1, "um", 100, "nm"},
    {"pitch", "m", 1, "um", 1000, "nm"},
    {"out_pitch", "m", 1, "um", 1000, "nm"},
    {"radius", "m", 10, "mm", 100, "um"},
    {"waist", "m", 10, "mm", 100, "um"},
    {"side", "m", 10, "mm", 100, "um"},
    {"sides", "m", 10, "mm", 100, "um"},
    {"width", "m", 10, "um", 5000, "nm"},
    {"height", "m", 10, "um", 5000, "nm"},
    {"separation", "m", 10, "um", 5000, "nm"},
    {"period", "m", 10, "um", 200, "nm"},
    {"aperture", "m", 10, "mm", 100, "um"},
    {"size", "m", 10, "um", 5000, "nm"},
    {"at", "m", 10, "um", 5000, "nm"},
    {"distance", "m", 10, "mm", 5000, "um"},
    {"f", "m", 10, "mm", 5000, "um"},
    {"misalign", "m", 1, "um", 1000, "nm"},
    {"base", "m", 1, "um", 1000, "nm"},
    {"length", "m", 100, "mm", 5000, "um"},
    {"tilt", "rad", 1.6, "deg", INFINITY, "deg"},
    {"angle", "rad", 6.3, "deg", INFINITY, "deg"},
};

const char *onn_quantity_doubt(
    char *text, size_t room, double value, const char *name, const char *unit)
{
	for (size_t i = 0; name && unit && i < sizeof plain_numbers / sizeof *plain_numbers; i++) {
		const struct plain *row = &plain_numbers[i];
		double size = fabs(value);
		if (strcmp(row->name, name) != 0 || strcmp(row->unit, unit) != 0 ||
		    !(size > row->most) || isinf(size))
			continue;
		char number[ONN_NUMBER_ROOM];
		onn_number_format(number, "%.12g", value);
		snprintf(text, room, "a unit: %s%s, or %s%s where that is meant", number,
		    size < row->turn ? row->near : row->far, number, unit);
		return text;
	}
	return NULL;
}

/* ---- reading ---- */

/* "\302\265" is the micro sign, "\316\274" the Greek letter. */
static const struct prefix {
	const char *text;
	int power;
} prefixes[] = {{"", 0}, {"f", -15}, {"p", -12}, {"n", -9}, {"u", -6}, {"\302\265", -6},
    {"\316\274", -6}, {"m", -3}, {"c", -2}, {"k", 3}, {"M", 6}, {"G", 9}, {"T", 12}};

/* A part of a unit, "cm^2": the power of 10 to that of `wanted`, "m^2". An exponent may be written
 * without its ^, or raised. */
static bool read_part(
    int *power, const char *text, size_t length, const char *wanted, size_t wanted_length)
{
	const char *raised = memchr(wanted, '^', wanted_length);
	size_t symbol = raised ? (size_t)(raised - wanted) : wanted_length;
	static const char *const square[] = {"^2", "2", "\302\262"};

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		size_t n = strlen(prefixes[i].text);
		if (length < n + symbol || memcmp(text, prefixes[i].text, n) != 0 ||
		    memcmp(text + n, wanted, symbol) != 0)
			continue;
		const char *end = text + n + symbol;
		size_t rest = length - n - symbol;
		bool fits = !raised && rest == 0;
		for (size_t k = 0; raised && k < 3; k++)
			fits |= rest == strlen(square[k]) && memcmp(end, square[k], rest) == 0;
		if (!fits || (prefixes[i].power == -2 && wanted[0] != 'm'))
			continue;
		*power = prefixes[i].power * (raised ? 2 : 1);
		return true;
	}
	return false;
}

/* "mW/cm^2" where "W/m^2" is wanted. */
static bool read_unit(int *power, const char *text, size_t length, const char *wanted)
{
	const char *slash = memchr(text, '/', length), *over = strchr(wanted, '/');
	int below = 0;

	if (!slash != !over)
		return false;
	if (!over)
		return read_part(power, text, length, wanted, strlen(wanted));
	size_t above = (size_t)(slash - text);
	if (!read_part(power, text, above, wanted, (size_t)(over - wanted)) ||
	    !read_part(&below, slash + 1, length - above - 1, over + 1, strlen(over + 1)))
		return false;
	*power -= below;
	return true;
}

/* Where the number ends: an e belongs to it before a digit or a sign. */
static size_t number_length(const char *text, size_t length)
{
	size_t i = 0;

	for (; i < length; i++) {
		bool exponent = (text[i] == 'e' || text[i] == 'E') && i > 0 && i + 1 < length &&
		                strchr("+-0123456789", text[i + 1]);
		if (!exponent && !(text[i] >= '0' && text[i] <= '9') && !strchr("+-.", text[i]))
			break;
	}
	return i;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return length == strlen(word) && memcmp(text, word, length) == 0;
}

/* Read as one decimal number, so that 532nm has the bits of 532e-9. */
static bool read_shifted(double *value, const char *text, size_t length, int power)
{
	char copy[400];
	size_t digits = 0;

	while (digits < length && text[digits] != 'e' && text[digits] != 'E')
		digits++;
	if (length + 8 > sizeof copy)
		return false;
	memcpy(copy, text, length);
	copy[length] = 0;
	double plain;
	if (!onn_number_read(&plain, copy, length))
		return false;
	long given = digits < length ? strtol(copy + digits + 1, NULL, 10) : 0;
	if (given < -1000 || given > 1000)
		return false;
	int n = snprintf(copy + digits, sizeof copy - digits, "e%ld", given + power);
	return onn_number_read(value, copy, digits + (size_t)n);
}

bool onn_quantity_read(double *value, const char *text, size_t length, const char *unit)
{
	size_t end = number_length(text, length);
	const char *symbol = text + end;
	size_t rest = length - end;
	int power = 0;

	if (rest > 1 && *symbol == ' ')
		symbol++, rest--;
	if (rest == 0)
		return onn_number_read(value, text, end);
	if (!unit)
		return false;
	if (strcmp(unit, "rad") == 0 &&
	    (is_word(symbol, rest, "deg") || is_word(symbol, rest, "\302\260"))) {
		double degrees;
		if (!onn_number_read(&degrees, text, end))
			return false;
		*value = degrees * ONN_PI / 180;
		return true;
	}
	return read_unit(&power, symbol, rest, unit) && read_shifted(value, text, end, power);
}

const char *onn_unit_wanted(
    char *text, size_t room, const char *given, size_t length, const char *unit)
{
	const struct kind *kind = kind_of(unit);
	size_t end = number_length(given, length);
	double value;

	if (!kind || end == length || !onn_number_read(&value, given, end) ||
	    onn_quantity_read(&value, given, length, unit))
		return NULL;
	size_t n = (size_t)snprintf(text, room, "%s: ", kind->word);
	for (const char *p = kind->all; *p && n < room; p += strspn(p, " ")) {
		size_t letters = strcspn(p, " ");
		const char *before = p == kind->all ? "" : p[letters] ? ", " : " or ";
		n += (size_t)snprintf(
		    text + n, room - n, "%s%.*s%.*s", before, (int)end, given, (int)letters, p);
		p += letters;
	}
	return text;
}

/* ---- writing ---- */

const char *onn_quantity_text(char *text, size_t room, int digits, double value, const char *unit)
{
	static const struct prefix length[] = {{"n", -9}, {"u", -6}, {"m", -3}, {"c", -2}, {"", 0},
	    {"k", 3}},
	                           others[] = {{"f", -15}, {"p", -12}, {"n", -9}, {"u", -6},
	                               {"m", -3}, {"", 0}, {"k", 3}, {"M", 6}, {"G", 9}};
	bool metres = unit && strcmp(unit, "m") == 0;
	const struct prefix *row = metres ? length : others;
	size_t last = (metres ? sizeof length : sizeof others) / sizeof *row - 1, i = last;
	char format[16], number[ONN_NUMBER_ROOM];

	snprintf(format, sizeof format, "%%.%dg", digits);
	bool plain = value == 0 || !isfinite(value) || !kind_of(unit) || strpbrk(unit, "/K");
	/* what rounds up to the next unit belongs there */
	double size = fabs(value) * (1 + .5 * pow(10, -digits));
	while (i > 0 && size < pow(10, row[i].power))
		i--;
	int power = plain ? 0 : row[i].power;
	/* divided by a power of 10 that is exact, where there is one */
	onn_number_format(
	    number, format, power < 0 ? value * pow(10, -power) : value / pow(10, power));
	snprintf(text, room, "%s%s%s%s", number, unit ? " " : "", plain ? "" : row[i].text,
	    unit ? unit : "");
	return text;
}
