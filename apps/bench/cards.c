#include "cards.h"

#include <math.h>
#include <strings.h>

static const bench_limits cards[] = {
    {"H200", 5e-6, 4.3e12, 6e12, 50e6, 60e12, 30e12, 48 << 10},
    {"RX 7900 XTX", 7e-6, .9e12, 2.5e12, 96e6, 45e12, 1.4e12, 64 << 10},
    {"A770", 6e-6, .5e12, 1.2e12, 16e6, 17e12, 0, 64 << 10},
    {"Iris Xe", 10e-6, 55e9, .12e12, 4e6, 1.8e12, 0, 64 << 10},
};

const bench_limits *bench_card(size_t i)
{
	return i < sizeof cards / sizeof *cards ? &cards[i] : NULL;
}

const bench_limits *bench_card_find(const char *name)
{
	const bench_limits *card;
	for (size_t i = 0; (card = bench_card(i)); i++)
		if (strcasecmp(card->name, name) == 0)
			return card;
	return NULL;
}

bench_expected bench_expect(const bench_limits *limits, const onn_step_work *step, size_t count,
    double resident, onn_type real)
{
	enum { LAUNCHES, BYTES, FLOP, BOUNDS };
	static const char *const name[BOUNDS] = {"launches", "bytes", "FLOP"};
	const double rate = real == ONN_F64 ? limits->f64 : limits->f32;
	double slowest[BOUNDS] = {0}, alone[BOUNDS] = {0};
	bench_expected e = {0};
	int bound = LAUNCHES;

	e.bandwidth = resident <= limits->cache ? limits->cached : limits->memory;
	for (size_t i = 0; i < count; i++) {
		const double took[BOUNDS] = {(double)step[i].launches * limits->launch,
		    step[i].bytes / e.bandwidth, rate > 0 ? step[i].flops / rate : INFINITY};
		int most = LAUNCHES;
		for (int b = 0; b < BOUNDS; b++) {
			alone[b] += took[b];
			most = took[b] > took[most] ? b : most;
		}
		slowest[most] += took[most];
		e.seconds += took[most];
	}
	for (int b = 0; b < BOUNDS; b++)
		bound = slowest[b] > slowest[bound] ? b : bound;
	e.launches = alone[LAUNCHES];
	e.bytes = alone[BYTES];
	e.flops = alone[FLOP];
	e.bound = name[bound];
	return e;
}
