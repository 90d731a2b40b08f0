#include <stdlib.h>

#include <onn/design.h>

#include "record.h"
#include "run.h"

int run_refuse_design(const command *c, const char *folder)
{
	onn_design_config design;

	/* it has a config.json too, but another one */
	return onn_design_config_load(&design, folder)
	           ? EXIT_OK
	           : command_fail(
	                 c, "%s is a design, of onn design; expected a run of onn train", folder);
}

int run_config(const command *c, const char *folder, onn_train_config *config)
{
	onn_status status = onn_train_config_load(config, folder);
	if (!status)
		return EXIT_OK;
	if (status == ONN_ERROR_FILE && record_refuse_several(c, folder, false))
		return EXIT_FAILED;
	if (status == ONN_ERROR_FORMAT && run_refuse_design(c, folder))
		return EXIT_FAILED;
	if (status == ONN_ERROR_FORMAT)
		status = onn_train_config_load(config, folder); /* its text once more */
	return status ? command_status(c, status) : EXIT_OK;
}

int run_load(const command *c, const char *folder, onn_train_config *config, onn_model **model)
{
	char *best = path_join(folder, "best.npz");
	int code = EXIT_FAILED;
	onn_status status = ONN_OK;

	if (!best)
		command_fail(c, "no memory");
	else if (run_config(c, folder, config))
		code = EXIT_FAILED;
	else if (config->options.seeds > 1)
		command_fail(c,
		    "%s holds several seeds; expected one of them, such as %s/seed-%llu", folder,
		    folder, (unsigned long long)config->options.seed);
	else if ((status = onn_model_load(model, best)))
		command_status(c, status);
	else
		code = EXIT_OK;
	free(best);
	return code;
}

run_white run_knows_white(const onn_train_config *config)
{
	if (config->range[0] < 0 || config->range[1] > 1)
		return RUN_AS_THEY_STAND;
	return *config->digest || config->scale != 1 ? RUN_WHITE : RUN_WHITE_UNRECORDED;
}

int run_refuse_white(const command *c, const onn_train_config *config, const char *what)
{
	if (run_knows_white(config) != RUN_AS_THEY_STAND)
		return EXIT_OK;
	return command_fail(c,
	    "%s says what white is, and the run learned floats from %g to %g, which do not; "
	    "expected floats as in its data set, in an array",
	    what, config->range[0], config->range[1]);
}
