/* What is sampled too coarsely is told whoever listens, with what comes of it and what helps. */
#include <stdio.h>
#include <string.h>

#include "command.h"

enum { MOST_PADDING = 32768 };

/* The least padding with which it is enough; 0: none is. */
static size_t least_padding(bool (*enough)(void *user, size_t padding), void *user)
{
	size_t low = 0, high = 1;

	while (high < MOST_PADDING && !enough(user, high)) {
		low = high;
		high *= 2;
	}
	if (high >= MOST_PADDING)
		return 0;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (enough(user, middle))
			high = middle;
		else
			low = middle;
	}
	return high;
}

const char *sampling_place(char *text, size_t room, const onn_network *n, size_t i)
{
	const char *kind = onn_network_kind(n, i);
	size_t plates = 0;

	for (size_t k = 0; k < i; k++)
		plates += !strcmp(onn_network_kind(n, k), "plate");
	if (strcmp(onn_network_model(n), "d2nn") != 0)
		snprintf(text, room, "the %s in layer %zu", kind, i + 1);
	else if (plates)
		snprintf(text, room, "the %s behind plate %zu", kind, plates);
	else
		snprintf(text, room, "the %s before plate 1", kind);
	return text;
}

void sampling_warn(const command *c, const char *what, const char *why,
    bool (*enough)(void *user, size_t padding), void *user)
{
	size_t padding = least_padding(enough, user);

	fprintf(stderr,
	    "onn %s: WARNING: %s is sampled too coarsely: %s. Light that leaves at steep angles is "
	    "computed wrong, and plates are made for it that real light does not fit; ",
	    c->name, what, why);
	if (padding)
		fprintf(
		    stderr, "padding of %zu pixels is enough, or a shorter distance\n", padding);
	else
		fprintf(stderr, "expected a shorter distance, or a coarser pitch\n");
}

void sampling_warn_of_steps(const command *c, const char *what, const char *why)
{
	fprintf(stderr,
	    "onn %s: WARNING: %s is sampled too coarsely: %s. What is finer than two pixels sends "
	    "light elsewhere than it would in truth; no padding mends that\n",
	    c->name, what, why);
}
