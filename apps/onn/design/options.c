/* The options of `onn design`. */
#include "design.h"

#define AT(field) offsetof(design_settings, field)

const option_row design_rows[] = {
    {.name = "target",
        .kind = VALUE_FILE,
        .offset = AT(target),
        .shown = "smiley|IMAGE",
        .standard = "smiley",
        .help = "the intensity wanted at the camera: a smiley that the program draws, a PNG (0 to "
                "1, fitted to the grid), or a .npy, real [y, x] of the grid's size, as it is"},
    {.name = "source",
        .kind = VALUE_FILE,
        .offset = AT(source),
        .shown = "FILE.npy",
        .help = "the light before the first plate, complex [y, x]; else a disc, see --aperture"},
    {.name = "start",
        .kind = VALUE_FILE,
        .offset = AT(start),
        .shown = "FILE.npy",
        .help = "the plates to start from, complex [plate, y, x], for phase modulation also real "
                "phases; else 1 everywhere"},
    {.name = "size",
        .kind = VALUE_WHOLE,
        .offset = AT(size),
        .shown = "N",
        .standard = "128",
        .low = 2,
        .high = 32768,
        .help = "pixels along each side of the grid"},
    {.name = "side",
        .kind = VALUE_REAL,
        .offset = AT(side),
        .shown = "X",
        .standard = "32e-3",
        .low = 0,
        .low_open = true,
        .high = 1e6,
        .help = "length of the grid's side, metres"},
    {.name = "plates",
        .kind = VALUE_WHOLE,
        .offset = AT(plates),
        .shown = "N",
        .standard = "32",
        .low = 1,
        .high = 4096,
        .help = "plates in the beam"},
    {.name = "distance",
        .kind = VALUE_REAL,
        .offset = AT(distance),
        .shown = "X",
        .standard = "50e-3",
        .low = 0,
        .low_open = true,
        .high = 1e9,
        .help = "from plate to plate, and from the last one to the camera, metres"},
    {.name = "wavelength",
        .kind = VALUE_REAL,
        .offset = AT(wavelength),
        .shown = "X",
        .standard = "550e-9",
        .low = 0,
        .low_open = true,
        .high = 1e6,
        .help = "metres"},
    {.name = "aperture",
        .kind = VALUE_REAL,
        .offset = AT(aperture),
        .shown = "X",
        .standard = "8e-3",
        .low = 0,
        .high = 1e6,
        .help = "radius of the disc of light, metres"},
    {.name = "steps",
        .kind = VALUE_WHOLE,
        .offset = AT(steps),
        .shown = "N",
        .standard = "128",
        .low = 0,
        .high = 10000000,
        .help = "updates of the plates; a resumed run may ask for more"},
    {.name = "update",
        .kind = VALUE_CHOICE,
        .offset = AT(update),
        .names = "phase-sign|adam|sgd|gerchberg-saxton",
        .standard = "phase-sign",
        .help =
            "how plates change: by a step of length lr against the gradient g, lr g/|g| (of a "
            "phase: its sign); by Adam; by lr g; or by projection, for which plates must be of "
            "phase: the light at the camera takes the target's amplitude and goes back, and each "
            "plate on its way, from the last to the first, takes the phase that fits it best"},
    {.name = "lr",
        .kind = VALUE_REAL,
        .offset = AT(lr),
        .shown = "X",
        .standard = "1e-3",
        .low = 0,
        .low_open = true,
        .high = 1e30,
        .needs = "update=phase-sign|adam|sgd",
        .help = "learning rate; not of gerchberg-saxton"},
    {.name = "modulation",
        .kind = VALUE_CHOICE,
        .offset = AT(modulation),
        .names = "complex|phase",
        .standard = "complex",
        .help = "what a plate may change: amplitude and phase (it may amplify), or phase alone"},
    {.name = "padding",
        .kind = VALUE_WHOLE,
        .offset = AT(padding),
        .shown = "N",
        .standard = "0",
        .low = 0,
        .high = 32768,
        .help =
            "zeros on each side while the light travels, pixels; 0: what leaves the grid comes in "
            "again on the other side"},
    {.name = "evanescent",
        .kind = VALUE_CHOICE,
        .offset = AT(evanescent),
        .names = "pass|decay|drop",
        .standard = "pass",
        .help = "what becomes of components finer than the wavelength"},
    {.name = "loss",
        .kind = VALUE_CHOICE,
        .offset = AT(loss),
        .names = "tutorial|mse|correlation",
        .standard = "tutorial",
        .help = "of intensity I and target t: mean((I-t)^2 + |I-t|), mean((I-t)^2), or 1 - their "
                "correlation"},
    {.name = "slm-levels",
        .kind = VALUE_WHOLE,
        .offset = AT(slm_levels),
        .shown = "M",
        .low = 2,
        .high = 65536,
        .needs = "modulation=phase",
        .help = "plates that show M phases only, evenly spaced; needs --modulation phase"},
    {.name = "checkpoint-planes",
        .kind = VALUE_WHOLE,
        .offset = AT(checkpoint_planes),
        .shown = "K",
        .low = 1,
        .high = 4096,
        .help =
            "keep the light before each K-th plate only, and compute the others again on the way "
            "back: less memory, more time; else all are kept"},
    {.name = "precision",
        .kind = VALUE_CHOICE,
        .offset = AT(precision),
        .names = "f32|f64",
        .standard = "f32",
        .help = "single or double precision"},
    {.name = "save-every",
        .kind = VALUE_WHOLE,
        .offset = AT(save_every),
        .shown = "N",
        .low = 1,
        .high = 10000000,
        .help =
            "steps from checkpoint to checkpoint; else 16 of them, but at least 32 steps apart"},
    {.name = "index",
        .kind = VALUE_REAL,
        .offset = AT(index),
        .shown = "X",
        .standard = "1.5",
        .low = 1,
        .low_open = true,
        .high = 100,
        .help = "refractive index of the material that plates are made of, for their heights"},
    {.name = "base",
        .kind = VALUE_REAL,
        .offset = AT(base),
        .shown = "X",
        .standard = "1e-3",
        .low = 0,
        .low_open = true,
        .high = 1e3,
        .help = "thickness of the material under the lowest pixel, metres"},
    {.name = "stl",
        .kind = VALUE_NONE,
        .offset = AT(stl),
        .help = "also write each plate as a solid, plates/plate_00.stl (many megabytes each)"},
    DEVICE_ROW(AT(device), DEVICE_HELP DEVICE_ELSE),
    THREADS_ROW(AT(threads)),
    {.name = "out",
        .kind = VALUE_FOLDER,
        .offset = AT(out),
        .shown = "DIR",
        .help = "run folder; without it nothing is kept"},
    {.name = "resume",
        .kind = VALUE_NONE,
        .offset = AT(resume),
        .help =
            "go on with the run in --out from its last checkpoint, with its own options; where it "
            "is finished, write its results again"},
    {.name = "profile",
        .kind = VALUE_NONE,
        .offset = AT(profile),
        .help = "print the time of each step of the plan at the end"},
    {.name = "quiet", .kind = VALUE_NONE, .offset = AT(quiet), .help = "print the result only"},
};

const size_t design_row_count = sizeof design_rows / sizeof *design_rows;

const command command_design = {
    .name = "design",
    .summary = "design plates that turn a beam into a picture",
    .text =
        "Designs a row of plates that turn a beam of light into a picture at a camera: source, "
        "then "
        "plate and free space in turn (angular spectrum), camera. The defaults are the optics "
        "example "
        "of the Autograd tutorial: a disc of light, 32 complex plates, a smiley.\n"
        "DIR holds config.json (all settings), metrics.csv (step,loss: the loss after each "
        "update), "
        "camera/step_000000.png (the intensity after 0, 1, 2, 4, 8 ... steps; white is the "
        "target's "
        "peak), plates.npz (complex plates [plate, y, x] and phases), plates/plate_00.png (16 "
        "bits: "
        "phase from 0 to 2 pi, which is also the height from 0 to wavelength/(index - 1)), "
        "plates/height_00.npy (metres), with --stl plates/plate_00.stl, summary.json, and, where "
        "gnuplot is installed, sheet.png (target, result, error), progress.png, loss.svg and "
        "loss.png. "
        "last.npz is the checkpoint.\n"
        "The first Ctrl-C finishes the step, saves and says how to go on; a second one ends the "
        "program "
        "at once. A run that was ended in any way goes on with --resume and ends as if it had "
        "never "
        "stopped, on the same device and with as many threads.",
    .arguments = "",
    .row = design_rows,
    .row_count = sizeof design_rows / sizeof *design_rows,
    .example =
        "onn design --out runs/smiley\n"
        "onn design --target photo.png --size 256 --modulation phase --lr 1e-2 --loss correlation "
        "--out runs/photo\n"
        "onn design --out runs/smiley --resume --steps 256",
    .run = design_command_run,
};
