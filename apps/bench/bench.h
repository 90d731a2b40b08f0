/* Measurements of a device, as the rest of a program sees it. */
#ifndef ONN_BENCH_H
#define ONN_BENCH_H

#include <onn/onn.h>

/* Seconds on the wall. */
double bench_now(void);
/* Ends the program with the library's text where a call failed. */
void bench_must(onn_status status);

enum { BENCH_MAX_INPUTS = 8 };

/* A graph whose variables are bound to random tensors. */
typedef struct bench {
	onn_device *device;
	onn_graph *g;
	onn_tensor *tensor[BENCH_MAX_INPUTS];
	char name[BENCH_MAX_INPUTS][8];
	size_t ninputs;
} bench;

void bench_begin(bench *b, onn_device *device);
/* A variable of normal random numbers; f32 or f64. */
onn_node bench_input(bench *b, onn_type type, size_t ndim, const size_t *shape);
/* Median seconds a run of the plan that computes some nodes; frees all that b holds. */
double bench_end(bench *b, const onn_node *outputs, size_t count);

/* What a run costs beyond its work: steps that do next to nothing. */
void bench_steps(onn_device *device);
void bench_gemm(onn_device *device);
void bench_pointwise(onn_device *device);
/* Epochs of the perceptron of MNIST's size; data_dir: where MNIST is, NULL: random images. */
void bench_mlp(onn_device *device, const char *data_dir, size_t epochs);

#endif
