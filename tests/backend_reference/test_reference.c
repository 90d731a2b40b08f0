/* The functions of the reference against numbers made with mpmath at 60 digits. */
#include "testing.h"

#include <complex.h>

#include "backend/reference/reference.h"

START_TEST(sinc_agrees_with_mpmath_to_order_8)
{
	static const struct {
		double x, f[9];
	} row[] = {
	    {0, {1, 0, -0.33333333333333333, 0, 0.2, 0, -0.14285714285714286, 0,
	            0.11111111111111111}},
	    {1e-8, {0.99999999999999998, -3.3333333333333334e-9, -0.33333333333333332, 2.0e-9,
	               0.19999999999999999, -1.4285714285714286e-9, -0.14285714285714285,
	               1.1111111111111111e-9, 0.11111111111111111}},
	    {0.5, {0.958851077208406, -0.16253703063606657, -0.30870295466413973,
	              0.097052604204092918, 0.18243024357566265, -0.069137311975881102,
	              -0.12920333349783278, 0.053681545188913471, 0.099946354185790464}},
	    {1, {0.84147098480789651, -0.30116867893975679, -0.23913362692838293,
	            0.17709857491700907, 0.13307668513986024, -0.12508111983116147,
	            -0.090984265820927657, 0.096587554878353883, 0.068770545781065446}},
	    {3, {0.047040002686622407, -0.34567749976235595, 0.1834116638216149,
	            0.14658583504520026, -0.1484077773736446, -0.08265120324407415,
	            0.11826240380152589, 0.054051889996588069, -0.097098370637612443}},
	    {8.5, {0.093939660308645916, -0.081876654469819945, -0.074674565139276517,
	              0.097180658600312137, 0.04820758567320491, -0.099182333064805667,
	              -0.023928601674665445, 0.090530836989115498, 0.0087341666718313296}},
	    {16, {-0.017993957291566581, -0.058729095189488629, 0.02533509419025266,
	             0.055103387359539166, -0.031769804131451373, -0.049925653729132986,
	             0.036716077439991451, 0.04379043364021528, -0.039889174111674221}},
	    {-31.4, {-0.00050719307643636306, -0.031859247403962394, -0.0015220583505676112,
	                0.031697675170582165, 0.0035307273274594543, -0.031280877030913552,
	                -0.0054700445727827873, 0.030623658070016029, 0.0072950128012747274}},
	};

	for (size_t i = 0; i < COUNT(row); i++)
		for (uint32_t n = 0; n < 9; n++)
			check_near(onn_ref_sinc(n, row[i].x), row[i].f[n],
			    1e-15 * fabs(row[i].f[n]) + 1e-18);
}
END_TEST

/* The first terms of the series are all that counts there. */
START_TEST(sinc_of_tiny_arguments_has_all_its_digits)
{
	static const double x[] = {1e-5, 1e-20, 1e-100, 5e-300, 3e-310};

	for (size_t i = 0; i < COUNT(x); i++) {
		double v = x[i], q = v * v, least = 0x1p-1074;
		ck_assert(onn_ref_sinc(0, v) == 1 - q / 6);
		check_near(onn_ref_sinc(1, v), -v / 3 * (1 - q / 10), 1e-15 * v + least);
		check_near(onn_ref_sinc(2, v), -1 / 3. + q / 10, 1e-16);
		check_near(onn_ref_sinc(5, -v), v / 7 * (1 - 7 * q / 54), 1e-15 * v + least);
	}
}
END_TEST

/* d^n/dx^n (sin x)/x is the integral over t from 0 to 1 of t^n cos(x t + n pi/2), here by Simpson's
 * rule. */
START_TEST(sinc_agrees_with_its_integral)
{
	enum { PIECES = 4000 };
	const long double half_pi = 1.570796326794896619231321691639751442L;

	for (uint32_t n = 0; n <= 12; n++)
		for (double x = -33; x <= 33; x += 2.75) {
			long double sum = 0;
			for (int k = 0; k <= PIECES; k++) {
				long double t = (long double)k / PIECES;
				int weight = k == 0 || k == PIECES ? 1 : k % 2 ? 4 : 2;
				sum += weight * powl(t, n) * cosl(x * t + n * half_pi);
			}
			check_near(onn_ref_sinc(n, x), (double)(sum / 3 / PIECES), 1e-11);
		}
}
END_TEST

START_TEST(absorbance_agrees_with_mpmath)
{
	static const struct {
		double s, depth, A;
	} row[] = {
	    {0, 10, 10},
	    {1e-9, 3, 2.9999999990497870684},
	    {1, 10, 9.0001233945769256097},
	    {2, 5, 3.0909202050692452038},
	    {25, 10, 0.47936779749565444554},
	    {9.9, 10, 1.7760781357759632521},
	    {1000, 10, 0.010040194294528710379},
	    {1e9, 700, 7.0000024430011359909e-7},
	    {3, 1e-6, 2.5000002343750243009e-7},
	    {0.5, -2, -1.0586956693474160837},
	    {5, 700, 695},
	    {1e6, 1e6, 11.3833580861400526},
	    {999990, 1e6, 12.7896017236506447},
	    {1e200, 1e200, 454.39804503371403},
	    {7, 0, 0},
	};

	for (size_t i = 0; i < COUNT(row); i++)
		check_near(
		    onn_ref_absorbance(row[i].s, row[i].depth), row[i].A, 1e-15 * fabs(row[i].A));
	ck_assert(onn_ref_absorbance(INFINITY, 1) == 0);
	ck_assert(isinf(onn_ref_absorbance(1, INFINITY)));
	ck_assert(isnan(onn_ref_absorbance(NAN, 1)));
	ck_assert(isnan(onn_ref_absorbance(1, NAN)));
}
END_TEST

static onn_ref_number cast(onn_type from, onn_type to, double x)
{
	onn_instr instr = {.op = ONN_OP_CAST, .type = to, .source = from, .arity = 1};
	onn_ref_number in = x;

	return onn_ref_apply(&instr, &in);
}

START_TEST(casts_truncate_saturate_and_wrap)
{
	ck_assert(cast(ONN_F64, ONN_I32, -1.9) == -1);
	ck_assert(cast(ONN_F64, ONN_U8, 300.5) == 255);
	ck_assert(cast(ONN_F32, ONN_U32, -7) == 0);
	ck_assert(cast(ONN_F64, ONN_I32, 1e300) == INT32_MAX);
	ck_assert(cast(ONN_F64, ONN_I32, NAN) == 0);
	ck_assert(cast(ONN_I32, ONN_U32, -1) == UINT32_MAX);
	ck_assert(cast(ONN_U32, ONN_I32, UINT32_MAX) == -1);
	ck_assert(cast(ONN_I32, ONN_U8, 257) == 1);
	ck_assert(cast(ONN_F64, ONN_F32, 0.1) == 0.1f);
}
END_TEST

/* Compilers may leave out a rounding there and back. */
START_TEST(numbers_in_single_precision_are_rounded)
{
	const onn_ref_number z = onn_ref_complex(0.1, -0.3), single = onn_ref_round(ONN_C64, z);

	ck_assert(onn_ref_round(ONN_F32, z) == 0.1f);
	ck_assert(creal(single) == 0.1f && cimag(single) == -0.3f);
	ck_assert(onn_ref_round(ONN_C128, z) == z);
}
END_TEST

static onn_ref_number integer(onn_op op, onn_type type, double a, double b)
{
	onn_instr instr = {.op = op, .type = type, .source = type, .arity = 2};
	onn_ref_number in[2] = {a, b};

	return onn_ref_apply(&instr, in);
}

START_TEST(integers_wrap_around)
{
	ck_assert(integer(ONN_OP_ADD, ONN_I32, INT32_MAX, 1) == INT32_MIN);
	ck_assert(integer(ONN_OP_SUB, ONN_U32, 0, 1) == UINT32_MAX);
	ck_assert(integer(ONN_OP_MUL, ONN_U32, UINT32_MAX, UINT32_MAX) == 1);
	ck_assert(integer(ONN_OP_MUL, ONN_I32, 65536, 65537) == 65536);
	ck_assert(integer(ONN_OP_MAX, ONN_I32, -3, 2) == 2);
}
END_TEST

TESTS("reference", sinc_agrees_with_mpmath_to_order_8, sinc_of_tiny_arguments_has_all_its_digits,
    sinc_agrees_with_its_integral, absorbance_agrees_with_mpmath, casts_truncate_saturate_and_wrap,
    numbers_in_single_precision_are_rounded, integers_wrap_around)
