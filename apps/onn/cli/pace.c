/* How often a long computation says where it is, where no one watches a bar. */
#include <math.h>

#include "command.h"
#include "system.h"

const onn_settings *pace_settings(void)
{
	static const onn_setting row = {ONN_SETTING("every", REAL, pace, every), .low = 0,
	    .high = INFINITY, .unit = "s", .zero = "never"};
	static const pace standard = {60, 0};
	static const onn_settings table = {"pace", &row, 1, sizeof standard, &standard, NULL};

	return &table;
}

bool pace_is_due(pace *p)
{
	if (p->every <= 0)
		return false;
	double now = system_clock();
	if (p->last > 0 && now - p->last < p->every)
		return false;
	bool due = p->last > 0;
	p->last = now;
	return due;
}
