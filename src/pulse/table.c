/* Numbers in columns of text. */
#include <stdint.h>
#include <string.h>

#include <onn/pulse_light.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/os.h"

static const char *const function = "onn_pulse_table_load";
static const char parting[] = ", \t;\r";
enum { WORD = 64 };

typedef struct reader {
	const char *path;
	double *value;
	size_t count, capacity, columns, line;
} reader;

/* A number; commas: it may have one in place of its point, or behind it. */
static bool read_word(double *value, const char *word, size_t length, bool commas)
{
	char point[WORD];

	if (commas && word[length - 1] == ',')
		length--;
	const char *comma = commas ? memchr(word, ',', length) : NULL;
	if (!comma)
		return onn_number_read(value, word, length);
	if (length >= sizeof point)
		return false;
	memcpy(point, word, length);
	point[comma - word] = '.';
	return onn_number_read(value, point, length);
}

/* How many numbers a line has; SIZE_MAX where something is none. They go behind the others. Where
 * semicolons or tabs part them, a comma is a decimal one. */
static size_t read_line(reader *r, const char *text, const char *end, bool *memory)
{
	size_t found = 0;
	bool commas =
	    memchr(text, ';', (size_t)(end - text)) || memchr(text, '\t', (size_t)(end - text));
	const char *between = commas ? " \t;\r" : parting;

	for (;;) {
		while (text < end && strchr(between, *text))
			text++;
		const char *word = text;
		while (text < end && !strchr(between, *text))
			text++;
		if (word == text)
			return found;
		if (!onn_grow(&r->value, &r->capacity, r->count + found + 1, sizeof *r->value)) {
			*memory = false;
			return SIZE_MAX;
		}
		if (!read_word(&r->value[r->count + found], word, (size_t)(text - word), commas))
			return SIZE_MAX;
		found++;
	}
}

static onn_status take_line(reader *r, const char *text, const char *end, size_t least)
{
	bool memory = true;
	size_t found = *text == '#' ? 0 : read_line(r, text, end, &memory);

	if (!memory)
		return onn_error_memory(function, (r->count + 1) * sizeof *r->value);
	if (found == 0)
		return ONN_OK;
	if (found == SIZE_MAX) /* words above the numbers */
		return r->count == 0 && r->line == 1
		           ? ONN_OK
		           : onn_error(ONN_ERROR_FORMAT,
		                 "%s: %s: line %zu has a word that is no finite number", function,
		                 r->path, r->line);
	if (r->count == 0)
		r->columns = found;
	if (found != r->columns || found < least)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: %s: line %zu has %zu numbers; expected %s%zu", function, r->path, r->line,
		    found, found < least ? "at least " : "", found < least ? least : r->columns);
	r->count += found;
	return ONN_OK;
}

onn_status onn_pulse_table_load(onn_array **table, const char *path, size_t columns)
{
	void *data = NULL;
	size_t bytes;
	reader r = {.path = path};

	*table = NULL;
	onn_status status = onn_file_read(&data, &bytes, path);
	if (status)
		return status;
	const char *text = data, *end = text + bytes;
	while (text < end && !status) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		stop = stop ? stop : end;
		r.line++;
		status = take_line(&r, text, stop, columns);
		text = stop + 1;
	}
	if (!status && r.count == 0)
		status = onn_error(
		    ONN_ERROR_FORMAT, "%s: %s has no line of %zu numbers", function, path, columns);
	if (!status)
		status = onn_array_from(
		    table, ONN_F64, 2, (size_t[]){r.count / r.columns, r.columns}, r.value);
	onn_free_all(r.value);
	onn_free(data);
	return status;
}
