#include "pulse/measure.h"

#include <math.h>

/* Where the line from sample `low`, below the level, to its neighbour above crosses it. */
static double crossing(const double *f, size_t low, size_t high, double level)
{
	double part = (level - f[low]) / (f[high] - f[low]);
	return (double)low + .5 + part * ((double)high - (double)low);
}

double onn_pulse_width(const double *f, size_t slots, double slot)
{
	double most = 0;

	for (size_t i = 0; i < slots; i++)
		most = fmax(most, f[i]);
	if (!(most > 0))
		return 0;
	double level = most / 2, from = 0, to = (double)slots;
	size_t first = 0, last = slots - 1;
	while (f[first] < level)
		first++;
	while (f[last] < level)
		last--;
	if (first > 0)
		from = crossing(f, first - 1, first, level);
	if (last + 1 < slots)
		to = crossing(f, last + 1, last, level);
	return (to - from) * slot;
}

double onn_pulse_mean_time(const double *f, size_t slots, double slot)
{
	double sum = 0, moment = 0;

	for (size_t i = 0; i < slots; i++) {
		sum += f[i];
		moment += f[i] * ((double)i + .5) * slot;
	}
	return moment / sum;
}
