/* onn train mlp: its options, and the perceptron that they make. */
#include <stdio.h>

#include "train/rows.h"

#define MLP(name) SETTING(name, onn_mlp_settings, mlp)

static const option_row rows[] = {
    TRAIN_DATA_ROWS,
    {MLP("hidden"), .help = "widths of the hidden layers; none: a linear classifier"},
    {MLP("activation"), .help = "what follows each hidden layer; sa is the saturable absorber"},
    {MLP("medium"), .setting = "absorber.medium",
        .help = "absorber: one saturation for all of it, or a beam that is absorbed on its way, or "
                "pulses in a medium that remembers"},
    {MLP("encoding"), .setting = "absorber.encoding", .help = "absorber: what the numbers are"},
    {MLP("od"), .setting = "absorber.od",
        .help = "absorber: optical depth on resonance for a weak beam's intensity"},
    {MLP("isat"), .setting = "absorber.isat",
        .help = "absorber: saturation intensity in the input's units (squared, for an amplitude)"},
    {MLP("gradient"), .setting = "absorber.gradient",
        .help = "absorber: what flows backward: what a weak probe beam sees (approximate, also "
                "called probe), the true derivative, or one of three controls"},
    {MLP("t1"), .setting = "absorber.t1",
        .help = "dynamic: time in which the medium relaxes, in any unit; inf: a slow absorber"},
    {MLP("pulse-width"), .setting = "absorber.pulse_width",
        .help = "dynamic: duration of the square pulse that carries a number"},
    {MLP("slots"), .setting = "absorber.slots",
        .help = "dynamic: how many the pulse is computed in; 1 is exact for a slow absorber"},
    {MLP("probe-delay"), .setting = "absorber.probe_delay",
        .help = "dynamic: from the end of the pulse to the probe that carries errors back"},
    {MLP("probe-direction"), .setting = "absorber.probe_direction",
        .help = "dynamic: whether that probe runs with the pulse or against it"},
    {MLP("transit"), .setting = "absorber.transit",
        .help = "dynamic: time that light takes through the medium, which a probe that runs "
                "against the pulse is late by; 0: none"},
    {MLP("loss"), .help = "mean squared error against one-hot targets, or negative log-likelihood "
                          "of the log-softmax"},
    TRAIN_STEP_ROWS("5e-4"),
    TRAIN_LIMIT_ROWS,
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
		printf(" (%s, %s, depth %g, %s gradient)", onn_medium_name(m.absorber.medium),
		    onn_encoding_name(m.absorber.encoding), m.absorber.depth,
		    onn_gradient_mode_name(m.absorber.gradient));
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
