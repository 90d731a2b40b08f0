/* onn design: its options. */
#include "design/design.h"
#include "result.h"

#define AT(field)    offsetof(design_settings, field)
#define DESIGN(name) SETTING(name, onn_design_settings, design)

static const onn_settings *choices(void)
{
	static const char *const list[] = {ONN_DESIGN_PRESET_WORDS};
	static const onn_words words = {list, sizeof list / sizeof *list, 0, NULL, 0};
	static const onn_setting row[] = {
	    {ONN_SETTING("preset", WORD, design_choice, preset), .words = &words}};
	static const design_choice standard = {ONN_DESIGN_PRESET_TUTORIAL};
	static const onn_settings table = {"design", row, 1, sizeof standard, &standard, NULL};

	return &table;
}

static const onn_settings *gds(void)
{
	static const char *const list[] = {ONN_GDS_LAYERS_WORDS};
	static const onn_words words = {list, sizeof list / sizeof *list, 0, NULL, 0};
	static const onn_setting row[] = {{ONN_SETTING("feature", REAL, design_gds, feature),
	                                      .low = 0, .high = 1, .unit = "m", .zero = "any"},
	    {ONN_SETTING("layers", WORD, design_gds, layers), .words = &words}};
	static const design_gds standard = {0, ONN_GDS_LEVELS};
	static const onn_settings table = {"gds", row, 2, sizeof standard, &standard, NULL};

	return &table;
}

static const onn_settings *panel(void)
{
	static const onn_setting row[] = {{ONN_SETTING("turn", UNSIGNED, design_panel, turn),
	    .low = 2, .high = 1024, .zero = "256"}};
	static const design_panel standard = {0};
	static const onn_settings table = {"panel", row, 1, sizeof standard, &standard, NULL};

	return &table;
}

static const option_row rows[] = {
    {OPTION("target", FILE, target), .shown = "smiley|IMAGE", .standard = "smiley",
        .help =
            "the intensity wanted at the camera: a smiley that the program draws, a PNG or "
            "TIFF (0 to 1, fitted to the grid), or an array in any file, real [y, x] of the grid's "
            "size, as it is"},
    {OPTION("source", FILE, source), .shown = "FILE",
        .help =
            "the light before the first plate, [y, x], an array in any file (.npy, FILE.h5:/field, "
            "FILE.mat:field ...) or a picture as amplitude; else a disc, see --aperture"},
    {OPTION("start", FILE, start), .shown = "FILE",
        .help = "the plates to start from, complex [plate, y, x], for phase modulation also real "
                "phases; else 1 everywhere"},
    {OPTION("config", FILE, config), .shown = "FILE",
        .help = "begin with what a design's config.json says; options that are given count more"},
    [PRESET_ROW] = {SETTING("preset", choices, choice),
        .help =
            "options that go together, before the others count: the tutorial's complex plates, or "
            "plates that can be made: 5 of phase, 2 m apart, padding of 64 pixels, a disc of 14 "
            "mm, Adam at 0.1, the loss of overlap"},
    {DESIGN("size"), .label = "pixels of the grid's side",
        .help = "pixels along each side of the grid"},
    {DESIGN("side"), .label = "side of the grid", .help = "length of the grid's side, metres"},
    {DESIGN("plates"), .help = "plates in the beam"},
    {DESIGN("distance"),
        .help = "from plate to plate, and from the last one to the camera, metres"},
    {DESIGN("wavelength"), .help = "metres"},
    {DESIGN("aperture"), .label = "radius of the disc of light",
        .help = "radius of the disc of light, metres"},
    {DESIGN("steps"), .help = "updates of the plates; a resumed run may ask for more"},
    {DESIGN("update"),
        .help =
            "how plates change: by a step of length lr against the gradient g, lr g/|g| (of a "
            "phase: its sign); by Adam; by lr g; or by projection, for which plates must be of "
            "phase: the light at the camera takes the target's amplitude and goes back, and each "
            "plate on its way, from the last to the first, takes the phase that fits it best"},
    {DESIGN("lr"), .label = "learning rate", .help = "learning rate; not of gerchberg-saxton"},
    {DESIGN("modulation"),
        .help = "what a plate may change: amplitude and phase (it may amplify), or phase alone"},
    {DESIGN("padding"), .label = "padding, pixels",
        .help = "zeros on each side while the light travels, pixels; 0: what leaves the grid comes "
                "in again on the other side"},
    {DESIGN("evanescent"), .help = "what becomes of components finer than the wavelength"},
    {DESIGN("loss"),
        .help =
            "of intensity I and target t: mean((I-t)^2 + |I-t|), mean((I-t)^2), and at any "
            "brightness 1 - the cosine of the angle between I and t, or between their square "
            "roots, where light beside the target counts most; of gerchberg-saxton the first two "
            "are at the best brightness"},
    {DESIGN("slm-levels"), .setting = "slm-levels", .label = "phases that a plate can show",
        .help = "plates that show so many phases only, evenly spaced, 0: any; needs --modulation "
                "phase"},
    {DESIGN("checkpoint-planes"), .setting = "checkpoint-planes",
        .help = "keep the light before each so many plates only, and compute the others again on "
                "the way back: less memory, more time; 0: all are kept"},
    {DESIGN("precision"), .help = "single or double precision"},
    {DESIGN("save-every"), .setting = "save-every",
        .help = "steps from checkpoint to checkpoint; 0: a sixteenth of them, but at least 32"},
    {DESIGN("index"), .label = "refractive index",
        .help = "refractive index of the material that plates are made of, for their heights"},
    {DESIGN("base"), .label = "thickness of the base",
        .help = "thickness of the material under the lowest pixel, metres"},
    {OPTION("stl", NONE, stl),
        .help = "also write each plate as a solid, plates/plate_00.stl (many megabytes each)"},
    {OPTION("zemax", NONE, zemax),
        .help = "also write each plate's phases as a grid for OpticStudio's surface Grid Phase, "
                "plates/plate_00.dat"},
    {OPTION("slm", NONE, slm),
        .help = "also write each plate as grey levels of 8 bits for a modulator, "
                "plates/slm_00.png; so do the next three"},
    {SETTING("slm-2pi-level", panel, panel), .setting = "turn",
        .help = "the grey level that shows a phase of 2 pi at the wavelength, level 0 showing 0"},
    {OPTION("slm-lut", FILE, lut), .shown = "FILE",
        .help = "the phase of each grey level, radians: 256 numbers, or lines of a level and its "
                "phase, as text or as an array"},
    {OPTION("flatness", FILE, flatness), .shown = "FILE",
        .help = "the phase that the modulator adds of itself, radians [y, x] or a picture whose "
                "white is 2 pi, which is subtracted"},
    {OPTION("film", NONE, film),
        .help = "also draw the light as it improves as a film, progress.gif (needs gnuplot)"},
    {OPTION("gds", FILE, gds), .shown = "FILE.gds",
        .help = "also write the plates' levels as GDSII, a cell for each plate; needs --slm-levels "
                "and --out"},
    {SETTING("gds-layers", gds, mask), .setting = "layers",
        .help = "what a layer is: a level, for writers that give each its dose; or a mask of the "
                "pixels whose level has a bit, layer b being 2^b levels deep, for etching"},
    {SETTING("gds-feature", gds, mask), .setting = "feature", .shown = "LENGTH",
        .help = "warn of lines that are narrower than this, and count them"},
    {OPTION("unwrap", NONE, unwrap),
        .help = "heights and pictures of phases that go beyond a wave instead of wrapping, as far "
                "as whirls of the phase let them"},
    DEVICES_ROW(DEVICE_HELP DEVICE_ELSE
        "; of a list's designs each takes one of several, with commas between"),
    THREADS_ROW,
    {OPTION("out", FOLDER, out), .shown = "DIR", .help = "run folder; without it nothing is kept"},
    {OPTION("resume", NONE, resume),
        .help = "go on with the run in --out from its last checkpoint, with its own options; where "
                "it is finished, write its results again"},
    {OPTION("dry-run", NONE, dry),
        .help = "only say whether the light can get to the target, how the spaces are sampled, and "
                "how much memory and time it will take"},
    JOBS_ROW,
    PACE_ROW,
    JSON_ROW,
    PROFILE_ROW,
    QUIET_ROW,
};

const command command_design = {
    .name = "design",
    .summary = "design plates that turn a beam into a picture",
    .text =
        "Designs a row of plates that turn a beam of light into a picture at a camera: source, "
        "then plate and free space in turn (angular spectrum), camera. The defaults are the optics "
        "example of the Autograd tutorial: a disc of light, 32 complex plates, a smiley.\n"
        "DIR holds config.json (all settings), metrics.csv (step,loss: the loss after each "
        "update), camera/step_000000.png (the intensity after 0, 1, 2, 4, 8 ... steps; white is "
        "the target's peak, and what is brighter), plates.npz (complex plates [plate, y, x] and "
        "phases), "
        "plates/plate_00.png (16 bits: phase from 0 to 2 pi, which is also the height from 0 to "
        "wavelength/(index - 1); a constant is added so that few neighbours lie across the wrap), "
        "plates/height_00.npy (metres), with --stl plates/plate_00.stl, --zemax "
        "plates/plate_00.dat, --slm plates/slm_00.png, summary.json, and, where gnuplot is "
        "installed, sheet.png (target, result, error), progress.png, loss.svg and loss.png. "
        "last.npz is the checkpoint.\n"
        "The first Ctrl-C finishes the step, saves and says how to go on; a second one ends the "
        "program at once. A run that was ended in any way goes on with --resume and ends as if it "
        "had never stopped, on the same device and with as many threads.\n"
        "Of an option of one number, a list (--distance 1,2) or MIN:MAX:COUNT[:log] is a design "
        "for each, in DIR/NAME=VALUE, side by side; DIR/sweep.csv, sweep.svg and sweep.png compare "
        "them. The same command goes on where it was stopped.",
    ROWS(rows),
    .example = "onn design --preset phase --target photo.png --out runs/photo\n"
               "onn design --out runs/smiley\n"
               "onn design --out runs/smiley --resume --steps 256",
    .run = design_run_command,
};
