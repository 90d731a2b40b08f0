/* The options of a design, from the command line and from the run that it goes on with. */
#include <string.h>

#include "design.h"

/* Options that a resumed run may change: how long, where, and what is written. */
static bool may_change(const char *name)
{
	static const char *const names[] = {"steps", "save-every", "index", "base"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* saved is a text where mark is a quotation mark. */
static int differs(const char *option, const char *given, const char *mark, const char *saved)
{
	return command_fail(&command_design, "--%s is %s; the run to resume has %s%s%s", option,
	    given, mark, saved, mark);
}

/* One that is a setting of the design: the library's table knows its name. */
static int take_setting(
    onn_design *design, const option_row *row, void *settings, const char *given, bool resumed)
{
	const onn_settings *table = onn_design_settings();
	onn_design asked = *design;
	char name[64];
	char *text = onn_settings_get(table, design, row->name);
	int code = text ? EXIT_OK : command_fail(&command_design, "no memory");

	if (!code && !given)
		value_parse(row, text, settings); /* 0, where it means not given, is no value */
	else if (!code && onn_settings_set(&asked, table, row->name, given))
		code = command_status(&command_design, ONN_ERROR_ARGUMENT);
	else if (!code && resumed && !may_change(row->name) &&
	         onn_settings_difference(name, sizeof name, table, &asked, design))
		code = differs(row->name, given, row->kind == VALUE_CHOICE ? "\"" : "", text);
	*design = asked;
	onn_free(text);
	return code;
}

/* The name of a file: NULL where the run has none. */
static int take_name(const char **mine, const char *saved, const char *option, const char *given)
{
	bool same = given && *mine && !strcmp(*mine, saved);

	if (given && !same)
		return *saved ? differs(option, given, "\"", saved)
		              : differs(option, given, "", "null");
	*mine = *saved ? saved : NULL;
	return EXIT_OK;
}

static int take_names(design_settings *s, const onn_design_config *c, const command_line *line)
{
	int code = take_name(&s->target, c->target, "target", line->given[0]);

	if (!code)
		code = take_name(&s->source, c->source, "source", line->given[1]);
	if (!code)
		code = take_name(&s->start, c->start, "start", line->given[2]);
	return code;
}

int design_take_options(design_settings *s, onn_design_config *config, const command_line *line)
{
	int code = s->resume ? take_names(s, config, line) : EXIT_OK;

	for (size_t i = 0; i < design_row_count && !code; i++) {
		const option_row *row = &design_rows[i];
		if (onn_settings_find(NULL, onn_design_settings(), row->name))
			code = take_setting(&config->design, row, s, line->given[i], s->resume);
		else if (s->resume && !line->given[i] && !strcmp(row->name, "device"))
			s->device = config->device;
		else if (s->resume && !line->given[i] && !strcmp(row->name, "threads"))
			s->threads = (uint64_t)config->threads;
	}
	return code;
}
