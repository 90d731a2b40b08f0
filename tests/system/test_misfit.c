/* What is smaller than a pixel or off the grid is told, and nothing else. */
#include "system.h"

static onn_device *device;

START_TEST(what_does_not_fit_its_grid_is_told_by_name)
{
	static const struct {
		const char *layer, *wanted;
	} row[] = {
	    {"\"aperture\", \"radius\": \"3um\"",
	        "its radius makes it smaller than a pixel, which is "
	        "8 um x 8 um (y, x)"},
	    {"\"aperture\", \"shape\": \"rectangle\", \"sides\": [\"5um\", \"1mm\"]",
	        "its sides makes it smaller"},
	    {"\"aperture\", \"radius\": \"50um\", \"at\": [0, \"1mm\"]",
	        "at y = 0 m, x = 1 mm it is off the grid, which is 512 um x 512 um (y, x)"},
	    {"\"plane\", \"radius\": \"1um\"", "its radius"},
	    {"\"slits\", \"width\": \"2um\"", "its width"},
	    {"\"camera\", \"radius\": \"1um\"", "its radius"},
	    {"\"camera\", \"radius\": \"1um\", \"at\": [\"-1mm\", 0]",
	        "(y, x); at y = -1 mm, x = 0 m it is off the grid"},
	    {"\"aperture\", \"radius\": \"5mm\"", ""},
	    {"\"aperture\", \"radius\": \"50um\", \"at\": [0, \"280um\"]", ""},
	    {"\"aperture\", \"shape\": \"rectangle\", \"sides\": \"8um\"", ""},
	    {"\"lens\", \"at\": [0, \"1mm\"], \"f\": \"1m\"", ""},
	    {"\"camera\"", ""},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		char layers[512];
		bool source = strstr(row[i].layer, "plane") || strstr(row[i].layer, "slits");
		snprintf(layers, sizeof layers, "%s{\"layer\": %s}",
		    source ? "" : "{\"layer\": \"plane\"}, ", row[i].layer);
		onn_system *system = system_of(64, "", layers);
		onn_system_result *result = result_of(system, device);
		const char *why = onn_system_step_at(result, !source)->misfit;
		ck_assert_msg(row[i].wanted[0] ? strstr(why, row[i].wanted) != NULL : !why[0],
		    "%s: %s", row[i].layer, why);
		onn_system_result_destroy(result);
		onn_system_destroy(system);
	}
}
END_TEST

TESTS_ON_DEVICE("system_misfit", what_does_not_fit_its_grid_is_told_by_name)
