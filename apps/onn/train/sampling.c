/* What a network's layers sample too coarsely. The others of a kind are mostly like the first. */
#include <stdio.h>
#include <stdlib.h>

#include <onn/sampling.h>

#include "train/train.h"

typedef struct space {
	onn_network *network; /* to try in */
	size_t layer;
} space;

static bool enough(void *user, size_t padding)
{
	space *s = user;
	onn_sampling sampling;
	return !onn_network_set_real(s->network, s->layer, "padding", (double)padding) &&
	       !onn_network_sampling(&sampling, s->network, s->layer) && sampling.enough;
}

static void warn_of_spaces(const command *c, const onn_network *n)
{
	onn_sampling sampling;
	char what[64];

	for (size_t i = onn_network_find(n, "space", 0); i != SIZE_MAX;
	     i = onn_network_find(n, "space", i + 1)) {
		space s = {NULL, i};
		if (onn_network_sampling(&sampling, n, i) || sampling.enough)
			continue;
		sampling_place(what, sizeof what, n, i);
		if (!onn_network_copy(&s.network, n))
			sampling_warn(c, what, sampling.why, enough, &s);
		onn_network_destroy(s.network);
		return;
	}
}

/* One or two numbers, as settings are written: a second one that is not there is the first. */
static void numbers(double value[2], const onn_network *n, size_t i, const char *name)
{
	char *text = onn_network_get(n, i, name), *end = NULL;

	value[0] = text ? strtod(text, &end) : 0;
	value[1] = end && *end == ',' ? strtod(end + 1, NULL) : value[0];
	onn_free(text);
}

static void warn_of_lenses(const command *c, const onn_network *n)
{
	onn_phase_sampling steps;
	onn_signal in;
	char what[64];

	for (size_t i = onn_network_find(n, "lens", 0); i != SIZE_MAX;
	     i = onn_network_find(n, "lens", i + 1)) {
		double f[2], at[2];
		numbers(f, n, i, "f");
		numbers(at, n, i, "at");
		if (onn_network_signal(&in, n, i) || !in.light ||
		    onn_lens_sampling(&steps, &in.grid, &in.beam, f[0], at[0], at[1]) ||
		    steps.enough)
			continue;
		sampling_place(what, sizeof what, n, i);
		sampling_warn_of_steps(c, what, steps.why);
		return;
	}
}

void train_warn_of_sampling(const command *c, const onn_network *network)
{
	warn_of_spaces(c, network);
	warn_of_lenses(c, network);
}
