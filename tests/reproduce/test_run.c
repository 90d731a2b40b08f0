/* Tasks side by side: what callbacks see, and the same results for any number at once. */
#include <onn/reproduce.h>

#include "testing.h"

#define ROOM "test_reproduce_run.d"

enum { STUDIES = 2, MOST = 16 };

/* The second has a training of the first's, and one that goes on from it. */
static const char *const json[STUDIES] = {
    "{\"name\": \"a\", \"data\": {\"dataset\": \"digits\", \"train\": 400},"
    "\"network\": {\"model\": \"mlp\", \"hidden\": [12]}, \"training\": {\"lr\": 0.005, "
    "\"epochs\": 2, \"seeds\": "
    "2},"
    "\"x\": {\"set\": \"training.batch\", \"values\": [16, 32]},"
    "\"series\": [{\"name\": \"probe\"}, {\"name\": \"exact\","
    "\"set\": {\"network.absorber.gradient\": \"exact\"}}]}",
    "{\"name\": \"b\", \"data\": {\"dataset\": \"digits\", \"train\": 400},"
    "\"network\": {\"model\": \"mlp\", \"hidden\": [12]}, \"training\": {\"lr\": 0.005, \"batch\": "
    "16},"
    "\"x\": {\"set\": \"training.epochs\", \"values\": [2, 5]}, \"series\": [{\"name\": \"s\"}]}"};

static _Thread_local int here; /* its address names the thread */

typedef struct seen {
	int *thread;
	bool stop; /* as soon as something is at work */
	size_t tables, order[STUDIES], values, lines;
	double value[MOST];
	char run[MOST][32], line[MOST][256];
} seen;

static bool progress(void *user, const onn_reproduce_progress *p)
{
	seen *s = user;
	ck_assert_ptr_eq(&here, s->thread);
	ck_assert_uint_le(p->job + p->running, p->jobs);
	ck_assert(p->running == 0 || p->train.steps > 0);
	ck_assert(p->done >= 0 && p->done <= 1 + 1e-9);
	return s->stop && p->running > 0;
}

static bool table(void *user, size_t study, const onn_study_table *t)
{
	seen *s = user;
	ck_assert_ptr_eq(&here, s->thread);
	s->order[s->tables++] = study;
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < t->cell[i].count; k++) {
			s->value[s->values] = t->cell[i].value[k];
			memcpy(s->run[s->values++], t->cell[i].run[k], sizeof *s->run);
		}
	return true;
}

static void say(void *user, const char *line)
{
	seen *s = user;
	ck_assert_ptr_eq(&here, s->thread);
	snprintf(s->line[s->lines++], sizeof *s->line, "%.255s", line);
}

static onn_status repeat(
    seen *s, const char *const text[], size_t count, const char *out, size_t jobs, bool stop)
{
	onn_reproduce_options o = ONN_REPRODUCE_OPTIONS_INIT;
	onn_device_options two = ONN_DEVICE_OPTIONS_INIT;
	onn_study *study[STUDIES];
	onn_device *device;
	*s = (seen){.thread = &here, .stop = stop};
	two.threads = 2;
	check_ok(onn_device_create(&device, "c", &two));
	for (size_t i = 0; i < count; i++)
		check_ok(onn_study_from_json(&study[i], text[i]));
	o.out = out;
	o.jobs = jobs;
	o.user = s;
	o.progress = progress;
	o.table = table;
	o.log = say;
	onn_status status = onn_reproduce((const onn_study *const *)study, count, &o, device);
	for (size_t i = 0; i < count; i++)
		onn_study_destroy(study[i]);
	onn_device_destroy(device);
	return status;
}

static void check_same(const seen *a, const seen *b)
{
	ck_assert_uint_eq(a->tables, STUDIES);
	ck_assert_uint_eq(b->tables, STUDIES);
	ck_assert_uint_eq(a->values, 2 * 2 * 2 + 2);
	ck_assert_uint_eq(b->values, a->values);
	for (size_t i = 0; i < STUDIES; i++)
		ck_assert(a->order[i] == i && b->order[i] == i);
	for (size_t i = 0; i < a->values; i++) {
		ck_assert_msg(a->value[i] > 0.1 && a->value[i] == b->value[i], "%zu: %.17g, %.17g",
		    i, a->value[i], b->value[i]);
		ck_assert_str_eq(a->run[i], b->run[i]);
	}
	ck_assert_str_eq(a->run[0], a->run[8]); /* the training that both have */
	ck_assert_uint_eq(a->lines + b->lines, 0);
}

START_TEST(results_do_not_depend_on_how_many_are_at_once)
{
	static seen one, many;
	ck_assert_int_eq(system("rm -rf " ROOM), 0);
	check_ok(repeat(&one, json, STUDIES, ROOM "/one", 1, false));
	for (size_t jobs = 0; jobs <= 8; jobs += 4) {
		ck_assert_int_eq(system("rm -rf " ROOM "/many"), 0);
		check_ok(repeat(&many, json, STUDIES, ROOM "/many", jobs, false));
		check_same(&one, &many);
	}
}
END_TEST

START_TEST(it_stops_when_asked_and_goes_on_to_the_same)
{
	static seen whole, stopped, more;
	ck_assert_int_eq(system("rm -rf " ROOM), 0);
	ck_assert_int_eq(repeat(&stopped, json, STUDIES, ROOM "/part", 3, true), ONN_CANCELLED);
	ck_assert_uint_lt(stopped.tables, STUDIES);
	check_ok(repeat(&whole, json, STUDIES, ROOM "/whole", 3, false));
	check_ok(repeat(&more, json, STUDIES, ROOM "/part", 2, false));
	check_same(&whole, &more);
}
END_TEST

START_TEST(what_several_tasks_met_is_told_once_and_in_order)
{
	static const char *const gaps[] = {
	    "{\"name\": \"gaps\", \"network\": {\"model\": \"mlp\"}, \"training\": {\"seeds\": 2},"
	    "\"x\": {\"set\": \"data.dataset\", \"values\": [\"none1.npz\", \"none2.npz\"]},"
	    "\"series\": [{\"name\": \"s\"}, {\"name\": \"t\"}]}"};
	for (size_t jobs = 1; jobs <= 4; jobs += 3) {
		static seen s;
		ck_assert_int_eq(system("rm -rf " ROOM), 0);
		check_ok(repeat(&s, gaps, 1, ROOM, jobs, false));
		ck_assert_uint_eq(s.lines, 2);
		ck_assert_msg(strstr(s.line[0], "gaps, s, none1.npz: "), "%s", s.line[0]);
		ck_assert_msg(strstr(s.line[1], "gaps, s, none2.npz: "), "%s", s.line[1]);
		for (size_t i = 0; i < s.values; i++)
			ck_assert(isnan(s.value[i]));
	}
}
END_TEST

TESTS("reproduce_run", results_do_not_depend_on_how_many_are_at_once,
    it_stops_when_asked_and_goes_on_to_the_same, what_several_tasks_met_is_told_once_and_in_order)
