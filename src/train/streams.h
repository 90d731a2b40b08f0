/*
 * Streams of random numbers that the host draws in training, apart from those of graphs (below
 * 2^30).
 */
#ifndef ONN_SRC_TRAIN_STREAMS_H
#define ONN_SRC_TRAIN_STREAMS_H

enum {
	ONN_STREAM_WEIGHTS = 0x40010000, /* + number of the parameter */
	ONN_STREAM_NOISE = 0x40020000,   /* + number of the parameter */
	ONN_STREAM_ORDER = 0x40030000,   /* step: the epoch */
	ONN_STREAM_HALVES = 0x40030001
};

#endif
