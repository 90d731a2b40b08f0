/*
 * Schedules of one step, made by hand, on 1, 2 and 3 threads, against the reference: near it, and
 * equal to each other to the bit.
 */
#ifndef ONN_TESTS_BACKEND_C_SCENE_H
#define ONN_TESTS_BACKEND_C_SCENE_H

#include "testing.h"

#include "backend/schedule.h"

enum { MOST_VALUES = 16, MOST_INSTRS = 12 };

/* One step over values that each have a memory of their own, unless two share one. */
typedef struct scene {
	onn_schedule schedule;
	onn_memory memory[MOST_VALUES];
	onn_value value[MOST_VALUES];
	onn_step step;
	onn_view input[MOST_VALUES];
	onn_immediate immediate[MOST_VALUES];
	onn_instr instr[MOST_INSTRS];
	double low[MOST_VALUES], high[MOST_VALUES]; /* of the numbers drawn */
} scene;

void begin(scene *s, onn_step_kind kind);
/* count numbers from low to high, in a memory of their own. */
uint32_t add_value(scene *s, onn_type type, size_t count, double low, double high);

/* Of steps with a program; instructions come after all inputs and immediates. */
void set_shape(scene *s, uint32_t ndim, const size_t *shape);
onn_view view(uint32_t value, ptrdiff_t offset, uint32_t ndim, const ptrdiff_t *stride);
uint16_t add_input(scene *s, onn_view v);
uint16_t add_immediate(scene *s, onn_type type, double re);
uint16_t add_instr(
    scene *s, onn_op op, onn_type type, onn_type source, uint16_t a, uint16_t b, uint16_t c);
void add_output(scene *s, uint16_t reg, onn_view v, bool in_place);

/* tolerance in units of the largest number that the memory holds; 0: exact */
void check_scene(const char *name, scene *s, double tolerance);
/* The same of several runs, which matters in place. */
void check_scene_times(const char *name, scene *s, double tolerance, int times);

/* Opens the devices around the tests, as run_tests otherwise. */
int run_scenes(const char *name, const TTest *const tests[]);

static const ptrdiff_t dense[] = {1};
static const size_t counts[] = {0, 1, 2, 15, 63, 64, 65, 511, 513, 4097, 100003};

#endif
