/*
 * Changes of a JSON object by dotted paths: "training.epochs", "network.layers.space.distance".
 */
#ifndef ONN_SRC_REPRODUCE_CHANGE_H
#define ONN_SRC_REPRODUCE_CHANGE_H

#include <onn/status.h>

struct cJSON;

/*
 * Gives what a path names a copy of a value. Members of objects are made where they are not there;
 * of an array, a number picks one item, and a word all items that have it as "layer".
 * ONN_ERROR_FORMAT: it leads nowhere; ONN_ERROR_MEMORY.
 */
onn_status onn_change(struct cJSON *object, const char *path, const struct cJSON *value);
/* One after another: an object of paths and values; NULL is none. */
onn_status onn_change_all(struct cJSON *object, const struct cJSON *changes);

#endif
