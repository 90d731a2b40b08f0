/* onn train mlp: its options, and the perceptron that they make. */
#include <stdio.h>

#include "train_rows.h"

static const option_row rows[] = {
    TRAIN_DATA_ROWS,
    {.name = "hidden",
        .kind = VALUE_WHOLES,
        .offset = AT(hidden),
        .shown = "N,N,...",
        .standard = "128,128",
        .low = 1,
        .high = 65536,
        .help = "widths of the hidden layers; none: a linear classifier"},
    {.name = "activation",
        .kind = VALUE_CHOICE,
        .offset = AT(activation),
        .names = "sa|relu|tanh|sigmoid",
        .standard = "sa",
        .help = "what follows each hidden layer; sa is the saturable absorber"},
    {.name = "medium",
        .kind = VALUE_CHOICE,
        .offset = AT(medium),
        .names = "thin|thick",
        .standard = "thin",
        .needs = "activation=sa",
        .help = "absorber: one saturation for all of it, or a beam that is absorbed on its way"},
    {.name = "encoding",
        .kind = VALUE_CHOICE,
        .offset = AT(encoding),
        .names = "amplitude|intensity",
        .standard = "amplitude",
        .needs = "activation=sa",
        .help = "absorber: what the numbers are"},
    {.name = "od",
        .kind = VALUE_REAL,
        .offset = AT(od),
        .shown = "X",
        .standard = "10",
        .low = 0,
        .high = 1e6,
        .needs = "activation=sa",
        .help = "absorber: optical depth on resonance for a weak beam's intensity"},
    {.name = "isat",
        .kind = VALUE_REAL,
        .offset = AT(isat),
        .shown = "X",
        .standard = "1",
        .low = 0,
        .low_open = true,
        .high = 1e30,
        .needs = "activation=sa",
        .help = "absorber: saturation intensity in the input's units (squared, for an amplitude)"},
    {.name = "gradient",
        .kind = VALUE_CHOICE,
        .offset = AT(gradient),
        .names = "approximate|exact|zero|positive|negative|probe",
        .standard = "approximate",
        .needs = "activation=sa",
        .help = "absorber: what flows backward: what a weak probe beam sees (approximate, also "
                "called probe), the true derivative, or one of three controls"},
    {.name = "loss",
        .kind = VALUE_CHOICE,
        .offset = AT(loss),
        .names = "mse|nll",
        .standard = "mse",
        .help = "mean squared error against one-hot targets, or negative log-likelihood of the "
                "log-softmax"},
    TRAIN_STEP_ROWS("5e-4"),
    TRAIN_WEIGHT_ROWS("0.1"),
    TRAIN_RUN_ROWS,
};

static void set(const train_settings *s, const train_takes *takes, onn_network *network)
{
	onn_mlp *m = &network->mlp;

	if (train_takes_option(takes, "hidden")) {
		m->nhidden = s->hidden.count;
		for (size_t i = 0; i < m->nhidden; i++)
			m->hidden[i] = (size_t)s->hidden.value[i];
	}
	/* The names stand in the tables in the order of the library's values. */
	if (train_takes_option(takes, "activation"))
		m->activation = (onn_activation)s->activation;
	if (train_takes_option(takes, "medium"))
		m->absorber.medium = (onn_medium)s->medium;
	if (train_takes_option(takes, "encoding"))
		m->absorber.encoding = (onn_encoding)s->encoding;
	if (train_takes_option(takes, "od"))
		m->absorber.depth = s->od;
	if (train_takes_option(takes, "isat"))
		m->absorber.isat = s->isat;
	if (train_takes_option(takes, "gradient"))
		m->absorber.gradient = s->gradient > ONN_GRADIENT_NEGATIVE
		                           ? ONN_GRADIENT_APPROXIMATE
		                           : (onn_gradient_mode)s->gradient;
	if (train_takes_option(takes, "loss"))
		m->loss = (onn_loss)s->loss;
}

static void announce(const onn_network *network)
{
	const onn_mlp *m = &network->mlp;

	printf("%zu", m->inputs);
	for (size_t i = 0; i < m->nhidden; i++)
		printf("-%zu", m->hidden[i]);
	printf("-%zu, %s", m->outputs, onn_activation_name(m->activation));
	if (m->activation == ONN_ACTIVATION_SA)
		printf(" (%s, %s, depth %g, %s gradient)", onn_medium_name(m->absorber.medium),
		    onn_encoding_name(m->absorber.encoding), m->absorber.depth,
		    onn_gradient_mode_name(m->absorber.gradient));
}

static const train_network network = {
    .command = &command_train_mlp, .kind = ONN_NETWORK_MLP, .set = set, .announce = announce};

static int run(int argc, char **argv) { return train_run(&network, argc, argv); }

const command command_train_mlp = {
    .name = "train mlp",
    .summary = "train a multilayer perceptron with saturable absorbers",
    .text = "Trains a perceptron whose hidden layers are followed by saturable absorbers, "
            "and whose errors flow back as a weak probe beam would carry them. " TRAIN_TEXT,
    .arguments = "",
    .row = rows,
    .row_count = sizeof rows / sizeof *rows,
    .example = "onn train mlp --epochs 20 --out runs/digits\n"
               "onn train mlp --dataset mnist --data-dir data --gradient exact --out runs/mnist\n"
               "onn train mlp --out runs/digits --resume",
    .run = run,
};
