/*
 * Arrays of more than 2^31 elements and of more than 4 GiB on ONN_TEST_DEVICE: indices and offsets
 * of 32 bits would wrap. With ONN_TEST_ALL=1, where the machine has 20 GB of memory.
 */
#define _POSIX_C_SOURCE 200809L
#include "testing.h"

#include <unistd.h>

#include <onn/fourier.h>
#include <onn/graph.h>
#include <onn/plan.h>

#include "device.h"

static onn_device *device;

/* 1 from 2^31 on, of which there are TAIL, and 0 before. */
enum { TAIL = 65536 };
static const size_t many = ((size_t)1 << 31) + TAIL;

START_TEST(elements_beyond_2_to_the_31_are_reached)
{
	onn_graph *g;
	onn_plan *reads;
	onn_tensor *bytes;
	static uint8_t end[2 * TAIL];
	uint32_t sum;
	float back[3];

	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_U8, 1, &many);
	uint8_t *host = calloc(many, 1);
	ck_assert_ptr_nonnull(host);
	memset(host + many - TAIL, 1, TAIL);
	check_ok(onn_tensor_create(&bytes, device, ONN_U8, 1, &many));
	check_ok(onn_tensor_write(bytes, host, many));
	free(host);

	const size_t few[] = {3};
	const uint32_t place[] = {7, 2147483647u, 2147483648u};
	onn_array *where;
	check_ok(onn_array_create(&where, ONN_U32, 1, few));
	memcpy(onn_array_data(where), place, sizeof place);
	onn_node y[] = {onn_slice(g, x, 0, many - 2 * TAIL, 2 * TAIL, 1),
	    onn_sum(g, onn_cast(g, x, ONN_U32), NULL, 0, false),
	    onn_cast(g, onn_take(g, x, onn_constant(g, where)), ONN_F32)};
	check_ok(onn_plan_create(&reads, device, g, y, COUNT(y), NULL));
	check_ok(onn_plan_bind(reads, "x", bytes));
	check_ok(onn_plan_run(reads));
	check_ok(onn_tensor_read(end, onn_plan_output(reads, 0), sizeof end));
	check_ok(onn_tensor_read(&sum, onn_plan_output(reads, 1), sizeof sum));
	check_ok(onn_tensor_read(back, onn_plan_output(reads, 2), sizeof back));
	for (size_t i = 0; i < COUNT(end); i++)
		ck_assert_int_eq(end[i], i >= TAIL);
	ck_assert_uint_eq(sum, TAIL);
	ck_assert(back[0] == 0 && back[1] == 0 && back[2] == 1);
	onn_array_destroy(where);
	onn_plan_destroy(reads);
	onn_tensor_destroy(bytes);
	onn_graph_destroy(g);
}
END_TEST

/* exp(2 pi i 3 k / n), k = 0 ... n - 1: the transform of a point 3 before the end. */
static onn_node wave(onn_graph *g, size_t n)
{
	onn_node k = onn_cast(g, onn_iota(g, ONN_U32, n), ONN_F32);
	return onn_expi(g, onn_mul_real(g, k, 6 * 3.141592653589793 / (double)n));
}

/* 1 at that point. */
static onn_node point(onn_graph *g, size_t n)
{
	onn_node at = onn_scalar(g, ONN_U32, (double)n - 3);
	return onn_cast(g, onn_equal(g, onn_iota(g, ONN_U32, n), at), ONN_C64);
}

START_TEST(fields_beyond_4_gib_are_transformed)
{
	const size_t ny = 36864, nx = 16384; /* 4.8 GB in c64 */
	onn_graph *g;
	onn_plan *plan;
	float error;

	if (strncmp(onn_device_name(device), "opencl", 6) == 0) {
		printf("no field beyond 4 GiB: PoCL lends 8 GiB at most, and it takes 9\n");
		return;
	}
	check_ok(onn_graph_create(&g));
	onn_node rows = onn_reshape(g, point(g, ny), 2, (size_t[]){ny, 1});
	onn_node down = onn_reshape(g, wave(g, ny), 2, (size_t[]){ny, 1});
	onn_node field = onn_fft2(g, onn_mul(g, rows, point(g, nx)));
	onn_node apart = onn_abs2(g, onn_sub(g, field, onn_mul(g, down, wave(g, nx))));
	onn_node worst = onn_reduce_max(g, apart, NULL, 0, false);
	check_ok(onn_plan_create(&plan, device, g, &worst, 1, NULL));
	check_ok(onn_plan_run(plan));
	check_ok(onn_tensor_read(&error, onn_plan_output(plan, 0), sizeof error));
	check_near(sqrt(error), 0, 1e-5);
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	if (!is_thorough()) {
		printf("skipped: takes minutes; ONN_TEST_ALL=1 runs it\n");
		return 77;
	}
	if ((double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) < 20e9) {
		printf("skipped: 20 GB of memory are not there\n");
		return 77;
	}
	return run_on_device("large", &device,
	    (const TTest *[]){elements_beyond_2_to_the_31_are_reached,
	        fields_beyond_4_gib_are_transformed, NULL});
}
