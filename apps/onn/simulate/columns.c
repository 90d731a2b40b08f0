#include "simulate/columns.h"

#include <math.h>
#include <string.h>

#define COLUMN(name, unit, member, none)                                                           \
	{                                                                                          \
		name, unit, offsetof(onn_light_measure, member), none                              \
	}
const light_column light_column_list[LIGHT_COLUMNS] = {COLUMN("power", "m^2", power, NAN),
    COLUMN("share", NULL, share, NAN), COLUMN("inside", NULL, inside, NAN),
    COLUMN("overlap", NULL, overlap, NAN), COLUMN("peak", NULL, peak, NAN),
    COLUMN("at_y", "m", at[0], NAN), COLUMN("at_x", "m", at[1], NAN),
    COLUMN("mean_y", "m", mean[0], NAN), COLUMN("mean_x", "m", mean[1], NAN),
    COLUMN("width_y", "m", width[0], NAN), COLUMN("width_x", "m", width[1], NAN),
    /* wider than the grid */
    COLUMN("fwhm_y", "m", fwhm[0], INFINITY), COLUMN("fwhm_x", "m", fwhm[1], INFINITY)};

double light_column_get(const onn_light_measure *m, size_t k)
{
	double value;

	memcpy(&value, (const char *)m + light_column_list[k].at, sizeof value);
	return value;
}

void light_column_set(onn_light_measure *m, size_t k, double value)
{
	memcpy((char *)m + light_column_list[k].at, &value, sizeof value);
}
