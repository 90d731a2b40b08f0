/* Each way to convolve, forced, against the reference: the cases of src/selftest, and shapes that
 * the way is made for. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include "testing.h"

#include <onn/convolution.h>

#include "core/memory.h"
#include "core/philox.h"
#include "plan/plan.h"
#include "selftest/cases.h"

static const char *const ways[] = {"roots", "onednn", "columns"};
static onn_device *device, *reference;

START_TEST(every_case_agrees_with_the_reference)
{
	for (size_t i = 0; i < ONN_COUNT(ways); i++)
		for (const onn_case *c = onn_cases_convolve; c->name; c++) {
			double error;
			char where[256];
			setenv("ONN_CONVOLVE", ways[i], 1);
			check_ok(onn_case_compare(
			    &error, where, sizeof where, device, reference, c, ONN_F32, NULL));
			ck_assert_msg(
			    error <= 1e-5, "%s by %s: %g at %s", c->name, ways[i], error, where);
		}
}
END_TEST

typedef struct shape {
	size_t batch, channels, outputs, image[2], kernel[2], padding[2];
} shape;

static onn_array *draw(const size_t *size, uint32_t stream)
{
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_F32, 4, size));
	float *data = onn_array_data(a);
	for (size_t i = 0; i < onn_array_count(a); i++)
		data[i] = (float)onn_philox_normal(3, 0, stream, (uint32_t)i);
	return a;
}

/* Result, and gradients of its product with s by x and w, as `way` has them; out: 3 arrays. */
static void run(
    onn_array **out, onn_device *on, const char *way, const shape *s, onn_array *const *in)
{
	static const char *const name[] = {"x", "w", "s"};
	onn_graph *g;
	onn_plan *plan;
	onn_node leaf[3], node[3];
	onn_tensor *tensor[3];
	onn_convolution how = ONN_CONVOLUTION_INIT;
	memcpy(how.padding, s->padding, sizeof how.padding);
	check_ok(onn_graph_create(&g));
	for (int i = 0; i < 3; i++)
		leaf[i] = onn_variable(g, name[i], ONN_F32, 4, onn_array_shape(in[i]));
	node[0] = onn_conv2d(g, leaf[0], leaf[1], &how);
	check_ok(onn_gradient(node + 1, g, node[0], leaf[2], leaf, 2));
	setenv("ONN_CONVOLVE", way, 1);
	check_ok(onn_plan_create(&plan, on, g, node, 3, NULL));
	for (int i = 0; i < 3; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], on, in[i]));
		check_ok(onn_plan_bind(plan, name[i], tensor[i]));
	}
	check_ok(onn_plan_run(plan));
	for (int i = 0; i < 3; i++)
		check_ok(onn_tensor_to_array(&out[i], onn_plan_output(plan, (size_t)i)));
	onn_plan_destroy(plan);
	for (int i = 0; i < 3; i++)
		onn_tensor_destroy(tensor[i]);
	onn_graph_destroy(g);
}

/* The largest difference over the root mean square. */
static double difference(const onn_array *a, const onn_array *b)
{
	const float *x = onn_array_const_data(a), *y = onn_array_const_data(b);
	double most = 0, square = 0;
	for (size_t i = 0; i < onn_array_count(a); i++) {
		double d = fabs((double)x[i] - (double)y[i]);
		most = d > most || isnan(d) ? d : most;
		square += (double)y[i] * (double)y[i];
	}
	return most / sqrt(square / (double)onn_array_count(a));
}

/* All three parts one way and another. */
static void check_shape(const shape *s, onn_device *on, const char *way, const char *other)
{
	static const char *const part[] = {"result", "images' gradient", "kernels' gradient"};
	onn_array *in[3], *want[3], *got[3];
	size_t x[4] = {s->batch, s->channels, s->image[0], s->image[1]};
	size_t w[4] = {s->outputs, s->channels, s->kernel[0], s->kernel[1]};
	size_t y[4] = {s->batch, s->outputs};
	for (int i = 0; i < 2; i++)
		y[2 + i] = s->image[i] + 2 * s->padding[i] - s->kernel[i] + 1;
	in[0] = draw(x, 0);
	in[1] = draw(w, 1);
	in[2] = draw(y, 2);
	run(want, on, other, s, in);
	run(got, device, way, s, in);
	for (int i = 0; i < 3; i++) {
		double error = difference(got[i], want[i]);
		ck_assert_msg(error <= 1e-5, "%zu images of %zu x %zu by %s: %s %g", s->batch,
		    s->image[0], s->image[1], way, part[i], error);
		onn_array_destroy(in[i]);
		onn_array_destroy(want[i]);
		onn_array_destroy(got[i]);
	}
}

/* Sums of numbers that cancel: the error is that of a sum of all their magnitudes. */
START_TEST(numbers_of_both_signs_agree_with_the_reference)
{
	static const shape table[] = {
	    {5, 32, 64, {12, 12}, {5, 5}, {0, 0}},
	    {3, 17, 19, {9, 14}, {3, 5}, {1, 2}},
	    {70, 16, 16, {4, 5}, {2, 3}, {0, 1}},
	    {2, 16, 33, {28, 27}, {7, 3}, {3, 0}},
	    {2, 1, 6, {28, 28}, {5, 5}, {0, 0}},
	    {2, 2, 5, {9, 20}, {3, 3}, {0, 1}},
	};
	for (size_t t = 0; t < ONN_COUNT(table); t++)
		for (size_t i = 0; i < ONN_COUNT(ways); i++)
			check_shape(&table[t], reference, ways[i], "");
}
END_TEST

/* Half a mebibyte of values an image: passes of some 20 images, and what is left. */
START_TEST(many_images_go_in_passes)
{
	const shape s = {35, 32, 33, {28, 28}, {5, 5}, {2, 2}};
	check_shape(&s, device, "roots", "columns");
}
END_TEST

/* As an image it has other values at the points than as a result. */
static void convolve_both(onn_array **out, onn_device *on, onn_array *const *in)
{
	static const char *const name[] = {"x", "w", "s"};
	onn_convolution how = ONN_CONVOLUTION_INIT;
	onn_tensor *tensor[3];
	onn_node leaf[3], node[2];
	onn_graph *g;
	onn_plan *plan;
	how.padding[0] = how.padding[1] = 1;
	check_ok(onn_graph_create(&g));
	for (int i = 0; i < 3; i++)
		leaf[i] = onn_variable(g, name[i], ONN_F32, 4, onn_array_shape(in[i]));
	node[0] = onn_conv2d(g, leaf[2], leaf[1], &how);
	node[1] = onn_conv2d_weight(g, leaf[0], leaf[2], onn_array_shape(in[1]) + 2, &how);
	check_ok(onn_plan_create(&plan, on, g, node, 2, NULL));
	for (int i = 0; i < 3; i++) {
		check_ok(onn_tensor_from_array(&tensor[i], on, in[i]));
		check_ok(onn_plan_bind(plan, name[i], tensor[i]));
	}
	check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < 2; i++)
		check_ok(onn_tensor_to_array(&out[i], onn_plan_output(plan, i)));
	onn_plan_destroy(plan);
	for (int i = 0; i < 3; i++)
		onn_tensor_destroy(tensor[i]);
	onn_graph_destroy(g);
}

START_TEST(a_value_may_be_an_image_and_a_result)
{
	static const size_t size[3][4] = {{3, 16, 9, 9}, {16, 16, 3, 3}, {3, 16, 9, 9}};
	onn_array *got[2], *want[2], *in[3];
	for (uint32_t i = 0; i < 3; i++)
		in[i] = draw(size[i], i);
	setenv("ONN_CONVOLVE", "roots", 1);
	convolve_both(got, device, in);
	convolve_both(want, reference, in);
	for (int i = 0; i < 2; i++) {
		double error = difference(got[i], want[i]);
		ck_assert_msg(error <= 1e-5, "output %d: %g", i, error);
		onn_array_destroy(got[i]);
		onn_array_destroy(want[i]);
	}
	for (int i = 0; i < 3; i++)
		onn_array_destroy(in[i]);
}
END_TEST

int main(void)
{
	if (onn_device_create(&device, "c", NULL) ||
	    onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	int code = run_tests(
	    "convolve", (const TTest *[]){every_case_agrees_with_the_reference,
	                    numbers_of_both_signs_agree_with_the_reference,
	                    many_images_go_in_passes, a_value_may_be_an_image_and_a_result, NULL});
	onn_device_destroy(device);
	onn_device_destroy(reference);
	return code;
}
