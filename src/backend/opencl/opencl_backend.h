/*
 * The OpenCL backend's own types. Platforms of OpenCL 1.2 and later; nothing of 2.0 is used.
 *
 * prepare() makes a list of launches from a schedule: kernels with their arguments set, fills,
 * GEMMs and Fourier transforms of a library. run() only enqueues them. A device has one in-order
 * queue, so launches need no events. On a CPU that runs native kernels, all steps are one of these
 * instead.
 */
#ifndef ONN_SRC_BACKEND_OPENCL_OPENCL_BACKEND_H
#define ONN_SRC_BACKEND_OPENCL_OPENCL_BACKEND_H

#include <stdatomic.h>

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "backend/backend.h"
#include "backend/said.h"
#include "backend/c/c_backend.h"
#include "core/error.h"
#include "core/os.h"
#include "core/text.h"
#include "core/watch.h"

/* ---- devices ------------------------------------------------------------------------------------
 */

enum { ONN_CL_RECENT = 32 };

typedef struct onn_cl_recent {
	unsigned char key[32];
	cl_program program; /* NULL: free */
} onn_cl_recent;

/* What a filter of [n[0], n[1]] in f32 multiplies fields by, beside its spectrum: fourier/gain.c.
 * */
typedef struct onn_cl_gain {
	size_t n[2];
	bool library;
	double gain;
} onn_cl_gain;

/* Whether a library does a kind of work rightly: trust.c. */
typedef enum onn_cl_verdict { ONN_CL_UNTRIED, ONN_CL_RIGHT, ONN_CL_WRONG } onn_cl_verdict;

/* LIMIT: seconds for a build or a launch where ONN_OPENCL_LIMIT says none. */
enum { ONN_CL_WORK_TEXT = 128, ONN_CL_FLIGHT = 8, ONN_CL_LIMIT = 300 };

/* A launch that has not ended yet, and its step: await.c. */
typedef struct onn_cl_step_mark {
	cl_event event;
	uint32_t step;
	char label[64];
} onn_cl_step_mark;

typedef struct onn_cl_tried {
	char work[ONN_CL_WORK_TEXT]; /* library, type, sizes */
	onn_cl_verdict verdict;
} onn_cl_tried;

typedef struct onn_cl_device {
	onn_device base;
	cl_device_id id;
	cl_context context;
	cl_command_queue queue;
	bool gpu;
	bool native;       /* steps run in native kernels on the C backend's pool */
	bool serial_items; /* a processor that runs a group's work items one after the other */
	bool clblast;
	const struct onn_cl_engine *fft; /* a library's; NULL: our own */
	bool whole_lines[2]; /* our own, where they fit local memory: in single, in double */
	size_t fft_bytes;    /* of a workspace that can be cut into single fields */
	bool divide;         /* f32 division and square root can be rounded correctly */
	bool cache;          /* programs are kept on disk */
	onn_mutex *asking;   /* of `answered`: our own kernels, by precision */
	bool answered[2];
	size_t group; /* work items of a group where a kernel has no wish of its own */
	size_t rows;  /* of work items that a group of two axes may have */
	size_t local; /* bytes of a group's memory */
	size_t lanes; /* a processor's: f32 numbers in a vector */
	cl_uint units;
	cl_ulong max_alloc;
	char identity[512];         /* names and versions: part of a cached program's key */
	onn_pool *pool;             /* native: the C backend's threads */
	struct onn_cl_device *next; /* that this process has open */
	long process;               /* that made it: no other has the driver's threads */
	onn_mutex *lock;            /* of what follows */
	uint64_t serial;            /* buffers created so far */
	onn_cl_recent recent[ONN_CL_RECENT]; /* programs built lately */
	size_t next_recent;
	onn_cl_gain *gain;
	size_t gains, gain_room;
	onn_cl_tried *tried; /* of libraries */
	size_t tries, tried_room;
	char first_wrong[224];
	/* runs that are not done yet, the oldest first: flight.c */
	struct onn_cl_flight {
		cl_event event;                  /* of its last launch */
		struct onn_cl_executable *whose; /* NULL: a trial's */
	} flight[ONN_CL_FLIGHT];
	size_t flying;
	double landed;          /* onn_clock when one was last seen to be done; 0: none was */
	onn_cl_step_mark *mark; /* the oldest first */
	size_t marks, mark_room;
	double limit;        /* seconds; 0: none */
	onn_mutex *awaiting; /* of `watch`, which waits where that may take for ever; or NULL */
	onn_watch *watch;
	atomic_bool filled; /* since somebody last waited */
	atomic_bool left;   /* a thread is still in its driver's compiler */
	atomic_bool stuck;  /* its driver is not called any more */
} onn_cl_device;

typedef struct onn_cl_buffer {
	onn_buffer base;
	cl_mem memory;
	size_t room;     /* its size there: at least bytes */
	void *host;      /* native: the memory behind it, onn_aligned_alloc's; NULL: wrapped */
	void *address;   /* native: where native kernels see it */
	uint64_t serial; /* order of creation on the device, from 1 */
} onn_cl_buffer;

extern const onn_backend onn_cl_backend;

/* "CL_OUT_OF_RESOURCES"; a number's text would help nobody. */
const char *onn_cl_error_name(cl_int code);
/* ONN_ERROR_DEVICE, or ONN_ERROR_MEMORY where code says so: "where: what failed: CL_...". */
onn_status onn_cl_error(const char *where, const char *what, cl_int code);
/* An environment variable: 0 and 1 force, all else is `otherwise`. */
bool onn_cl_choice(const char *variable, bool otherwise);
/* Makes the device over a context and queue, which it releases when closed (also on failure). */
onn_status onn_cl_device_make(onn_device **device, cl_context context, cl_device_id id,
    cl_command_queue queue, bool pure, const onn_device_options *options);
/*
 * After fork() the child has what its parent made, but none of the driver's threads: a call that
 * waits for them never returns. Whether this process may use OpenCL, and from now on no child of
 * it: ONN_ERROR_DEVICE where an ancestor did. Whether it may use the device. Whether the device is
 * inherited, or stuck, so that all to do is to free our own memory.
 */
onn_status onn_cl_claim(const char *function);
onn_status onn_cl_enter(const char *function, const onn_cl_device *device);
/* The end of the process waits for the work of all devices, and for that before what libraries have
 * made until now is torn down: called for a device, and after each executable's first run. */
void onn_cl_finish_at_exit(void);
bool onn_cl_inherited(const onn_cl_device *device);
/* ONN_ERROR_MEMORY where the device takes no so large piece: "what 123 bytes; device ...", with the
 * driver's switch where it has one. */
onn_status onn_cl_check_size(const onn_cl_device *d, const char *what, size_t bytes);
/* Wraps memory, which it retains. */
onn_status onn_cl_buffer_wrap(
    onn_buffer **buffer, onn_cl_device *device, cl_mem memory, size_t bytes);
/* What clGetDeviceInfo says of a device: a text, cut to fit; kinds and abilities. */
void onn_cl_device_text(char *text, size_t room, cl_device_id id, cl_device_info what);
bool onn_cl_device_fp64(cl_device_id id);
bool onn_cl_device_gpu(cl_device_id id);
/* A CPU that runs native kernels. */
bool onn_cl_device_native(cl_device_id id);

/* ---- programs -----------------------------------------------------------------------------------
 */

/*
 * Builds a program, or takes it from the device's recent ones or the disk cache. The caller
 * releases it. ONN_ERROR_DEVICE with the build log.
 */
onn_status onn_cl_program(cl_program *program, onn_cl_device *device, const char *source);
/* The file of the cache for a key, its folder made; false: there is no cache. */
bool onn_cl_cache_path(const unsigned char *key, const char *extension, char *path, size_t room);

/* ---- executables --------------------------------------------------------------------------------
 */

/* What an argument of a kernel is. */
typedef enum onn_cl_argument_kind {
	ONN_CL_MEMORY,  /* a piece of the schedule's memory */
	ONN_CL_SCRATCH, /* the executable's scratch memory */
	ONN_CL_PLANE,   /* its memory for fields between transforms along y and x */
	ONN_CL_TABLE,   /* a table of the executable's own */
	ONN_CL_LOCAL,   /* local memory of a group */
	ONN_CL_BYTES    /* a number */
} onn_cl_argument_kind;

/* Half of a seed. */
typedef enum onn_cl_seed { ONN_CL_NO_SEED, ONN_CL_SEED_LOW, ONN_CL_SEED_HIGH } onn_cl_seed;

typedef struct onn_cl_argument {
	onn_cl_argument_kind kind;
	uint32_t memory;
	uint32_t value; /* MEMORY: of which this is the memory ... */
	bool written;   /* ... and whether it is more than read */
	size_t size;    /* SCRATCH: of an element; LOCAL: bytes */
	unsigned char bytes[16];
	char type[12]; /* BYTES, of work: "pw_f32", "ulong" */
	size_t apart;  /* BYTES: a place, so many elements from the next copy's; 0: all have it */
	onn_cl_seed seed; /* BYTES: of random numbers, one larger for the next copy */
} onn_cl_argument;

typedef enum onn_cl_launch_kind {
	ONN_CL_KERNEL,
	ONN_CL_FILL, /* zeros */
	ONN_CL_GEMM, /* a step by CLBlast */
	ONN_CL_FFT   /* a transform by VkFFT or clFFT */
} onn_cl_launch_kind;

typedef struct onn_cl_launch {
	onn_cl_launch_kind kind;
	uint32_t step;
	/* KERNEL */
	char name[64];
	bool work;   /* not a kernel yet, but a function of a group's work: merge.h */
	bool keeps;  /* it has no more work items than it asks for */
	size_t room; /* bytes of local memory that it takes */
	cl_kernel kernel;
	size_t global[3], local[3];
	size_t first_argument, arguments;
	double moves; /* bytes read and written; 0: those of the step */
	/* FILL, and FFT: offset in the scratch memory */
	uint32_t memory;
	size_t offset, bytes;
	/* FFT */
	size_t plan;
	bool inverse;
} onn_cl_launch;

/* A piece of a program's text; equal pieces are written once. */
typedef struct onn_cl_section {
	char *text; /* with '@' where its own number stands */
	size_t number;
} onn_cl_section;

/* Roots of unity for length n, or (m > 0) a chirp and its transform over m: fourier/own.c. */
typedef struct onn_cl_table {
	size_t n, m;
	onn_type type;
	cl_mem memory;
} onn_cl_table;

typedef struct onn_cl_executable {
	onn_executable base;
	onn_cl_device *device;
	onn_cl_launch *launch;
	size_t launches, launch_room;
	onn_cl_argument *argument;
	size_t arguments, argument_room;
	cl_mem scratch, plane;
	size_t scratch_bytes, plane_bytes;
	onn_cl_table *table; /* what Fourier transforms look up */
	size_t tables, table_room;
	struct onn_cl_plan *plan; /* a library's, for these */
	size_t plans, plan_room;
	uint64_t *bound; /* per memory: serial of the buffer that the kernels hold now */
	struct onn_cl_native *native;
	onn_said *said;  /* per step */
	double *seconds; /* per step */
	uint64_t runs;
	bool settled;   /* it has run once: what libraries make then is made */
	size_t allowed; /* so many runs may be in flight behind one of it: flight.c */
	/* while it is being prepared */
	onn_cl_section *section;
	size_t sections, section_room;
	const onn_operation **operation; /* the users' own, whose functions are written already */
	size_t operations, operation_room;
	onn_text functions;
	bool *taken;                /* per step: its work is in another's launch */
	struct onn_cl_joint *joint; /* that a filter is to end in: fourier/joint.c */
	struct onn_cl_trial *trial; /* of filters in single precision */
	size_t trials, trial_room;
	bool fp64;      /* some work is in double, though no value may be */
	bool no_memory; /* sticks; the calls below then do nothing */
} onn_cl_executable;

/* Takes over text, in which '@' stands for the number that it returns. */
size_t onn_cl_add_section(onn_cl_executable *e, onn_text *text);
/* Starts a launch of a kernel, whose arguments follow in order. */
void onn_cl_add_kernel(onn_cl_executable *e, uint32_t step, size_t global, size_t local,
    const char *name, ...) ONN_PRINTF(5, 6);
/* Another size of the kernel that was added last. */
void onn_cl_set_size(onn_cl_executable *e, const size_t global[3], const size_t local[3]);
/* What the launch that was added last reads and writes besides, bytes. */
void onn_cl_moves(onn_cl_executable *e, double bytes);
/* What the first launch of a step moves is what the step does, where nobody said more. */
void onn_cl_count_moves(onn_cl_executable *e);
/* Two arguments: the value's memory, and a ulong: the element there that is `offset` past its
 * start. */
void onn_cl_pass_value(onn_cl_executable *e, uint32_t value, ptrdiff_t offset);
/* The same of a value that is only read. */
void onn_cl_pass_input(onn_cl_executable *e, uint32_t value, ptrdiff_t offset);
/* Two arguments: the scratch memory, of which at least `bytes` are needed, and a ulong: the element
 * there, of `size` bytes. */
void onn_cl_pass_scratch(onn_cl_executable *e, size_t bytes, size_t size, size_t element);
/* One argument: the plane, of which `bytes` are needed. */
void onn_cl_pass_plane(onn_cl_executable *e, size_t bytes);
/* One argument: a table of e->table. */
void onn_cl_pass_table(onn_cl_executable *e, uint32_t table);
void onn_cl_pass_bytes(onn_cl_executable *e, const void *bytes, size_t size);
/* A number of a type of schedule.h. */
void onn_cl_pass_number(onn_cl_executable *e, onn_type type, const void *bytes);
/* A seed of random numbers: two of uint. */
void onn_cl_pass_seed(onn_cl_executable *e, uint64_t seed);
void onn_cl_pass_int(onn_cl_executable *e, cl_int number);
void onn_cl_pass_uint(onn_cl_executable *e, size_t number);
void onn_cl_pass_ulong(onn_cl_executable *e, size_t number);
void onn_cl_pass_long(onn_cl_executable *e, ptrdiff_t number);
void onn_cl_add_fill(onn_cl_executable *e, uint32_t step, uint32_t value);
/* Adds to what is said of a step: onn_say. */
void onn_cl_say(onn_cl_executable *e, uint32_t step, const char *format, ...) ONN_PRINTF(3, 4);
/* A launch of another kind, without arguments. */
void onn_cl_add_launch(onn_cl_executable *e, onn_cl_launch_kind kind, uint32_t step);

/* Schedules of several copies: copies.c. */
bool onn_cl_copies(const onn_device *device);
/* Once all is added: what is a copy's own. ONN_ERROR_UNSUPPORTED: it cannot be done so. */
onn_status onn_cl_prepare_copies(onn_cl_executable *e);
/* Sets the arguments of a kernel that are a copy's own. */
cl_int onn_cl_set_copy(const onn_cl_executable *e, const onn_cl_launch *launch, uint32_t copy);
/* A number of a kernel as it is passed on, "a3, ", for the copy that is `copy` there. */
void onn_cl_print_number(onn_text *text, const onn_cl_argument *a, size_t number);

/* Kernels keep their arguments: only memory that changed since the last run is set anew. */
onn_status onn_cl_bind(onn_cl_executable *e, onn_buffer *const *buffers);
/* buffers: those of a run; NULL for launches that touch none. event may be NULL. */
onn_status onn_cl_enqueue(
    onn_cl_executable *e, const onn_cl_launch *launch, onn_buffer *const *buffers, cl_event *event);

/* What a step of each kind adds: launches and sections. */
#define ONN_STEP_KIND(id, name, ...)                                                               \
	onn_status onn_cl_add_##name(onn_cl_executable *e, uint32_t step);
#include "backend/step_kinds.def"

/* ---- a pointwise program as text: pointwise/program.c ---- */

/* How a program is written beside others in its kernel: what stands before the names of its
 * parameters, and its inputs, a bit each, that are no parameters but the value `given`. */
typedef struct onn_cl_words {
	const char *mark;
	uint32_t given;
} onn_cl_words;
#define ONN_CL_ALONE ((onn_cl_words){"", 0})
/* "__global const pw_f32 *x0, ulong p0, ... pw_f32 c0, ": inputs, numbers and seeds. */
void onn_cl_print_parameters(
    onn_text *text, const onn_schedule *s, const onn_program *p, onn_cl_words words);
/* "x0, p0, ... c0, " */
void onn_cl_print_names(onn_text *text, const onn_program *p, onn_cl_words words);
void onn_cl_pass_parameters(onn_cl_executable *e, const onn_program *p, onn_cl_words words);
/* Functions of user operations that the program calls. ONN_ERROR_UNSUPPORTED: no OpenCL text. */
onn_status onn_cl_add_operations(onn_cl_executable *e, const onn_program *p);
/*
 * Position `variable` in axes first ... last-1 of shape, row-major, as positions along each axis:
 * "const int i2 = ...", where some view needs them.
 */
typedef struct onn_cl_axes {
	const size_t *shape;
	uint32_t first, last;
	const char *variable;
} onn_cl_axes;
void onn_cl_print_axes(onn_text *text, const onn_cl_axes *axes, bool wide);
/* " + ..." for each axis that moves the view. */
void onn_cl_print_place(onn_text *text, const onn_view *view, const onn_cl_axes *axes, bool wide);
/* "\ty0[q0 + ...] = r3;\n" for each output of a program whose registers are there. */
void onn_cl_print_stores(onn_text *text, const onn_program *p, const onn_cl_axes *axes, bool wide);
/* Reads the inputs, whose names have no mark, and computes registers r0, r1 ...; positions come
 * from one or two groups of axes. */
void onn_cl_print_registers(onn_text *text, const onn_schedule *s, const onn_program *p,
    const onn_cl_axes *axes, size_t groups, bool wide, onn_cl_words words);
/* Whether element i of the shape, row-major, is i past the view's offset. */
bool onn_cl_view_is_dense(const onn_view *view, const size_t *shape, uint32_t ndim);
/* Whether positions in a pointwise or reduce step need more than 31 bits. */
bool onn_cl_is_wide(const onn_step *step);
bool onn_cl_view_is_wide(const onn_view *v, const size_t *shape, uint32_t ndim);

/* ---- runs in flight: flight.c ---- */

/* Behind a run's launches, NULL: a trial's: waits until few enough runs are not done. */
onn_status onn_cl_take_off(onn_cl_device *d, onn_cl_executable *e);
/* Waits for the runs in flight, before what would wait for them in the driver. */
onn_status onn_cl_settle(onn_cl_device *d, const char *where);
/* All runs are done. */
void onn_cl_land(onn_cl_device *d);

/* ---- waiting for what may never be done: await.c ---- */

/* Seconds that ONN_OPENCL_LIMIT gives a build and a launch; 0: any. ONN_ERROR_ARGUMENT. */
onn_status onn_cl_limit(double *seconds);
/* Waits for an event, or for all (NULL). ONN_ERROR_DEVICE also where that takes too long: then the
 * device is stuck. */
onn_status onn_cl_await(onn_cl_device *d, const char *where, cl_event event);
/* The same for launches of no run, as trials make them; what a driver says to it. */
cl_int onn_cl_await_trial(onn_cl_device *d);
/* Waits for all, and no run is in flight. */
onn_status onn_cl_finish(onn_cl_device *d, const char *where);
/* The same before something is destroyed; what fails is nobody's error. */
void onn_cl_rest(onn_cl_device *d);
/* Whether a run's launches are to be marked; marks one, taking over its event; takes marks away: of
 * launches that have ended, or all. Whether there were any. */
bool onn_cl_is_marked(const onn_cl_executable *e);
void onn_cl_mark(onn_cl_device *d, cl_event event, const onn_cl_launch *l, const char *label);
bool onn_cl_unmark(onn_cl_device *d, bool ended);
/* A call of the driver did not return: it is left alone, the device for good or but the compiler.
 */
void onn_cl_leave(onn_cl_device *d, bool for_good);

/* ---- trust in libraries: trust.c ---- */

onn_cl_verdict onn_cl_verdict_of(onn_cl_device *d, const char *work);
/* Keeps a verdict; wrong: NULL, or what is ("off by 4.2"), which the device then says, and who does
 * it instead: onn_device_remark. */
void onn_cl_judge(onn_cl_device *d, const char *work, const char *wrong, const char *instead);
/* Keeps what a trial came to, for people: verdicts.c; wrong as above. */
void onn_cl_verdict_keep(const onn_cl_device *d, const char *work, const char *wrong);
/* What was kept of a device of this name and driver, as onn_device_info.trials has it. */
void onn_cl_verdicts(char *list, size_t room, const char *name, const char *driver);
/* Our own kernels' answers: answers.c. */
onn_status onn_cl_trust(onn_device *device, onn_type real, onn_ask *ask);

/* ---- Fourier transforms by a library ---- */

/* Sets the engine that ONN_OPENCL_FFT names, or the device's default. ONN_ERROR_ARGUMENT: no such
 * engine in this build. */
onn_status onn_cl_fft_choose(onn_cl_device *d);
/* What stands before the launches of step `number`, or of the end, since a filter before it ends
 * there. */
onn_status onn_cl_fft_go_on(onn_cl_executable *e, uint32_t number);
/* Whether launches of a filter are still to come. */
bool onn_cl_fft_waits(const onn_cl_executable *e);
/* Whether one is, and that before step `number`. */
bool onn_cl_fft_waits_at(const onn_cl_executable *e, uint32_t number);
/* Its name for people; "" for our own. */
const char *onn_cl_fft_library(bool gpu);
onn_status onn_cl_fft_run(onn_cl_executable *e, const onn_cl_launch *launch);
/* Once the kernels are there: filters make up for what transforms in f32 do to a field's size. */
onn_status onn_cl_gain_correct(onn_cl_executable *e);
void onn_cl_fft_destroy(onn_cl_executable *e);

/* ---- CLBlast ---- */

/* Whether it multiplies on such devices: on GPUs where its version is sound, or where
 * ONN_OPENCL_CLBLAST says so. */
bool onn_cl_gemm_wanted(bool gpu);
/* Whether it multiplies this step: it can, and does so rightly. */
bool onn_cl_gemm_takes(onn_cl_device *d, const onn_schedule *s, const onn_step *step);
onn_status onn_cl_gemm_run(
    onn_cl_executable *e, uint32_t step, onn_buffer *const *buffers, cl_event *event);

/* ---- native kernels ---- */

typedef struct onn_cl_native onn_cl_native;
onn_status onn_cl_native_prepare(onn_cl_executable *e);
void onn_cl_native_destroy(onn_cl_native *native);
onn_status onn_cl_native_run(
    onn_cl_executable *e, onn_buffer *const *buffers, uint32_t first, uint32_t count);
onn_status onn_cl_native_profile(double *seconds, uint64_t *runs, onn_cl_executable *e);
/* Where native kernels see a buffer. */
onn_status onn_cl_native_address(void **address, onn_cl_device *d, cl_mem memory);

/* ---- the vtable's functions ---- */

void onn_cl_close(onn_device *device);
onn_status onn_cl_wait(onn_device *device);
onn_status onn_cl_buffer_create(onn_buffer **buffer, onn_device *device, size_t bytes);
void onn_cl_buffer_destroy(onn_buffer *buffer);
onn_status onn_cl_buffer_write(onn_buffer *buffer, size_t offset, const void *data, size_t bytes);
onn_status onn_cl_buffer_read(void *data, onn_buffer *buffer, size_t offset, size_t bytes);
onn_status onn_cl_prepare(
    onn_executable **executable, onn_device *device, const onn_schedule *schedule);
void onn_cl_executable_destroy(onn_executable *executable);
onn_status onn_cl_run(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count);
void onn_cl_cost(size_t *launches, double *bytes, const onn_executable *executable, uint32_t step);
const char *onn_cl_describe(const onn_executable *executable, uint32_t step);
onn_status onn_cl_profile(double *seconds, uint64_t *runs, onn_executable *executable);

#endif
