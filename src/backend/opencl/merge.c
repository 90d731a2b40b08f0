/*
 * Which launches become one, and the text of their kernels: merge.h. The list is gone through in
 * order, and each piece of work joins the nearest that it may, before or behind what lies between.
 */
#include "backend/opencl/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* ---- which memory launches touch ---- */

typedef struct range {
	uint32_t memory; /* of the schedule, or one of those below */
	size_t first, last;
	bool written;
} range;

static const uint32_t scratch_memory = UINT32_MAX, plane_memory = UINT32_MAX - 1;

typedef struct item {
	size_t first, last; /* launches, linked by `next` */
	bool work, early, small;
	bool keeps; /* its number of work items, `local` */
	bool chain; /* in one group */
	size_t local;
	size_t groups; /* of all */
} item;

typedef struct merge {
	onn_cl_executable *e;
	range *range; /* from start[i] on those of launch i */
	size_t ranges, range_room;
	size_t *start, *next;
	bool *follows; /* a launch the one before it in the same group, of a chain */
	bool chained;  /* all chains are there: they, too, go side by side with others */
	item *item;
	size_t items;
} merge;

static void add_range(merge *m, range r)
{
	if (!onn_grow(&m->range, &m->range_room, m->ranges + 1, sizeof *m->range))
		m->e->no_memory = true;
	else
		m->range[m->ranges++] = r;
}

static void add_value(void *user, uint32_t value, bool written)
{
	merge *m = user;
	const onn_value *v = &m->e->base.schedule->value[value];

	add_range(m, (range){v->memory, v->offset, onn_value_end(v), written});
}

static void add_argument(merge *m, const onn_cl_argument *a)
{
	switch (a->kind) {
	case ONN_CL_MEMORY:
		add_value(m, a->value, a->written);
		break;
	case ONN_CL_SCRATCH:
		add_range(m, (range){scratch_memory, 0, SIZE_MAX, true});
		break;
	case ONN_CL_PLANE:
		add_range(m, (range){plane_memory, 0, SIZE_MAX, true});
		break;
	case ONN_CL_TABLE:
	case ONN_CL_LOCAL:
	case ONN_CL_BYTES:
		break;
	}
}

static void add_ranges(merge *m, const onn_cl_launch *l)
{
	switch (l->kind) {
	case ONN_CL_KERNEL:
		for (size_t i = 0; i < l->arguments; i++)
			add_argument(m, &m->e->argument[l->first_argument + i]);
		break;
	case ONN_CL_FILL:
		add_range(m, (range){l->memory, l->offset, l->offset + l->bytes, true});
		break;
	case ONN_CL_GEMM:
		onn_step_visit(&m->e->base.schedule->step[l->step], add_value, m);
		break;
	case ONN_CL_FFT:
		add_range(m, (range){scratch_memory, 0, SIZE_MAX, true});
		break;
	}
}

static bool are_launches_apart(const merge *m, size_t a, size_t b)
{
	for (const range *x = m->range + m->start[a]; x < m->range + m->start[a + 1]; x++)
		for (const range *y = m->range + m->start[b]; y < m->range + m->start[b + 1]; y++)
			if ((x->written || y->written) && x->memory == y->memory &&
			    x->first < y->last && y->first < x->last)
				return false;
	return true;
}

static const size_t no_launch = SIZE_MAX;

/* Whether neither depends on the other. */
static bool are_apart(const merge *m, const item *a, const item *b)
{
	for (size_t i = a->first; i != no_launch; i = m->next[i])
		for (size_t j = b->first; j != no_launch; j = m->next[j])
			if (!are_launches_apart(m, i, j))
				return false;
	return true;
}

/* ---- arguments of a kernel: each memory once, then the numbers of each function ---- */

typedef struct memories {
	const onn_cl_argument *of[ONN_CL_MERGE_MEMORIES];
	size_t count, bytes; /* bytes: of all arguments */
} memories;

static size_t find_memory(const memories *all, const onn_cl_argument *a)
{
	size_t i = 0;

	while (i < all->count && (all->of[i]->kind != a->kind || all->of[i]->memory != a->memory))
		i++;
	return i;
}

/* False: there are too many. */
static bool add_memories(memories *all, const merge *m, const item *x)
{
	for (size_t i = x->first; i != no_launch; i = m->next[i]) {
		const onn_cl_launch *l = &m->e->launch[i];
		for (size_t j = 0; j < l->arguments; j++) {
			const onn_cl_argument *a = &m->e->argument[l->first_argument + j];
			if (a->kind == ONN_CL_BYTES) {
				all->bytes += a->size;
				continue;
			}
			if (find_memory(all, a) < all->count)
				continue;
			if (all->count == ONN_CL_MERGE_MEMORIES)
				return false;
			all->of[all->count++] = a;
			all->bytes += sizeof(cl_ulong);
		}
	}
	return true;
}

/* ---- which launches become one ---- */

static bool do_arguments_fit(const merge *m, const item *a, const item *b)
{
	memories all = {.count = 0};

	return add_memories(&all, m, a) && add_memories(&all, m, b) &&
	       all.bytes <= ONN_CL_JOINT_PARAMETERS;
}

/* Whether the item's kernel can do the other's work, too; *chain: one group then does all. */
static bool goes_with(bool *chain, const merge *m, const item *x, const item *more, bool apart)
{
	if (m->chained && !apart)
		return false;
	if (!x->work || !more->work || x->early != more->early ||
	    ((x->keeps || more->keeps) && x->local != more->local))
		return false;
	*chain = !m->chained && (x->chain || !apart);
	if (*chain && (!x->small || !more->small || x->groups + more->groups > ONN_CL_CHAIN_ROUNDS))
		return false;
	return x->groups + more->groups <= ONN_CL_NARROW && do_arguments_fit(m, x, more);
}

/* Whether item k may stand behind item `last`. */
static bool may_wait(const merge *m, size_t k, size_t last)
{
	for (size_t i = k + 1; i <= last; i++)
		if (!are_apart(m, &m->item[k], &m->item[i]))
			return false;
	return true;
}

static void join(merge *m, size_t k, const item *more, size_t last)
{
	item x = m->item[k];

	m->next[x.last] = more->first;
	x.last = more->last;
	x.groups += more->groups;
	x.local = x.local > more->local ? x.local : more->local;
	x.keeps |= more->keeps;
	x.small &= more->small;
	memmove(m->item + k, m->item + k + 1, (last - k) * sizeof x);
	m->item[last] = x;
}

/* Joins one of the last items, or is a new one. */
static void take(merge *m, const item *more)
{
	size_t last = 0; /* that it depends on; not yet found: k */
	bool found = false, chain;

	for (size_t k = m->items; more->work && k-- > 0 && m->items - k <= ONN_CL_MERGE_REACH;) {
		const bool apart = are_apart(m, &m->item[k], more);
		const size_t behind = found ? last : k;
		if (goes_with(&chain, m, &m->item[k], more, apart) && may_wait(m, k, behind)) {
			m->item[k].chain = chain;
			join(m, k, more, behind);
			return;
		}
		if (!apart && !found) {
			last = k;
			found = true;
		}
	}
	m->item[m->items++] = *more;
}

/* A chain is one group's work beside others. */
static void take_chains(merge *m)
{
	const size_t items = m->items;

	m->chained = true;
	m->items = 0;
	for (size_t i = 0; i < items; i++) {
		item x = m->item[i];
		if (x.chain) {
			for (size_t j = m->next[x.first]; j != no_launch; j = m->next[j])
				m->follows[j] = true;
			x.groups = 1;
			x.chain = false;
		}
		take(m, &x);
	}
}

/* What the check mode runs alone, what is tried, and what numbers launches, is left as it is. A
 * processor has nothing to gain: a launch is cheap there. */
static bool may_merge(const onn_cl_executable *e)
{
	const onn_cl_device *d = (const onn_cl_device *)e->base.device;

	return !d->base.check && !e->base.schedule->own && e->trials == 0 &&
	       onn_cl_choice("ONN_OPENCL_MERGE", !d->serial_items);
}

static void take_all(merge *m)
{
	const onn_cl_executable *e = m->e;
	const bool merges = may_merge(e);

	for (size_t i = 0; i < e->launches; i++) {
		const onn_cl_launch *l = &e->launch[i];
		const size_t groups = l->work ? l->global[0] / l->local[0] : 0;
		const item one = {.first = i,
		    .last = i,
		    .work = l->work,
		    .early = l->step < e->base.schedule->early,
		    .keeps = l->keeps,
		    .small = groups <= ONN_CL_CHAIN_GROUPS && l->moves <= ONN_CL_CHAIN_BYTES &&
		             !l->keeps,
		    .local = l->local[0],
		    .groups = groups};
		m->next[i] = no_launch;
		if (merges)
			take(m, &one);
		else
			m->item[m->items++] = one;
	}
	if (merges)
		take_chains(m);
}

/* ---- the kernels ---- */

/* The call of a launch's function; *numbers are counted over all of the item's. */
static void print_call(
    onn_text *text, const merge *m, const memories *all, const onn_cl_launch *l, size_t *numbers)
{
	onn_text_add(text, "%s(", l->name);
	for (size_t j = 0; j < l->arguments; j++) {
		const onn_cl_argument *a = &m->e->argument[l->first_argument + j];
		if (a->kind == ONN_CL_BYTES)
			onn_cl_print_number(text, a, (*numbers)++);
		else
			onn_text_add(text, "m%zu, ", find_memory(all, a));
	}
	if (l->room > 0)
		onn_text_add(text, "(__local void *)room, ");
}

/* The launch behind those that one group does, beginning with i. */
static size_t end_of_chain(const merge *m, size_t i)
{
	do
		i = m->next[i];
	while (i != no_launch && m->follows[i]);
	return i;
}

/* Each after the other, with a barrier before what depends on something since the last one. */
static void print_chain(
    onn_text *text, const merge *m, const memories *all, size_t first, size_t end, size_t *numbers)
{
	size_t since = first;

	for (size_t i = first; i != end; i = m->next[i]) {
		const onn_cl_launch *l = &m->e->launch[i];
		bool apart = true;
		for (size_t j = since; j != i && apart; j = m->next[j])
			apart = are_launches_apart(m, i, j) &&
			        (l->room == 0 || m->e->launch[j].room == 0);
		if (!apart) {
			onn_text_add(
			    text, "\tbarrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);\n");
			since = i;
		}
		onn_text_add(
		    text, "\tfor (uint g = 0; g < %zuu; g++) {\n\t\t", l->global[0] / l->local[0]);
		print_call(text, m, all, l, numbers);
		onn_text_add(
		    text, "g);\n%s\t}\n", l->room > 0 ? "\t\tbarrier(CLK_LOCAL_MEM_FENCE);\n" : "");
	}
}

static void print_side_by_side(onn_text *text, const merge *m, const memories *all, const item *x)
{
	size_t numbers = 0, groups = 0, end;

	onn_text_add(text, "\tconst uint group = (uint)get_group_id(0), copy = "
	                   "(uint)get_group_id(1);\n");
	for (size_t i = x->first; i != no_launch; i = end) {
		const onn_cl_launch *l = &m->e->launch[i];
		const size_t before = groups;
		end = end_of_chain(m, i);
		const bool chain = end != m->next[i];
		groups += chain ? 1 : l->global[0] / l->local[0];
		if (end != no_launch)
			onn_text_add(text, "\tif (group < %zuu)\n", groups);
		onn_text_add(text, "\t{\n\t");
		if (chain) {
			print_chain(text, m, all, i, end, &numbers);
		} else {
			print_call(text, m, all, l, &numbers);
			onn_text_add(text, before ? "group - %zuu);\n" : "group);\n", before);
		}
		onn_text_add(text, "\t}\n");
		if (end != no_launch)
			onn_text_add(text, "\telse\n");
	}
}

/* Local memory is an argument, no variable: PoCL 3.1 leaves a variable that several branches name
 * to all of its threads at once. */
static void print_parameters(
    onn_text *text, const merge *m, const memories *all, const item *x, size_t room)
{
	const char *comma = "";
	size_t numbers = 0;

	for (size_t i = 0; i < all->count; i++, comma = ", ")
		onn_text_add(text, "%s__global void *m%zu", comma, i);
	for (size_t i = x->first; i != no_launch; i = m->next[i]) {
		const onn_cl_launch *l = &m->e->launch[i];
		for (size_t j = 0; j < l->arguments; j++) {
			const onn_cl_argument *a = &m->e->argument[l->first_argument + j];
			if (a->kind != ONN_CL_BYTES)
				continue;
			onn_text_add(text, "%sconst %s a%zu", comma, a->type, numbers++);
			comma = ", ";
		}
	}
	if (room > 0)
		onn_text_add(text, "%s__local uint4 *room", comma);
}

/* Its kernel's number. */
static size_t write_kernel(merge *m, const memories *all, const item *x, size_t local, size_t room)
{
	onn_text text = ONN_TEXT_INIT;

	onn_text_add(&text,
	    "__attribute__((reqd_work_group_size(%zu, 1, 1))) __kernel void %s_in_@_groups(", local,
	    m->e->launch[x->first].name);
	print_parameters(&text, m, all, x, room);
	onn_text_add(&text, ")\n{\n");
	print_side_by_side(&text, m, all, x);
	onn_text_add(&text, "}\n");
	return onn_cl_add_section(m->e, &text);
}

static void copy_arguments(
    merge *m, onn_cl_argument *to, size_t *count, const memories *all, const item *x, size_t room)
{
	for (size_t i = 0; i < all->count; i++)
		to[(*count)++] = *all->of[i];
	for (size_t i = x->first; i != no_launch; i = m->next[i]) {
		const onn_cl_launch *l = &m->e->launch[i];
		for (size_t j = 0; j < l->arguments; j++) {
			const onn_cl_argument *a = &m->e->argument[l->first_argument + j];
			if (a->kind == ONN_CL_BYTES)
				to[(*count)++] = *a;
		}
	}
	if (room > 0)
		to[(*count)++] = (onn_cl_argument){
		    .kind = ONN_CL_LOCAL, .size = 16 * onn_size_divide_up(room, 16)};
}

/* Whose steps' work is in another's launch. */
static void say_where(const merge *m, const item *x)
{
	const onn_cl_launch *all = m->e->launch;
	const uint32_t step = all[x->first].step;

	for (size_t i = m->next[x->first]; i != no_launch; i = m->next[i])
		if (all[i].step != step)
			onn_cl_say(m->e, all[i].step, "with %u", (unsigned)step);
}

/* The launch of an item, whose functions' arguments become its kernel's. */
static onn_cl_launch make_launch(merge *m, onn_cl_argument *arguments, size_t *count, const item *x)
{
	const onn_cl_launch *all = m->e->launch;
	onn_cl_launch l = all[x->first];
	size_t local = 0, room = 0;
	memories seen = {.count = 0};

	if (!x->work) {
		memcpy(arguments + *count, m->e->argument + l.first_argument,
		    l.arguments * sizeof *arguments);
		l.first_argument = *count;
		*count += l.arguments;
		return l;
	}
	l.moves = 0;
	for (size_t i = x->first; i != no_launch; i = m->next[i]) {
		local = all[i].local[0] > local ? all[i].local[0] : local;
		room = all[i].room > room ? all[i].room : room;
		l.moves += all[i].moves;
	}
	m->e->no_memory |= !add_memories(&seen, m, x);
	/* no name is the beginning of another: Oclgrind would count both kernels' memory */
	snprintf(l.name, sizeof l.name, "%s_in_%zu_groups", all[x->first].name,
	    write_kernel(m, &seen, x, local, room));
	l.local[0] = local;
	l.global[0] = x->groups * local;
	l.global[1] = m->e->base.schedule->copies;
	l.first_argument = *count;
	copy_arguments(m, arguments, count, &seen, x, room);
	l.arguments = *count - l.first_argument;
	say_where(m, x);
	return l;
}

static onn_status merge_all(merge *m)
{
	onn_cl_executable *e = m->e;
	onn_cl_launch *launches = calloc(e->launches, sizeof *launches);
	onn_cl_argument *arguments = calloc(e->arguments + e->launches, sizeof *arguments);
	size_t count = 0;

	m->start = calloc(e->launches + 1, sizeof *m->start);
	m->next = calloc(e->launches, sizeof *m->next);
	m->follows = calloc(e->launches, sizeof *m->follows);
	m->item = calloc(e->launches, sizeof *m->item);
	if (!launches || !arguments || !m->start || !m->next || !m->follows || !m->item) {
		onn_free_all(launches, arguments);
		return onn_error_memory("onn_plan_create", e->launches * sizeof *launches);
	}
	for (size_t i = 0; i < e->launches; i++) {
		add_ranges(m, &e->launch[i]);
		m->start[i + 1] = m->ranges;
	}
	if (!e->no_memory)
		take_all(m);
	for (size_t i = 0; i < m->items; i++)
		launches[i] = make_launch(m, arguments, &count, &m->item[i]);
	onn_free_all(e->launch, e->argument);
	e->launch = launches;
	e->launches = m->items;
	e->argument = arguments;
	e->arguments = count;
	return ONN_OK;
}

onn_status onn_cl_merge(onn_cl_executable *e)
{
	merge m = {.e = e};
	onn_status status = ONN_OK;

	if (e->launches > 0 && !e->no_memory) {
		onn_cl_count_moves(e);
		status = merge_all(&m);
	}
	onn_free_all(m.range, m.start, m.next, m.follows, m.item);
	return status;
}
