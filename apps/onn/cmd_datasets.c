/* onn datasets: which sets of images are here, and where others come from. */
#include <stdio.h>
#include <string.h>

#include <onn/dataset.h>

#include "command.h"
#include "result.h"

typedef struct settings {
	const char *data_dir;
	bool json;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {DATA_DIR_ROW, JSON_ROW};

static void add(result *r, const onn_dataset_info *info, const onn_dataset_place *place, bool there,
    const char *missing)
{
	result_row(r, "datasets");
	result_text(r, "name", info->name);
	result_text(r, "title", info->title);
	result_bool(r, "there", there);
	result_text(r, "folder", place->folder);
	result_text(r, "missing", missing);
	result_text(r, "looked", place->looked);
	result_whole(r, "train", info->train);
	result_whole(r, "test", info->test);
	result_whole(r, "classes", info->classes);
	result_text(r, "page", info->page);
	result_text(r, "licence", info->licence);
	result_leave(r);
}

static void print(
    const onn_dataset_info *info, const onn_dataset_place *place, bool there, const char *missing)
{
	const char *folder = place->looked;

	printf("%-8s %s: %zu images to train with, %zu to test, %zu classes (%s)\n", info->name,
	    info->title, info->train, info->test, info->classes, info->licence);
	if (there) {
		printf("         in %s\n", place->folder);
		return;
	}
	printf("         %s\n", missing);
	printf("         looked in ");
	if (!*folder)
		printf("no folder: --data-dir or ONN_DATA_DIR names one");
	while (*folder) {
		size_t length = strcspn(folder, "\n");
		printf("%.*s%s", (int)length, folder, folder[length] ? ", " : "");
		folder += length + (folder[length] == '\n');
	}
	putchar('\n');
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	const onn_dataset_info *info;
	onn_dataset_place place;
	result r = {0};
	int code = EXIT_OK;

	(void)line;
	if (s->json)
		r = result_begin(&command_datasets);
	for (size_t i = 0; (info = onn_dataset_known(i)) && !code; i++) {
		char missing[1024] = "";
		onn_status status = onn_dataset_find(&place, i, s->data_dir);
		if (status == ONN_ERROR_FILE)
			command_plain(missing, sizeof missing, onn_last_error());
		else if (status)
			code = command_status(&command_datasets, status);
		if (s->json)
			add(&r, info, &place, !status, missing);
		else
			print(info, &place, !status, missing);
	}
	return s->json ? result_end(&r, code) : code;
}

const command command_datasets = {
    .name = "datasets",
    .summary = "which data sets are here, and where others come from",
    .text = "Lists the sets of images that --dataset takes by name: where its files are, or which "
            "are missing, from which page they come, and where they were looked for. A FILE.npz "
            "of your own needs no place among them.",
    ROWS(rows),
    .example = "onn datasets\nonn datasets --data-dir data",
    WORK(settings, run),
};
