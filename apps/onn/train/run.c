#include <stdlib.h>

#include "run.h"

int run_load(const command *c, const char *folder, onn_train_config *config, onn_model **model)
{
	char *best = path_join(folder, "best.npz");
	int code = EXIT_FAILED;
	onn_status status = onn_train_config_load(config, folder);

	if (!best)
		command_fail(c, "no memory");
	else if (!status && config->options.seeds > 1)
		command_fail(c,
		    "%s holds several seeds; expected one of them, such as %s/seed-%llu", folder,
		    folder, (unsigned long long)config->options.seed);
	else if (status || (status = onn_model_load(model, best)))
		command_status(c, status);
	else
		code = EXIT_OK;
	free(best);
	return code;
}
