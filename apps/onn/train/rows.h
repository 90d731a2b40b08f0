/*
 * Options that every `onn train` has, as parts of its tables: so that each network's table is one
 * array in the order of its help.
 */
#ifndef ONN_APPS_TRAIN_ROWS_H
#define ONN_APPS_TRAIN_ROWS_H

#include "jobs.h"
#include "result.h"
#include "train.h"

#define AT(field)      offsetof(train_settings, field)
#define TRAINING(name) SETTING(name, onn_train_settings, training)

#define TRAIN_DATA_ROWS                                                                            \
	{OPTION("config", FILE, config), .shown = "FILE",                                          \
	    .help = "begin with what a run's config.json says; options that are given count "      \
	            "more"},                                                                       \
	    {OPTION("dataset", DATASET, dataset), .standard = "digits",                            \
	        .help =                                                                            \
	            "the images to learn; a file of your own has x and y, and x_test and y_test "  \
	            "if it likes"},                                                                \
	    DATA_DIR_ROW

/* rate: the default learning rate; NULL: the library's */
#define TRAIN_STEP_ROWS(rate)                                                                      \
	{TRAINING("optimizer"), .help = "how gradients become steps"},                             \
	    {TRAINING("momentum"), .help = "of sgd"},                                              \
	    {TRAINING("lr"), .standard = (rate), .label = "learning rate",                         \
	        .help = "learning rate of the first epoch"},                                       \
	    {TRAINING("schedule"),                                                                 \
	        .help = "the learning rate from epoch to epoch: step divides it by 10 every 20 "   \
	                "epochs, cosine lowers it towards 0 over all of them"},                    \
	    {TRAINING("warmup"), .label = "warm-up, epochs",                                       \
	        .help = "epochs in which the rate rises to the schedule's"},                       \
	    {TRAINING("batch"), .label = "images a step", .help = "images a step"},                \
	    {TRAINING("epochs"), .help = "times that each training image is seen"},                \
	    {TRAINING("seed"), .help = "of the first weights, the order of the images and the "    \
	                               "halves of the test set"},                                  \
	{                                                                                          \
		TRAINING("seeds"),                                                                 \
		    .help = "train so often, with seed, seed + 1, ...; print mean and deviation"   \
	}

#define TRAIN_LIMIT_ROWS                                                                           \
	{.name = "weight-range",                                                                   \
	    .kind = VALUE_SPAN,                                                                    \
	    .table = onn_train_settings,                                                           \
	    .offset = AT(training),                                                                \
	    .setting = "weight_low:weight_high",                                                   \
	    .shown = "A:B",                                                                        \
	    .help = "clamp each weight to this range after each step"},                            \
	{                                                                                          \
		TRAINING("weight-norm"),                                                           \
		    .help = "divide a layer's weights by this norm where it exceeds 1, after "     \
		            "each step: passive optics cannot amplify"                             \
	}

/* Errors that training meets at each step; PHASES: those of networks that have phases. */
#define TRAIN_NOISE_ROWS                                                                           \
	{TRAINING("weight-noise"), .label = "noise of weights / root mean square",                 \
	    .help = "Gaussian noise on each weight, anew at each step, its deviation in units of " \
	            "the root mean square of its layer's: the network learns to bear it"},         \
	    {TRAINING("activation-noise"), .label = "noise of activations / root mean square",     \
	        .help = "the same on what each absorber, relu, tanh or sigmoid gives, in units "   \
	                "of an image's root mean square there"},                                   \
	{                                                                                          \
		TRAINING("bits"),                                                                  \
		    .label = "bits of a weight",                                                   \
		    .help = "weights are the nearest of 2^bits values, gradients are taken as if " \
		            "they were not; they are saved as they are before that: see eval's "   \
		            "--bits"                                                               \
	}
#define TRAIN_PHASE_NOISE_ROW                                                                      \
	{                                                                                          \
		TRAINING("phase-noise"),                                                           \
		    .label = "error of phases",                                                    \
		    .help = "Gaussian error of each pixel's phase, anew at each step, radians: "   \
		            "of plates, and of conv4f's masks"                                     \
	}

/* NETWORK(name): a row's SETTING of the network's table */
#define TRAIN_START_ROWS(NETWORK)                                                                  \
	{NETWORK("init-mean"), .label = "mean of the first weights",                               \
	    .help = "mean of the first weights"},                                                  \
	    {NETWORK("init-std"), .label = "standard deviation of the first weights",              \
	        .help = "standard deviation of the first weights"},                                \
	{                                                                                          \
		NETWORK("precision"), .help = "single or double precision"                         \
	}

/* The absorber of a network; NETWORK as for TRAIN_START_ROWS. */
#define TRAIN_ABSORBER_ROWS(NETWORK)                                                               \
	{NETWORK("medium"), .setting = "absorber.medium",                                          \
	    .help = "absorber: one saturation for all of it, or a beam that is absorbed on its "   \
	            "way, or pulses in a medium that remembers"},                                  \
	    {NETWORK("encoding"), .setting = "absorber.encoding",                                  \
	        .help = "absorber: what the numbers are"},                                         \
	    {NETWORK("od"), .setting = "absorber.od", .label = "optical depth",                    \
	        .help = "absorber: optical depth on resonance for a weak beam's intensity"},       \
	    {NETWORK("isat"), .setting = "absorber.isat", .label = "saturation intensity",         \
	        .help = "absorber: saturation intensity in the input's units (squared, for an "    \
	                "amplitude)"},                                                             \
	    {NETWORK("gradient"), .setting = "absorber.gradient",                                  \
	        .help = "absorber: what flows backward: what a weak probe beam sees "              \
	                "(approximate, also called probe), the true derivative, or one of three "  \
	                "controls"},                                                               \
	    {NETWORK("t1"), .setting = "absorber.t1", .label = "relaxation time T1",               \
	        .help = "dynamic: time in which the medium relaxes, in any unit; inf: a slow "     \
	                "absorber"},                                                               \
	    {NETWORK("pulse-width"), .setting = "absorber.pulse_width",                            \
	        .label = "duration of the pulse",                                                  \
	        .help = "dynamic: duration of the square pulse that carries a number"},            \
	    {NETWORK("slots"), .setting = "absorber.slots", .label = "time slots",                 \
	        .help = "dynamic: how many the pulse is computed in; of a slow absorber one, "     \
	                "which is exact"},                                                         \
	    {NETWORK("probe-delay"), .setting = "absorber.probe_delay",                            \
	        .help = "dynamic: from the end of the pulse to the probe that carries errors "     \
	                "back"},                                                                   \
	    {NETWORK("probe-direction"), .setting = "absorber.probe_direction",                    \
	        .help = "dynamic: whether that probe runs with the pulse or against it"},          \
	    {NETWORK("transit"), .setting = "absorber.transit", .label = "transit time",           \
	        .help = "dynamic: time that light takes through the medium, which a probe "        \
	                "that runs against the pulse is late by; 0: none"},                        \
	    {NETWORK("probe-at"), .setting = "absorber.probe_at",                                  \
	        .help = "dynamic: whether a probe is launched only where a pulse carries the "     \
	                "number, or also at numbers below 0, whose medium is at rest"},            \
	    {NETWORK("probe-fraction"), .setting = "absorber.probe_fraction",                      \
	        .label = "fluence of probes / fluence of pulses",                                  \
	        .help = "dynamic: the probes' fluence over the pulses', on average over a batch: " \
	                "a strong probe bleaches, too; 0: a weak one"},                            \
	{                                                                                          \
		NETWORK("probe-noise"),                                                            \
		    .label = "photons of a probe", .setting = "absorber.probe_noise",              \
		    .shown = "PHOTONS",                                                            \
		    .help = "dynamic: shot noise of what is detected in training, where a probe "  \
		            "has so many photons, on average over a batch, and a pulse "           \
		            "1/probe-fraction as many; 0: no noise"                                \
	}

#define TRAIN_RUN_ROWS                                                                             \
	{OPTION("device", DEVICES, device), .shown = "D",                                          \
	    .help = DEVICE_HELP DEVICE_ELSE "; several, with commas between, each take a part of " \
	                                    "every batch"},                                        \
	    THREADS_ROW,                                                                           \
	    {OPTION("out", FOLDER, out), .shown = "DIR",                                           \
	        .help = "run folder: config.json, metrics.csv, best.npz, last.npz, plots; "        \
	                "without it nothing is kept"},                                             \
	    {OPTION("weights", FILE, training.weights), .shown = "FILE",                           \
	        .help = "begin with weights of these names and shapes from an .npz or "            \
	                ".safetensors, such as onn show --weights writes; else they are drawn"},   \
	    {OPTION("resume", NONE, resume),                                                       \
	        .help =                                                                            \
	            "go on with the run in --out from its last checkpoint, with its own options; " \
	            "where it is finished, write its reports again"},                              \
	    {SETTING("together", seed_choice_settings, seeds), .shown = "N",                       \
	        .help =                                                                            \
	            "of --seeds: step so many at once on one device; 0: on a GPU as many as are "  \
	            "small beside it, elsewhere one by one. Results do not depend on it"},         \
	    JOBS_ROW, PACE_ROW, JSON_ROW, PROFILE_ROW, QUIET_ROW

#endif
