/*
 * Costs, and the sizes from which on the C back end takes another way, each with its unit and
 * reason. What a chunk is depends on shapes and these numbers alone, never on the number of
 * threads: another number of segments, parts or tiles rounds sums otherwise.
 */
#ifndef ONN_SRC_BACKEND_C_THRESHOLDS_H
#define ONN_SRC_BACKEND_C_THRESHOLDS_H

/* ---- the machine ---- */

enum {
	/* bytes of a cache line: what two threads must not both write to */
	ONN_C_LINE = 64,
	/* bytes of the L1 cache: 32 KiB is what processors have at least, lines leave a quarter of
	 * it to twiddles and a filter */
	ONN_C_L1 = 32 * 1024,
	ONN_C_L1_LINES = 24 * 1024,
	/* bytes of temporaries from which on an output that is read late has left all caches by
	 * then, and is stored past them */
	ONN_C_CACHES = 32 * 1024 * 1024
};

/* ---- costs, in simple operations on an f32, some 0.06 ns each ---- */

enum {
	/* work that takes less than threads lose at a barrier, about 1 us, is one thread's */
	ONN_C_COST_SERIAL = 16 * 1024,
	/* an element of Adam's update: a division, a root and seven streams of memory */
	ONN_C_COST_ADAM = 20,
	/* a number of a plate that moves: four streams */
	ONN_C_COST_PLATE_STEP = 8,
	/* a result of a reduction, beside the elements that it sums */
	ONN_C_COST_RESULT = 20,
	/* an element that argmax looks at, one after the other */
	ONN_C_COST_ARGMAX = 20,
	/* a row that is taken by index, beside its bytes: it is in no cache */
	ONN_C_COST_ROW = 100,
	/* a call that multiplies matrices, beside its additions, of which four take the time of one
	 * */
	ONN_C_COST_PRODUCT = 2000
};

/* ---- threads ---- */

enum {
	/* looks at a counter before the processor is offered to others: some 10 us */
	ONN_C_SPINS = 300,
	/* offers before a thread without a job sleeps: runs follow each other more closely */
	ONN_C_YIELDS_TO_SLEEP = 2000,
	/* stages back that a conflict is looked for: a longer search costs more than the barrier */
	ONN_C_STAGES_BACK = 64
};

/* ---- pointwise programs ---- */

enum {
	/* elements that a block is a multiple of: a cache line of the smallest type */
	ONN_C_BLOCK_UNIT = 64,
	/* elements of a run of memory that is read together with the next ones: a loop of its own
	 * takes longer than they do */
	ONN_C_SHORT_RUN = 8,
	/* blocks of a small space, so that threads can share them */
	ONN_C_BLOCKS = 8,
	/* elements of a chunk of Adam's update and of a plate's step: 16 and 8 KiB of each operand
	 * */
	ONN_C_ADAM_CHUNK = 4096,
	ONN_C_PLATE_CHUNK = 1024
};

/* ---- reductions ---- */

enum {
	/* elements of a window that are added up one by one */
	ONN_C_WINDOW = 64,
	/* elements of a segment that long rows and tall columns are cut into */
	ONN_C_SEGMENT = 8192,
	/* tiles with which there is enough to share without segments */
	ONN_C_REDUCE_TILES = 32,
	/* rows of f32 that columns add up before they go to the total, which is in double */
	ONN_C_FOLD = 32
};

/* ---- moves by index ---- */

enum {
	/* bytes that are cleared at a time */
	ONN_C_ZERO_CHUNK = 64 * 1024,
	/* columns of a chunk of scatter_add: whole cache lines of any type */
	ONN_C_SCATTER_COLUMNS = 64,
	/* rows that take asks for ahead of time, and bytes of each: of longer ones the processor
	 * fetches the rest itself */
	ONN_C_TAKE_AHEAD = 4,
	ONN_C_TAKE_AHEAD_BYTES = 1024
};

/* ---- pulses ---- */

enum {
	/* bytes of a thread's tape of all slots: a longer one is recomputed in segments */
	ONN_C_PULSE_TAPE = 16 * 1024 * 1024,
	/* Rows up to which each goes by itself, in the Bloch model with at least so many classes,
	 * which do not wait for each other: a vector that is empty but for one takes as long as a
	 * full one, and its numbers are far apart. Else one row does. */
	ONN_C_PULSE_NARROW_ROWS = 8,
	ONN_C_PULSE_NARROW_CLASSES = 8
};

/* ---- matrix products ---- */

enum {
	/* operations of a tile: some 5 us */
	ONN_C_TILE_FLOPS = 1 << 20,
	/* rows or columns that a tile has at least, and that it is a multiple of: what kernels work
	 * on at once */
	ONN_C_TILE_ROWS = 16,
	ONN_C_TILE_COLUMNS = 32,
	ONN_C_ROW_UNIT = 8,
	ONN_C_COLUMN_UNIT = 16,
	/* tiles of a product: more than there are threads to share them */
	ONN_C_TILES = 64,
	/* parts that a long sum of few rows is cut into, terms of it for each column from which on
	 * it is long, and bytes of the second matrix that a part reads: less is not worth another
	 * meeting */
	ONN_C_PARTS = 4,
	ONN_C_LONG_SUM = 4,
	ONN_C_PART_BYTES = 64 * 1024
};

/* ---- images with kernels ---- */

enum {
	/* bytes of a matrix of the pixels that kernels meet: it stays in the L2 cache */
	ONN_C_COLUMNS = 192 * 1024,
	/* numbers of images and results of a chunk: 256 KiB of f32 */
	ONN_C_IMAGES = 64 * 1024,
	/* channels from which on oneDNN makes kernels' gradients faster than a product of columns:
	 * of one it takes four times as long, and eight times for the image's gradient */
	ONN_C_DNNL_CHANNELS = 8,
	/* numbers of a kernel up to which columns by our own loops are faster than by a library,
	 * and than oneDNN's convolution, which fills its vectors with channels */
	ONN_C_LANE_TAPS = 64,
	/* chunks of a step that single images are cut up for, where there are fewer */
	ONN_C_CONVOLVE_CHUNKS = 16,
	/* parts that the sum of kernels' gradients is cut into, and bytes of the kernels above
	 * which they are fewer: each is another array of that size */
	ONN_C_WEIGHT_PARTS = 8,
	ONN_C_WEIGHT_PARTS_LARGE = 4,
	ONN_C_WEIGHT_LARGE = 1024 * 1024,
	/* numbers of a chunk of those parts' sum */
	ONN_C_WEIGHT_CHUNK = 1024,
	/* the longest line that goes to roots of unity: matrices take its square, and their sums
	 * wait for a sum of all of it */
	ONN_C_ROOT_LINE = 64,
	/* bytes of images' and results' values of a pass: half of a last cache */
	ONN_C_ROOT_VALUES = 16 * 1024 * 1024,
	/* passes that a gradient of kernels may be worth of, which has one */
	ONN_C_ROOT_SUM = 4,
	/* of a vector that is multiplied and added by a matrix of such a line, and of one that goes
	 * there and back through a cache: in those of a product of matrices */
	ONN_C_ROOT_MIX = 2,
	ONN_C_ROOT_MOVE = 12,
	/* what it takes to be worth it over oneDNN's convolutions */
	ONN_C_ROOT_GAIN = 1
};

/* ---- Fourier transforms ---- */

enum {
	/* fields from which on each is a chunk; fewer are split among threads */
	ONN_C_MANY_FIELDS = 8,
	/* bytes of a plane that is not worth splitting ... */
	ONN_C_SMALL_PLANE = 64 * 1024,
	/* ... and of one that no thread gets of its own: several would leave no room in the caches
	 * */
	ONN_C_LARGE_PLANE = 16 * 1024 * 1024,
	/* rows that a joint works on at a time, so that they stay in the L1 cache, and how many
	 * rows ahead of them it asks for others */
	ONN_C_JOINT_ROWS = 16,
	ONN_C_JOINT_AHEAD = 32
};

#endif
