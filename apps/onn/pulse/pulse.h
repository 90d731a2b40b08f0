/*
 * onn pulse: what is asked for, what it comes to in SI, and what is made of the results.
 */
#ifndef ONN_APPS_PULSE_H
#define ONN_APPS_PULSE_H

#include <onn/pulse_experiment.h>
#include <onn/pulse_media.h>
#include <onn/pulse_regime.h>

#include "command.h"

/* The medium "own"; others are the table's, in its order. */
enum { MEDIUM_OWN = 0 };
typedef enum model_choice { MODEL_AUTO, MODEL_RATE, MODEL_BLOCH } model_choice;

/* What is asked for beside the library's structures. 0: as the medium has it. */
typedef struct pulse_request {
	int medium;
	model_choice model;
	double isat, fsat, t1, t2, loss, f2, doppler;
	size_t classes; /* 0: as many as are needed */
	double energy, power, intensity, waist;
	double repetition, transit;
	double grating, grating_time; /* of a copy of the pulse that runs back */
	double against,
	    against_delay; /* a second pulse from the exit: fluence over Fsat, seconds */
	int fit_data;      /* onn_pulse_data */
	char fix[128], start[128];
	int counter; /* of the probe: 0 with the light, 1 against it */
} pulse_request;

typedef struct pulse_settings {
	pulse_request r;
	onn_pulse_cell cell;
	onn_pulse_experiment e;
	number_list fluence, depth, detuning, width, delay, probe_detuning;
	const char *light, *csv, *series, *out, *plot, *fit;
	const char *device;
	uint64_t threads;
	pace pace;
	bool json;
} pulse_settings;

const onn_settings *pulse_request_settings(void);

/* The experiment, in seconds and Fsat. */
typedef struct pulse_work {
	const pulse_settings *s;
	const command_line *line;
	onn_pulse_sample sample;
	onn_pulse_experiment experiment;
	onn_array *table; /* of a light's samples */
	onn_pulse_point *point;
	size_t count;
	onn_pulse_regime regime; /* of the point that the rate model suits least */
	size_t worst;
	char why[160]; /* the model */
	onn_device *device;
	pace pace;
	onn_pulse_results *results;
	double *probe;            /* [count, delays or 1, probe detunings or 1] */
	onn_pulse_collision *met; /* [count]; NULL: there is no second pulse */
} pulse_work;

/* Whether the option of this name was given. */
bool pulse_given(const pulse_work *w, const char *option);
/* How many probes each pulse has, 0: only the one right behind it; and probe i of them. */
size_t pulse_probes(const pulse_settings *s);
/* How long light takes through the medium; 0: it is not known. */
double pulse_transit(const pulse_settings *s, const onn_pulse_sample *sample);
onn_pulse_weak_probe pulse_probe(const pulse_work *w, const onn_pulse_point *p, size_t i);

/* From the options to medium, light, points and model; an exit status, its error printed. */
int pulse_set_up(pulse_work *w);
void pulse_tear_down(pulse_work *w);

/* Joules of a fluence over Fsat; NaN where Fsat or the waist are not known. */
double pulse_energy(const pulse_work *w, double fluence);

/* For people, to a stream. */
void pulse_report(const pulse_work *w, FILE *out);
/* For programs, to standard output; an exit status. */
int pulse_report_json(const pulse_work *w);
/* The same numbers as rows; "-": standard output. */
int pulse_write_csv(const pulse_work *w);
int pulse_write_series(const pulse_work *w);
int pulse_write_archive(const pulse_work *w);
int pulse_draw(const pulse_work *w);

/* "2.62 ns": with a prefix that leaves few digits before the point; returns text. */
const char *pulse_quantity(char *text, size_t room, double value, const char *unit);
/* The factor and the prefix that do so for an axis up to this value. */
double pulse_prefix(const char **prefix, double largest);

#endif
