/* Steps, matrix products, pointwise chains. */
#include "bench.h"

#include <stdio.h>

/* A chain of products with 1 x 1 matrices: nothing fuses, and nothing is worth computing. */
static double chain_seconds(onn_device *device, size_t length)
{
	bench b;
	size_t shape[] = {1, 1};

	bench_begin(&b, device);
	onn_node x = bench_input(&b, ONN_F32, 2, shape), y = x;
	for (size_t i = 0; i < length; i++)
		y = onn_matmul(b.g, y, x);
	return bench_end(&b, &y, 1);
}

void bench_steps(onn_device *device)
{
	double one = chain_seconds(device, 1), many = chain_seconds(device, 101);

	printf("  steps      a run of 1 step %.2f us, each further step %.2f us\n", 1e6 * one,
	    1e4 * (many - one));
}

void bench_gemm(onn_device *device)
{
	static const size_t size[][3] = {{64, 128, 784}, {64, 128, 128}, {784, 128, 64},
	    {512, 64, 800}, {2048, 32, 25}, {1024, 1024, 1024}};

	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		size_t m = size[i][0], n = size[i][1], k = size[i][2];
		printf("  gemm       %4zu x %4zu x %4zu ", m, n, k);
		for (onn_type type = ONN_F32; type <= ONN_F64; type++) {
			bench b;
			if (!onn_device_supports(device, type))
				continue;
			bench_begin(&b, device);
			onn_node a = bench_input(&b, type, 2, (size_t[]){m, k});
			onn_node c = bench_input(&b, type, 2, (size_t[]){k, n});
			onn_node y = onn_matmul(b.g, a, c);
			double flops = 2.0 * (double)m * (double)n * (double)k;
			printf("  %s %7.1f GF/s", onn_type_name(type),
			    1e-9 * flops / bench_end(&b, &y, 1));
		}
		printf("\n");
	}
}

typedef struct chain {
	const char *name;
	onn_node (*build)(onn_graph *g, onn_node x);
} chain;

static onn_node copy_twice(onn_graph *g, onn_node x) { return onn_mul_real(g, x, 2); }

static onn_node thin(onn_graph *g, onn_node x)
{
	onn_absorber absorber = ONN_ABSORBER_INIT;
	return onn_saturable_absorber(g, x, &absorber);
}

static onn_node thick(onn_graph *g, onn_node x)
{
	onn_absorber absorber = ONN_ABSORBER_INIT;
	absorber.medium = ONN_MEDIUM_THICK;
	return onn_saturable_absorber(g, x, &absorber);
}

void bench_pointwise(onn_device *device)
{
	static const chain chains[] = {{"2 x", copy_twice}, {"exp", onn_exp}, {"sin", onn_sin},
	    {"tanh", onn_tanh}, {"thin absorber", thin}, {"thick absorber", thick}};
	static const size_t counts[] = {64 * 128, 1 << 22};

	for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
		printf("  pointwise  %-15s", chains[i].name);
		for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
			bench b;
			bench_begin(&b, device);
			onn_node x = bench_input(&b, ONN_F32, 1, &counts[k]);
			onn_node y = chains[i].build(b.g, x);
			double seconds = bench_end(&b, &y, 1);
			printf("  %7zu f32: %6.2f ns each", counts[k],
			    1e9 * seconds / (double)counts[k]);
		}
		printf("\n");
	}
}
