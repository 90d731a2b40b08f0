/*
 * Counts of Poisson's distribution: mean, variance and the distribution itself, the same numbers in
 * both precisions, and the inverse distribution function by another way.
 */
#include "core/philox.h"
#include "device.h"
#include "network.h"
#include "shared/poisson.h"

static onn_device *device;

enum { DRAWS = 200000 };

static void draw(onn_type type, double mean, double *value, size_t count)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node m = onn_full(g, type, 1, &count, mean);
	onn_node x = onn_random_poisson(g, m, 2024, 3, onn_scalar(g, ONN_U32, 5));
	compute(device, g, &x, 1, &value);
	onn_graph_destroy(g);
}

static double probability(double mean, double k)
{
	return exp(k * log(mean) - mean - lgamma(k + 1));
}

/* Chi squared over counts around the mean, in steps that expect at least 20 draws each; *parts
 * receives how many. */
static double chi_squared(const double *value, double mean, size_t *parts)
{
	enum { MOST = 100000 };
	static double seen[MOST];
	memset(seen, 0, sizeof seen);
	for (size_t i = 0; i < DRAWS; i++)
		seen[(size_t)value[i]]++;
	double sum = 0, expected = 0, got = 0, all = 0;
	*parts = 0;
	for (size_t k = 0; k < MOST; k++) {
		double p = probability(mean, (double)k);
		expected += DRAWS * p;
		got += seen[k];
		all += p;
		/* what is left after the last whole part belongs to it */
		if (expected < 20 || DRAWS * (1 - all) < 20)
			continue;
		sum += (got - expected) * (got - expected) / expected;
		expected = got = 0;
		++*parts;
	}
	expected += DRAWS * fmax(1 - all, 0);
	return sum + (got - expected) * (got - expected) / expected;
}

START_TEST(counts_have_the_mean_the_variance_and_the_distribution)
{
	static const double mean[] = {.3, 3, 15.9, 16, 30, 300, 3000};
	double *x = calloc(DRAWS, sizeof *x);
	for (size_t i = 0; i < COUNT(mean); i++) {
		double m = mean[i], sum = 0, squares = 0;
		size_t parts;
		draw(ONN_F32, m, x, DRAWS);
		m = (float)m;
		for (size_t k = 0; k < DRAWS; k++) {
			ck_assert(x[k] >= 0 && x[k] == floor(x[k]));
			sum += x[k];
			squares += (x[k] - m) * (x[k] - m);
		}
		/* four deviations; the fourth moment of the distribution is m + 3 m^2 */
		check_near(sum / DRAWS, m, 4 * sqrt(m / DRAWS));
		check_near(squares / DRAWS, m, 4 * sqrt((m + 2 * m * m) / DRAWS));
		double chi = chi_squared(x, m, &parts);
		ck_assert_msg(fabs(chi - (double)parts) < 4 * sqrt(2. * (double)parts),
		    "mean %g: chi squared %g in %zu parts", m, chi, parts);
	}
	free(x);
}
END_TEST

START_TEST(single_and_double_precision_draw_the_same)
{
	static const double mean[] = {.25, 3, 15.875, 16, 123.5, 3000, 1e6, 8388607.5};
	static double x[5000], y[5000];
	if (!onn_device_supports(device, ONN_F64))
		return;
	for (size_t i = 0; i < COUNT(mean); i++) {
		draw(ONN_F32, mean[i], x, COUNT(x));
		draw(ONN_F64, mean[i], y, COUNT(y));
		ck_assert(memcmp(x, y, sizeof x) == 0);
	}
}
END_TEST

START_TEST(means_beyond_the_counts_are_normal)
{
	static const double mean[] = {1.5e9, 1e12};
	static double x[20000];
	for (size_t i = 0; i < COUNT(mean); i++) {
		double m = (float)mean[i], sum = 0, squares = 0;
		draw(ONN_F32, m, x, COUNT(x));
		for (size_t k = 0; k < COUNT(x); k++) {
			sum += (x[k] - m) / sqrt(m);
			squares += (x[k] - m) * (x[k] - m) / m;
		}
		check_near(sum / COUNT(x), 0, 4 / sqrt(COUNT(x)));
		check_near(squares / COUNT(x), 1, 4 * sqrt(2. / COUNT(x)));
	}
	draw(ONN_F32, -2, x, 1);
	ck_assert(x[0] == 0);
	draw(ONN_F32, 0, x, COUNT(x));
	for (size_t k = 0; k < COUNT(x); k++)
		ck_assert(x[k] == 0);
	draw(ONN_F32, NAN, x, 1);
	ck_assert(isnan(x[0]));
}
END_TEST

START_TEST(the_derivative_goes_straight_through)
{
	static const double mean[] = {.5, 20, 3000, 0};
	double slope[4];
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node m = constant_of(g, ONN_F32, 1, (size_t[]){4}, mean), grad;
	onn_node x = onn_random_poisson(g, m, 1, 2, onn_scalar(g, ONN_U32, 0));
	onn_node sum = onn_sum(g, onn_mul_real(g, x, 2), NULL, 0, false);
	check_ok(onn_gradient(&grad, g, sum, ONN_NULL_NODE, &m, 1));
	compute(device, g, &grad, 1, (double *[]){slope});
	for (size_t i = 0; i < 4; i++)
		ck_assert(slope[i] == 2);
	onn_graph_destroy(g);
}
END_TEST

/* ---- the whole numbers below ---- */

/* The smallest count whose distribution function passes u, in long double; *margin: how near u is
 * to a boundary. */
static uint32_t inverse(double mean, long double u, long double *margin)
{
	long double p = expl(-(long double)mean), sum = p;
	uint32_t k = 0;
	*margin = fabsl(u - sum);
	while (u >= sum && k < 63) {
		p *= mean / ++k;
		sum += p;
		*margin = fminl(*margin, fabsl(u - sum));
	}
	return k;
}

START_TEST(small_means_are_inverted_exactly)
{
	size_t compared = 0;
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t word[4];
		onn_philox(word, 7, (uint32_t[]){i, 0, 0, 0});
		uint64_t mean = ((uint64_t)(word[2] & 15) << 32) | word[3];
		uint64_t u = ((uint64_t)word[0] << 32) | word[1];
		long double margin;
		uint32_t want = inverse((double)mean * 0x1p-32, (long double)u * 0x1p-64L, &margin);
		if (margin < 1e-15L)
			continue;
		pw_u32x4 words = {word[0], word[1], 0, 0};
		ck_assert_uint_eq(pw_poisson(mean, words), want);
		compared++;
	}
	ck_assert(compared > 19990);
}
END_TEST

/* Box and Muller's normal number of two random words. */
static double normal(const uint32_t word[2])
{
	double u = (2. * word[0] + 1) * 0x1p-33;
	return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * word[1] * 0x1p-32);
}

START_TEST(the_normal_numbers_are_those_of_box_and_muller)
{
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t word[4];
		onn_philox(word, 8, (uint32_t[]){i, 0, 0, 0});
		if (i < 64)
			word[0] = i < 32 ? UINT32_C(1) << i : ~(UINT32_C(1) << (i - 32));
		double z = normal(word);
		pw_u32x4 words = {word[0], word[1], 0, 0};
		double z2 = (double)pw_normal_square(words) * 0x1p-26;
		check_near(z2, z * z, 2e-7);
		ck_assert(pw_normal_below_0(words) == (z < 0) || z2 < 1e-7);
	}
}
END_TEST

/* x of poisson.h in double: the count is its floor, but where x is within rounding of a whole
 * number. */
START_TEST(large_means_follow_the_expansion)
{
	size_t compared = 0;
	for (uint32_t i = 0; i < 40000; i++) {
		uint32_t word[4];
		onn_philox(word, 9, (uint32_t[]){i, 0, 0, 0});
		double m = 16 * exp2(26 * (double)word[2] * 0x1p-32);
		uint64_t mean = (uint64_t)(m * 0x1p32);
		double z = normal(word), s = sqrt(m), z2 = z * z;
		double x = m + s * z + 1. / 3 + z2 / 6 - (z / 36 + z * z2 / 72) / s +
		           (-8. / 405 + 7 * z2 / 810 + z2 * z2 / 270) / m;
		pw_u32x4 words = {word[0], word[1], 0, 0};
		double off = fabs(x - round(x));
		/* z is known to 1e-8 or so */
		if (off < 1e-6 + 1e-7 * s)
			continue;
		ck_assert_msg(pw_poisson(mean, words) == fmax(floor(x), 0),
		    "mean %.17g, z %.17g: %u, not %.9g", m, z, pw_poisson(mean, words), x);
		compared++;
	}
	ck_assert(compared > 39000);
}
END_TEST

START_TEST(high_products_and_roots_are_exact)
{
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t w[4];
		onn_philox(w, 10, (uint32_t[]){i, 0, 0, 0});
		uint64_t a = ((uint64_t)w[0] << 32 | w[1]) >> (i % 64);
		uint64_t n = ((uint64_t)w[2] << 32 | w[3]) >> (1 + i % 63), r = pw_root(n);
		ck_assert(r * r <= n && (r + 1) * (r + 1) > n);
		uint64_t b = (uint64_t)w[2] << 32 | w[3], low = (a & UINT32_MAX) * (b & UINT32_MAX);
		uint64_t mid = (a >> 32) * (b & UINT32_MAX), mid_2 = (a & UINT32_MAX) * (b >> 32);
		uint64_t carry = ((low >> 32) + (mid & UINT32_MAX) + (mid_2 & UINT32_MAX)) >> 32;
		ck_assert_uint_eq(pw_high_product(a, b),
		    (a >> 32) * (b >> 32) + (mid >> 32) + (mid_2 >> 32) + carry);
	}
	ck_assert_uint_eq(pw_root(0), 0);
	ck_assert_uint_eq(pw_root(INT64_MAX), 3037000499);
}
END_TEST

TESTS_ON_DEVICE("poisson", counts_have_the_mean_the_variance_and_the_distribution,
    single_and_double_precision_draw_the_same, means_beyond_the_counts_are_normal,
    the_derivative_goes_straight_through, small_means_are_inverted_exactly,
    the_normal_numbers_are_those_of_box_and_muller, large_means_follow_the_expansion,
    high_products_and_roots_are_exact)
