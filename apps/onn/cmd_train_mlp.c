/* onn train mlp: its options, and the perceptron that they make. */
#include <stdio.h>

#include "train/rows.h"

#define MLP(name) SETTING(name, onn_mlp_settings, mlp)

static const option_row rows[] = {
    TRAIN_DATA_ROWS,
    {MLP("hidden"), .help = "widths of the hidden layers; none: a linear classifier"},
    {MLP("activation"), .help = "what follows each hidden layer; sa is the saturable absorber"},
    TRAIN_ABSORBER_ROWS(MLP),
    {MLP("loss"), .help = "mean squared error against one-hot targets, or negative log-likelihood "
                          "of the log-softmax"},
    TRAIN_STEP_ROWS("5e-4"),
    TRAIN_LIMIT_ROWS,
    TRAIN_NOISE_ROWS,
    TRAIN_START_ROWS(MLP),
    TRAIN_RUN_ROWS,
};

static bool recall(train_settings *s, const onn_network *network)
{
	return onn_network_is_mlp(&s->mlp, network);
}

static onn_status make(onn_network **network, train_settings *s, const onn_dataset *dataset)
{
	s->mlp.inputs = dataset->height * dataset->width;
	s->mlp.outputs = dataset->classes;
	return onn_network_of_mlp(network, &s->mlp);
}

static void announce(const onn_network *network)
{
	onn_mlp m = ONN_MLP_INIT;

	onn_network_is_mlp(&m, network);
	printf("%zu", m.inputs);
	for (size_t i = 0; i < m.nhidden; i++)
		printf("-%zu", m.hidden[i]);
	printf("-%zu, %s", m.outputs, onn_activation_name(m.activation));
	if (m.activation == ONN_ACTIVATION_SA)
		train_announce_absorber(&m.absorber);
}

static const train_network network = {
    .command = &command_train_mlp, .recall = recall, .make = make, .announce = announce};

static int run(int argc, char **argv) { return train_run(&network, argc, argv); }

const command command_train_mlp = {
    .name = "train mlp",
    .summary = "train a multilayer perceptron with saturable absorbers",
    .text = "Trains a perceptron whose hidden layers are followed by saturable absorbers, "
            "and whose errors flow back as a weak probe beam would carry them. " TRAIN_TEXT,
    ROWS(rows),
    .example = "onn train mlp --epochs 20 --out runs/digits\n"
               "onn train mlp --dataset mnist --data-dir data --gradient exact --out runs/mnist\n"
               "onn train mlp --out runs/digits --resume",
    .run = run,
};
