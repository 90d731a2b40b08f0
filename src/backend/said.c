#include "backend/said.h"

#include <stdio.h>
#include <string.h>

void onn_say(onn_said *said, const char *format, va_list arguments)
{
	size_t room = sizeof said->text, length = strlen(said->text);
	if (length > 0 && format[0] != ' ')
		length += (size_t)snprintf(said->text + length, room - length, ", ");
	if (length < room)
		vsnprintf(said->text + length, room - length, format, arguments);
}
