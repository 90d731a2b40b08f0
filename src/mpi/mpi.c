/*
 * A group of processes by MPI.
 */
#define _POSIX_C_SOURCE 199309L /* nanosleep */
#include <onn/mpi.h>

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mpi.h>

/* What a rank that was told to stop still gives the others. */
#define PATIENCE 0.5
/* What a rank that failed gives the others to come to their end, too. */
#define GRACE 2

static struct {
	bool begun; /* by us */
	bool used;
	MPI_Comm all;
	bool (*stop)(void);
	char *parts, *total; /* of all ranks, this rank's part of the numbers; then all numbers */
	size_t room;
} us;

static onn_status failed(const char *what, int code)
{
	char text[MPI_MAX_ERROR_STRING], reason[MPI_MAX_ERROR_STRING + 64];
	int length = 0;
	if (MPI_Error_string(code, text, &length) != MPI_SUCCESS)
		length = 0;
	snprintf(reason, sizeof reason, "%s: %.*s", what, length, text);
	return onn_group_error("onn_mpi", reason);
}

static double now(void)
{
	struct timespec t;
	timespec_get(&t, TIME_UTC);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Waits for what was begun, but not for ranks that a signal has ended. */
static onn_status settle(MPI_Request *request, const char *what)
{
	int done = 0, tries = 0;
	double told = 0;
	for (;;) {
		int code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
		if (code != MPI_SUCCESS)
			return failed(what, code);
		if (done)
			return ONN_OK;
		if (++tries > 100) /* others may need this core */
			sched_yield();
		if (!us.stop || !us.stop())
			continue;
		if (told == 0)
			told = now();
		else if (now() - told > PATIENCE)
			return onn_group_error(
			    "onn_mpi", "a signal to stop came, and a rank has not answered since");
	}
}

/* ---- what a group does ---- */

/* A part of the numbers for each rank, all of one length. */
static bool make_room(size_t bytes)
{
	if (bytes <= us.room)
		return true;
	char *parts = realloc(us.parts, bytes);
	us.parts = parts ? parts : us.parts;
	char *total = parts ? realloc(us.total, bytes) : NULL;
	us.total = total ? total : us.total;
	us.room = total ? bytes : us.room;
	return total != NULL;
}

#define ADD(number)                                                                                \
	static void add_##number(number *sum, const number *part, size_t length, size_t ranks)     \
	{                                                                                          \
		for (size_t i = 0; i < length; i++) {                                              \
			number s = part[i];                                                        \
			for (size_t r = 1; r < ranks; r++)                                         \
				s += part[r * length + i];                                         \
			sum[i] = s;                                                                \
		}                                                                                  \
	}
ADD(float)
ADD(double)

/* Each rank gets its part of all ranks' numbers, adds them up, and hands the sums to all. */
static onn_status add_up(onn_group *g, size_t length, onn_type type)
{
	MPI_Request request;
	MPI_Datatype kind = type == ONN_F32 ? MPI_FLOAT : MPI_DOUBLE;
	char *mine = us.total + g->rank * length * onn_type_size(type);
	int code = MPI_Ialltoall(
	    us.total, (int)length, kind, us.parts, (int)length, kind, us.all, &request);
	onn_status status = code == MPI_SUCCESS ? settle(&request, "parts") : failed("parts", code);
	if (status)
		return status;
	if (type == ONN_F32)
		add_float((float *)mine, (const float *)us.parts, length, g->ranks);
	else
		add_double((double *)mine, (const double *)us.parts, length, g->ranks);
	code = MPI_Iallgather(
	    MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, us.total, (int)length, kind, us.all, &request);
	return code == MPI_SUCCESS ? settle(&request, "sums") : failed("sums", code);
}

static onn_status sum(void *user, void *numbers, size_t count, onn_type type)
{
	onn_group *g = user;
	size_t size = onn_type_size(type), length = (count + g->ranks - 1) / g->ranks;
	if (length > INT32_MAX)
		return onn_group_error("onn_mpi", "a sum of more numbers than MPI takes at once");
	if (!make_room(length * g->ranks * size))
		return onn_group_error("onn_mpi", "no memory for a sum");
	memcpy(us.total, numbers, count * size);
	memset(us.total + count * size, 0, (length * g->ranks - count) * size);
	onn_status status = add_up(g, length, type);
	if (!status)
		memcpy(numbers, us.total, count * size);
	return status;
}

static onn_status copy(void *user, void *bytes, size_t count)
{
	const size_t most = 1 << 28; /* MPI counts in int */
	char *at = bytes;
	onn_status status = ONN_OK;
	(void)user;
	for (size_t left = count; left && !status;) {
		size_t some = left < most ? left : most;
		MPI_Request request;
		int code = MPI_Ibcast(at, (int)some, MPI_BYTE, 0, us.all, &request);
		status = code == MPI_SUCCESS ? settle(&request, "copy") : failed("copy", code);
		at += some;
		left -= some;
	}
	return status;
}

/* ---- its life ---- */

static onn_status count_ranks(onn_group *g, size_t *local)
{
	int rank, ranks, here = 0;
	MPI_Comm near;
	int code = MPI_Comm_dup(MPI_COMM_WORLD, &us.all);
	if (code != MPI_SUCCESS)
		return failed("MPI_Comm_dup", code);
	MPI_Comm_set_errhandler(us.all, MPI_ERRORS_RETURN);
	MPI_Comm_rank(us.all, &rank);
	MPI_Comm_size(us.all, &ranks);
	code = MPI_Comm_split_type(us.all, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &near);
	if (code != MPI_SUCCESS)
		return failed("MPI_Comm_split_type", code);
	MPI_Comm_rank(near, &here);
	MPI_Comm_free(&near);
	*g = (onn_group){sizeof *g, (size_t)rank, (size_t)ranks, NULL, sum, copy};
	if (local)
		*local = (size_t)here;
	return ONN_OK;
}

onn_status onn_mpi_begin(onn_group *group, size_t *local, bool (*stop)(void))
{
	static onn_group own;
	int has_begun = 0, level;
	if (us.used)
		return onn_group_error("onn_mpi_begin", "there is a group already; expected one");
	MPI_Initialized(&has_begun);
	if (!has_begun) {
		int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
		if (code != MPI_SUCCESS)
			return failed("MPI_Init_thread", code);
		us.begun = true;
	}
	onn_status status = count_ranks(&own, local);
	own.user = &own;
	us.used = !status;
	us.stop = stop;
	*group = own;
	return status;
}

/* Waits until all have come to their end; one that failed does not wait for ever. */
static bool meet(bool patient)
{
	const struct timespec pause = {0, 1000000};
	MPI_Request request;
	int done = 0;
	double begun = now();
	if (MPI_Ibarrier(us.all, &request) != MPI_SUCCESS)
		return false;
	while (MPI_Test(&request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && !done) {
		if (!patient && now() - begun > GRACE)
			return false;
		nanosleep(&pause, NULL);
	}
	return done;
}

void onn_mpi_end(bool rank_failed)
{
	if (!us.used)
		return;
	if (!meet(!rank_failed))
		MPI_Abort(us.all, 1);
	MPI_Comm_free(&us.all);
	free(us.parts);
	free(us.total);
	us.parts = us.total = NULL;
	us.room = 0;
	us.used = false;
	if (us.begun)
		MPI_Finalize();
	us.begun = false;
}
