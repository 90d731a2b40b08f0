/* Every kernel of every set that this processor runs against the baseline's, element by element. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include "testing.h"

#include "backend/c/kernels.h"
#include "core/element.h"
#include "core/memory.h"
#include "core/philox.h"

enum { MOST = 200 };

static const onn_kernels *set[3];
static size_t nsets;

static void find_sets(void)
{
	static const char *const names[] = {"baseline", "avx2", "avx512"};
	nsets = 0;
	for (size_t i = 0; i < COUNT(names); i++) {
		setenv("ONN_ISA", names[i], 1);
		const onn_kernels *k = onn_kernels_choose();
		if (nsets == 0 || set[nsets - 1] != k)
			set[nsets++] = k;
	}
	unsetenv("ONN_ISA");
}

static int parts_of(onn_type type) { return onn_type_is_complex(type) ? 2 : 1; }

/* Numbers in (0, 3) that no operation answers with NaN, or with special ones among them. */
static void fill(void *data, onn_type type, uint32_t stream, bool special)
{
	static const double odd[] = {0, -0.0, INFINITY, -INFINITY, NAN, 1e-30, -2, 1e30};
	for (uint32_t i = 0; i < MOST * 2; i++) {
		double v = 3 * onn_philox_uniform(5, 0, stream, i) + 1e-3;
		if (special && i % 7 == stream % 7)
			v = odd[(i / 7 + stream) % COUNT(odd)];
		if (type == ONN_U8)
			v *= 80;
		if (type == ONN_I32 || type == ONN_U32)
			v = floor(onn_philox_uniform(5, 0, stream, i) * 9) -
			    (type == ONN_I32 ? 4 : 0);
		onn_part_set(data, type, i, v);
	}
}

static bool agree(double a, double b, double tolerance)
{
	if (isnan(b) || isinf(b))
		return isnan(b) ? isnan(a) : a == b;
	return fabs(a - b) <= tolerance * (fabs(b) > 1 ? fabs(b) : 1);
}

static double tolerance_of(onn_type type)
{
	switch (onn_type_real(type)) {
	case ONN_F32:
		return 2e-6;
	case ONN_F64:
		return 5e-15;
	default:
		return 0;
	}
}

/*
 * kernel on n elements against the plain variant of the baseline, one element at a time, its
 * scalars repeated. For complex results an infinite part may be a NaN: rounding decides whether inf
 * - inf is met.
 */
static void compare(const char *name, onn_kernel kernel, onn_kernel plain, unsigned mask,
    const onn_type operand[3], onn_type result, size_t n, const onn_instr *instr, bool special)
{
	static double x[3][2 * MOST], y[2 * MOST + 2], want[2];
	size_t size = onn_type_size(result);
	for (unsigned k = 0; k < 3; k++)
		fill(x[k], operand[k], k + 1, special);
	memset(y, 0x5a, sizeof y);
	kernel(y, x[0], x[1], x[2], n, instr);
	for (size_t i = 0; i < n; i++) {
		const char *at[3];
		for (unsigned k = 0; k < 3; k++)
			at[k] = (char *)x[k] + (mask >> k & 1 ? 0 : i) * onn_type_size(operand[k]);
		plain(want, at[0], at[1], at[2], 1, instr);
		for (int p = 0; p < parts_of(result); p++) {
			double a =
			    onn_part_get(y, result, i * (size_t)parts_of(result) + (size_t)p);
			double b = onn_part_get(want, result, (size_t)p);
			if (special && parts_of(result) == 2 && !isfinite(b) && !isfinite(a))
				continue;
			ck_assert_msg(agree(a, b, tolerance_of(result)),
			    "%s, variant %u, element %zu of %zu: %.9g, not %.9g", name, mask, i, n,
			    a, b);
		}
	}
	for (size_t i = n * size; i < n * size + 16; i++)
		ck_assert_msg(((unsigned char *)y)[i] == 0x5a, "%s writes past its end", name);
}

static const size_t lengths[] = {1, 3, 16, 31, 64, 130};

static void compare_row(const char *name, const onn_kernel *row, const onn_kernel *plain,
    const onn_type operand[3], onn_type result, const onn_instr *instr)
{
	for (unsigned mask = 0; mask < ONN_KERNEL_VARIANTS; mask++)
		for (size_t l = 0; row[mask] && l < COUNT(lengths); l++)
			for (int special = 0; special < 2; special++)
				compare(name, row[mask], plain[0], mask, operand, result,
				    lengths[l], instr, special);
}

/* What an operation on type `from` returns. */
static onn_type result_of(onn_op op, onn_type from)
{
	switch (op) {
	case ONN_OP_ABS:
	case ONN_OP_ABS2:
	case ONN_OP_REAL:
	case ONN_OP_IMAG:
		return onn_type_real(from);
	case ONN_OP_COMPLEX:
		return onn_type_complex(from);
	default:
		return from;
	}
}

START_TEST(every_set_has_the_same_kernels)
{
	for (size_t s = 1; s < nsets; s++) {
		for (int op = 0; op < ONN_OP_COUNT; op++)
			for (int type = 0; type < ONN_TYPE_COUNT; type++)
				for (int v = 0; v < ONN_KERNEL_VARIANTS; v++)
					ck_assert(!set[s]->pointwise[op][type][v] ==
					          !set[0]->pointwise[op][type][v]);
	}
	printf("%zu sets of kernels\n", nsets);
}
END_TEST

START_TEST(pointwise_kernels_agree_with_the_baseline)
{
	for (size_t s = 0; s < nsets; s++)
		for (int op = 0; op < ONN_OP_COUNT; op++) {
			/* a block of these needs more than operands; they follow */
			if (op == ONN_OP_RANDOM || op == ONN_OP_POISSON || op == ONN_OP_CUSTOM ||
			    op == ONN_OP_SINC)
				continue;
			for (int type = 0; type < ONN_TYPE_COUNT; type++) {
				onn_type t = (onn_type)type, operand[3] = {t, t, t};
				onn_instr instr = {.op = (onn_op)op, .type = t, .source = t};
				if (op == ONN_OP_SELECT)
					operand[0] = onn_type_real(t);
				compare_row(onn_op_name((onn_op)op), set[s]->pointwise[op][type],
				    set[0]->pointwise[op][type], operand, result_of((onn_op)op, t),
				    &instr);
			}
		}
}
END_TEST

START_TEST(chains_agree_with_the_baseline)
{
	for (size_t s = 0; s < nsets; s++)
		for (int chain = 0; chain < ONN_CHAIN_COUNT; chain++)
			for (int type = ONN_F32; type <= ONN_F64; type++) {
				onn_type t = (onn_type)type, operand[3] = {t, t, t};
				compare_row("chain", set[s]->chain[chain][type],
				    set[0]->chain[chain][type], operand, t, NULL);
			}
}
END_TEST

START_TEST(casts_agree_with_the_baseline)
{
	for (size_t s = 0; s < nsets; s++)
		for (int from = 0; from < ONN_TYPE_COUNT; from++)
			for (int to = 0; to < ONN_TYPE_COUNT; to++) {
				onn_type f = (onn_type)from, operand[3] = {f, f, f};
				onn_kernel k = set[s]->cast[from][to];
				bool lost =
				    onn_type_is_complex(f) && !onn_type_is_complex((onn_type)to);
				ck_assert(!k == lost);
				for (size_t l = 0; k && l < COUNT(lengths); l++)
					compare("cast", k, set[0]->cast[from][to], 0, operand,
					    (onn_type)to, lengths[l], NULL, true);
			}
}
END_TEST

START_TEST(sinc_and_random_numbers_agree_with_the_baseline)
{
	for (size_t s = 0; s < nsets; s++)
		for (int type = ONN_F32; type <= ONN_F64; type++) {
			onn_type t = (onn_type)type, operand[3] = {t, t, t};
			onn_type number[3] = {ONN_U32, ONN_U32, ONN_U32};
			for (uint32_t order = 0; order < 12; order++) {
				onn_instr instr = {.op = ONN_OP_SINC, .type = t, .order = order};
				compare("sinc", set[s]->pointwise[ONN_OP_SINC][type][0],
				    set[0]->pointwise[ONN_OP_SINC][type][0], 0, operand, t, 100,
				    &instr, false);
			}
			onn_instr instr = {.type = t, .stream = 3, .seed = 0x123456789abcull};
			compare_row("random", set[s]->pointwise[ONN_OP_RANDOM][type],
			    set[0]->pointwise[ONN_OP_RANDOM][type], number, t, &instr);
			number[2] = t;
			compare_row("poisson", set[s]->pointwise[ONN_OP_POISSON][type],
			    set[0]->pointwise[ONN_OP_POISSON][type], number, t, &instr);
		}
}
END_TEST

START_TEST(maxima_keep_a_nan_at_any_place)
{
	float x[100];
	for (size_t s = 0; s < nsets; s++)
		for (size_t n = 1; n <= COUNT(x); n += 9)
			for (size_t at = 0; at < n; at += 4) {
				float total = -INFINITY;
				for (size_t i = 0; i < n; i++)
					x[i] = (float)((i * 37) % 50);
				set[s]->maximum[ONN_F32](&total, x, n);
				float want = 0;
				for (size_t i = 0; i < n; i++)
					want = x[i] > want ? x[i] : want;
				ck_assert(total == want);
				x[at] = NAN;
				set[s]->maximum[ONN_F32](&total, x, n);
				ck_assert(isnan(total));
			}
}
END_TEST

int main(void)
{
	find_sets();
	return run_tests("kernels",
	    (const TTest *[]){every_set_has_the_same_kernels,
	        pointwise_kernels_agree_with_the_baseline, chains_agree_with_the_baseline,
	        casts_agree_with_the_baseline, sinc_and_random_numbers_agree_with_the_baseline,
	        maxima_keep_a_nan_at_any_place, NULL});
}
