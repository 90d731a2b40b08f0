/*
 * The two pieces of work on light that onn and its peers are timed on. peers/light.py describes the
 * same two to PyTorch, JAX, Autograd and torchoptics; losses are printed on both sides.
 *
 * Generator: plates of n x n free complex pixels over 32 mm, 550 nm, 50 mm behind each, no padding,
 * evanescent waves pass; a disc of light in, a ring wanted; loss mean((I-t)^2 + |I-t|); each step
 * turns every pixel by 1e-3 against the phase of its gradient.
 *
 * D2NN: 5 phase plates of 200 x 200 pixels of 0.4 mm, 0.75 mm waves, 30 mm behind each, padded to
 * 400 x 400; 64 pictures as amplitude; ten regions of 20 x 20 pixels; softmax cross-entropy of ten
 * times each region's part of the light; Adam at 1e-3.
 */
#ifndef ONN_APPS_BENCH_LIGHT_H
#define ONN_APPS_BENCH_LIGHT_H

#include "bench.h"

typedef struct bench_light {
	onn_plan *plan; /* a training step; output 0 is the loss before it */
	onn_tensor **tensor;
	size_t ntensors;
} bench_light;

/* A step of either work on a device; ended by bench_light_close. */
bench_light bench_generator(onn_device *device, size_t n, size_t plates);
bench_light bench_d2nn(onn_device *device, size_t images);
void bench_light_close(bench_light *light);
/* The loss that the latest step began with. */
double bench_light_loss(const bench_light *light);

#endif
