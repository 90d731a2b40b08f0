/*
 * A group of threads: each adds up its share of the numbers of all, in the order of ranks.
 */
#include "run/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/os.h"

typedef struct crew crew;

typedef struct member {
	crew *crew;
	onn_group group;
	onn_thread *thread; /* of all but rank 0 */
	void *data;         /* what it brings to the call at hand */
	onn_status status;
	bool alone; /* it failed because another one had left */
	char reason[512];
} member;

struct crew {
	size_t ranks;
	member *member;
	onn_mutex *mutex;
	onn_condition *changed;
	size_t waiting, round;
	size_t gone; /* the first rank that has left, or ranks */
	char *total; /* of a sum */
	size_t room;
	bool short_of_memory;
	onn_status (*work)(void *user, const onn_group *group);
	void *user;
};

/* ---- meeting ---- */

/* Returns when all ranks have come; the last of them does `last` first, while others wait. */
static onn_status meet(member *m, void (*last)(member *m, size_t bytes), size_t bytes)
{
	crew *c = m->crew;
	onn_mutex_lock(c->mutex);
	size_t round = c->round;
	if (c->gone == c->ranks && ++c->waiting == c->ranks) {
		c->waiting = 0;
		c->round++;
		if (last)
			last(m, bytes);
		onn_condition_broadcast(c->changed);
	}
	while (c->round == round && c->gone == c->ranks)
		onn_condition_wait(c->changed, c->mutex);
	bool met = c->round != round;
	size_t gone = c->gone;
	onn_mutex_unlock(c->mutex);
	if (met)
		return ONN_OK;
	m->alone = true;
	return onn_error(ONN_ERROR_DEVICE,
	    "group: rank %zu of %zu has ended; expected it to go on with the others", gone,
	    c->ranks);
}

static void make_room(member *m, size_t bytes)
{
	crew *c = m->crew;
	c->short_of_memory = false;
	if (bytes <= c->room)
		return;
	char *larger = realloc(c->total, bytes);
	c->short_of_memory = !larger;
	c->total = larger ? larger : c->total;
	c->room = larger ? bytes : c->room;
}

/* ---- what a group does ---- */

#define ADD(number)                                                                                \
	static void add_##number(const crew *c, size_t first, size_t end)                          \
	{                                                                                          \
		number *total = (number *)c->total;                                                \
		for (size_t i = first; i < end; i++) {                                             \
			number sum = ((const number *)c->member[0].data)[i];                       \
			for (size_t r = 1; r < c->ranks; r++)                                      \
				sum += ((const number *)c->member[r].data)[i];                     \
			total[i] = sum;                                                            \
		}                                                                                  \
	}
ADD(float)
ADD(double)

static onn_status sum(void *user, void *numbers, size_t count, onn_type type)
{
	member *m = user;
	crew *c = m->crew;
	size_t bytes = count * onn_type_size(type);
	size_t first = count / c->ranks * m->group.rank;
	size_t end = m->group.rank + 1 == c->ranks ? count : first + count / c->ranks;
	m->data = numbers;
	onn_status status = meet(m, make_room, bytes);
	if (!status && c->short_of_memory)
		status = onn_error_memory("group", bytes);
	if (status)
		return status;
	if (type == ONN_F32)
		add_float(c, first, end);
	else
		add_double(c, first, end);
	status = meet(m, NULL, 0);
	if (!status)
		memcpy(numbers, c->total, bytes);
	return status ? status : meet(m, NULL, 0); /* nobody begins the next one meanwhile */
}

static onn_status copy(void *user, void *bytes, size_t count)
{
	member *m = user;
	m->data = bytes;
	onn_status status = meet(m, NULL, 0);
	if (!status && m->group.rank)
		memcpy(bytes, m->crew->member[0].data, count);
	return status ? status : meet(m, NULL, 0);
}

/* ---- its life ---- */

static void serve(void *argument)
{
	member *m = argument;
	crew *c = m->crew;
	m->status = c->work(c->user, &m->group);
	snprintf(m->reason, sizeof m->reason, "%s", m->status ? onn_last_error() : "");
	onn_mutex_lock(c->mutex);
	if (c->gone == c->ranks)
		c->gone = m->group.rank;
	onn_condition_broadcast(c->changed);
	onn_mutex_unlock(c->mutex);
}

/* The first rank that failed by itself, else one that was cancelled, else any that failed. */
static onn_status outcome(const crew *c)
{
	const member *worst = NULL;
	int most = 0;
	for (size_t i = 0; i < c->ranks; i++) {
		const member *m = &c->member[i];
		int grade = !m->status ? 0 : m->alone ? 1 : m->status == ONN_CANCELLED ? 2 : 3;
		if (grade > most) {
			most = grade;
			worst = m;
		}
	}
	return worst ? onn_error(worst->status, "%s", worst->reason) : ONN_OK;
}

static onn_status run_all(crew *c)
{
	size_t made = 1;
	onn_status status = ONN_OK;
	for (size_t i = 0; i < c->ranks; i++) {
		member *m = &c->member[i];
		m->crew = c;
		m->group = (onn_group){sizeof m->group, i, c->ranks, m, sum, copy};
	}
	for (; made < c->ranks && !status; made += !status)
		status = onn_thread_start(&c->member[made].thread, serve, &c->member[made]);
	if (status) { /* those that there are wait for one that never comes */
		c->member[0].status = status;
		snprintf(c->member[0].reason, sizeof c->member[0].reason, "%s", onn_last_error());
		onn_mutex_lock(c->mutex);
		c->gone = c->gone == c->ranks ? 0 : c->gone;
		onn_condition_broadcast(c->changed);
		onn_mutex_unlock(c->mutex);
	} else {
		serve(&c->member[0]);
	}
	for (size_t i = 1; i < made; i++)
		onn_thread_join(c->member[i].thread);
	return outcome(c);
}

onn_status onn_group_run(
    size_t ranks, onn_status (*work)(void *user, const onn_group *group), void *user)
{
	if (ranks == 0 || ranks > ONN_GROUP_MOST)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_group_run: %zu ranks; expected 1 to %d",
		    ranks, ONN_GROUP_MOST);
	crew c = {.ranks = ranks, .gone = ranks, .work = work, .user = user};
	c.member = calloc(ranks, sizeof *c.member);
	onn_status status =
	    c.member ? ONN_OK : onn_error_memory("onn_group_run", ranks * sizeof *c.member);
	if (!status)
		status = onn_mutex_create(&c.mutex);
	if (!status)
		status = onn_condition_create(&c.changed);
	if (!status)
		status = run_all(&c);
	onn_condition_destroy(c.changed);
	onn_mutex_destroy(c.mutex);
	free(c.total);
	free(c.member);
	return status;
}

onn_status onn_group_error(const char *function, const char *reason)
{
	return onn_error(ONN_ERROR_DEVICE, "%s: %s", function, reason);
}

/* ---- of any group ---- */

onn_status onn_group_agree(const onn_group *group, const char *function, onn_status status)
{
	double failed = status != ONN_OK;
	char reason[512];
	if (!group)
		return status;
	snprintf(reason, sizeof reason, "%s", onn_last_error());
	onn_status summed = group->sum(group->user, &failed, 1, ONN_F64);
	if (status)
		return onn_error(status, "%s", reason);
	if (summed || failed == 0)
		return summed;
	return onn_error(ONN_ERROR_DEVICE, "%s: %g of %zu ranks failed; expected all to go on",
	    function, failed, group->ranks);
}

onn_status onn_group_copy_tensor(const onn_group *group, const char *function, onn_tensor *tensor)
{
	size_t bytes = onn_tensor_count(tensor) * onn_type_size(onn_tensor_type(tensor));
	void *data = malloc(bytes ? bytes : 1);
	onn_status status = data ? ONN_OK : onn_error_memory(function, bytes);
	if (!status && group->rank == 0)
		status = onn_tensor_read(data, tensor, bytes);
	status = onn_group_agree(group, function, status);
	if (!status)
		status = group->copy(group->user, data, bytes);
	if (!status && group->rank)
		status = onn_tensor_write(tensor, data, bytes);
	free(data);
	return status;
}
