/*
 * Rows of a list of layers that stand for several.
 */
#ifndef ONN_SRC_NN_ROWS_H
#define ONN_SRC_NN_ROWS_H

#include <onn/status.h>

struct cJSON;

/*
 * Replaces each {"4f": {"f1": ..., "f2": ..., "mask": ...}} of a list by what it stands for: space,
 * lens and space of f1, what is in the plane of the spectrum, and the same of f2, which is f1 where
 * it is not said. "mask" is the settings of a mask, a layer with its "layer", or a list of layers.
 * What is no list or no 4f stays. ONN_ERROR_FORMAT, ONN_ERROR_MEMORY.
 */
onn_status onn_rows_expand(struct cJSON *list);

#endif
