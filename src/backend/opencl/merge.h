/*
 * Work of several steps in one launch.
 *
 * A step may add its work not as a kernel but as a function of one group's work:
 *
 *   static void NAME(<arguments>, [__local void *room,] const uint group)
 *
 * where `group` counts from 0 and items are get_local_id(0), of which there may be more than the
 * work asked for: those beyond go through its barriers and do nothing else. Kernels that call these
 * functions are written once all launches are there, and one kernel may do the work of several:
 *
 *   side by side  what does not depend on each other, each in groups of its own
 *   in a chain    what depends on each other and is small, all in one group, with barriers between,
 *                 which may have others beside it
 *
 * Which memory work touches is what its arguments say: onn_cl_pass_input is read, what else is
 * passed is written. A launch goes to another place of the list only where neither depends on what
 * lies between.
 */
#ifndef ONN_SRC_BACKEND_OPENCL_MERGE_H
#define ONN_SRC_BACKEND_OPENCL_MERGE_H

#include "backend/opencl/opencl_backend.h"

/* Starts a launch as onn_cl_add_kernel does, by function `name`, of so many groups of `local`
 * items, at most the device's `group`; room: bytes of local memory, or 0. */
void onn_cl_add_work(onn_cl_executable *e, uint32_t step, size_t groups, size_t local, size_t room,
    const char *name, ...) ONN_PRINTF(6, 7);
/* The work that was added last goes only with work of as many items, and into no chain. */
void onn_cl_keep_size(onn_cl_executable *e);
/* Puts work together and writes the kernels that do it: the last sections. */
onn_status onn_cl_merge(onn_cl_executable *e);

#endif
