/*
 * The settings of sheet, for the preset that writes them.
 */
#ifndef ONN_SRC_NN_LAYERS_SHEET_H
#define ONN_SRC_NN_LAYERS_SHEET_H

#include <onn/saturable.h>

typedef struct onn_sheet_values {
	onn_absorber medium;
} onn_sheet_values;

const onn_settings *onn_sheet_settings(void);

#endif
