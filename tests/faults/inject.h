/*
 * Calls that fail on demand. In a program that CMake links by onn_make_faulty the calls that onn
 * makes of the C library and of OpenCL come through here; those that other libraries make do not.
 *
 * The state is shared with children, so a parent sees what failed in a child that has ended.
 */
#ifndef ONN_TESTS_FAULTS_INJECT_H
#define ONN_TESTS_FAULTS_INJECT_H

#include <stdbool.h>
#include <stddef.h>

typedef enum inject_kind {
	INJECT_MEMORY = 1, /* what malloc and its like give: NULL */
	INJECT_FILES = 2,  /* opening, reading, writing, renaming: -1 and errno */
	INJECT_DISK = 4,   /* of these what a full disk refuses */
	INJECT_OPENCL = 8  /* each function of OpenCL: its error */
} inject_kind;

enum { INJECT_EACH_PLACE = -1, INJECT_FRAMES = 12 };

typedef struct inject_plan {
	unsigned kinds; /* whose calls count */
	long at;     /* the at-th call fails; 0: none; INJECT_EACH_PLACE: the first one from a place
	             * where none has failed before */
	bool onward; /* and all calls after it */
	int depth;   /* a place is so many callers, with this process's addresses */
	int code;    /* errno, or OpenCL's code */
	const char *only; /* the name of the one function that counts, or NULL */
} inject_plan;

typedef struct inject_result {
	long counted, failed;
	char function[40];          /* the first that failed */
	void *frame[INJECT_FRAMES]; /* and who called it */
	int frames;
} inject_result;

/* Once, before the first child. Ends the program where it cannot. */
void inject_start(void);
/* No place has failed yet. */
void inject_forget(void);
/* From now on, in this process and its children; a plan of zeros ends it. */
void inject_arm(const inject_plan *plan);
inject_result inject_result_now(void);
size_t inject_places(void);
/* "program(+0x1234) ..." on standard error, for addr2line. */
void inject_print_place(const inject_result *result);

/* For those who stand before a function: it is to fail now. caller: theirs. */
bool inject_fails(unsigned kinds, const char *function, const void *caller);
#define INJECT_CALLER __builtin_return_address(0)
int inject_code(void);

/* The clocks from now on: true, right; else each look is earlier than the one before. */
void inject_clock(bool right);

/*
 * What OpenCL's devices claim to be: words such as "group=64 fp64=0", of the table in
 * inject_opencl.c; "" or NULL: what they are. What is claimed is held to: a launch of a larger
 * group is refused.
 */
void inject_lie(const char *words);

#endif
