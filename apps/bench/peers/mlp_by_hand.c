/*
 * Each thread takes its rows of a batch from pixels to its part of the weights' gradients; all then
 * wait, and each updates its part of the weights by the sum of the gradients. Two barriers a step,
 * no other meeting.
 */
#include "mlp_by_hand.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <onn/mlp.h>
#include <onn/model.h>

#include "../library.h"

enum {
	PIXELS = 784,
	HIDDEN = 128,
	CLASSES = 10,
	BATCH = 64,
	MAX_THREADS = 8,
	SIZE0 = PIXELS * HIDDEN,
	SIZE1 = HIDDEN * HIDDEN,
	SIZE2 = HIDDEN * CLASSES,
	SIZE = SIZE0 + SIZE1 + SIZE2 /* weights, one after the other */
};

static const float half_depth = 5; /* optical depth 10, amplitude */

/* What a thread works on: its rows of a batch. h: before, a: behind an absorber, p: what a probe
 * sees. */
typedef struct rows {
	float x[BATCH * PIXELS];
	float h1[BATCH * HIDDEN], a1[BATCH * HIDDEN], p1[BATCH * HIDDEN], d1[BATCH * HIDDEN];
	float h2[BATCH * HIDDEN], a2[BATCH * HIDDEN], p2[BATCH * HIDDEN], d2[BATCH * HIDDEN];
	float z[BATCH * CLASSES];
	float grad[SIZE];
	double loss;
} rows;

struct mlp_by_hand {
	const uint8_t *pixel;
	const int32_t *label;
	float scale;
	int32_t count;
	int threads;
	int32_t *order;
	uint64_t random;
	long step; /* of Adam, over all epochs */
	float weight[SIZE], moment1[SIZE], moment2[SIZE];
	rows *rows[MAX_THREADS];
	atomic_int arrived, turn;
};

/* ---- threads ---- */

static void meet(mlp_by_hand *net)
{
	int turn = atomic_load(&net->turn);
	if (atomic_fetch_add(&net->arrived, 1) == net->threads - 1) {
		atomic_store(&net->arrived, 0);
		atomic_store(&net->turn, turn + 1);
		return;
	}
	for (long spins = 0; atomic_load_explicit(&net->turn, memory_order_acquire) == turn;
	     spins++)
		if (spins > 20000)
			sched_yield();
}

/* ---- the network ---- */

static void gather(const mlp_by_hand *net, const int32_t *index, int n, float *x)
{
	for (int i = 0; i < n; i++) {
		const uint8_t *from = net->pixel + (size_t)index[i] * PIXELS;
		for (int j = 0; j < PIXELS; j++)
			x[i * PIXELS + j] = (float)from[j] * net->scale;
	}
}

static void absorb(const float *h, float *a, float *p, int n)
{
	for (int i = 0; i < n; i++) {
		float t = expf(-half_depth / (1 + h[i] * h[i]));
		p[i] = t;
		a[i] = h[i] * t;
	}
}

static void send_back(float *d, const float *p, int n)
{
	for (int i = 0; i < n; i++)
		d[i] *= p[i];
}

/* z becomes the gradient of the mean squared error of the whole batch. */
static double score(const mlp_by_hand *net, const int32_t *index, int n, int batch, float *z)
{
	float square = 0, factor = 2.0f / (float)(batch * CLASSES);
	for (int i = 0; i < n; i++) {
		z[i * CLASSES + net->label[index[i]]] -= 1;
		for (int j = 0; j < CLASSES; j++) {
			square += z[i * CLASSES + j] * z[i * CLASSES + j];
			z[i * CLASSES + j] *= factor;
		}
	}
	return square / CLASSES;
}

static void product(bool ta, bool tb, int m, int n, int k, const float *a, const float *b, float *c)
{
	library_gemm(ONN_F32, ta, tb, m, n, k, a, b, c);
}

/* Forward and backward for n rows of a batch; leaves their part of the gradient. */
static void differentiate(const mlp_by_hand *net, rows *r, const int32_t *index, int n, int batch)
{
	const float *w0 = net->weight, *w1 = w0 + SIZE0, *w2 = w1 + SIZE1;
	float *g0 = r->grad, *g1 = g0 + SIZE0, *g2 = g1 + SIZE1;
	if (n == 0) {
		memset(r->grad, 0, sizeof r->grad);
		return;
	}
	gather(net, index, n, r->x);
	product(false, false, n, HIDDEN, PIXELS, r->x, w0, r->h1);
	absorb(r->h1, r->a1, r->p1, n * HIDDEN);
	product(false, false, n, HIDDEN, HIDDEN, r->a1, w1, r->h2);
	absorb(r->h2, r->a2, r->p2, n * HIDDEN);
	product(false, false, n, CLASSES, HIDDEN, r->a2, w2, r->z);
	r->loss += score(net, index, n, batch, r->z);
	product(true, false, HIDDEN, CLASSES, n, r->a2, r->z, g2);
	product(false, true, n, HIDDEN, CLASSES, r->z, w2, r->d2);
	send_back(r->d2, r->p2, n * HIDDEN);
	product(true, false, HIDDEN, HIDDEN, n, r->a1, r->d2, g1);
	product(false, true, n, HIDDEN, HIDDEN, r->d2, w1, r->d1);
	send_back(r->d1, r->p1, n * HIDDEN);
	product(true, false, PIXELS, HIDDEN, n, r->x, r->d1, g0);
}

/* Adam for the weights from `first` to `last`; the other threads' gradients are added on the way.
 */
static void update(mlp_by_hand *net, int first, int last, long step)
{
	const float b1 = 0.9f, b2 = 0.999f, epsilon = 1e-8f;
	float c1 = (float)(5e-4 / (1 - pow(0.9, (double)step)));
	float c2 = (float)(1 / (1 - pow(0.999, (double)step)));
	float *w = net->weight, *m = net->moment1, *v = net->moment2, *grad = net->rows[0]->grad;
	for (int t = 1; t < net->threads; t++) {
		const float *other = net->rows[t]->grad;
		for (int i = first; i < last; i++)
			grad[i] += other[i];
	}
	for (int i = first; i < last; i++) {
		m[i] = b1 * m[i] + (1 - b1) * grad[i];
		v[i] = b2 * v[i] + (1 - b2) * grad[i] * grad[i];
		w[i] -= c1 * m[i] / (sqrtf(v[i] * c2) + epsilon);
	}
}

/* ---- an epoch ---- */

typedef struct part {
	mlp_by_hand *net;
	int thread;
	pthread_t id;
} part;

static void *run_part(void *argument)
{
	const part *p = argument;
	mlp_by_hand *net = p->net;
	int t = p->thread, threads = net->threads;
	int first = SIZE / threads * t, last = t == threads - 1 ? SIZE : SIZE / threads * (t + 1);
	long step = net->step;
	library_one_thread();
	for (int32_t at = 0; at < net->count; at += BATCH) {
		int batch = net->count - at < BATCH ? net->count - at : BATCH;
		int from = batch * t / threads, to = batch * (t + 1) / threads;
		differentiate(net, net->rows[t], net->order + at + from, to - from, batch);
		meet(net);
		update(net, first, last, ++step);
		meet(net);
	}
	return NULL;
}

static void shuffle(mlp_by_hand *net)
{
	for (int32_t i = net->count - 1; i > 0; i--) {
		net->random = net->random * 6364136223846793005u + 1442695040888963407u;
		int32_t j = (int32_t)((net->random >> 33) % (uint64_t)(i + 1));
		int32_t x = net->order[i];
		net->order[i] = net->order[j];
		net->order[j] = x;
	}
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double mlp_by_hand_epoch(mlp_by_hand *net, double *loss)
{
	part p[MAX_THREADS];
	double start = now();
	shuffle(net);
	for (int t = 0; t < net->threads; t++) {
		p[t] = (part){.net = net, .thread = t};
		net->rows[t]->loss = 0;
	}
	for (int t = 1; t < net->threads; t++)
		if (pthread_create(&p[t].id, NULL, run_part, &p[t]))
			abort(); /* the others would wait for it for ever */
	run_part(&p[0]);
	*loss = net->rows[0]->loss;
	for (int t = 1; t < net->threads; t++) {
		pthread_join(p[t].id, NULL);
		*loss += net->rows[t]->loss;
	}
	*loss /= net->count;
	net->step += (net->count + BATCH - 1) / BATCH;
	return now() - start;
}

/* Those that onn's own training would begin with. */
static bool draw_weights(float *weight)
{
	const onn_mlp mlp = ONN_MLP_INIT;
	onn_network *network;
	onn_model *model = NULL;
	if (!onn_network_of_mlp(&network, &mlp))
		onn_model_create(&model, network, 0);
	onn_network_destroy(network);
	if (!model)
		return false;
	for (size_t i = 0; i < onn_model_count(model); i++) {
		const onn_array *w = onn_model_const_weight(model, i);
		memcpy(weight, onn_array_const_data(w), onn_array_count(w) * sizeof *weight);
		weight += onn_array_count(w);
	}
	onn_model_destroy(model);
	return true;
}

mlp_by_hand *mlp_by_hand_create(const onn_dataset *data, int threads)
{
	mlp_by_hand *net = calloc(1, sizeof *net);
	if (!net || data->height * data->width != PIXELS || data->classes != CLASSES ||
	    onn_array_type(data->train_x) != ONN_U8)
		goto fail;
	net->pixel = onn_array_const_data(data->train_x);
	net->label = onn_array_const_data(data->train_y);
	net->scale = (float)(1 / data->scale);
	net->count = (int32_t)onn_array_count(data->train_y);
	net->threads = threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads;
	net->order = malloc((size_t)net->count * sizeof *net->order);
	if (!net->order || !draw_weights(net->weight))
		goto fail;
	for (int32_t i = 0; i < net->count; i++)
		net->order[i] = i;
	for (int t = 0; t < net->threads; t++) {
		net->rows[t] = calloc(1, sizeof *net->rows[t]);
		if (!net->rows[t])
			goto fail;
	}
	return net;
fail:
	mlp_by_hand_destroy(net);
	return NULL;
}

void mlp_by_hand_destroy(mlp_by_hand *net)
{
	if (!net)
		return;
	for (int t = 0; t < MAX_THREADS; t++)
		free(net->rows[t]);
	free(net->order);
	free(net);
}
