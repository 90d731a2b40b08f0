#include "data/files.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"

enum { PIXELS = 64, FIELDS = PIXELS + 1, FULL = 16, CLASSES = 10 };
/* The set has 1797 lines of at most 195 bytes; a user's own may have 180 times as many. */
enum { MOST_BYTES = 64 << 20 };

static size_t most(const unsigned char *head, size_t bytes)
{
	(void)head;
	(void)bytes;
	return MOST_BYTES;
}

/* Reads a line's fields into row; moves *text to the next line. */
static onn_status read_line(const char **text, uint8_t row[FIELDS], size_t line, const char *path)
{
	const char *at = *text;
	for (int i = 0; i < FIELDS; i++) {
		unsigned value = 0, most = i < PIXELS ? FULL : CLASSES - 1;
		const char *start = at;
		while (*at >= '0' && *at <= '9' && value <= most)
			value = 10 * value + (unsigned)(*at++ - '0');
		if (at == start || value > most)
			return onn_error(ONN_ERROR_FORMAT,
			    "onn_dataset_load: %s, line %zu, field %d: expected a whole number "
			    "from 0 to %u",
			    path, line, i + 1, most);
		row[i] = (uint8_t)value;
		if (i < PIXELS && *at != ',')
			return onn_error(ONN_ERROR_FORMAT,
			    "onn_dataset_load: %s, line %zu: %d fields; expected %d", path, line,
			    i + 1, FIELDS);
		at += i < PIXELS;
	}
	at += *at == '\r';
	if (*at != '\n' && *at != 0)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s, line %zu: more than %d fields", path, line, FIELDS);
	*text = at + (*at == '\n');
	return ONN_OK;
}

static onn_status decode(
    onn_array **x, onn_array **y, const char *path, const char *text, size_t bytes)
{
	const char *end = text + bytes;
	size_t lines = 0;
	if (bytes > MOST_BYTES)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s has more than %d bytes of text", path, MOST_BYTES);
	for (const char *at = text; at < end; at++)
		lines += *at == '\n' || at + 1 == end;
	if (lines == 0)
		return onn_error(ONN_ERROR_FORMAT, "onn_dataset_load: %s is empty", path);
	onn_status status = onn_array_create(x, ONN_U8, 3, (size_t[]){lines, 8, 8});
	if (status == ONN_OK)
		status = onn_array_create(y, ONN_I32, 1, &lines);
	for (size_t i = 0; i < lines && status == ONN_OK; i++) {
		uint8_t row[FIELDS];
		status = read_line(&text, row, i + 1, path);
		for (size_t k = 0; k < PIXELS && status == ONN_OK; k++)
			((uint8_t *)onn_array_data(*x))[PIXELS * i + k] = row[k];
		if (status == ONN_OK)
			((int32_t *)onn_array_data(*y))[i] = row[PIXELS];
	}
	/* A 0 byte ends a line too, and would leave the lines behind it unread. */
	if (status == ONN_OK && text != end)
		status = onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s holds a byte of 0; expected text", path);
	return status;
}

onn_status onn_digits_load(onn_array **x, onn_array **y, const char *path)
{
	void *data;
	size_t bytes;
	*x = *y = NULL;
	onn_status status = onn_inflated_read(&data, &bytes, path, most);
	if (status != ONN_OK)
		return status;
	status = decode(x, y, path, data, bytes);
	free(data);
	if (status != ONN_OK) {
		onn_array_destroy(*x);
		onn_array_destroy(*y);
		*x = *y = NULL;
	}
	return status;
}
