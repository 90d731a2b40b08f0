/**
 * @file
 * A group of processes that an MPI launcher started: mpirun -n 4 PROGRAM.
 *
 * It is in a library of its own, onn_mpi, which is there where the build found an MPI.
 *
 *     onn_group group;
 *     onn_mpi_begin(&group, NULL, NULL);
 *     options.group = &group;
 *     onn_status status = onn_train(&result, network, &options, dataset, device);
 *     onn_mpi_end(status != ONN_OK);
 */
#ifndef ONN_MPI_H
#define ONN_MPI_H

#include <stdbool.h>

#include <onn/group.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Begins MPI, unless the program has, and makes the group of all its processes.
 *
 * Sums are exchanged by parts and added in the order of ranks, whatever the network between them
 * does: as many ranks give the same bytes. Buffers grow with the largest sum. One at a time.
 *
 * @param group  receives it; valid until onn_mpi_end
 * @param local  receives this rank's number among those of the same machine, from 0; may be NULL
 * @param stop   asked while the others are waited for; where it says so and they do not come within
 *               half a second, the call fails instead of waiting for what a signal has ended. NULL:
 *               waits for ever
 * @return ONN_ERROR_DEVICE (MPI does not begin, or has begun), ONN_ERROR_MEMORY
 */
onn_status onn_mpi_begin(onn_group *group, size_t *local, bool (*stop)(void));

/**
 * Ends the group, and MPI, if onn_mpi_begin began it.
 *
 * @param failed  this rank failed, and others may wait for it: where they do not come to their end
 *                within two seconds all are ended, this one too, with exit status 1
 */
void onn_mpi_end(bool failed);

#ifdef __cplusplus
}
#endif

#endif
