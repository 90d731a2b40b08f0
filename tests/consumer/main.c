/*
 * What an outside program does with the installed library: it compares versions, loads the data
 * that comes with it, and multiplies two matrices on the device "c", through the libraries below.
 */
#include <onn/onn.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 64 };

static int failed(void)
{
	fprintf(stderr, "%s\n", onn_last_error());
	return 1;
}

static int data_is_there(void)
{
	onn_dataset *digits = NULL;
	if (onn_dataset_load(&digits, "digits", NULL, 0) != ONN_OK)
		return 0;
	int there = digits->classes == 10;
	onn_dataset_destroy(digits);
	return there;
}

/* Elements of an all-ones matrix times 2 times itself are 2 SIZE. */
static onn_status multiply(double *error)
{
	size_t shape[] = {SIZE, SIZE};
	float y[SIZE * SIZE];
	onn_graph *g = NULL;
	onn_device *device = NULL;
	onn_plan *plan = NULL;

	onn_status status = onn_graph_create(&g);
	if (status == ONN_OK)
		status = onn_device_create(&device, "c", NULL);
	if (status == ONN_OK) {
		onn_node a = onn_full(g, ONN_F32, 2, shape, 1);
		onn_node product = onn_matmul(g, a, onn_mul_real(g, a, 2));
		status = onn_plan_create(&plan, device, g, &product, 1, NULL);
	}
	if (status == ONN_OK)
		status = onn_plan_run(plan);
	if (status == ONN_OK)
		status = onn_tensor_read(y, onn_plan_output(plan, 0), sizeof y);
	*error = INFINITY;
	if (status == ONN_OK) {
		*error = 0;
		for (int i = 0; i < SIZE * SIZE; i++)
			*error += fabs((double)y[i] - 2 * SIZE);
	}
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	onn_device_destroy(device);
	return status;
}

int main(void)
{
	double error;

	if (strcmp(onn_version(), ONN_VERSION) != 0) {
		fprintf(stderr, "headers %s, library %s\n", ONN_VERSION, onn_version());
		return 1;
	}
	if (!data_is_there() || multiply(&error) != ONN_OK)
		return failed();
	printf("onn %s, error %g\n", onn_version(), error);
	return !(error <= 0);
}
