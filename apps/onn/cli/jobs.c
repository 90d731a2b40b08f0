#include "jobs.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"
#include "system.h"
#include "workers.h"

enum {
	PLACE = 8, /* numbers that hold a device's name, behind those of each job */
	PART = 4096
};
static const double look = 0.2; /* seconds between two looks at who is still there */

/* Of one job; whoever has taken it writes, and last that it is done. */
typedef struct job_state {
	atomic_bool done;
	bool kept; /* it was there before anybody began */
	int code;
	size_t worker;
	long from[WORKERS_TEXTS], to[WORKERS_TEXTS]; /* of the worker's texts */
} job_state;

/* What all who work have in common; behind it the states, and the numbers. */
typedef struct jobs_board {
	atomic_size_t next;
	atomic_bool stopping;
	size_t bytes;
	job_state *state;
	double *number;
} jobs_board;

/* ---- the board ---- */

static int make_board(jobs *j)
{
	size_t states = j->count * sizeof(job_state),
	       numbers = j->count * (j->reals + PLACE) * sizeof(double);
	size_t bytes = sizeof(jobs_board) + states + numbers;

	j->board = workers_share(bytes);
	if (!j->board)
		return command_fail(
		    j->c, "no memory for %zu %s: %zu bytes", j->count, j->what, bytes);
	j->board->bytes = bytes;
	j->board->state = (job_state *)(j->board + 1);
	j->board->number = (double *)((char *)(j->board + 1) + states);
	return EXIT_OK;
}

static bool is_mine(const jobs *j, size_t job)
{
	const onn_group *g = j->ranks.group;

	return !g || job % g->ranks == g->rank;
}

bool jobs_take(jobs *j, size_t *job)
{
	if (atomic_load(&j->board->stopping) || system_stop_asked())
		return false;
	do /* one that is there already is nobody's to do, and some are other processes' */
		*job = atomic_fetch_add(&j->board->next, 1);
	while (*job < j->count && (j->board->state[*job].kept || !is_mine(j, *job)));
	return *job < j->count;
}

static double *numbers_of(const jobs *j, size_t job)
{
	return j->board->number + job * (j->reals + PLACE);
}

const double *jobs_numbers(const jobs *j, size_t job) { return numbers_of(j, job); }

void jobs_tell_device(jobs *j, size_t job, const onn_device *device)
{
	snprintf((char *)(numbers_of(j, job) + j->reals), PLACE * sizeof(double), "%s",
	    onn_device_name(device));
}

const char *jobs_devices(const jobs *j, char *text, size_t room)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < j->count && n < room; i++) {
		const char *name = (const char *)(numbers_of(j, i) + j->reals);
		bool said = !*name;
		for (size_t k = 0; k < i && !said; k++)
			said = !strcmp(name, (const char *)(numbers_of(j, k) + j->reals));
		if (!said)
			n += (size_t)snprintf(text + n, room - n, "%s%s", n ? "," : "", name);
	}
	return text;
}

static int do_job(jobs *j, size_t job)
{
	int code = j->work(numbers_of(j, job), j->user, job);

	if (!code && j->kept)
		code = kept_write(j->c, j->folder, job, numbers_of(j, job), j->reals + PLACE);
	if (code)
		atomic_store(&j->board->stopping, true);
	return code;
}

void jobs_end(jobs *j, int code)
{
	if (j->board)
		workers_unshare(j->board, j->board->bytes);
	j->board = NULL;
	record_end(&j->record);
	ranks_end(&j->ranks, code);
}

/* ---- by this process ---- */

static int do_all_here(jobs *j)
{
	int code = EXIT_OK;

	for (size_t job; !code && jobs_take(j, &job);)
		code = do_job(j, job);
	return !code && system_stop_asked() ? system_stop_code() : code;
}

/* ---- by several ---- */

static void work_on(void *user, size_t self)
{
	jobs *j = user;

	system_let_stop(); /* at once, but where the work has something to save */
	for (size_t job; jobs_take(j, &job);) {
		job_state *s = &j->board->state[job];
		j->self = s->worker = self;
		for (size_t i = 0; i < WORKERS_TEXTS; i++)
			s->from[i] = workers_written(i);
		s->code = do_job(j, job);
		for (size_t i = 0; i < WORKERS_TEXTS; i++)
			s->to[i] = workers_written(i);
		atomic_store(&s->done, true);
		workers_tell(&j->workers);
	}
}

static size_t count_done(const jobs *j)
{
	size_t done = 0;

	for (size_t i = 0; i < j->count; i++)
		done += atomic_load(&j->board->state[i].done) && !j->board->state[i].code;
	return done;
}

static void show_job(const jobs *j, size_t job)
{
	const job_state *s = &j->board->state[job];

	for (size_t i = 0; i < WORKERS_TEXTS && !s->kept; i++) {
		workers_show(&j->workers, s->worker, i, s->from[i], s->to[i], i ? stderr : stdout);
		fflush(i ? stderr : stdout);
	}
}

static int show_failed(const jobs *j)
{
	const job_state *s = j->board->state;

	for (size_t i = 0; i < j->count; i++)
		if (atomic_load(&s[i].done) && s[i].code) {
			show_job(j, i);
			return s[i].code;
		}
	return EXIT_OK;
}

/* Until all are done, one has failed, or nobody is left. */
static int follow(jobs *j)
{
	bool shown = system_is_terminal(stderr) && !j->quiet;
	jobs_board *b = j->board;
	int code = EXIT_OK;

	for (size_t told = 0; told < j->count && !code && !system_stop_asked();) {
		size_t left = j->workers.left;
		if (shown)
			fprintf(stderr, "\r\033[Konn %s: %zu of %zu %s done", j->c->name,
			    count_done(j), j->count, j->what);
		workers_wait(&j->workers, look);
		if (shown)
			fputs("\r\033[K", stderr);
		while (told < j->count && atomic_load(&b->state[told].done) && !b->state[told].code)
			show_job(j, told++);
		code = show_failed(j);
		if (!code && told < j->count && (j->workers.broken || !left))
			code = command_fail(
			    j->c, "a process that did some of the %s has ended", j->what);
	}
	return code;
}

static int do_all_beside(jobs *j)
{
	workers *w = &j->workers;
	int code = EXIT_OK;

	system_catch_stop();
	if (workers_start(w, j->at_once, work_on, j))
		code = follow(j);
	else
		code = command_fail(j->c, "cannot start a process: %s", strerror(errno));
	bool stopped = system_stop_asked();
	if (code || stopped)
		atomic_store(&j->board->stopping, true);
	workers_end(w, code || stopped ? system_stop_signal() : 0);
	if (!stopped)
		return code;
	fprintf(stderr, "onn %s: stopped by a signal with %zu of %zu %s done\n", j->c->name,
	    count_done(j), j->count, j->what);
	return system_stop_code();
}

/* ---- in a group of processes ---- */

/* Whether one of them has failed, which has said why; an exit status of all. */
static int agree(const jobs *j, int code)
{
	const onn_group *g = j->ranks.group;
	double failed = code != EXIT_OK;
	onn_status status = g ? g->sum(g->user, &failed, 1, ONN_F64) : ONN_OK;

	if (code || !status)
		return code || failed == 0 ? code : EXIT_FAILED;
	return command_status(j->c, status);
}

/* Numbers of which others have zeros, so that all have them: in parts of 16 bits, whose sums are
 * exact, since not all numbers are ones that can be added. */
static onn_status add_bits(const onn_group *g, double *number, size_t count)
{
	float part[4 * PART];
	uint16_t bits[4 * PART];
	onn_status status = ONN_OK;

	for (size_t n; count && !status; count -= n, number += n) {
		n = count < PART ? count : PART;
		memcpy(bits, number, n * sizeof *number);
		for (size_t i = 0; i < 4 * n; i++)
			part[i] = bits[i];
		status = g->sum(g->user, part, 4 * n, ONN_F32);
		for (size_t i = 0; i < 4 * n && !status; i++)
			bits[i] = (uint16_t)part[i];
		memcpy(number, bits, n * sizeof *number);
	}
	return status;
}

/* What each has done: all others have zeros there. */
static int exchange(jobs *j, int code)
{
	size_t reals = j->reals + PLACE;

	for (size_t i = 0; i < j->count; i++)
		if (!is_mine(j, i)) /* kept, perhaps */
			memset(numbers_of(j, i), 0, reals * sizeof(double));
	code = agree(j, code);
	onn_status status =
	    code ? ONN_OK : add_bits(j->ranks.group, j->board->number, j->count * reals);
	return status ? command_status(j->c, status) : code;
}

/* The first of all makes the folder, before others write there. */
static int open_folder(jobs *j)
{
	int code = EXIT_OK;

	if (jobs_is_first(j))
		code = record_keep(&j->record, j->folder);
	if (!code && j->kept && jobs_is_first(j))
		code = kept_open(j->c, j->folder);
	return agree(j, code);
}

int jobs_run(jobs *j)
{
	int code = make_board(j);

	if (!code && j->folder)
		code = open_folder(j);
	for (size_t i = 0; i < j->count && !code && j->kept; i++) {
		job_state *s = &j->board->state[i];
		s->kept = kept_read(numbers_of(j, i), j->reals + PLACE, j->folder, i);
		atomic_store(&s->done, s->kept);
	}
	if (code)
		return code;
	code = j->at_once > 1 ? do_all_beside(j) : do_all_here(j);
	return j->ranks.group ? exchange(j, code) : code;
}
