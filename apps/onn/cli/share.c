/* Who does jobs: processes side by side, those of a launcher, one a device. */
#include <stdlib.h>
#include <string.h>

#include <onn/device.h>

#include "jobs.h"
#include "system.h"

const onn_settings *job_choice_settings(void)
{
	static const onn_setting row = {ONN_SETTING("jobs", SIZE, job_choice, jobs), .low = 1,
	    .high = WORKERS_MOST, .zero = "as many as are faster"};
	static const job_choice standard = {0};
	static const onn_settings table = {"jobs", &row, 1, sizeof standard, &standard, NULL};

	return &table;
}

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

/* For each the variable ONN_THREADS becomes its share. */
static size_t at_once(size_t asked, size_t count, const char *device, size_t threads)
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

int jobs_share(jobs *j, size_t asked, const char *devices, size_t threads)
{
	const bool processes = ranks_are_processes();

	if (processes && asked > 1)
		return command_usage(j->c,
		    "--jobs %zu in several processes of a launcher; expected the one or the others",
		    asked);
	int code = ranks_spread(&j->ranks, j->c, devices);
	if (code)
		return code;
	if (processes)
		asked = 1;
	else if (!asked && j->ranks.count > 1)
		asked = j->ranks.count;
	j->at_once = at_once(asked, j->count, devices, threads);
	return EXIT_OK;
}

bool jobs_is_first(const jobs *j) { return !j->ranks.group || j->ranks.group->rank == 0; }

const char *jobs_device(const jobs *j)
{
	return j->ranks.count ? ranks_device(&j->ranks, j->self % j->ranks.count) : NULL;
}
