/* Matrix products of the device c. */
#include "scene.h"

START_TEST(products_of_batches_agree_with_the_reference)
{
	static const size_t size[][3] = {
	    {1, 1, 1}, {64, 128, 784}, {784, 128, 64}, {33, 10, 70}, {7, 300, 90}, {5, 6, 0}};
	for (size_t i = 0; i < COUNT(size); i++)
		for (int type = ONN_F32; type <= ONN_C128; type++)
			for (int op = 0; op < 16; op += 5) {
				onn_type t = (onn_type)type;
				size_t m = size[i][0], n = size[i][1], k = size[i][2];
				scene s;
				begin(&s, ONN_STEP_MATMUL);
				onn_matrix *a = &s.step.u.matmul.a, *b = &s.step.u.matmul.b;
				a->op = op & 3;
				b->op = op >> 2;
				a->ld = a->op & ONN_T ? m : k;
				b->ld = b->op & ONN_T ? k : n;
				/* batches [2, 3]: a is broadcast over the second, b over the first
				 */
				a->value = add_value(&s, t, 2 * m * k + 5, -1, 1);
				a->offset = 5;
				a->batch_stride[0] = (ptrdiff_t)(m * k);
				b->value = add_value(&s, t, 3 * k * n, -1, 1);
				b->batch_stride[1] = (ptrdiff_t)(k * n);
				s.step.u.matmul.c = add_value(&s, t, 6 * m * n, 0, 0);
				s.step.u.matmul.m = m;
				s.step.u.matmul.n = n;
				s.step.u.matmul.k = k;
				s.step.u.matmul.nbatch = 2;
				s.step.u.matmul.batch[0] = 2;
				s.step.u.matmul.batch[1] = 3;
				if (m * n * k > 1000000 && (op != 0 || t != ONN_F32))
					continue; /* the reference is slow */
				check_scene(
				    "matmul", &s, onn_type_real(t) == ONN_F32 ? 1e-5 : 1e-13);
			}
}
END_TEST

/* Few rows, many terms, and neither number a round one: the sum is cut into parts. */
START_TEST(products_of_long_sums_agree_with_the_reference)
{
	enum { M = 23, N = 66, K = 1203 };
	for (int op = 0; op < 4; op++) {
		scene s;
		begin(&s, ONN_STEP_MATMUL);
		onn_matrix *a = &s.step.u.matmul.a, *b = &s.step.u.matmul.b;
		a->op = op & 1 ? ONN_T : ONN_N;
		b->op = op & 2 ? ONN_T : ONN_N;
		a->ld = a->op & ONN_T ? M + 3 : K + 2;
		b->ld = b->op & ONN_T ? K : N + 1;
		a->value = add_value(&s, ONN_F32, (size_t)(M + 3) * (K + 2), -1, 1);
		b->value = add_value(&s, ONN_F32, (size_t)(N + 1) * K, -1, 1);
		s.step.u.matmul.c = add_value(&s, ONN_F32, M * N, 0, 0);
		s.step.u.matmul.m = M;
		s.step.u.matmul.n = N;
		s.step.u.matmul.k = K;
		check_scene("matmul of long sums", &s, 1e-5);
	}
}
END_TEST

int main(void)
{
	return run_scenes("matmul", (const TTest *[]){products_of_batches_agree_with_the_reference,
	                                products_of_long_sums_agree_with_the_reference, NULL});
}
