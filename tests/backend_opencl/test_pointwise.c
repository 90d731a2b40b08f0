/* Programs: views, numbers, the user's own operations, and their profile. */
#include "kernels.h"

#include <locale.h>

START_TEST(views_with_steps_backwards_and_broadcasts_agree)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 3, (size_t[]){5, 6, 7}, -1, 1);
	onn_node y = trial_input(&t, ONN_F32, 2, (size_t[]){6, 1}, -1, 1);
	onn_node z = onn_slice(t.g, onn_slice(t.g, x, 2, 6, 4, -2), 0, 1, 2, 3);

	check_trial(&t, onn_mul(t.g, z, onn_exp(t.g, y)), close32);
	check_trial(&t, onn_sin(t.g, onn_permute(t.g, x, (int[]){2, 0, 1})), close32);
	check_trial(&t, onn_roll(t.g, onn_square(t.g, x), 1, 2), close32);
	check_trial(&t, onn_concat(t.g, (onn_node[]){onn_neg(t.g, x), x}, 2, 1), 0.0);
	trial_end(&t);
}
END_TEST

START_TEST(no_locale_changes_a_number)
{
	char *old = strdup(setlocale(LC_ALL, NULL));
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 1, (size_t[]){100}, 0, 1);
	onn_node y = onn_add_real(t.g, onn_mul_real(t.g, x, 0.625), 1e-3);

	/* where none of them is installed the test still checks "C" */
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		printf("no locale with a decimal comma is installed\n");
	check_trial(&t, y, close32);
	setlocale(LC_ALL, old);
	free(old);
	trial_end(&t);
}
END_TEST

static void copy32(float *y, const float *const x[], size_t n) { memcpy(y, x[0], n * sizeof *y); }
static void copy64(double *y, const double *const x[], size_t n) { memcpy(y, x[0], n * sizeof *y); }
static const onn_operation broken = {
    "broken", 1, copy32, copy64, "return a + no_such_thing;", NULL};
static const onn_operation silent = {"silent", 1, copy32, copy64, NULL, NULL};

/* The user's text is compiled where kernels run. Oclgrind would report the failure, which is
 * wanted. */
START_TEST(an_operation_that_does_not_build_gives_the_compilers_log)
{
	if (simulated || strncmp(onn_device_name(device), "opencl-pure", 11) != 0)
		return;
	onn_plan *plan = NULL;
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 1, (size_t[]){4}, 0, 1);
	onn_node y = onn_custom(t.g, &broken, &x);

	check_error(
	    onn_plan_create(&plan, device, t.g, &y, 1, NULL), ONN_ERROR_DEVICE, "no_such_thing");
	ck_assert_ptr_null(plan);
	y = onn_custom(t.g, &silent, &x);
	check_error(
	    onn_plan_create(&plan, device, t.g, &y, 1, NULL), ONN_ERROR_UNSUPPORTED, "silent");
	trial_end(&t);
}
END_TEST

START_TEST(a_profile_counts_runs_and_seconds)
{
	const size_t side = simulated ? 30 : 300;
	trial t = trial_start();
	onn_node a = trial_input(&t, ONN_F32, 2, (size_t[]){side, side}, 0, 0.01);
	onn_node y = onn_sum(t.g, onn_exp(t.g, onn_matmul(t.g, a, a)), NULL, 0, false);
	char *table = trial_profile(&t, device, y, 3);

	ck_assert_msg(strstr(table, "matmul") && strstr(table, "3 runs"), "%s", table);
	/* how each step is done */
	ck_assert_msg(strstr(table, "kernel") || strstr(table, "native: rows"), "%s", table);
	onn_free(table);
	trial_end(&t);
}
END_TEST

int main(void)
{
	return run_kernel_tests(
	    "opencl pointwise", (const TTest *[]){views_with_steps_backwards_and_broadcasts_agree,
	                            no_locale_changes_a_number,
	                            an_operation_that_does_not_build_gives_the_compilers_log,
	                            a_profile_counts_runs_and_seconds, NULL});
}
