/* Windows over images on ONN_TEST_DEVICE: values, ties, edges, derivatives, wrong arguments. */
#include "testing.h"

#include <onn/convolution.h>

#include "device.h"
#include "network.h"

static onn_device *device;

/* y = pool(x) and dL/dx of L = sum of y times 1, 2, 3, ...; x of [2, h, w]. */
static void pool_of(
    double *y, double *dx, size_t h, size_t w, const double *x, const onn_pool *pool)
{
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *t;
	onn_array *a = array_of(ONN_F32, 3, (size_t[]){2, h, w}, x);
	onn_node out[2];
	check_ok(onn_graph_create(&g));
	onn_node in = onn_variable(g, "x", ONN_F32, 3, (size_t[]){2, h, w});
	out[0] = onn_pool2d(g, in, pool);
	size_t count = onn_node_count(g, out[0]);
	onn_node weight = onn_add_real(g, onn_iota(g, ONN_F32, count), 1);
	onn_node seed = onn_reshape(g, weight, onn_node_ndim(g, out[0]), onn_node_shape(g, out[0]));
	check_ok(onn_gradient(&out[1], g, out[0], seed, &in, 1));
	check_ok(onn_plan_create(&plan, device, g, out, 2, NULL));
	check_ok(onn_tensor_from_array(&t, device, a));
	check_ok(onn_plan_bind(plan, "x", t));
	check_ok(onn_plan_run(plan));
	read_numbers(onn_plan_output(plan, 0), y);
	read_numbers(onn_plan_output(plan, 1), dx);
	onn_plan_destroy(plan);
	onn_tensor_destroy(t);
	onn_array_destroy(a);
	onn_graph_destroy(g);
}

/* The same by its definition. */
static void define(double *y, double *dx, size_t h, size_t w, const double *x, const onn_pool *p)
{
	size_t step[2], count[2], sizes[2] = {h, w}, n = 0;
	for (int i = 0; i < 2; i++) {
		step[i] = p->stride[i] ? p->stride[i] : p->window[i];
		count[i] = (sizes[i] + 2 * p->padding[i] - p->window[i]) / step[i] + 1;
	}
	memset(dx, 0, 2 * h * w * sizeof *dx);
	for (size_t c = 0; c < 2; c++)
		for (size_t o = 0; o < count[0] * count[1]; o++, n++) {
			double most = -INFINITY, sum = 0;
			size_t best = 0;
			for (size_t k = 0; k < p->window[0] * p->window[1]; k++) {
				size_t i = o / count[1] * step[0] + k / p->window[1];
				size_t j = o % count[1] * step[1] + k % p->window[1];
				if (i < p->padding[0] || i >= p->padding[0] + h ||
				    j < p->padding[1] || j >= p->padding[1] + w)
					continue;
				size_t at = (c * h + i - p->padding[0]) * w + j - p->padding[1];
				double part = 1.0 / (double)(p->window[0] * p->window[1]);
				if (x[at] > most) {
					most = x[at];
					best = at;
				}
				sum += x[at] * part;
				if (p->kind == ONN_POOLING_AVERAGE)
					dx[at] += part * (double)(n + 1);
			}
			y[n] = p->kind == ONN_POOLING_MAX ? most : sum;
			if (p->kind == ONN_POOLING_MAX)
				dx[best] += (double)(n + 1);
		}
}

START_TEST(windows_agree_with_their_definition)
{
	static const onn_pool pools[] = {
	    {sizeof(onn_pool), ONN_POOLING_AVERAGE, {2, 2}, {0, 0}, {0, 0}},
	    {sizeof(onn_pool), ONN_POOLING_AVERAGE, {3, 2}, {0, 0}, {1, 1}},
	    {sizeof(onn_pool), ONN_POOLING_AVERAGE, {3, 3}, {2, 1}, {1, 2}},
	    {sizeof(onn_pool), ONN_POOLING_AVERAGE, {1, 1}, {2, 3}, {0, 0}},
	    {sizeof(onn_pool), ONN_POOLING_AVERAGE, {7, 9}, {0, 0}, {0, 0}},
	    {sizeof(onn_pool), ONN_POOLING_MAX, {2, 2}, {0, 0}, {0, 0}},
	    {sizeof(onn_pool), ONN_POOLING_MAX, {3, 2}, {0, 0}, {1, 1}},
	    {sizeof(onn_pool), ONN_POOLING_MAX, {3, 3}, {2, 1}, {1, 2}},
	    {sizeof(onn_pool), ONN_POOLING_MAX, {1, 1}, {1, 1}, {0, 0}},
	    {sizeof(onn_pool), ONN_POOLING_MAX, {7, 9}, {0, 0}, {0, 0}},
	};
	enum { H = 7, W = 9, N = 2 * H * W };
	double x[N], y[2 * (H + 4) * (W + 4)], expected[2 * (H + 4) * (W + 4)], dx[N], slope[N];
	/* few different numbers: most windows have several that are largest */
	for (size_t i = 0; i < N; i++)
		x[i] = (double)(i * 7 % 5) - 2;
	for (size_t k = 0; k < COUNT(pools); k++) {
		size_t count = 2;
		for (int i = 0; i < 2; i++) {
			size_t step = pools[k].stride[i] ? pools[k].stride[i] : pools[k].window[i];
			count *=
			    ((i ? W : H) + 2 * pools[k].padding[i] - pools[k].window[i]) / step + 1;
		}
		pool_of(y, dx, H, W, x, &pools[k]);
		define(expected, slope, H, W, x, &pools[k]);
		for (size_t i = 0; i < count; i++)
			check_near(y[i], expected[i], 1e-5);
		for (size_t i = 0; i < N; i++)
			check_near(dx[i], slope[i], 1e-4);
	}
}
END_TEST

START_TEST(wrong_windows_are_named)
{
	static const struct {
		onn_pool pool;
		onn_type type;
		const char *text;
	} rows[] = {
	    {{sizeof(onn_pool), ONN_POOLING_MAX, {2, 2}, {0, 0}, {0, 0}}, ONN_C64, "c64"},
	    {{sizeof(onn_pool), ONN_POOLING_AVERAGE, {2, 2}, {0, 0}, {0, 0}}, ONN_I32, "i32"},
	    {{sizeof(onn_pool), ONN_POOLING_AVERAGE, {0, 2}, {0, 0}, {0, 0}}, ONN_F32,
	        "window [0, 2]"},
	    {{sizeof(onn_pool), ONN_POOLING_AVERAGE, {2, 6}, {0, 0}, {0, 0}}, ONN_F32,
	        "x is [4, 5], window [2, 6]"},
	    {{sizeof(onn_pool), ONN_POOLING_AVERAGE, {2, 2}, {0, 0}, {2, 0}}, ONN_F32,
	        "padding [2, 0]; expected"},
	    {{sizeof(onn_pool), (onn_pooling)7, {2, 2}, {0, 0}, {0, 0}}, ONN_F32, "kind 7"},
	    {{.size = 3}, ONN_F32, "ONN_POOL_INIT"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_node x = onn_variable(g, "x", rows[i].type, 2, (size_t[]){4, 5});
		ck_assert_uint_eq(onn_pool2d(g, x, &rows[i].pool).id, 0);
		ck_assert_msg(strstr(onn_graph_error(g), rows[i].text), "%s", onn_graph_error(g));
		onn_graph_destroy(g);
	}
}
END_TEST

TESTS_ON_DEVICE("pool", windows_agree_with_their_definition, wrong_windows_are_named)
