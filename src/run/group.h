/*
 * What ranks do beside their steps: agree whether all goes well, and begin alike.
 */
#ifndef ONN_SRC_RUN_GROUP_H
#define ONN_SRC_RUN_GROUP_H

#include <onn/device.h>
#include <onn/group.h>

/* ONN_OK where status is so on all ranks, else an error on all; its own on those that failed. NULL:
 * there is one rank. */
onn_status onn_group_agree(const onn_group *group, const char *function, onn_status status);
/* Replaces a tensor by rank 0's. */
onn_status onn_group_copy_tensor(const onn_group *group, const char *function, onn_tensor *tensor);

#endif
