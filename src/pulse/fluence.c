#include "pulse/fluence.h"

#include <math.h>

double onn_slow_fluence(double f, double depth)
{
	if (f > depth)
		return f - depth + log1p(-exp(depth - f) * expm1(-depth));
	return f < 1 ? log1p(exp(-depth) * expm1(f)) : log1p(-exp(f - depth) * expm1(-f));
}
