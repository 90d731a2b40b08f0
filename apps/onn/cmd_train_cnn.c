/* onn train cnn: its options, and the convolutional network that they make. */
#include <stdio.h>

#include "ranks.h"
#include "train/rows.h"

#define CNN(name) SETTING(name, onn_cnn_settings, cnn)

static const option_row rows[] = {
    TRAIN_DATA_ROWS,
    {CNN("channels"), .help = "outputs of each convolution; none: linear layers alone"},
    {CNN("kernel"), .help = "pixels of the kernels' sides, or height and width"},
    {CNN("pool"), .help = "what a window becomes behind each convolution and its activation"},
    {CNN("window"), .help = "pixels of the windows' sides, or height and width; 1: no pooling"},
    {CNN("dropout"),
        .help = "part of the numbers before the linear layers that training leaves out at random"},
    {CNN("hidden"), .help = "widths of the hidden linear layers; none: one linear layer"},
    {CNN("activation"),
        .help = "what follows each convolution and hidden layer; sa is the saturable absorber"},
    TRAIN_ABSORBER_ROWS(CNN),
    {CNN("input-max"), .setting = "input_maximum",
        .help = "what a white pixel becomes: 15 for depths above 10, 1 for other activations"},
    {CNN("loss"), .help = "mean squared error against one-hot targets, or negative log-likelihood "
                          "of the log-softmax"},
    TRAIN_STEP_ROWS("5e-4"),
    TRAIN_LIMIT_ROWS,
    TRAIN_NOISE_ROWS,
    {CNN("conv-init-std"), .setting = "conv.init_std",
        .help = "standard deviation of the kernels' first weights"},
    TRAIN_START_ROWS(CNN),
    TRAIN_RUN_ROWS,
};

static bool recall(train_settings *s, const onn_network *network)
{
	return onn_network_is_cnn(&s->cnn, network);
}

/* The standard is two convolutions of 5 x 5, which images of 8 x 8 have no room for: where nobody
 * has said another, one of 3 x 3 is taken, and told. */
static void fit(train_settings *s)
{
	static const char *const shape[] = {"channels", "kernel", "window", "config", "resume"};
	const onn_cnn standard = s->cnn;

	for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
		if (command_given(&command_train_cnn, s->line, shape[i]))
			return;
	if (!onn_cnn_check(&s->cnn))
		return;
	s->cnn.nchannels = 1;
	s->cnn.kernel[0] = s->cnn.kernel[1] = 3;
	if (onn_cnn_check(&s->cnn)) /* it is something else; all of it is told */
		s->cnn = standard;
	else if (!ranks_is_other())
		fprintf(stderr,
		    "onn train cnn: %zu x %zu pixels are too few for %zu convolutions of %zu x "
		    "%zu: taking --channels %zu --kernel 3\n",
		    s->cnn.height, s->cnn.width, standard.nchannels, standard.kernel[0],
		    standard.kernel[1], s->cnn.channels[0]);
}

static onn_status make(onn_network **network, train_settings *s, const onn_dataset *dataset)
{
	s->cnn.height = dataset->height;
	s->cnn.width = dataset->width;
	s->cnn.outputs = dataset->classes;
	fit(s);
	return onn_network_of_cnn(network, &s->cnn);
}

static void announce(const onn_network *network)
{
	onn_cnn c = ONN_CNN_INIT;

	onn_network_is_cnn(&c, network);
	printf("%zu x %zu", c.height, c.width);
	for (size_t i = 0; i < c.nchannels; i++)
		printf(", %zu of %zux%zu", c.channels[i], c.kernel[0], c.kernel[1]);
	for (size_t i = 0; i < c.nhidden; i++)
		printf(", %zu", c.hidden[i]);
	printf(", %zu; %s pooling, %s", c.outputs, onn_pooling_name(c.pool),
	    onn_activation_name(c.activation));
	if (c.activation == ONN_ACTIVATION_SA)
		train_announce_absorber(&c.absorber);
}

static const train_network network = {
    .command = &command_train_cnn, .recall = recall, .make = make, .announce = announce};

static int run(int argc, char **argv) { return train_run(&network, argc, argv); }

const command command_train_cnn = {
    .name = "train cnn",
    .summary = "train a convolutional network with saturable absorbers",
    .text = "Trains convolutions, each followed by saturable absorbers and pooling, and linear "
            "layers behind them. Without options it is the network of Guo et al. (2021); "
            "--activation relu --loss nll --pool max --input-max 1 is its electronic "
            "counterpart. Images that are too small for it, such as the digits, get one "
            "convolution of 3 x 3, where none is asked for. " TRAIN_TEXT,
    ROWS(rows),
    .example = "onn train cnn --dataset mnist --data-dir data --epochs 5 --out runs/cnn\n"
               "onn train cnn --channels 16 --kernel 3 --hidden 32 --epochs 20",
    .run = run,
};
