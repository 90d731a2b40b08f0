/*
 * Options that are rows of a table of settings: where the value stands, what it may be, how it is
 * written. An option adds its help and, where the table's standard is not the command's, a default.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"

/* "weight_noise" of --weight-noise, where the row names no setting. */
static const char *name_of(char *name, size_t room, const option_row *row)
{
	snprintf(name, room, "%s", row->setting ? row->setting : row->name);
	for (char *c = name; !row->setting && *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

/* The row of one setting, and where in the command's settings the structure is that it is of. */
static const onn_setting *find(size_t *offset, const option_row *row, const char *name)
{
	const onn_setting *setting = onn_settings_find(offset, row->table(), name);

	*offset += row->offset;
	return setting;
}

const onn_setting *setting_of(const char **structure, const option_row *row, const void *settings)
{
	char name[96];
	size_t offset;
	const onn_setting *setting = find(&offset, row, name_of(name, sizeof name, row));

	*structure = (const char *)settings + offset;
	return setting;
}

static const onn_setting *row_of(const option_row *row)
{
	char name[96];

	return onn_settings_find(NULL, row->table(), name_of(name, sizeof name, row));
}

bool setting_parse(const option_row *row, const char *text, void *settings)
{
	char name[96];
	size_t offset;
	const onn_setting *setting = find(&offset, row, name_of(name, sizeof name, row));

	return setting && onn_setting_parse((char *)settings + offset, setting, text);
}

char *setting_text(const option_row *row, const void *settings)
{
	char name[96];

	return onn_settings_get(
	    row->table(), (const char *)settings + row->offset, name_of(name, sizeof name, row));
}

/* "A:B" into two settings, "low:high"; A < B. */
bool setting_parse_span(const option_row *row, const char *text, void *settings)
{
	onn_setting number = {.kind = ONN_SETTING_REAL};
	char name[96];
	size_t low, high, length = strcspn(text, ":");
	double a, b;

	snprintf(name, sizeof name, "%s", row->setting);
	char *other = strchr(name, ':');
	if (!other || !text[length])
		return false;
	*other++ = '\0';
	const onn_setting *from = find(&low, row, name);
	const onn_setting *to = find(&high, row, other);
	const char *last = text + length + 1;
	number.unit = from ? from->unit : NULL;
	if (!from || !to || !number_parse(&a, &number, text, length) ||
	    !onn_setting_parse(&b, &number, last) || !(a < b))
		return false;
	return number_parse((char *)settings + low, from, text, length) &&
	       onn_setting_parse((char *)settings + high, to, last);
}

/* "thin|thick|slab", synonyms too. */
const char *setting_names(const option_row *row)
{
	static char text[256];
	const onn_setting *s = row_of(row);
	size_t n = 0;

	if (!s || s->kind != ONN_SETTING_WORD)
		return NULL;
	for (size_t i = 0; i < s->words->count && n < sizeof text; i++)
		n += (size_t)snprintf(
		    text + n, sizeof text - n, "%s%s", i ? "|" : "", s->words->word[i]);
	for (size_t i = 0; i < s->words->nsynonyms && n < sizeof text; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "|%s", s->words->synonym[i].word);
	return text;
}

const char *setting_shown(const option_row *row)
{
	const onn_setting *s = row_of(row);
	bool whole = s->kind != ONN_SETTING_REAL;

	if (s->kind == ONN_SETTING_WORD)
		return setting_names(row);
	if (s->kind == ONN_SETTING_BOOL)
		return "true|false";
	if (s->kind == ONN_SETTING_TEXT)
		return "TEXT";
	if (s->counted)
		return whole ? "N,N,..." : "X,X,...";
	if (s->length == 2)
		return whole ? "N|NY,NX" : "X|Y,X";
	return whole ? "N" : "X";
}

/* "4e-06,4e-06" as a person writes it: "4um,4um"; other texts stay as they are. */
static void shorten(char *text, size_t room, const onn_setting *setting)
{
	char shown[128] = "", one[64];
	size_t n = 0;

	if (setting->kind != ONN_SETTING_REAL || !setting->unit)
		return;
	for (const char *p = text;; p++) {
		double value;
		size_t length = strcspn(p, ",");
		if (!onn_quantity_read(&value, p, length, NULL) || n >= sizeof shown)
			return;
		onn_quantity_text(one, sizeof one, 12, value, setting->unit);
		char *blank = strchr(one, ' ');
		if (blank)
			memmove(blank, blank + 1, strlen(blank));
		n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%s", n ? "," : "", one);
		p += length;
		if (!*p)
			break;
	}
	snprintf(text, room, "%s", shown);
}

const char *setting_standard(const option_row *row)
{
	static char text[128];
	char name[96];

	if (row->standard || row->kind != VALUE_SETTING || row->needed)
		return row->standard;
	const onn_settings *table = row->table();
	char *value = onn_settings_get(table, table->standard, name_of(name, sizeof name, row));
	const onn_setting *setting = row_of(row);
	bool zero = value && strspn(value, "0,") == strlen(value);
	snprintf(text, sizeof text, "%s", value ? value : "");
	onn_free(value);
	if (zero && setting->zero)
		snprintf(text, sizeof text, "0, %s", setting->zero);
	else if (!zero)
		shorten(text, sizeof text, setting);
	return *text ? text : NULL;
}

/* ---- what a setting needs ---- */

/* The option of the same structure whose setting has this name; NULL: none. */
static const option_row *option_of(const command *c, const option_row *like, const char *setting)
{
	char name[96];

	for (size_t i = 0; i < c->row_count; i++) {
		const option_row *row = &c->row[i];
		if (row->kind == VALUE_SETTING && row->table == like->table &&
		    row->offset == like->offset &&
		    strcmp(name_of(name, sizeof name, row), setting) == 0)
			return row;
	}
	return NULL;
}

/*
 * A setting needs what its row says, or what the row of a part that it is in says; names in it are
 * of the structure that has the row.
 */
const char *setting_needs(
    const option_row **other, const command *c, const option_row *row, size_t i)
{
	char name[96], path[192];
	const onn_settings *table = row->table();

	name_of(name, sizeof name, row);
	while (*name) {
		const onn_setting *setting = onn_settings_find(NULL, table, name);
		char *dot = strrchr(name, '.');
		const char *needs = setting ? setting->needs : NULL;
		if (needs) {
			snprintf(path, sizeof path, "%.*s%.*s", dot ? (int)(dot - name + 1) : 0,
			    name, (int)strcspn(needs, "="), needs);
			*other = option_of(c, row, path);
			if (*other && i-- == 0)
				return needs;
		}
		if (dot)
			*dot = '\0';
		else
			*name = '\0';
	}
	*other = NULL;
	return NULL;
}
