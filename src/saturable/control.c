#include "saturable/control.h"

#include <math.h>

onn_node onn_controlled(
    onn_graph *g, onn_node x, onn_node y, onn_encoding encoding, onn_gradient_mode mode)
{
	switch (mode) {
	case ONN_GRADIENT_ZERO:
		return onn_stop(g, y);
	case ONN_GRADIENT_POSITIVE:
		return onn_straight_through(
		    g, y, onn_mul_real(g, x, encoding == ONN_ENCODING_INTENSITY ? 1 : exp(-5)));
	case ONN_GRADIENT_NEGATIVE:
		return onn_straight_through(g, y, onn_mul_real(g, x, -1));
	default:
		return y;
	}
}
