/* onn train d2nn: its options, and the diffractive classifier that they make. */
#include <stdio.h>

#include "train/rows.h"

#define D2NN(name) SETTING(name, onn_d2nn_settings, d2nn)

static const option_row rows[] = {
    TRAIN_DATA_ROWS,
    {D2NN("layers"), .label = "plates", .help = "plates"},
    {D2NN("size"), .setting = "grid", .label = "pixels of a plate's side",
        .help = "pixels of a plate's side"},
    {D2NN("pitch"), .help = "from pixel to pixel, metres"},
    {D2NN("wavelength"), .help = "of the light, metres"},
    {D2NN("distance"),
        .help = "from plate to plate and from the last one to the detectors, metres"},
    {D2NN("image"), .label = "pixels of an image's longer side",
        .help = "pixels that the longer side of an image takes; 0: half of the grid"},
    {D2NN("encoding"),
        .help = "how an image becomes light: its pixels are amplitudes, phases from 0 to pi, or "
                "sources that do not interfere with each other"},
    {D2NN("modulation"),
        .help = "what plates do: shift phases; multiply by any complex number, also one that "
                "amplifies; by one of at most 1 in amplitude; dim"},
    {D2NN("padding"), .label = "padding, pixels",
        .help = "dark pixels on each side of the grid, so that light that leaves does not come "
                "back on the other side"},
    {D2NN("detector"), .label = "pixels of a detector's side",
        .help = "pixels of a detector region's side; 0: a tenth of the grid"},
    {D2NN("detection"),
        .help = "a detector region a class, or two whose difference over their sum counts"},
    {D2NN("loss"), .help = "cross-entropy of the softmax of the regions' shares of the light, or "
                           "mean squared error of the shares"},
    {D2NN("gain"), .label = "gain of the softmax", .help = "softmax: of so many times the shares"},
    {D2NN("efficiency"), .label = "weight of the efficiency in the loss",
        .help = "weight in the loss of -ln of the light that arrives in its class's region, as a "
                "part of all light of the image"},
    {D2NN("sa-od"), .setting = "absorber.od", .label = "optical depth",
        .help = "optical depth of a thin saturable absorber behind each plate; 0: none"},
    {D2NN("isat"), .setting = "absorber.isat", .label = "saturation intensity",
        .help = "its saturation intensity; a white pixel of the image has 1"},
    {D2NN("gradient"), .setting = "absorber.gradient",
        .help = "its derivative: the true one, what a weak probe beam sees (approximate, also "
                "called probe), or one of three controls"},
    {D2NN("misalign"), .label = "shift of plates",
        .help = "while training, shift each plate at random, anew in each step: "
                "standard deviation along each axis, metres"},
    {D2NN("slm-levels"), .setting = "levels", .label = "phases that a plate can show",
        .help = "phases that a plate can show; 0: any"},
    TRAIN_STEP_ROWS("0.03"),
    TRAIN_LIMIT_ROWS,
    TRAIN_NOISE_ROWS,
    TRAIN_PHASE_NOISE_ROW,
    TRAIN_START_ROWS(D2NN),
    TRAIN_RUN_ROWS,
};

static bool recall(train_settings *s, const onn_network *network)
{
	return onn_network_is_d2nn(&s->d2nn, network);
}

static onn_status make(onn_network **network, train_settings *s, const onn_dataset *dataset)
{
	s->d2nn.height = dataset->height;
	s->d2nn.width = dataset->width;
	s->d2nn.outputs = dataset->classes;
	return onn_network_of_d2nn(network, &s->d2nn);
}

static void announce(const onn_network *network)
{
	onn_d2nn d = ONN_D2NN_INIT;
	onn_region image = {0, 0, 0, 0}, *region = NULL;
	size_t count = 0;

	onn_network_is_d2nn(&d, network);
	onn_network_image(&image, network, 0);
	onn_network_detectors(&region, &count, network, onn_network_find(network, "detect", 0));
	onn_free(region);
	printf("of %zu %s plate%s, %zu x %zu at %s, %s apart, light of %s; the image takes "
	       "%zu x %zu pixels; %zu detector regions",
	    d.layers, onn_d2nn_modulation_name(d.modulation), d.layers == 1 ? "" : "s", d.grid,
	    d.grid, METRES(d.pitch, 6), METRES(d.distance, 6), METRES(d.wavelength, 6), image.ny,
	    image.nx, count);
	if (d.levels)
		printf("; %u phases", d.levels);
	if (d.misalign > 0)
		printf("; shifts of %s", METRES(d.misalign, 6));
	if (d.absorber.depth > 0)
		printf("; absorbers of depth %g (%s gradient)", d.absorber.depth,
		    onn_gradient_mode_name(d.absorber.gradient));
}

static const train_network network = {
    .command = &command_train_d2nn, .recall = recall, .make = make, .announce = announce};

static int run(int argc, char **argv) { return train_run(&network, argc, argv); }

const command command_train_d2nn = {
    .name = "train d2nn",
    .summary = "train a diffractive classifier: plates with free space between them",
    .text = "Trains plates that turn the light of an image so that, after free space between "
            "and behind them, most of it arrives at the detector region of the image's class. "
            "The image stands right before the first plate, enlarged to half the grid; light "
            "travels by the angular spectrum, and evanescent waves decay. " TRAIN_TEXT,
    ROWS(rows),
    .example = "onn train d2nn --size 64 --distance 9mm --epochs 20 --out runs/light\n"
               "onn train d2nn --dataset mnist --data-dir data --epochs 5 --out runs/mnist\n"
               "onn train d2nn --dataset fashion --detection differential --misalign 2e-4",
    .run = run,
};
