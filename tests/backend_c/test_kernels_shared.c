/* The functions of cl/shared against numbers made with mpmath at 50 digits, and at their edges. */
#include "testing.h"

#include "shared/all.h"

/* |a - b| <= tolerance |b|, part by part. */
#define check_complex(z, want, tolerance)                                                          \
	do {                                                                                       \
		check_near((z).x, (want).x, (tolerance)*fabs((want).x));                           \
		check_near((z).y, (want).y, (tolerance)*fabs((want).y));                           \
	} while (0)

static const struct {
	pw_c128 z, exp, log, sqrt, sin, cos, tanh;
} complex_row[] = {
    {{0.5, -1.25}, {0.51987868600849366, -1.5646111274988195},
        {0.29735355387334639, -1.1902899496825317}, {0.96080466323379853, -0.65049642650195474},
        {0.90535863442095726, -1.4058162504314683}, {1.6572478640539147, 0.76800091787357285},
        {1.583963548284424, -0.80663469885107362}},
    {{-3.0, 4.0}, {-0.032542999640154785, -0.037678977574865855},
        {1.6094379124341004, 2.214297435588181}, {1.0, 2.0},
        {-3.8537380379193773, -27.016813258003934}, {-27.034945603074225, 3.8511533348117775},
        {-1.0007095360672329, 0.0049082580674960603}},
    {{1.0, 1.0000000000000001e-9}, {2.7182818284590452, 2.7182818284590454e-9},
        {5.0000000000000006e-19, 1.0000000000000001e-9}, {1.0, 5.0000000000000003e-10},
        {0.84147098480789651, 5.4030230586813975e-10},
        {0.54030230586813972, -8.4147098480789656e-10},
        {0.76159415595576489, 4.199743416140261e-10}},
    {{-0.25, -2.5}, {-0.6239312751406085, -0.46609057447458398},
        {0.92126589730073911, -1.6704649792860586}, {1.0635950604624446, -1.1752593129348566},
        {-1.5171526965636542, -5.8621182755688552}, {5.9416514503716519, -1.4968445429086996},
        {-0.36923381326946294, 0.67946738885900963}},
    {{30.0, 1.0}, {5773926857998.9303, 8992358290239.9429},
        {3.401752628804169, 0.033320995878247197}, {5.477986036839053, 0.091274420313877544},
        {-1.5246124657227495, 0.1812764880291758}, {0.23802242521370496, 1.1611359439917549},
        {1.0, 1.5924545408982667e-26}},
    {{-30.0, -1.0}, {5.0559452675090137e-14, -7.874168215050934e-14},
        {3.401752628804169, -3.108271657711546}, {0.091274420313877544, -5.477986036839053},
        {1.5246124657227495, -0.1812764880291758}, {0.23802242521370496, 1.1611359439917549},
        {-1.0, -1.5924545408982667e-26}},
    {{0.75, 30.0}, {0.32655032197454459, -2.0916629646184363},
        {3.4015097840465764, 1.5458015331759765}, {3.921694374604798, 3.8248773533025758},
        {3642157641385.6066, 3909587249402.2361}, {3909587249402.2361, -3642157641385.6066},
        {1.5209175523170289, -0.21772239555393298}},
    {{0.0009765625, 0.000732421875}, {1.0009767710094646, 0.00073313741454938792},
        {-6.7083282542852433, 0.64350110879328439}, {0.033145630368119415, 0.011048543456039805},
        {0.00097656260671402249, 0.00073242159123765133},
        {0.99999979138366527, -7.1525568756669297e-7},
        {0.00097656271342772966, 0.00073242130747527869}},
};

START_TEST(complex_functions_agree_with_mpmath)
{
	for (size_t i = 0; i < COUNT(complex_row); i++) {
		pw_c128 z = complex_row[i].z;
		check_complex(pw_exp_c128(z), complex_row[i].exp, 2e-15);
		check_complex(pw_log_c128(z), complex_row[i].log, 2e-15);
		check_complex(pw_sqrt_c128(z), complex_row[i].sqrt, 2e-15);
		check_complex(pw_sin_c128(z), complex_row[i].sin, 2e-15);
		check_complex(pw_cos_c128(z), complex_row[i].cos, 2e-15);
		check_complex(pw_tanh_c128(z), complex_row[i].tanh, 2e-15);
		pw_c64 f = {(float)z.x, (float)z.y};
		check_complex(pw_exp_c64(f), complex_row[i].exp, 1e-6);
		check_complex(pw_sqrt_c64(f), complex_row[i].sqrt, 1e-6);
		check_complex(pw_sin_c64(f), complex_row[i].sin, 1e-6);
		check_complex(pw_tanh_c64(f), complex_row[i].tanh, 1e-6);
	}
}
END_TEST

START_TEST(complex_functions_overflow_only_where_they_must)
{
	pw_c128 large = {3e200, -4e200}, small = {3e-200, 4e-200}, q;
	check_near(pw_abs_c128(large), 5e200, 1e186);
	check_near(pw_abs_c128(small), 5e-200, 1e-214);
	q = pw_div_c128(large, large);
	check_near(q.x, 1, 1e-15);
	check_near(q.y, 0, 1e-15);
	q = pw_recip_c128(small);
	check_complex(q, ((pw_c128){1.2e199, -1.6e199}), 1e-14);
	q = pw_sqrt_c128(large);
	check_complex(q, ((pw_c128){2e100, -1e100}), 1e-14);
	check_near(pw_log_c128(large).x, 462.12645651124325, 1e-12);
	/* exp(710) is too large for a double, exp(710) cos(pi/2 - 1e-3) is not */
	q = pw_exp_c128((pw_c128){710, 1.5697963267948966});
	ck_assert(isfinite(q.x) && isinf(q.y));
	q = pw_sin_c128((pw_c128){1e-3, 710.4});
	ck_assert(isfinite(q.x));
	q = pw_tanh_c128((pw_c128){800, 1});
	check_near(q.x, 1, 0);
	check_near(q.y, 0, 1e-300);
	q = pw_tanh_c128((pw_c128){-800, 1});
	check_near(q.x, -1, 0);
}
END_TEST

START_TEST(complex_functions_keep_zeros_infinities_and_nan)
{
	pw_c128 zero = {0, 0}, q;
	check_near(pw_abs_c128(zero), 0, 0);
	ck_assert(isinf(pw_abs_c128((pw_c128){-INFINITY, 1})));
	ck_assert(isnan(pw_abs_c128((pw_c128){NAN, 1})));
	ck_assert(isnan(pw_abs_c128((pw_c128){1, NAN})));
	q = pw_sqrt_c128(zero);
	ck_assert(q.x == 0 && q.y == 0);
	q = pw_sqrt_c128((pw_c128){-4, -0.0});
	ck_assert(q.x == 0 && q.y == -2);
	q = pw_sqrt_c128((pw_c128){-INFINITY, 1});
	ck_assert(q.x == 0 && isinf(q.y));
	q = pw_sqrt_c128((pw_c128){NAN, 1});
	ck_assert(isnan(q.x));
	q = pw_div_c128((pw_c128){1, -1}, zero);
	ck_assert(isinf(q.x) && isinf(q.y) && q.y < 0);
	q = pw_div_c128((pw_c128){1, 1}, (pw_c128){INFINITY, 1});
	ck_assert(q.x == 0 && q.y == 0);
	q = pw_div_c128((pw_c128){NAN, 1}, (pw_c128){1, 2});
	ck_assert(isnan(q.x));
	q = pw_exp_c128((pw_c128){INFINITY, 0});
	ck_assert(isinf(q.x) && q.y == 0);
	ck_assert(isinf(pw_log_c128(zero).x));
}
END_TEST

START_TEST(absorbance_agrees_with_mpmath_where_both_are_large_too)
{
	static const struct {
		double s, a0, a;
	} row[] = {
	    {0.0, 3.0, 3.0}, {1.0000000000000001e-9, 2.0, 1.9999999991353353},
	    {0.5, 1.0e-8, 6.6666666740740742e-9}, {1.0, 10.0, 9.0001233945769256},
	    {4.0, 10.0, 6.0098181381045101}, {699.0, 700.0, 5.1311056574270525},
	    {701.0, 700.0, 4.7954370027717279}, {10000.0, 5.0, 0.00050007500916637432},
	    {1000000000.0, 700.0, 7.000002443001136e-7}, {12.0, 0.5, 0.039160167165239223},
	    {1e5, 1e5, 9.28457142862210898}, {1000020, 1e6, 10.401053301864678},
	    {1e6, 3000, 0.00300450600675207966}, {1e9, 1e9, 17.8417259674214692},
	    {3e38, 3e38, 84.1640776237733307}, /* in f32 s and a0 change, but together */
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		check_near(pw_absorbance_f64(row[i].s, row[i].a0), row[i].a, 2e-15 * row[i].a);
		check_near(pw_absorbance_f32((float)row[i].s, (float)row[i].a0), row[i].a,
		    1e-6 * row[i].a);
	}
	check_near(pw_absorbance_f64(1e200, 1e200), 454.398045033714, 1e-12);
	ck_assert(pw_absorbance_f64(5, 0) == 0);
	ck_assert(pw_absorbance_f64(0, 0) == 0);
	ck_assert(pw_absorbance_f64(INFINITY, 5) == 0 && pw_absorbance_f32(INFINITY, 5) == 0);
	ck_assert(isinf(pw_absorbance_f64(5, INFINITY)) && isinf(pw_absorbance_f32(0, INFINITY)));
	ck_assert(isnan(pw_absorbance_f64(INFINITY, INFINITY)));
	ck_assert(isnan(pw_absorbance_f64(NAN, 5)));
	ck_assert(isnan(pw_absorbance_f64(5, NAN)));
}
END_TEST

/* x f_n + n f_(n-1) is the n-th derivative of sin, which neither recurrence leaves out. */
START_TEST(sinc_of_high_order_fulfils_its_recurrence)
{
	static const double pi_2 = 1.5707963267948966;
	for (int n = 1; n <= 40; n++)
		for (double x = -50; x <= 50; x += 0.734) {
			double f = pw_sinc_f64(x, n), before = pw_sinc_f64(x, n - 1);
			check_near(x * f + n * before, sin(x + n * pi_2), 1e-13 * (n + fabs(x)));
			check_near(pw_sinc_f32((float)x, n), pw_sinc_f64((float)x, n), 1e-6);
		}
	for (int n = 0; n <= 12; n++) {
		double at_0 = n % 2 ? 0 : (n % 4 ? -1.0 : 1.0) / (n + 1);
		check_near(pw_sinc_f64(0, n), at_0, 1e-16);
		check_near(pw_sinc_f64(1e-8, n), at_0, 2e-8);
	}
}
END_TEST

START_TEST(min_and_max_give_nan_for_nan_on_either_side)
{
	ck_assert(isnan(pw_max_f32(NAN, 1)) && isnan(pw_max_f32(1, NAN)));
	ck_assert(isnan(pw_min_f64(NAN, 1)) && isnan(pw_min_f64(1, NAN)));
	ck_assert(pw_max_f64(-INFINITY, 2) == 2 && pw_min_f64(INFINITY, 2) == 2);
	ck_assert(pw_less_f32(NAN, 1) == 0 && pw_equal_f32(NAN, NAN) == 0);
	ck_assert(isnan(pw_sign_f32(NAN)) && pw_sign_f32(-3) == -1 && pw_sign_f32(0) == 0);
	ck_assert(pw_round_f64(2.5) == 2 && pw_round_f64(-3.5) == -4);
}
END_TEST

START_TEST(complex_signs_have_length_1_for_large_and_small_numbers_and_keep_0)
{
	static const double scale[] = {1, 1e-310, 1e-160, 1e160, 1e307};
	for (size_t i = 0; i < COUNT(scale); i++) {
		pw_c128 z = pw_sign_c128((pw_c128){3 * scale[i], -4 * scale[i]});
		check_complex(z, ((pw_c128){.6, -.8}), i == 1 ? 1e-13 : 1e-15);
	}
	pw_c64 small = pw_sign_c64((pw_c64){-4e-30f, 3e-30f});
	check_complex(small, ((pw_c128){-.8, .6}), 2e-7);
	pw_c64 none = pw_sign_c64((pw_c64){0, 0}), line = pw_sign_c64((pw_c64){0, -7});
	ck_assert(none.x == 0 && none.y == 0 && line.x == 0 && line.y == -1);
	ck_assert(isnan(pw_sign_c128((pw_c128){NAN, 1}).y));
}
END_TEST

START_TEST(casts_to_integers_truncate_and_stay_inside)
{
	ck_assert_int_eq(pw_cast_f32_i32(-2.9f), -2);
	ck_assert_int_eq(pw_cast_f32_i32(3e9f), INT32_MAX);
	ck_assert_int_eq(pw_cast_f64_i32(-3e9), INT32_MIN);
	ck_assert_int_eq(pw_cast_f64_i32(NAN), 0);
	ck_assert_uint_eq(pw_cast_f64_u32(-1.5), 0);
	ck_assert_uint_eq(pw_cast_f64_u32(4294967295.0), UINT32_MAX);
	ck_assert_uint_eq(pw_cast_f32_u32(INFINITY), UINT32_MAX);
	ck_assert_uint_eq(pw_cast_f32_u8(255.9f), 255);
	ck_assert_uint_eq(pw_cast_f64_u8(300), 255);
	ck_assert_uint_eq(pw_cast_i32_u32(-1), UINT32_MAX);
	ck_assert_int_eq(pw_cast_u32_i32(UINT32_MAX), -1);
	ck_assert(pw_cast_u8_c64(7).x == 7 && pw_cast_u8_c64(7).y == 0);
	ck_assert(pw_cast_c128_c64((pw_c128){1, -2}).y == -2);
}
END_TEST

START_TEST(integer_arithmetic_wraps_around)
{
	ck_assert_int_eq(pw_add_i32(INT32_MAX, 1), INT32_MIN);
	ck_assert_int_eq(pw_mul_i32(65536, 65536), 0);
	ck_assert_int_eq(pw_neg_i32(INT32_MIN), INT32_MIN);
	ck_assert_uint_eq(pw_sub_u32(0, 1), UINT32_MAX);
}
END_TEST

TESTS("shared", complex_functions_agree_with_mpmath,
    complex_signs_have_length_1_for_large_and_small_numbers_and_keep_0,
    complex_functions_overflow_only_where_they_must,
    complex_functions_keep_zeros_infinities_and_nan,
    absorbance_agrees_with_mpmath_where_both_are_large_too,
    sinc_of_high_order_fulfils_its_recurrence, min_and_max_give_nan_for_nan_on_either_side,
    casts_to_integers_truncate_and_stay_inside, integer_arithmetic_wraps_around)
