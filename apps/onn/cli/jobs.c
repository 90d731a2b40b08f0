#include "jobs.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/device.h>

#include "kept.h"
#include "system.h"
#include "workers.h"

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

const onn_settings *job_choice_settings(void)
{
	static const onn_setting row = {ONN_SETTING("jobs", SIZE, job_choice, jobs), .low = 1,
	    .high = WORKERS_MOST, .zero = "as many as are faster"};
	static const job_choice standard = {0};
	static const onn_settings table = {"jobs", &row, 1, sizeof standard, &standard, NULL};

	return &table;
}

/* ---- how many ---- */

/* Whether what "auto" would take is no GPU; looked at elsewhere, as drivers start threads. */
static int is_host(void *user)
{
	onn_device_info *list;
	size_t count;
	bool host = true;

	(void)user;
	if (onn_device_list(&list, &count))
		return 0;
	for (size_t i = 0; i < count; i++)
		host = host && !list[i].gpu;
	onn_free(list);
	return host;
}

/* As many as the library takes here, by ONN_THREADS, processors and quotas. */
static int threads_here(void *user)
{
	onn_device *device;

	(void)user;
	if (onn_device_create(&device, "c", NULL))
		return 1;
	int threads = onn_device_threads(device);
	onn_device_destroy(device);
	return threads < 255 ? threads : 255;
}

static size_t threads_of(size_t given)
{
	int answer = given ? 0 : workers_ask(threads_here, NULL);

	return given ? given : answer > 0 ? (size_t)answer : 1;
}

/* Other devices have no threads to share out. */
static size_t choose(size_t count, const char *device, size_t threads)
{
	const char *variable = getenv("ONN_DEVICE");
	const char *name = device ? device : variable && *variable ? variable : "auto";

	if (threads < 2)
		return 1;
	bool host =
	    !strcmp(name, "c") || (!strcmp(name, "auto") && workers_ask(is_host, NULL) == 1);
	return !host ? 1 : threads < count ? threads : count;
}

size_t jobs_at_once(size_t asked, size_t count, const char *device, size_t threads)
{
	if (asked == 1 || count < 2) {
		if (threads)
			system_set_threads(threads);
		return 1;
	}
	size_t all = threads_of(threads), n = asked ? asked : choose(count, device, all);
	n = n > count ? count : n;
	n = n > WORKERS_MOST ? WORKERS_MOST : n;
	if (threads || n > 1)
		system_set_threads(all / n ? all / n : 1);
	return n;
}

/* ---- the board ---- */

static int make_board(jobs *j)
{
	size_t states = j->count * sizeof(job_state),
	       numbers = j->count * j->reals * sizeof(double);
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
	return !j->group || job % j->group->ranks == j->group->rank;
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

static double *numbers_of(const jobs *j, size_t job) { return j->board->number + job * j->reals; }

const double *jobs_numbers(const jobs *j, size_t job) { return numbers_of(j, job); }

static int do_job(jobs *j, size_t job)
{
	int code = j->work(numbers_of(j, job), j->user, job);

	if (!code && j->folder)
		code = kept_write(j->c, j->folder, job, numbers_of(j, job), j->reals);
	if (code)
		atomic_store(&j->board->stopping, true);
	return code;
}

void jobs_clear(jobs *j)
{
	if (j->board)
		workers_unshare(j->board, j->board->bytes);
	j->board = NULL;
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
		done += atomic_load(&j->board->state[i].done);
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

/* What each has done: all others have zeros there. */
static int exchange(jobs *j, int code)
{
	const onn_group *g = j->group;
	double failed = code != EXIT_OK;

	for (size_t i = 0; i < j->count; i++)
		if (!is_mine(j, i)) /* kept, perhaps */
			memset(numbers_of(j, i), 0, j->reals * sizeof(double));
	onn_status status = g->sum(g->user, &failed, 1, ONN_F64);

	if (!status && !failed)
		status = g->sum(g->user, j->board->number, j->count * j->reals, ONN_F64);
	if (code || !status)
		return code || failed == 0 ? code : EXIT_FAILED; /* who failed has said why */
	return command_status(j->c, status);
}

int jobs_run(jobs *j)
{
	int code = make_board(j);

	if (!code && j->folder)
		code = kept_open(j->c, j->folder, j->same);
	for (size_t i = 0; i < j->count && !code && j->folder; i++) {
		job_state *s = &j->board->state[i];
		s->kept = kept_read(numbers_of(j, i), j->reals, j->folder, i);
		atomic_store(&s->done, s->kept);
	}
	if (code)
		return code;
	code = j->at_once > 1 ? do_all_beside(j) : do_all_here(j);
	return j->group ? exchange(j, code) : code;
}
