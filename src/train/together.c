#include "train/together.h"

#include "core/memory.h"
#include "plan/copies.h"
#include "run/folder.h"
#include "train/folder.h"

enum {
	/* bytes of weights and of what lies between steps that seeds have in all where they are put
	 * together without being asked to be: what fills a device by itself has no need of it */
	MOST_BYTES = 256 << 20,
	/* and how many: a GPU has not many more units than a small network has groups, by then */
	MOST_SEEDS = 64
};

/* Of one seed, as a plan for the processor has them; 0: not known. */
static size_t bytes_of(const onn_network *network, const onn_train_options *options)
{
	onn_device_options one = ONN_DEVICE_OPTIONS_INIT;
	onn_device *host;
	onn_train_cost cost;
	one.threads = 1;
	if (onn_device_create(&host, "c", &one))
		return 0;
	onn_status status = onn_train_cost_of(&cost, network, options, host);
	onn_device_destroy(host);
	return status ? 0 : cost.plan_bytes + cost.variable_bytes;
}

size_t onn_together_most(
    const onn_network *network, const onn_train_options *options, const onn_device *device)
{
	if (options->seeds == 1 || options->group || options->profile)
		return 1;
	if (options->together)
		return onn_size_least(options->together, options->seeds);
	if (!onn_device_gains_by_copies(device))
		return 1;
	const size_t bytes = bytes_of(network, options);
	const size_t most = onn_size_least(bytes ? MOST_BYTES / bytes : 1, MOST_SEEDS);
	return onn_size_least(most ? most : 1, options->seeds);
}

/* Where it begins; false: there is nothing left, or nothing to be read. */
static bool find_position(onn_position *at, const onn_seed_task *t)
{
	*at = (onn_position){0, 0, 0};
	return !t->resume || (!onn_folder_position(at, t->out) && at->epoch < t->options->epochs);
}

size_t onn_together_count(const onn_seed_task *task, size_t count, size_t most)
{
	onn_position first, next;
	size_t n = 1;
	if (most == 1 || !find_position(&first, &task[0]))
		return 1;
	while (n < count && n < most && find_position(&next, &task[n]) &&
	       next.epoch == first.epoch && next.step == first.step)
		n++;
	return n;
}
