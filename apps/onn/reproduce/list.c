/* onn reproduce --list. */
#include <math.h>
#include <stdio.h>

#include "bar.h"
#include "reproduce.h"
#include "result.h"

/* "some 3 min", or why that cannot be said. */
static void print_time(const char *what, const onn_study *study,
    const onn_reproduce_options *options, bool quick, onn_device *device)
{
	onn_reproduce_options o = *options;
	double seconds;
	char time[24], reason[640];

	o.quick = quick;
	if (onn_study_forecast(&seconds, study, &o, device))
		printf("%sa time that cannot be told: %s", what,
		    command_plain(reason, sizeof reason, onn_last_error()));
	else if (seconds < 1)
		printf("%sa moment", what);
	else
		printf("%ssome %s", what, duration_text(time, sizeof time, seconds));
}

static void print_study(
    const onn_study *study, const onn_reproduce_options *options, onn_device *device)
{
	onn_study_info info = onn_study_about(study);

	printf("%s\n  repeats    %s\n", info.name, info.title);
	if (*info.source)
		printf("  source     %s\n", info.source);
	if (*info.published)
		printf("  published  %s\n", info.published);
	print_time("  takes      ", study, options, false, device);
	if (*info.quick) {
		print_time("; --quick ", study, options, true, device);
		printf(" (%s)", info.quick);
	}
	putchar('\n');
	fflush(stdout);
}

/* Seconds; null, and why, where they cannot be said. */
static void add_time(result *r, const char *name, const onn_study *study,
    const onn_reproduce_options *options, bool quick, onn_device *device)
{
	onn_reproduce_options o = *options;
	double seconds;
	char reason[640];

	o.quick = quick;
	bool known = !onn_study_forecast(&seconds, study, &o, device);
	result_real(r, name, known ? seconds : NAN, "s");
	if (!known && !quick)
		result_text(r, "missing", command_plain(reason, sizeof reason, onn_last_error()));
}

int reproduce_list_json(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device)
{
	result r = result_begin(&command_reproduce);

	result_list(&r, "results");
	for (size_t i = 0; i < count; i++) {
		onn_study_info info = onn_study_about(study[i]);
		result_row(&r, "results");
		result_text(&r, "name", info.name);
		result_text(&r, "title", info.title);
		result_text(&r, "source", info.source);
		result_text(&r, "published", info.published);
		add_time(&r, "seconds", study[i], options, false, device);
		result_text(&r, "quick", info.quick);
		if (*info.quick)
			add_time(&r, "quick_seconds", study[i], options, true, device);
		result_leave(&r);
	}
	return result_end(&r, EXIT_OK);
}

void reproduce_list(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device)
{
	for (size_t i = 0; i < count; i++)
		print_study(study[i], options, device);
}
