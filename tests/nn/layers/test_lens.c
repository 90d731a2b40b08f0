/* Lenses: light is gathered at the focus. */
#include "bench.h"

static onn_device *device;

START_TEST(a_lens_gathers_light_at_its_focus)
{
	enum { N = 64 };
	onn_model *model = model_of_layers(4, 4, 1,
	    (const layer_text[]){{"encode", "grid=64 pitch=1e-3 wavelength=1e-4 image=32"},
	        {"lens", "f=1 at=0,4e-3"}, {"space", "distance=1"}, {"detect", "regions=1"},
	        {NULL, NULL}});
	double white[16], light[N * N];
	size_t best = 0;
	for (size_t i = 0; i < 16; i++)
		white[i] = 1;
	plane_of(light, device, model, white, 1);
	for (size_t i = 0; i < N * N; i++)
		best = light[i] > light[best] ? i : best;
	/* on the lens's own axis, 4 pixels to the right of the grid's: (a^2/(lambda f))^2 = 104 of
	 * a square of side a, less what its corners lose */
	ck_assert_uint_eq(best / N, N / 2);
	ck_assert_uint_eq(best % N, N / 2 + 4);
	ck_assert(light[best] > 80 && light[best] < 105);
	onn_model_destroy(model);
}
END_TEST

TESTS_ON_DEVICE("lens", a_lens_gathers_light_at_its_focus)
