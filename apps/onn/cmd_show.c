/* onn show: a network as a list of layers, with what a step of its training costs. */
#include <stdio.h>
#include <string.h>

#include <onn/dataset.h>
#include <onn/trainer.h>

#include "plot.h"
#include "show/show.h"
#include "train/run.h"
#include "train/train.h"

typedef struct settings {
	onn_train_options training;
	const char *dataset, *data_dir, *plot, *weights;
	bool json;
} settings;

#define AT(member)     offsetof(settings, member)
#define TRAINING(name) SETTING(name, onn_train_settings, training)

static const option_row rows[] = {
    {OPTION("dataset", DATASET, dataset),
        .help = "where a file's list leaves the shape of images or the number of classes open, it "
                "takes this set's (default: digits)"},
    DATA_DIR_ROW,
    {TRAINING("batch"), .help = "images of the step whose cost is told"},
    {OPTION("json", NONE, json), .help = "write the list as JSON instead, for onn train net"},
    {OPTION("weights", FILE, weights), .shown = "FILE",
        .help = "also write the weights of RUN's best epoch into FILE, a name of .npz or "
                ".safetensors, and print their names and shapes"},
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "also draw the list into FILE, a name of .png, .svg or .pdf (needs gnuplot)"},
};

onn_status show_settings(char *text, size_t room, const onn_network *network, size_t i)
{
	const onn_settings *table = onn_layer_settings(onn_network_kind(network, i));
	bool whole = true;
	size_t n = 0;

	text[0] = '\0';
	for (size_t k = 0; k < table->count && n < room; k++) {
		const onn_setting *row = &table->row[k];
		const onn_settings *part = row->part ? row->part() : NULL;
		for (size_t m = 0; m < (part ? part->count : 1) && n < room; m++) {
			const char *name = part ? part->row[m].name : row->name;
			char *value = onn_network_get(network, i, name);
			char *standard =
			    part ? onn_settings_get(
			               part, (const char *)table->standard + row->offset, name)
			         : onn_settings_get(table, table->standard, name);
			whole = whole && value && standard;
			if (value && standard && strcmp(value, standard) != 0)
				n += (size_t)snprintf(
				    text + n, room - n, "%s%s=%s", n ? " " : "", name, value);
			onn_free(value);
			onn_free(standard);
		}
	}
	return whole ? ONN_OK : command_no_memory();
}

/* ---- the list ---- */

/* Columns as wide as their longest word. */
typedef struct columns {
	int kind, signal;
} columns;

static columns measure(const onn_network *n)
{
	columns wide = {(int)strlen("image"), 0};
	char text[128];
	onn_signal s;

	for (size_t i = 0; i <= onn_network_layers(n); i++) {
		const char *kind = onn_network_kind(n, i);
		int length = kind ? (int)strlen(kind) : 0;
		wide.kind = length > wide.kind ? length : wide.kind;
		if (onn_network_signal(&s, n, i))
			continue;
		length = (int)strlen(onn_signal_text(text, sizeof text, &s));
		wide.signal = length > wide.signal ? length : wide.signal;
	}
	return wide;
}

static onn_status print_layer(const onn_network *n, size_t i, const columns *wide)
{
	char text[128], given[512];
	onn_signal s;
	size_t weights;

	onn_status status = onn_network_signal(&s, n, i + 1);
	if (!status)
		status = onn_network_weights(&weights, n, i);
	if (!status)
		status = show_settings(given, sizeof given, n, i);
	if (status)
		return status;
	printf("%4zu  %-*s  %-*s", i + 1, wide->kind, onn_network_kind(n, i),
	    weights || given[0] ? wide->signal : 0, onn_signal_text(text, sizeof text, &s));
	if (weights)
		printf("  %10zu", weights);
	else if (given[0])
		printf("  %10s", "");
	printf("%s%s\n", given[0] ? "  " : "", given);
	return ONN_OK;
}

static onn_status print_layers(const onn_network *n)
{
	char text[128];
	columns wide = measure(n);
	onn_signal s;

	onn_status status = onn_network_signal(&s, n, 0);
	if (!status)
		printf("%4s  %-*s  %s\n", "", wide.kind, "image",
		    onn_signal_text(text, sizeof text, &s));
	for (size_t i = 0; i < onn_network_layers(n) && !status; i++)
		status = print_layer(n, i, &wide);
	return status;
}

static const char *amount(char *text, size_t room, double value, const char *unit)
{
	static const char *const prefix[] = {"", "k", "M", "G", "T"};
	size_t k = 0;

	for (; value >= 9999.5 && k + 1 < sizeof prefix / sizeof *prefix; k++)
		value /= 1000;
	snprintf(text, room, "%.*f %s%s", value < 10 && k ? 1 : 0, value, prefix[k], unit);
	return text;
}

static onn_status count_light(size_t *count, const onn_network *n)
{
	onn_signal in, out;
	onn_status status = onn_network_signal(&in, n, 0);

	*count = 0;
	for (size_t i = 0; i < onn_network_layers(n) && !status; i++, in = out) {
		status = onn_network_signal(&out, n, i + 1);
		*count += !status && (in.light || out.light);
	}
	return status;
}

/* The plain-C device tells what plans are like everywhere; nothing is run. */
static int print_cost(const onn_network *n, const onn_train_options *training)
{
	onn_train_cost cost;
	onn_device *device;
	size_t light;
	char flops[32], traffic[32], temporary[32], variables[32];

	onn_status status = onn_device_create(&device, "c", NULL);
	if (!status) {
		status = onn_train_cost_of(&cost, n, training, device);
		device_close(device);
	}
	if (!status)
		status = count_light(&light, n);
	if (status)
		return command_status(&command_show, status);
	printf("%zu weights; %zu of %zu layers carry light\n", cost.weights, light,
	    onn_network_layers(n));
	printf("a step of %zu images on device c: %s, %s moved; memory: %s for weights and "
	       "optimizer, %s for what lies between steps\n",
	    training->batch, amount(flops, sizeof flops, cost.flops, "FLOP"),
	    amount(traffic, sizeof traffic, cost.traffic, "B"),
	    amount(variables, sizeof variables, (double)cost.variable_bytes, "B"),
	    amount(temporary, sizeof temporary, (double)cost.plan_bytes, "B"));
	return EXIT_OK;
}

static void print_head(const char *name, const onn_network *n)
{
	const onn_network_options *o = onn_network_options_of(n);

	printf("%s: %zu classes, %s, pixels to %g, loss %s", name, o->classes,
	    onn_type_name(o->precision), o->input_maximum, onn_loss_name(o->loss));
	if (o->loss == ONN_LOSS_NLL && o->gain != 1)
		printf(" of %g times the outputs", o->gain);
	if (o->loss == ONN_LOSS_MSE && o->off_target != 0)
		printf(" against 1 and %g", o->off_target);
	if (o->efficiency > 0)
		printf(", efficiency %g", o->efficiency);
	printf("\n\n");
}

/* ---- where the network comes from ---- */

/* A file leaves images and classes open; the data set says what they are. */
static onn_status fit(onn_network *n, const settings *s)
{
	onn_dataset *dataset;

	if (onn_network_inputs(n) && onn_network_outputs(n))
		return ONN_OK;
	onn_status status = onn_dataset_load(
	    &dataset, s->dataset ? s->dataset : "digits", s->data_dir, DATASET_SPLIT_SEED);
	if (!status)
		status = onn_network_fit(n, dataset->height, dataset->width, dataset->classes);
	onn_dataset_destroy(dataset);
	return status;
}

static int load(onn_network **network, settings *s, const char *what)
{
	onn_train_config config;

	if (path_ends_in(what, ".json")) {
		onn_status status = onn_network_load(network, what);
		if (!status)
			status = fit(*network, s);
		if (!status)
			status = onn_network_check(*network);
		return status ? command_status(&command_show, status) : EXIT_OK;
	}
	int code = run_config(&command_show, what, &config);
	if (code)
		return code;
	size_t batch = s->training.batch;
	*network = config.network;
	s->training = config.options;
	s->training.batch = batch;
	return EXIT_OK;
}

static int show(const settings *s, const onn_network *n, const char *name)
{
	train_warn_of_sampling(&command_show, n);
	if (s->json) {
		char *text = onn_network_list_to_json(n);
		if (!text)
			return command_fail(&command_show, "no memory");
		puts(text);
		onn_free(text);
	} else {
		print_head(name, n);
		onn_status status = print_layers(n);
		if (status)
			return command_status(&command_show, status);
		putchar('\n');
		int code = print_cost(n, &s->training);
		if (code)
			return code;
	}
	return s->plot ? show_strip(&command_show, n, name, s->plot) : EXIT_OK;
}

/* ---- weights ---- */

static void print_weights(const onn_model *model)
{
	char text[128];

	putchar('\n');
	for (size_t i = 0; i < onn_model_count(model); i++)
		printf("%s %s\n", onn_model_name(model, i),
		    shape_text(text, sizeof text, onn_model_const_weight(model, i)));
}

static int save_weights(const settings *s, const char *folder)
{
	onn_train_config config = {0};
	onn_model *model = NULL;
	int code = path_check_folder(&command_show, s->weights);

	if (!code)
		code = run_load(&command_show, folder, &config, &model);
	if (code)
		return code;
	onn_status status = onn_model_save(model, s->weights);
	if (status)
		code = command_status(&command_show, status);
	else if (!s->json)
		print_weights(model);
	onn_model_destroy(model);
	onn_train_config_clear(&config);
	return code;
}

static int check_weights(const settings *s, const char *what)
{
	if (!s->weights)
		return EXIT_OK;
	if (!path_ends_in(s->weights, ".npz") && !path_ends_in(s->weights, ".safetensors"))
		return command_usage(&command_show,
		    "--weights is '%s'; expected a name that ends in .npz or .safetensors",
		    s->weights);
	if (path_ends_in(what, ".json"))
		return command_usage(
		    &command_show, "%s has no weights; expected a run folder with --weights", what);
	return EXIT_OK;
}

static int run(void *values, const command_line *line)
{
	settings *s = values;
	onn_network *network = NULL;

	int code = plot_check_path(&command_show, "--plot", s->plot, false);
	if (!code)
		code = check_weights(s, line->argument[0]);
	if (!code)
		code = load(&network, s, line->argument[0]);
	if (!code)
		code = show(s, network, line->argument[0]);
	if (!code && s->weights)
		code = save_weights(s, line->argument[0]);
	onn_network_destroy(network);
	return code;
}

const command command_show = {
    .name = "show",
    .summary = "a network's layers: shapes, weights, cost; and a picture of them",
    .text = "Prints the list of layers of a run folder's network, or of a file for onn train net: "
            "what each layer gives, how many numbers it learns, and its settings where they are "
            "not the usual ones; then what a step of its training costs.",
    .arguments = "RUN|FILE.json",
    .argument_count = 1,
    ROWS(rows),
    .example = "onn show runs/digits\nonn show hybrid.json --dataset mnist --plot hybrid.svg\n"
               "onn show runs/light --json > light.json\n"
               "onn show runs/digits --weights digits.safetensors",
    WORK(settings, run),
};
