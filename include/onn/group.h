/**
 * @file
 * Ranks that compute together: several devices of one machine, or processes on several.
 *
 * Each rank does its part of a step by itself, and what the parts give is added up. A group is how
 * its ranks add and copy; onn_group_run makes one of threads, a program with MPI one of processes.
 * Sums are taken in the order of the ranks, so that as many ranks give the same bytes again.
 */
#ifndef ONN_GROUP_H
#define ONN_GROUP_H

#include <stddef.h>

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * One rank's view of its group. The functions are called by all ranks alike, in the same order; a
 * call returns when all ranks have made it. They set onn_last_error (onn_group_error does, outside
 * the library). After a failure the group is of no more use.
 */
typedef struct onn_group {
	size_t size;  /**< sizeof(onn_group) */
	size_t rank;  /**< of the caller, from 0 */
	size_t ranks; /**< how many there are, at least 1 */
	void *user;   /**< first argument of the functions */
	/** Replaces each of count real numbers of type ONN_F32 or ONN_F64 by its sum over all
	 * ranks, added in the order of ranks: the same bytes on each. */
	onn_status (*sum)(void *user, void *numbers, size_t count, onn_type type);
	/** Replaces the bytes of all ranks by those of rank 0. */
	onn_status (*copy)(void *user, void *bytes, size_t count);
} onn_group;

/** The most ranks that onn_group_run makes. */
#define ONN_GROUP_MOST 64

/**
 * Runs work once for each rank of a group of threads. The caller's thread is rank 0.
 *
 * A rank that returns leaves the group; others that still wait for it then fail, with a text that
 * names it, and do not hang.
 *
 * @param ranks  1 to ONN_GROUP_MOST
 * @param work   what a rank does; its group is lent until it returns
 * @param user   first argument of work
 * @return ONN_ERROR_ARGUMENT, ONN_ERROR_MEMORY, else what the first rank that failed by itself
 *         returned, with its text; ONN_CANCELLED where no rank failed and one was cancelled
 */
ONN_API onn_status onn_group_run(
    size_t ranks, onn_status (*work)(void *user, const onn_group *group), void *user);

/** For a group of one's own: sets onn_last_error to "function: reason"; ONN_ERROR_DEVICE. */
ONN_API onn_status onn_group_error(const char *function, const char *reason);

#ifdef __cplusplus
}
#endif

#endif
