/*
 * A subcommand and its options: one table each, from which parsing, --help, the completion of
 * shells and the manual page follow.
 */
#ifndef ONN_APPS_COMMAND_H
#define ONN_APPS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <onn/array.h>
#include <onn/device.h>
#include <onn/network.h>
#include <onn/settings.h>

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* What a value may be, and the C type that it is stored as. */
typedef enum value_kind {
	VALUE_NONE,    /* a flag: bool */
	VALUE_FILE,    /* const char * */
	VALUE_FOLDER,  /* const char * */
	VALUE_DEVICE,  /* const char *; "opencl:1" */
	VALUE_DEVICES, /* const char *; one or more, "opencl:0,opencl:1" */
	VALUE_THREADS, /* uint64_t */
	VALUE_DATASET, /* const char *; a name that the library knows, or a path to .npz */
	VALUE_INPUTS,  /* number_list: "1,2,5", "MIN:MAX:COUNT" or "MIN:MAX:COUNT:log" */
	VALUE_SETTING, /* a setting of a table's structure */
	VALUE_SPAN,    /* two of them: "A:B" with A < B */
	VALUE_CHANGE,  /* const char *: "NAME=VALUE" */
	VALUE_CHANGES  /* change_list: the same, given as often as there are some */
} value_kind;

enum { MAX_CHANGES = 64 };

typedef struct change_list {
	size_t count;
	const char *item[MAX_CHANGES];
} change_list;

typedef struct number_list {
	size_t count;
	double *value;
	bool with_unit, without; /* whether some were written with one, and some without */
} number_list;

typedef struct option_row {
	const char *name;
	value_kind kind;
	/* of the value in the subcommand's settings; of a setting, of the structure of `table` */
	size_t offset;
	const onn_settings *(*table)(void); /* VALUE_SETTING, VALUE_SPAN */
	/* its name there; NULL: the option's, with _ for -; of a span both, "low:high" */
	const char *setting;
	const char *unit;  /* VALUE_INPUTS: of its numbers, "m"; NULL: plain ones */
	const char *plain; /* VALUE_INPUTS: what plain ones are, where not in unit: "over Fsat" */
	bool needed;       /* has to be given */
	const char *shown; /* "D" in "--device D"; NULL: the names */
	const char *standard; /* the default as the user would write it; NULL: the table's, or
	                         zero bytes */
	const char *label;    /* on an axis; NULL: the name, with blanks for - */
	const char *help;
} option_row;

/* How a row begins: a value of VALUE_kind in a member of the subcommand's settings, or a setting
 * of the table's structure, which is such a member. A file of rows defines AT(member), its offset.
 */
#define OPTION(name_, kind_, member) .name = (name_), .kind = VALUE_##kind_, .offset = AT(member)
#define SETTING(name_, table_, member)                                                             \
	.name = (name_), .kind = VALUE_SETTING, .table = (table_), .offset = AT(member)

#define DEVICE_NAMES "auto|c|reference|opencl|opencl-pure"
#define DEVICE_HELP                                                                                \
	"auto (the first GPU, else c), c, reference, opencl, opencl:N, opencl:NAME or opencl-pure"
#define DEVICE_ELSE "; else ONN_DEVICE, else auto"
/* Rows that several subcommands have, each with its member in their settings: the device, a const
 * char *, and what it is for; how many threads work on the host, a uint64_t, 0 for the usual
 * number; the folder of data sets; flags of a run. */
#define DEVICE_ROW(text)                                                                           \
	{                                                                                          \
		OPTION("device", DEVICE, device), .shown = "D", .help = text                       \
	}
#define DEVICES_ROW(text)                                                                          \
	{                                                                                          \
		OPTION("device", DEVICES, device), .shown = "D", .help = text                      \
	}
#define THREADS_ROW                                                                                \
	{                                                                                          \
		OPTION("threads", THREADS, threads),                                               \
		    .shown = "N", .help = "host threads; else ONN_THREADS, else all cores"         \
	}
#define DATA_DIR_ROW                                                                               \
	{                                                                                          \
		OPTION("data-dir", FOLDER, data_dir),                                              \
		    .shown = "D",                                                                  \
		    .help = "where the set's files are, or are in a folder of the set's name"      \
	}
#define PROFILE_ROW                                                                                \
	{                                                                                          \
		OPTION("profile", NONE, profile),                                                  \
		    .help = "print the time of each step of the plan at the end"                   \
	}
#define QUIET_ROW                                                                                  \
	{                                                                                          \
		OPTION("quiet", NONE, quiet), .help = "print the result only"                      \
	}
/* When a line within a long computation is due. */
typedef struct pace {
	double every; /* seconds from line to line; 0: no lines */
	double last;  /* system_clock of the latest line; 0: none yet */
} pace;
const onn_settings *pace_settings(void);
/* Whether so much time has passed since something was last told, and it is told now. */
bool pace_is_due(pace *p);
#define PACE_ROW                                                                                   \
	{                                                                                          \
		SETTING("log-every", pace_settings, pace),                                         \
		    .setting = "every", .shown = "SECONDS",                                        \
		    .help = "where no bar is drawn, say so often where a long epoch or design is"  \
	}
/* A command's table of rows. */
enum { MAX_OPTIONS = 96 };

/* A table with more rows than there is room for does not compile. */
#define ROWS(rows_)                                                                                \
	.row = (rows_),                                                                            \
	.row_count = sizeof(rows_) / sizeof *(rows_) +                                             \
	             0 * sizeof(char[sizeof(rows_) / sizeof *(rows_) <= MAX_OPTIONS ? 1 : -1])
/* And its work, on settings of a type. */
#define WORK(type, function) .settings_size = sizeof(type), .work = (function)

/* Sets without a test part are split by this seed, whatever --seed is: so all seeds are measured on
 * the same images, and onn eval finds the same test set again. */
enum { DATASET_SPLIT_SEED = 0 };

enum { MAX_ARGUMENTS = 64 };

typedef struct command_line {
	const char *argument[MAX_ARGUMENTS]; /* NULL behind the last, where there is room */
	const char *given[MAX_OPTIONS]; /* the text of each option as written; NULL: not given */
	/* texts of options that may be given several times, and which option each is */
	const char *change[MAX_CHANGES];
	size_t change_row[MAX_CHANGES], changes;
} command_line;

typedef struct command {
	const char *name;      /* "train mlp" */
	const char *summary;   /* one line, no full stop */
	const char *text;      /* paragraphs for --help and the manual page */
	const char *arguments; /* "RUN IMAGE"; NULL: none */
	size_t argument_count; /* at least */
	size_t argument_most;  /* 0: argument_count */
	const option_row *row;
	size_t row_count;
	const char *example; /* one command a line */
	/* What it does with its settings, a structure of so many bytes, which are read before and
	 * released behind; an exit status. */
	size_t settings_size;
	int (*work)(void *settings, const command_line *line);
	/* Or, where NULL is above: all of it; argv[0] is the subcommand's last word. */
	int (*run)(int argc, char **argv);
} command;

extern const command command_compare, command_datasets, command_devices, command_selftest,
    command_response, command_pulse, command_train_mlp, command_train_cnn, command_train_d2nn,
    command_train_net, command_show, command_eval, command_predict, command_source,
    command_propagate, command_simulate, command_plot, command_design, command_reproduce,
    command_examples, command_version;
/* NULL ends it. */
extern const command *const commands[];

/* Reads the command line and does the command; an exit status. */
int command_run(const command *c, int argc, char **argv);
/* How it is read, for those who have something to do between the steps: which options are given;
 * the defaults of all; the values of those given. False: *code is what to exit with; help or an
 * error has been printed. */
bool command_scan(command_line *line, const command *c, int argc, char **argv, int *code);
void command_standard(const command *c, void *settings);
/* The text of an option as it was given; "" of a flag, NULL: it was not, or there is none. */
const char *command_given(const command *c, const command_line *line, const char *option);
bool command_fill(const command *c, const command_line *line, void *settings, int *code);
/* Frees the lists in settings. */
void command_release(const command *c, void *settings);
/* Refuses a command line that lacks what is needed, and options that were given without what their
 * rows say they need; an exit status. */
int command_needs(const command *c, const command_line *line, const void *settings);
/* Prints "onn NAME: ..." to standard error and returns EXIT_USAGE. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int command_usage(const command *c, const char *format, ...);
/* The same for a failure: returns EXIT_FAILED. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int command_fail(const command *c, const char *format, ...);
/* Prints the library's text for a failed call, without the names of C functions; EXIT_FAILED. */
int command_status(const command *c, onn_status status);
/* A text of the library's, without those names: in an array of that size, cut to fit; returned. */
const char *command_plain(char *text, size_t room, const char *from);
/* ONN_ERROR_MEMORY of the command's own, of which the library has no text. */
onn_status command_no_memory(void);
/* Warns that `what`, a space, is sampled too coarsely, and why; enough: whether it is not with so
 * much padding. */
void sampling_warn(const command *c, const char *what, const char *why,
    bool (*enough)(void *user, size_t padding), void *user);

/* What a person calls layer i of a network, a space or a lens: of one that no list was written for
 * by its plates, "the space behind plate 2", else "the space in layer 3"; returns text. */
const char *sampling_place(char *text, size_t room, const onn_network *network, size_t i);

/* Warns of a phase that turns too fast for its pixels: the sentence that onn_phase_sampling has. */
void sampling_warn_of_steps(const command *c, const char *what, const char *why);

/* Opens a device, as onn_device_create; a line on standard error where "auto" takes c since
 * something is amiss with what would come before. Whether --device, NULL without one, is "auto". */
onn_status device_open(onn_device **device, const char *name, const onn_device_options *options);
bool device_is_auto(const char *name);
/* What a list of onn_device_list has of a device, an opencl-pure without the native kernels of the
 * opencl in its row; false: nothing. */
bool device_find(
    onn_device_info *info, const onn_device *device, const onn_device_info *list, size_t count);
/* Closes it, and says on standard error what was found wrong on it; NULL is fine. */
void device_close(onn_device *device);
/* The same where work in `type` is to be done: "auto" takes c, with a line that says so, where what
 * it would take lacks the type; a device by name is opened, and refuses the work itself. */
onn_status device_open_for(
    onn_device **device, const char *name, const onn_device_options *options, onn_type type);

/* Prints the command line to standard error, for a shell to read back, with `more` behind it. */
void command_again(const command *c, int argc, char **argv, const char *more);

/* "onn NAME ARGUMENTS --option value", as it was given, for a shell to read back; free it. NULL: no
 * memory. */
char *command_text(const command *c, const command_line *line);

/* Parses text as the row says. False: it is no such value; settings are untouched. */
bool value_parse(const option_row *row, const char *text, void *settings);
/* What the row takes, for messages: "a whole number from 1 to 4096". */
void value_expected(const option_row *row, char *text, size_t room);
/* The same in place of what was given and not taken. */
void value_refusal(const option_row *row, const char *given, char *text, size_t room);
/* The names that the row takes: "thin|thick"; NULL where it takes others. */
const char *value_names(const option_row *row);
/* Whether text is one of "a|b|c". */
bool names_have(const char *names, const char *text, size_t length);
/* What stands behind the option in help: "D", "thin|thick"; "" for a flag. */
const char *value_shown(const option_row *row);

/* The same for rows that are settings. */
bool setting_parse(const option_row *row, const char *text, void *settings);
bool setting_parse_span(const option_row *row, const char *text, void *settings);
const char *setting_names(const option_row *row);
/* Its value in settings, as it is written; free it with onn_free. NULL: no memory. */
char *setting_text(const option_row *row, const void *settings);
const char *setting_shown(const option_row *row);
/* The default of any row as the user would write it: the command's own, else the table's; NULL:
 * there is none. */
const char *setting_standard(const option_row *row);
/* The setting's row, and the structure that it is of; NULL where the table has none of the name. */
const onn_setting *setting_of(const char **structure, const option_row *row, const void *settings);
/* What the setting needs of other options, "activation=sa", from i = 0 on; NULL: nothing more. */
const char *setting_needs(
    const option_row **other, const command *c, const option_row *row, size_t i);

/* "1,2,5", "MIN:MAX:COUNT" or "MIN:MAX:COUNT:log", of numbers of that name and unit; both may be
 * NULL; the caller frees list->value. */
bool number_list_parse(number_list *list, const char *text, const char *name, const char *unit);

/* The first bytes of a text by a row of one number, at `offset` of number. */
bool number_parse(void *number, const onn_setting *row, const char *text, size_t length);

/*
 * The name among "a|b|c" that is nearest to text by edit distance or because one begins with the
 * other, copied to found; "" where none is near.
 */
void nearest_name(const char *text, const char *names, char *found, size_t room);
/* "; the nearest is 'a'", or "" where none is near; returns hint. */
const char *nearest_hint(char *hint, size_t room, const char *text, const char *names);

/* The file called name in a folder, NULL: none is named; free it. NULL: no memory. */
char *path_join(const char *folder, const char *name);
/* Whether the file can be read. */
bool path_exists(const char *path);
/* The whole of a text, which the caller frees: "" of one that cannot be read; NULL: there is none,
 * or no memory. */
char *path_read(const char *folder, const char *name);
/* In capitals too. */
bool path_ends_in(const char *path, const char *ending);
/* Whether the folder of a file to write is there, before a long computation; an exit status. */
int path_check_folder(const command *c, const char *path);
/* What `write` says becomes the file called name in a folder (NULL: none is named), whole or not at
 * all; an exit status, its error printed. */
int path_write(const command *c, const char *folder, const char *name,
    void (*write)(FILE *file, const void *user), const void *user);

/* The same of what an open file holds, from its start. */
int path_copy(const command *c, const char *path, FILE *from);

/* A length as a person writes it, for one sentence. */
#define METRES(value, digits) onn_quantity_text((char[40]){0}, 40, digits, value, "m")
/* "[3, 64, 64]", cut to fit; returns text. */
const char *shape_text(char *text, size_t room, const onn_array *a);
/* The same for where an element is. */
const char *place_text(char *text, size_t room, const onn_array *a, size_t element);

void help_print(const command *c);
/* What stands behind an option's help: " (in m; default: 8um)", or "". */
const char *help_note(char *text, size_t room, const option_row *row);
void help_print_all(void);
/* The manual page, and the completion of a shell, on standard output. False: it is not one of bash,
 * zsh and fish. */
void page_manual(void);
bool page_completion(const char *shell);

#endif
