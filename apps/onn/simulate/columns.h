/*
 * What cameras measure as columns of cameras.csv and scan.csv, which onn compare reads back.
 */
#ifndef ONN_APPS_COLUMNS_OF_LIGHT_H
#define ONN_APPS_COLUMNS_OF_LIGHT_H

#include <onn/system.h>

/* In a file "camera" and "z" stand before them. A cell is empty where `none` is, or NaN. */
typedef struct light_column {
	const char *name, *unit; /* unit: NULL: a plain number */
	size_t at;               /* of a double in an onn_light_measure */
	double none;
} light_column;

enum { LIGHT_COLUMNS = 13 };
extern const light_column light_column_list[LIGHT_COLUMNS];

double light_column_get(const onn_light_measure *m, size_t k);
void light_column_set(onn_light_measure *m, size_t k, double value);

#endif
