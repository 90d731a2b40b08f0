#include "data/lines.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/number.h"

static bool is_between(char c) { return isspace((unsigned char)c) || c == ','; }

size_t onn_lines_next(double number[ONN_LINE_NUMBERS], onn_lines *s)
{
	size_t count = 0;
	while (s->at < s->end && count == 0) {
		const char *stop = memchr(s->at, '\n', (size_t)(s->end - s->at));
		stop = stop ? stop : s->end;
		s->line++;
		while (s->at < stop) {
			while (s->at < stop && is_between(*s->at))
				s->at++;
			const char *begin = s->at;
			while (s->at < stop && !is_between(*s->at))
				s->at++;
			if (begin == s->at || *begin == '!' || *begin == '#')
				break;
			if (count == ONN_LINE_NUMBERS ||
			    !onn_number_read(&number[count++], begin, (size_t)(s->at - begin)))
				return SIZE_MAX;
		}
		s->at = stop < s->end ? stop + 1 : stop;
	}
	return count;
}
