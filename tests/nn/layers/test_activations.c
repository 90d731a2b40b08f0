/* What is done to each number by itself: activations, absorbers, scales. */
#include "bench.h"

static onn_device *device;

static void check_each(const char *kind, const char *settings, const double want[4])
{
	onn_model *model = model_of_layers(1, 4, 4,
	    (const layer_text[]){{"flatten", NULL}, {"scale", "factor=4 offset=-2"},
	        {kind, settings}, {NULL, NULL}});
	double y[4];
	outputs_of(y, device, model, (double[]){0, .5, .75, 1}); /* -2 0 1 2 */
	for (size_t i = 0; i < 4; i++)
		check_near(y[i], want[i], 1e-6);
	onn_model_destroy(model);
}

START_TEST(each_number_becomes_what_its_function_says)
{
	check_each("relu", NULL, (double[]){0, 0, 1, 2});
	check_each("tanh", NULL, (double[]){tanh(-2), 0, tanh(1), tanh(2)});
	check_each("sigmoid", NULL,
	    (double[]){1 / (1 + exp(2)), .5, 1 / (1 + exp(-1)), 1 / (1 + exp(-2))});
	check_each("scale", "factor=-.5 offset=.25", (double[]){1.25, .25, -.25, -.75});
	/* depth 10, thin, amplitude: physics.md's numbers */
	check_each("absorber", NULL, (double[]){-.735758882343, 0, .0820849986239, .735758882343});
	check_each("absorber", "medium=thick",
	    (double[]){-.0990865182783, 0, .0111083111644, .0990865182783});
}
END_TEST

TESTS_ON_DEVICE("activations", each_number_becomes_what_its_function_says)
