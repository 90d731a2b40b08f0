/* The manual page, from the same tables as --help. */
#include <stdio.h>
#include <string.h>

#include <onn/dataset.h>
#include <onn/version.h>

#include "command.h"

/* Text as roff: dashes that stay dashes, and no line that begins with a control character. */
static void roff(const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
		start = *text == '\n';
	}
}

static void manual_row(const option_row *row)
{
	char note[192];

	printf(".TP\n.B ");
	roff("--");
	roff(row->name);
	if (*value_shown(row)) {
		printf(" \\fI");
		roff(value_shown(row));
		printf("\\fR");
	}
	putchar('\n');
	roff(row->help);
	roff(help_note(note, sizeof note, row));
	printf("\n");
}

static void manual_command(const command *c)
{
	printf(".SS onn ");
	roff(c->name);
	if (c->arguments)
		printf(" %s", c->arguments);
	printf(" [\\fIoptions\\fR]\n");
	roff(c->text);
	printf("\n");
	for (size_t i = 0; i < c->row_count; i++)
		manual_row(&c->row[i]);
	printf(".PP\nFor example:\n.PP\n.nf\n.RS\n");
	roff(c->example);
	printf("\n.RE\n.fi\n");
}

static void manual_datasets(void)
{
	const onn_dataset_info *info;

	printf(".SH DATA SETS\n");
	for (size_t i = 0; (info = onn_dataset_known(i)); i++) {
		printf(".TP\n.B %s\n", info->name);
		roff(info->title);
		printf(": %zu images to train with, %zu to test, %zu classes; ", info->train,
		    info->test, info->classes);
		roff(info->page);
		printf(" (%s).\n", info->licence);
	}
}

void page_manual(void)
{
	printf(".TH ONN 1 \"\" \"onn %s\" \"User Commands\"\n"
	       ".SH NAME\nonn \\- all\\-optical neural networks\n"
	       ".SH SYNOPSIS\n.B onn\n.I COMMAND\n[\\fIoptions\\fR]\n"
	       ".SH DESCRIPTION\n"
	       "Trains all\\-optical neural networks: with saturable absorbers and optical\n"
	       "backpropagation, and of plates that light passes (diffractive networks). Designs\n"
	       "plates that make an image, propagates fields, and shows what its devices can do.\n"
	       ".SH COMMANDS\n",
	    ONN_VERSION);
	for (size_t i = 0; commands[i]; i++)
		manual_command(commands[i]);
	printf(
	    ".SH FILES\nA run folder (onn train \\-\\-out) holds\n"
	    ".TP\n.B config.json\nThe network, the training, the data set and the device.\n"
	    ".TP\n.B metrics.csv\nepoch,train_loss,selection_accuracy,report_accuracy,seconds: "
	    "accuracies as\nfractions, seconds of the epoch's training steps alone.\n"
	    ".TP\n.B best.npz\nThe weights of the epoch that was best on the selection half.\n"
	    ".TP\n.B last.npz\nAll that is needed to go on with \\-\\-resume.\n"
	    ".TP\n.B seconds.npy\nWhat epochs took, for metrics.csv when a run goes on.\n"
	    ".TP\n.B loss.svg, loss.png, accuracy.svg, accuracy.png\n"
	    "The curves, where gnuplot is installed.\n"
	    ".TP\n.B plates.png, amplitudes.png, light.png\n"
	    "Of a network of light: the plates' phases, the amplitudes of complex ones, and the\n"
	    "light of some images at every plane.\n"
	    ".TP\n.B efficiency.csv\nWhat part of the light arrives in the right region.\n"
	    ".TP\n.B confusion.csv, confusion.png\nTest images by label and class seen.\n"
	    ".PP\nWith several seeds each has a folder seed\\-N in it, beside summary.json.\n");
	manual_datasets();
	printf(
	    ".SH UNITS\nPlain numbers are in SI. A length, time, angle, power, energy, frequency, "
	    "pressure,\nintensity or fluence may have a unit with a prefix: 532nm, 8um, 5cm, 26ns, "
	    "30deg, .5mrad,\n2mW/cm^2. One of another kind is refused.\n");
	printf(
	    ".SH EXIT STATUS\n"
	    "0 for success, 1 for a failure, 2 for wrong usage; 130 or 143 where SIGINT or SIGTERM "
	    "stopped a training,\na design or a study, which is saved.\n"
	    ".SH ENVIRONMENT\n"
	    ".TP\n.B ONN_DEVICE\nThe device where \\-\\-device is not given.\n"
	    ".TP\n.B ONN_THREADS\nHost threads where \\-\\-threads is not given.\n"
	    ".TP\n.B ONN_DATA_DIR\nA folder with data sets, looked in after \\-\\-data\\-dir.\n");
}
