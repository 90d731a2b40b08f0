/* Completion for bash, zsh and fish, from the same tables as --help. */
#include <stdio.h>
#include <string.h>

#include <onn/dataset.h>

#include "command.h"

/* What a shell offers for the value of an option. */
typedef enum offer {
	OFFER_NOTHING, /* a number */
	OFFER_WORDS,
	OFFER_FILES,
	OFFER_FOLDERS,
	OFFER_DATASETS, /* names, and files of one's own */
	OFFER_DEVICES,  /* names, and what `onn devices` lists */
	OFFERS
} offer;

/* "mse|nll"; NULL where the row has no list of words. */
static const char *words_of(const option_row *row)
{
	if (row->kind == VALUE_SETTING && !value_names(row) &&
	    strcmp(value_shown(row), "true|false") == 0)
		return "true|false";
	return value_names(row);
}

static offer offer_of(const option_row *row)
{
	switch (row->kind) {
	case VALUE_FILE:
		return OFFER_FILES;
	case VALUE_FOLDER:
		return OFFER_FOLDERS;
	case VALUE_DATASET:
		return OFFER_DATASETS;
	case VALUE_DEVICE:
	case VALUE_DEVICES:
		return OFFER_DEVICES;
	default:
		return words_of(row) ? OFFER_WORDS : OFFER_NOTHING;
	}
}

static void put_words(const char *names)
{
	for (; *names; names++)
		putchar(*names == '|' ? ' ' : *names);
}

static void put_datasets(void)
{
	for (size_t i = 0; onn_dataset_known(i); i++)
		printf("%s%s", i ? " " : "", onn_dataset_known(i)->name);
}

/* The first words of a command's name, or, behind "train ", what `train` stands in front of; empty
 * where it was said before. */
static const char *word_of(size_t *length, size_t i, bool network)
{
	const char *name = commands[i]->name;
	size_t first = strcspn(name, " ");

	*length = first;
	if (network) {
		*length = name[first] ? strlen(name + first + 1) : 0;
		return name + first + (name[first] == ' ');
	}
	if (name[first] && i > 0 && !strncmp(commands[i - 1]->name, name, first + 1))
		*length = 0;
	return name;
}

static const char *summary_of(size_t i, bool network)
{
	return !network && strchr(commands[i]->name, ' ') ? "train a network"
	                                                  : commands[i]->summary;
}

/* "devices selftest train", or "mlp cnn". */
static void put_commands(bool network)
{
	size_t length;

	for (size_t i = 0; commands[i]; i++) {
		const char *word = word_of(&length, i, network);
		if (length)
			printf(" %.*s", (int)length, word);
	}
}

/* How much of a help text fits beside a name in a list: its first clause. */
static int clause_of(const char *help)
{
	enum { ROOM = 72 };
	size_t length = strcspn(help, ";:\n");

	if (length > ROOM)
		for (length = ROOM; length > 1 && help[length] != ' ';)
			length--;
	return (int)length;
}

/* ---- bash ---- */

/* Words that bash has cut at = and : are put together again, and what is offered is cut the same
 * way. Without an answer of ours readline completes files, and knows how to quote them. */
static const char bash_begin[] =
    "# bash completion for onn\n"
    "_onn()\n{\n"
    "\tlocal -a line=()\n"
    "\tlocal piece glued='' offer=options names=''\n"
    "\tfor piece in \"${COMP_WORDS[@]:0:COMP_CWORD+1}\"; do\n"
    "\t\tif [[ $glued || $piece == [:=] ]] && ((${#line[@]})); then\n"
    "\t\t\tline[${#line[@]}-1]+=$piece\n"
    "\t\telse\n\t\t\tline+=(\"$piece\")\n\t\tfi\n"
    "\t\tglued=''\n\t\t[[ $piece != [:=] ]] || glued=1\n"
    "\tdone\n"
    "\tlocal last=$((${#line[@]} - 1)) command=${line[1]}\n"
    "\tlocal word=${line[last]} before=${line[last-1]} had\n"
    "\tif [[ $word == --*=* ]]; then\n\t\tbefore=${word%%=*} word=${word#*=}\n\tfi\n"
    "\thad=${word%\"$piece\"}\n"
    "\t[[ ! $glued ]] || had=$word\n";

static const char bash_end[] =
    "\tcase $offer in\n"
    "\toptions) if [[ $word == -* ]]; then compopt +o default; else names=''; fi ;;\n"
    "\twords | nothing) compopt +o default ;;\n"
    "\tfolders) compopt +o default -o dirnames ;;\n"
    "\tdevices)\n\t\tcompopt +o default\n"
    "\t\t[[ ${_onn_devices-} ]] || _onn_devices=$(\"${COMP_WORDS[0]}\" devices 2>/dev/null |\n"
    "\t\t\twhile read -r piece _; do [[ $piece != [a-z]*:* ]] || echo \"$piece\"; done)\n"
    "\t\tnames+=\" $_onn_devices\" ;;\n"
    "\tesac 2>/dev/null\n"
    "\tmapfile -t COMPREPLY < <(compgen -W \"$names\" -- \"$word\")\n"
    "\tCOMPREPLY=(\"${COMPREPLY[@]#\"$had\"}\")\n}\n"
    "complete -o default -F _onn onn\n";

static void bash_value(const command *c, const option_row *row)
{
	static const char *const name[OFFERS] = {
	    "nothing", "words", "files", "folders", "datasets", "devices"};
	offer o = offer_of(row);

	printf("\t'%s --%s') offer=%s", c->name, row->name, name[o]);
	if (o == OFFER_WORDS || o == OFFER_DEVICES || o == OFFER_DATASETS) {
		printf(" names='");
		if (o == OFFER_DATASETS)
			put_datasets();
		else
			put_words(words_of(row));
		putchar('\'');
	}
	printf(" ;;\n");
}

static void bash_command(const command *c)
{
	for (size_t i = 0; i < c->row_count; i++)
		if (c->row[i].kind != VALUE_NONE)
			bash_value(c, &c->row[i]);
	printf("\t'%s '*) names='--help", c->name);
	for (size_t i = 0; i < c->row_count; i++)
		printf(" --%s", c->row[i].name);
	printf("' ;;\n");
}

static void bash_completion(void)
{
	fputs(bash_begin, stdout);
	printf("\tif ((last == 1)) || [[ $command == help && $last == 2 ]]; then\n"
	       "\t\toffer=words names='help --help");
	put_commands(false);
	printf("'\n\telif [[ $last == 2 && $command == train || $last == 3 && ${line[2]} == train "
	       "]]; then\n\t\toffer=words names='");
	put_commands(true);
	printf("'\n\tfi\n"
	       "\t[[ $command != train ]] || command+=\" ${line[2]}\"\n"
	       "\t[[ $names ]] || case \"$command $before\" in\n");
	for (size_t i = 0; commands[i]; i++)
		bash_command(commands[i]);
	printf("\tesac\n");
	fputs(bash_end, stdout);
}

/* ---- zsh ---- */

/* Within single quotes, what _arguments and _describe would read as theirs behind a backslash. */
static void zsh_text(const char *text, int length)
{
	for (int i = 0; i < length; i++) {
		if (text[i] == '\'') {
			fputs("'\\''", stdout);
			continue;
		}
		if (strchr(":[]\\", text[i]))
			putchar('\\');
		putchar(text[i]);
	}
}

static void zsh_option(const option_row *row)
{
	printf("\t\t\t'--%s%s[", row->name, row->kind == VALUE_NONE ? "" : "=");
	zsh_text(row->help, clause_of(row->help));
	putchar(']');
	if (row->kind != VALUE_NONE) {
		printf(":%s:", row->name);
		switch (offer_of(row)) {
		case OFFER_FILES:
			printf("_files");
			break;
		case OFFER_FOLDERS:
			printf("_files -/");
			break;
		case OFFER_DATASETS:
			printf("_onn_datasets");
			break;
		case OFFER_DEVICES:
			printf("_onn_devices");
			break;
		case OFFER_WORDS:
			putchar('(');
			put_words(words_of(row));
			putchar(')');
			break;
		default:
			putchar(' ');
		}
	}
	printf("' \\\n");
}

static void zsh_known(bool network)
{
	size_t length;

	printf("\t\tknown=(");
	if (!network)
		printf("'help:print the help of a command' ");
	for (size_t i = 0; commands[i]; i++) {
		const char *word = word_of(&length, i, network), *summary = summary_of(i, network);
		if (!length)
			continue;
		printf("\\\n\t\t\t'%.*s:", (int)length, word);
		zsh_text(summary, (int)strlen(summary));
		printf("' ");
	}
	printf(")\n\t\t_describe command known\n\t\treturn\n");
}

static void zsh_completion(void)
{
	printf("#compdef onn\n# zsh completion for onn\n"
	       "_onn_datasets()\n{\n\tcompadd -- ");
	put_datasets();
	printf(
	    "\n\t_files -g '*.npz'\n}\n"
	    "_onn_devices()\n{\n"
	    "\tlocal -a found\n"
	    "\tfound=(${${(f)\"$(_call_program devices $program devices 2>/dev/null)\"}%%%% *})\n"
	    "\tcompadd -- ");
	put_words(DEVICE_NAMES);
	printf(" ${(M)found:#*:*}\n}\n"
	       "_onn()\n{\n"
	       "\tlocal program=$words[1] command=$words[2]\n\tlocal -a known\n"
	       "\tif ((CURRENT == 2)) || [[ $command == help && $CURRENT == 3 ]]; then\n");
	zsh_known(false);
	printf(
	    "\telif [[ $CURRENT == 3 && $command == train || $CURRENT == 4 && $words[3] == train "
	    "]]; then\n");
	zsh_known(true);
	printf("\tfi\n"
	       "\tif [[ $command == train ]]; then\n"
	       "\t\tcommand+=\" $words[3]\"\n\t\tshift words\n\t\t((CURRENT--))\n\tfi\n"
	       "\tshift words\n\t((CURRENT--))\n"
	       "\tcase $command in\n");
	for (size_t i = 0; commands[i]; i++) {
		printf(
		    "\t'%s')\n\t\t_arguments -S '--help[print the help]' \\\n", commands[i]->name);
		for (size_t k = 0; k < commands[i]->row_count; k++)
			zsh_option(&commands[i]->row[k]);
		printf("\t\t\t'*:file:_files' ;;\n");
	}
	printf(
	    "\tesac\n}\n"
	    "if [[ $funcstack[1] == _onn ]]; then\n\t_onn \"$@\"\nelse\n\tcompdef _onn onn\nfi\n");
}

/* ---- fish ---- */

static void fish_text(const char *text, int length)
{
	putchar('\'');
	for (int i = 0; i < length; i++) {
		if (text[i] == '\'' || text[i] == '\\')
			putchar('\\');
		putchar(text[i]);
	}
	putchar('\'');
}

static void fish_option(const command *c, const option_row *row)
{
	printf("complete -c onn -n '__onn_is %s' -l %s", c->name, row->name);
	switch (row->kind == VALUE_NONE ? OFFERS : offer_of(row)) {
	case OFFER_FILES:
		printf(" -r -F");
		break;
	case OFFER_FOLDERS:
		printf(" -x -a '(__fish_complete_directories)'");
		break;
	case OFFER_DATASETS:
		printf(" -r -F -a '");
		put_datasets();
		putchar('\'');
		break;
	case OFFER_DEVICES:
		printf(" -x -a '");
		put_words(DEVICE_NAMES);
		printf(" (__onn_devices)'");
		break;
	case OFFER_WORDS:
		printf(" -x -a '");
		put_words(words_of(row));
		putchar('\'');
		break;
	case OFFER_NOTHING:
		printf(" -x");
		break;
	case OFFERS:
		break;
	}
	printf(" -d ");
	fish_text(row->help, clause_of(row->help));
	putchar('\n');
}

static void fish_commands(const char *condition, bool network)
{
	size_t length;

	for (size_t i = 0; commands[i]; i++) {
		const char *word = word_of(&length, i, network), *summary = summary_of(i, network);
		if (!length)
			continue;
		printf("complete -c onn -n '%s' -a '%.*s' -d ", condition, (int)length, word);
		fish_text(summary, (int)strlen(summary));
		putchar('\n');
	}
}

static void fish_completion(void)
{
	printf("# fish completion for onn\n"
	       "function __onn_at\n\tset -l line (commandline -opc)\n"
	       "\ttest \"$line[2..-1]\" = \"$argv\"\nend\n"
	       "function __onn_is\n\tset -l line (commandline -opc)\n"
	       "\tstring match -q -- \"$argv *\" \"$line[2..-1] \"\nend\n"
	       "function __onn_devices\n\tset -l line (commandline -opc)\n"
	       "\t$line[1] devices 2>/dev/null | string match -r '^[a-z]+:\\S+'\nend\n"
	       "complete -c onn -f\n"
	       "complete -c onn -n __onn_at -a help -d 'print the help of a command'\n");
	fish_commands("__onn_at", false);
	fish_commands("__onn_at help", false);
	fish_commands("__onn_at train", true);
	fish_commands("__onn_at help train", true);
	for (size_t i = 0; commands[i]; i++) {
		printf("complete -c onn -n '__onn_is %s' -l help -d 'print the help'\n",
		    commands[i]->name);
		if (commands[i]->arguments)
			printf("complete -c onn -n '__onn_is %s' -F\n", commands[i]->name);
		for (size_t k = 0; k < commands[i]->row_count; k++)
			fish_option(commands[i], &commands[i]->row[k]);
	}
}

bool page_completion(const char *shell)
{
	static const struct {
		const char *shell;
		void (*print)(void);
	} page[] = {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}};

	for (size_t i = 0; i < sizeof page / sizeof *page; i++)
		if (strcmp(shell, page[i].shell) == 0) {
			page[i].print();
			return true;
		}
	return false;
}
