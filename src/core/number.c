#include "core/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the exponent. */
static bool is_decimal(const char *p, const char *end)
{
	if (p < end && (*p == '+' || *p == '-'))
		p++;
	const char *whole = p;
	p = skip_digits(p, end);
	size_t digits = (size_t)(p - whole);
	if (p < end && *p == '.') {
		const char *part = ++p;
		p = skip_digits(p, end);
		digits += (size_t)(p - part);
	}
	if (!digits)
		return false;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		const char *power = p;
		p = skip_digits(p, end);
		if (p == power)
			return false;
	}
	return p == end;
}

bool onn_number_read(double *value, const char *text, size_t length)
{
	char copy[400], half[8];
	const char *point = memchr(text, '.', length);
	if (length > sizeof copy - sizeof half || !is_decimal(text, text + length))
		return false;
	/* strtod wants the point of the locale, which may be several bytes: 0.5 shows it */
	snprintf(half, sizeof half, "%.1f", .5);
	size_t before = point ? (size_t)(point - text) : length, mark = strlen(half) - 2;
	memcpy(copy, text, before);
	if (point) {
		memcpy(copy + before, half + 1, mark);
		memcpy(copy + before + mark, point + 1, length - before - 1);
	}
	copy[point ? length - 1 + mark : length] = 0;
	double x = strtod(copy, NULL);
	if (!isfinite(x))
		return false;
	*value = x;
	return true;
}

bool onn_number_read_whole(uint64_t *value, const char *text, size_t length)
{
	uint64_t x = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned digit = (unsigned)(text[i] - '0');
		if (digit > 9 || x > (UINT64_MAX - digit) / 10)
			return false;
		x = 10 * x + digit;
	}
	if (length)
		*value = x;
	return length > 0;
}

const char *onn_number_format(char *text, const char *format, double value)
{
	/* the formats are this library's own */
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#endif
	snprintf(text, ONN_NUMBER_ROOM, format, value);
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
	/* a locale may write a comma */
	char *mark = text + strcspn(text, "0123456789");
	mark += strspn(mark, "0123456789");
	size_t bytes = strcspn(mark, "0123456789eE");
	if (bytes) {
		*mark = '.';
		memmove(mark + 1, mark + bytes, strlen(mark + bytes) + 1);
	}
	return text;
}

const char *onn_number_text(char *text, double value)
{
	static const char *const format[] = {"%.15g", "%.16g", "%.17g"};
	for (size_t i = 0; i < sizeof format / sizeof *format; i++) {
		double back;
		onn_number_format(text, format[i], value);
		if (!isfinite(value) ||
		    (onn_number_read(&back, text, strlen(text)) && back == value))
			break;
	}
	return text;
}
