#include <stdlib.h>

#include "run.h"

int run_load(const command *c, const char *folder, onn_train_config *config, onn_model **model)
{
	char *summary = path_join(folder, "summary.json"), *best = path_join(folder, "best.npz");
	int code = EXIT_FAILED;
	onn_status status;

	if (!summary || !best)
		command_fail(c, "no memory");
	else if (!path_exists(best) && path_exists(summary))
		command_fail(c, "%s holds several seeds; expected one of them, such as %s/seed-0",
		    folder, folder);
	else if ((status = onn_train_config_load(config, folder)) ||
	         (status = onn_model_load(model, best)))
		command_status(c, status);
	else
		code = EXIT_OK;
	free(summary);
	free(best);
	return code;
}
