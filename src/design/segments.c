/*
 * The way back from the camera, with the fields of all planes kept, or those of each so many planes
 * alone: the others are computed a second time, a segment at a time.
 */
#include "design/builder.h"

/* Kept fields are no segments at all where a segment is as long as the row. */
static size_t length_of(const onn_design *d)
{
	return d->checkpoint_planes < d->plates ? d->checkpoint_planes : 0;
}

/* The first plate of the segment that plate k is in: the field before it is kept. */
static size_t segment_of(const onn_design *d, size_t k)
{
	size_t length = length_of(d);

	return length ? k / length * length : k;
}

/*
 * The fields of a segment, computed from the one that is kept, for the backward pass to read: so
 * the first ones need not outlive the forward pass. stop makes them other nodes than the first
 * ones; the derivative does not pass it, but is handed on plate by plate anyway.
 */
static void compute_again(onn_design_builder *b, size_t first, size_t end)
{
	b->again[first] = onn_stop(b->g, b->in[first]);
	for (size_t k = first; k < end; k++)
		b->again[k + 1] = onn_design_pass(b, k, b->again[k]);
}

void onn_design_go_back(onn_design_builder *b)
{
	const onn_design *d = b->design;
	bool projections = d->update == ONN_DESIGN_UPDATE_GERCHBERG_SAXTON;
	onn_node from = projections ? onn_design_wanted(b) : onn_design_slope(b);
	size_t n = d->plates, last = segment_of(d, n - 1);

	for (size_t k = n; k-- > 0 && from.id;) {
		size_t first = segment_of(d, k);
		bool again = length_of(d) && first != last; /* the last ones are still there */
		if (again && segment_of(d, k + 1) != first)
			compute_again(b, first, k + 1);
		const onn_node *in = again ? b->again : b->in;
		from = (projections ? onn_design_project : onn_design_descend)(
		    b, k, in[k], in[k + 1], from);
	}
}
