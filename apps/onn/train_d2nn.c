/* onn train d2nn: its options, and the diffractive classifier that they make. */
#include <stdio.h>

#include "train_d2nn.h"
#include "train_rows.h"

static const option_row rows[] = {
    TRAIN_DATA_ROWS,
    {.name = "layers",
        .kind = VALUE_WHOLE,
        .offset = AT(layers),
        .shown = "N",
        .standard = "5",
        .low = 1,
        .high = ONN_D2NN_MAX_LAYERS,
        .help = "plates"},
    {.name = "size",
        .kind = VALUE_WHOLE,
        .offset = AT(size),
        .shown = "N",
        .standard = "200",
        .low = 2,
        .high = 8192,
        .help = "pixels of a plate's side"},
    {.name = "pitch",
        .kind = VALUE_REAL,
        .offset = AT(pitch),
        .shown = "P",
        .standard = "400e-6",
        .low = 0,
        .low_open = true,
        .high = 1e6,
        .help = "from pixel to pixel, metres"},
    {.name = "wavelength",
        .kind = VALUE_REAL,
        .offset = AT(wavelength),
        .shown = "W",
        .standard = "0.75e-3",
        .low = 0,
        .low_open = true,
        .high = 1e6,
        .help = "of the light, metres"},
    {.name = "distance",
        .kind = VALUE_REAL,
        .offset = AT(distance),
        .shown = "Z",
        .standard = "30e-3",
        .low = 0,
        .low_open = true,
        .high = 1e9,
        .help = "from plate to plate and from the last one to the detectors, metres"},
    {.name = "encoding",
        .kind = VALUE_CHOICE,
        .offset = AT(encoding),
        .names = "amplitude|phase",
        .standard = "amplitude",
        .help = "how an image becomes light: its pixels are amplitudes, or phases from 0 to pi"},
    {.name = "modulation",
        .kind = VALUE_CHOICE,
        .offset = AT(modulation),
        .names = "phase|complex",
        .standard = "phase",
        .help = "what plates do: shift phases, or multiply by any complex number"},
    {.name = "padding",
        .kind = VALUE_WHOLE,
        .offset = AT(padding),
        .shown = "N",
        .low = 0,
        .high = 32768,
        .help = "dark pixels on each side of the grid, so that light that leaves does not come "
                "back on the other side; else half the size"},
    {.name = "detection",
        .kind = VALUE_CHOICE,
        .offset = AT(detection),
        .names = "plain|differential",
        .standard = "plain",
        .help = "a detector region a class, or two whose difference over their sum counts"},
    {.name = "loss",
        .kind = VALUE_CHOICE,
        .offset = AT(loss),
        .names = "softmax|mse",
        .standard = "softmax",
        .help = "cross-entropy of the softmax of the regions' shares of the light, or mean "
                "squared error of the shares"},
    {.name = "sa-od",
        .kind = VALUE_REAL,
        .offset = AT(sa_od),
        .shown = "A",
        .standard = "0",
        .low = 0,
        .high = 1e6,
        .help = "optical depth of a thin saturable absorber behind each plate; 0: none"},
    {.name = "isat",
        .kind = VALUE_REAL,
        .offset = AT(isat),
        .shown = "X",
        .standard = "1",
        .low = 0,
        .low_open = true,
        .high = 1e30,
        .needs = "sa-od",
        .help = "its saturation intensity; a white pixel of the image has 1"},
    {.name = "gradient",
        .kind = VALUE_CHOICE,
        .offset = AT(gradient),
        .names = "exact|approximate|zero|positive|negative|probe",
        .standard = "exact",
        .needs = "sa-od",
        .help = "its derivative: the true one, what a weak probe beam sees (approximate, also "
                "called probe), or one of three controls"},
    {.name = "misalign",
        .kind = VALUE_REAL,
        .offset = AT(misalign),
        .shown = "S",
        .standard = "0",
        .low = 0,
        .high = 1e6,
        .help = "while training, shift each plate at random, anew in each step: standard "
                "deviation along each axis, metres"},
    {.name = "slm-levels",
        .kind = VALUE_WHOLE,
        .offset = AT(levels),
        .shown = "M",
        .low = 2,
        .high = 65536,
        .help = "phases that a plate can show; else any"},
    TRAIN_STEP_ROWS("0.03"),
    TRAIN_WEIGHT_ROWS("0.1"),
    TRAIN_RUN_ROWS,
};

static void set_optics(const train_settings *s, const train_takes *takes, onn_d2nn *d)
{
	if (train_takes_option(takes, "layers"))
		d->layers = (size_t)s->layers;
	if (train_takes_option(takes, "size"))
		d->grid = (size_t)s->size;
	if (train_takes_option(takes, "pitch"))
		d->pitch = s->pitch;
	if (train_takes_option(takes, "wavelength"))
		d->wavelength = s->wavelength;
	if (train_takes_option(takes, "distance"))
		d->distance = s->distance;
	if (train_given(takes, "padding"))
		d->padding = (size_t)s->padding;
}

static onn_gradient_mode gradient_mode(int choice)
{
	static const onn_gradient_mode mode[] = {ONN_GRADIENT_EXACT, ONN_GRADIENT_APPROXIMATE,
	    ONN_GRADIENT_ZERO, ONN_GRADIENT_POSITIVE, ONN_GRADIENT_NEGATIVE,
	    ONN_GRADIENT_APPROXIMATE};
	return mode[choice];
}

static void set(const train_settings *s, const train_takes *takes, onn_network *network)
{
	onn_d2nn *d = &network->d2nn;

	set_optics(s, takes, d);
	/* The names stand in the tables in the order of the library's values. */
	if (train_takes_option(takes, "encoding"))
		d->encoding = (onn_d2nn_encoding)s->encoding;
	if (train_takes_option(takes, "modulation"))
		d->modulation = (onn_d2nn_modulation)s->modulation;
	if (train_takes_option(takes, "detection"))
		d->detection = (onn_d2nn_detection)s->detection;
	if (train_takes_option(takes, "loss"))
		d->loss = (onn_d2nn_loss)s->loss;
	if (train_takes_option(takes, "sa-od"))
		d->absorber.depth = s->sa_od;
	if (train_takes_option(takes, "isat"))
		d->absorber.isat = s->isat;
	if (train_takes_option(takes, "gradient"))
		d->absorber.gradient = gradient_mode(s->gradient);
	if (train_takes_option(takes, "misalign"))
		d->misalign = s->misalign;
	if (train_given(takes, "slm-levels"))
		d->levels = (unsigned)s->levels;
}

static void announce(const onn_network *network)
{
	const onn_d2nn *d = &network->d2nn;
	onn_sampling sampling;
	onn_region image = onn_d2nn_image_region(d);

	printf("of %zu %s plate%s, %zu x %zu at %g m, %g m apart, light of %g m; the image takes "
	       "%zu x %zu pixels; %zu detector regions",
	    d->layers, onn_d2nn_modulation_name(d->modulation), d->layers == 1 ? "" : "s", d->grid,
	    d->grid, d->pitch, d->distance, d->wavelength, image.ny, image.nx,
	    onn_d2nn_region_count(d));
	if (d->levels)
		printf("; %u phases", d->levels);
	if (d->misalign > 0)
		printf("; shifts of %g m", d->misalign);
	if (d->absorber.depth > 0)
		printf("; absorbers of depth %g (%s gradient)", d->absorber.depth,
		    onn_gradient_mode_name(d->absorber.gradient));
	if (!onn_d2nn_sampling(d, &sampling) && !sampling.enough)
		printf("\nthe space between plates is sampled too coarsely: %s", sampling.why);
}

static const train_network network = {.command = &command_train_d2nn,
    .kind = ONN_NETWORK_D2NN,
    .set = set,
    .announce = announce,
    .report = train_d2nn_report};

static int run(int argc, char **argv) { return train_run(&network, argc, argv); }

const command command_train_d2nn = {
    .name = "train d2nn",
    .summary = "train a diffractive classifier: plates with free space between them",
    .text = "Trains plates that turn the light of an image so that, after free space between "
            "and behind them, most of it arrives at the detector region of the image's class. "
            "The image stands right before the first plate, enlarged to half the grid; light "
            "travels by the angular spectrum, and evanescent waves decay. " TRAIN_TEXT,
    .arguments = "",
    .row = rows,
    .row_count = sizeof rows / sizeof *rows,
    .example = "onn train d2nn --size 64 --epochs 20 --out runs/light\n"
               "onn train d2nn --dataset mnist --data-dir data --epochs 5 --out runs/mnist\n"
               "onn train d2nn --dataset fashion --detection differential --misalign 2e-4",
    .run = run,
};
