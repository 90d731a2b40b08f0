/*
 * Streams of random numbers, so that none is used twice.
 */
#ifndef ONN_SRC_CORE_STREAMS_H
#define ONN_SRC_CORE_STREAMS_H

enum {
	/* in graphs: below 2^30 */
	ONN_STREAM_SHIFT = 0x1000,   /* of plates: + 3 times the number of the plate */
	ONN_STREAM_PHASE = 0x2000,   /* of plates: + number of the plate */
	ONN_STREAM_MASK = 0x2800,    /* of masks of conv4f: + number of the layer */
	ONN_STREAM_DETECT = 0x3000,  /* of a damaged copy's camera: two */
	ONN_STREAM_CAMERA = 0x4000,  /* + 2 times the number of the camera */
	ONN_STREAM_DROPOUT = 0x5000, /* + number of the layer */
	ONN_STREAM_PULSES = 0x6000,  /* + 2 times the number of the absorber */
	ONN_STREAM_TRAINED = 0x7000, /* noise of weights in training: + number of the parameter */
	ONN_STREAM_ACTIVATION = 0x8000, /* + place of the layer in the list */
	ONN_STREAM_PRODUCT = 0x9000,    /* + 2 times the number of the linear layer */
	ONN_STREAM_CLICK = 0xa000,      /* + number of the layer */
	ONN_STREAM_LAYER = 0x100000, /* + 16 times its place in the list: for kinds of programs */
	ONN_LAYER_STREAMS = 16,

	/* on the host */
	ONN_STREAM_WEIGHTS = 0x40010000, /* + number of the parameter */
	ONN_STREAM_NOISE = 0x40020000,   /* + number of the parameter */
	ONN_STREAM_ORDER = 0x40030000,   /* step: the epoch */
	ONN_STREAM_HALVES = 0x40030001
};

#endif
