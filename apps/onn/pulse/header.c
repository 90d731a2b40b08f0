/* Units in the line of words above a table of measurements: "fluence (mJ/cm^2),T (%)". */
#include "pulse/fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1024 };

/* The unit of a column's name: what stands in brackets, or behind " / "; its length, 0: none. */
static size_t unit_in(const char **unit, const char *name, size_t length)
{
	static const char open[] = "([", close[] = ")]";
	for (size_t i = 0; i < length; i++) {
		const char *kind = name[i] ? strchr(open, name[i]) : NULL;
		if (kind) {
			const char *end = memchr(name + i, close[kind - open], length - i);
			*unit = name + i + 1;
			return end ? (size_t)(end - *unit) : 0;
		}
		if (length - i > 3 && strncmp(name + i, " / ", 3) == 0) {
			*unit = name + i + 3;
			size_t n = length - i - 3;
			while (n > 0 && strchr(" \r", (*unit)[n - 1]))
				n--;
			return n;
		}
	}
	return 0;
}

/* One of that unit in the quantity's own; false: it is of another kind. */
static bool factor_of(double *factor, const char *text, size_t length, const char *quantity)
{
	char one[64];
	if (!quantity) {
		*factor = length == 1 && *text == '%' ? .01 : 1;
		return length == 1 && (*text == '%' || *text == '1');
	}
	int n = snprintf(one, sizeof one, "1 %.*s", (int)length, text);
	return n > 0 && (size_t)n < sizeof one &&
	       onn_quantity_read(factor, one, (size_t)n, quantity);
}

static int take_column(
    double *factor, const char *name, size_t length, const char *path, const pulse_column *column)
{
	const char *unit;
	size_t n = unit_in(&unit, name, length);
	if (n == 0 || column->any || factor_of(factor, unit, n, column->unit))
		return EXIT_OK;
	return command_fail(&command_pulse,
	    "%s: its first line says '%.*s' of the %s; expected a unit such as %s", path, (int)n,
	    unit, column->what, column->example);
}

int pulse_header(double *factor, const char *path, const pulse_column *column, size_t columns)
{
	char line[LINE] = "";
	FILE *file = fopen(path, "r");
	int code = EXIT_OK;
	if (!file)
		return EXIT_OK; /* whoever reads the numbers says so */
	if (!fgets(line, sizeof line, file))
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\r\n")] = '\0';
	const char *name = line + strspn(line, "# ");
	const char *between = strpbrk(name, ";\t") ? ";\t" : ",";
	for (size_t i = 0; i < columns && *name && !code; i++) {
		size_t length = strcspn(name, between);
		code = take_column(&factor[i], name, length, path, &column[i]);
		name += length + (name[length] != '\0');
	}
	return code;
}

void pulse_scale(onn_array *table, const double *factor, size_t columns)
{
	size_t rows = onn_array_shape(table)[0], wide = onn_array_shape(table)[1];
	double *value = onn_array_data(table);
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < columns && k < wide; k++)
			value[i * wide + k] *= factor[k];
}
