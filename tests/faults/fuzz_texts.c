/* Targets: texts, and checkpoints, which have some. */
#define _DEFAULT_SOURCE /* strsep */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/archive.h>
#include <onn/model.h>

#include "command.h"
#include "design/designer.h"
#include "train/config.h"

/* With its end: readers take strings. */
static char *text_of(const uint8_t *data, size_t size)
{
	fuzz_bytes b = {0};
	fuzz_append(&b, data, size);
	fuzz_append(&b, "", 1);
	return (char *)b.data;
}

static void check_refusal(onn_status status) { fuzz_judge(status, NULL); }

void fuzz_config(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	onn_train_config c;
	onn_status status = onn_config_parse(&c, text, "config.json");
	if (status) {
		check_refusal(status);
	} else {
		FUZZ_CHECK(!onn_network_check(c.network));
		FUZZ_CHECK(!onn_train_options_check(&c.options));
		FUZZ_CHECK(!onn_config_compare(text, text, "itself"));
		onn_train_config_clear(&c);
	}
	free(text);
}

void fuzz_design(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	onn_design_config c;
	onn_status status = onn_design_config_parse(&c, text, "config.json");
	if (status)
		check_refusal(status);
	else
		FUZZ_CHECK(!onn_design_check(&c.design));
	free(text);
}

/* What is read is written so that it is read as the same. */
void fuzz_network(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	onn_network *network, *again;
	onn_status status = onn_network_from_json(&network, text);
	fuzz_judge(status, network);
	if (!status) {
		char *written = onn_network_to_json(network);
		FUZZ_CHECK(written && !onn_network_from_json(&again, written));
		FUZZ_CHECK(!onn_network_compare(again, network));
		onn_free(written);
		onn_network_destroy(again);
	}
	onn_network_destroy(network);
	free(text);
}

/* So many weights that making them would take memory and time that the file has not. */
static bool is_small(const char *json)
{
	onn_network *network;
	size_t weights = 0, count;
	if (!json || onn_network_from_json(&network, json))
		return true;
	bool fits = onn_network_inputs(network) && !onn_network_check(network);
	for (size_t i = 0; fits && i < onn_network_layers(network); i++) {
		fits = !onn_network_weights(&count, network, i);
		weights += count;
	}
	onn_network_destroy(network);
	return weights < 100000;
}

void fuzz_checkpoint(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
	    "model.json", "w0.npy", "w1.npy", "b0.npy", "b1.npy", "plate0.npy", "plate1.npy", NULL};
	fuzz_bytes zip = fuzz_zip(data, size, names);
	const char *path = fuzz_file(zip.data, zip.size), *json = NULL;
	onn_archive *archive;
	onn_status status = onn_archive_load(&archive, path);
	status = status ? status : onn_archive_find_text(&json, archive, "model.json");
	if (!status && is_small(json)) {
		onn_model *model;
		status = onn_model_load(&model, path);
		fuzz_judge(status, model);
		if (!status)
			FUZZ_CHECK(!onn_model_import(model, path));
		onn_model_destroy(model);
	}
	onn_archive_destroy(archive);
	free(zip.data);
}

void fuzz_options(const uint8_t *data, size_t size)
{
	char *argv[32] = {"onn"};
	int argc = 1, code = EXIT_SUCCESS;
	size_t count = 0;
	command_line line;
	if (!size)
		return;
	while (commands[count])
		count++;
	const command *c = commands[data[0] % count];
	char *text = text_of(data + 1, size - 1), *at = text;
	for (char *word; argc < 31 && (word = strsep(&at, "\n")) != NULL;)
		argv[argc++] = word;
	void *settings = calloc(1, c->settings_size + 1);
	FUZZ_CHECK(settings);
	if (c->settings_size && command_scan(&line, c, argc, argv, &code)) {
		command_standard(c, settings);
		if (command_fill(c, &line, settings, &code))
			command_needs(c, &line, settings);
		command_release(c, settings);
	}
	FUZZ_CHECK(code == EXIT_SUCCESS || code == 2);
	free(settings);
	free(text);
}
