#include "reproduce/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"
#include "reproduce/data.h"

/* Of the machine's memory, what trainings at once may fill. */
static const double share = 0.5;

/* Of a study's first training: images, weights, and what lies between steps. 0: not known. */
static double bytes_of(const onn_work *w, const char *data_dir, onn_device *device)
{
	for (size_t i = 0; i < w->count; i++) {
		const onn_case *c = w->task[i].c;
		onn_case_size size;
		onn_network *network = NULL;
		onn_train_cost cost;
		if (!c->measure->trains)
			continue;
		if (onn_case_size_of(&size, &c->data, data_dir) ||
		    onn_case_network(&network, c, size.height, size.width, size.classes))
			return 0;
		onn_status status = onn_train_cost_of(&cost, network, &c->training, device);
		onn_network_destroy(network);
		return status ? 0
		              : (double)(cost.plan_bytes + cost.variable_bytes) +
		                    (double)(size.train + size.test) * (double)size.height *
		                        (double)size.width;
	}
	return 0;
}

static size_t that_fit(
    size_t jobs, const onn_work *w, size_t works, const char *data_dir, onn_device *device)
{
	double most = 0, room = share * (double)onn_physical_memory();
	for (size_t i = 0; i < works && jobs > 1; i++) {
		double bytes = bytes_of(&w[i], data_dir, device);
		most = bytes > most ? bytes : most;
	}
	while (jobs > 1 && (double)jobs * most > room)
		jobs--;
	return jobs;
}

static size_t choose(const onn_work *w, size_t works, size_t chains,
    const onn_reproduce_options *options, onn_device *device)
{
	size_t threads = (size_t)onn_device_threads(device);
	if (options->jobs)
		return onn_size_least(options->jobs, chains ? chains : 1);
	/* other devices have threads that are not their own to share out, or one */
	if (strcmp(onn_device_name(device), "c") != 0 || chains < 2 || threads < 2)
		return 1;
	return that_fit(onn_size_least(threads, chains), w, works, options->data_dir, device);
}

onn_status onn_jobs_create(onn_jobs *j, const onn_work *w, size_t works, size_t chains,
    const onn_reproduce_options *options, onn_device *device)
{
	size_t jobs = choose(w, works, chains, options, device);
	onn_device_options o = ONN_DEVICE_OPTIONS_INIT;
	onn_status status = ONN_OK;
	*j = (onn_jobs){.device = calloc(jobs, sizeof *j->device)};
	if (!j->device)
		return onn_error_memory("onn_reproduce", jobs * sizeof *j->device);
	if (jobs == 1) {
		j->device[j->count++] = device;
		return ONN_OK;
	}
	j->own = true;
	o.threads = onn_device_threads(device) / (int)jobs;
	o.threads = o.threads > 0 ? o.threads : 1;
	for (size_t i = 0; i < jobs && !status; i++) {
		status = onn_device_create(&j->device[i], onn_device_name(device), &o);
		j->count += !status;
	}
	return status;
}

void onn_jobs_clear(onn_jobs *j)
{
	for (size_t i = 0; i < j->count && j->own; i++)
		onn_device_destroy(j->device[i]);
	free(j->device);
	*j = (onn_jobs){.device = NULL};
}
