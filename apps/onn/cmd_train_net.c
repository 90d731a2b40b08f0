/* onn train net: any list of layers from a file. */
#include <stdio.h>
#include <string.h>

#include "train/rows.h"

static const option_row rows[] = {
    {OPTION("network", FILE, network), .needed = true, .shown = "FILE.json",
        .help = "the list of layers; needed, but for --resume"},
    TRAIN_DATA_ROWS,
    TRAIN_STEP_ROWS(NULL),
    TRAIN_LIMIT_ROWS,
    TRAIN_NOISE_ROWS,
    TRAIN_PHASE_NOISE_ROW,
    TRAIN_RUN_ROWS,
};

static bool recall(train_settings *s, const onn_network *network)
{
	return !strcmp(onn_network_model(network), "network") &&
	       onn_network_copy(&s->list, network) == ONN_OK;
}

/* The file's list or, where none is given, that of the run. */
static onn_status make(onn_network **network, train_settings *s, const onn_dataset *dataset)
{
	onn_status status =
	    s->network ? onn_network_load(network, s->network) : onn_network_copy(network, s->list);

	if (!status)
		status =
		    onn_network_fit(*network, dataset->height, dataset->width, dataset->classes);
	return status ? status : onn_network_check(*network);
}

static void announce(const onn_network *network)
{
	printf("of %zu layers:", onn_network_layers(network));
	for (size_t i = 0; i < onn_network_layers(network); i++)
		printf(" %s", onn_network_kind(network, i));
}

static const train_network network = {
    .command = &command_train_net, .recall = recall, .make = make, .announce = announce};

static int run(int argc, char **argv) { return train_run(&network, argc, argv); }

const command command_train_net = {
    .name = "train net",
    .summary = "train any list of layers, of light, of numbers or of both",
    .text = "Trains a network that a file describes as a list of layers, such as plates in free "
            "space with a linear layer behind their detectors. 'onn show --json RUN' writes the "
            "list of a network that was trained by other commands, to begin with, and 'onn show "
            "FILE.json' says what a list comes to. " TRAIN_TEXT,
    ROWS(rows),
    .example = "onn train net --network hybrid.json --dataset mnist --out runs/hybrid\n"
               "onn train net --out runs/hybrid --resume",
    .run = run,
};
