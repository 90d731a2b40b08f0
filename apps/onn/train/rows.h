/*
 * Options that every `onn train` has, as parts of its tables: so that each network's table is one
 * array in the order of its help.
 */
#ifndef ONN_APPS_TRAIN_ROWS_H
#define ONN_APPS_TRAIN_ROWS_H

#include "train.h"

#define AT(field) offsetof(train_settings, field)
#define TRAINING  SETTING(onn_train_settings, training)

#define TRAIN_DATA_ROWS                                                                            \
	{.name = "dataset",                                                                        \
	    .kind = VALUE_DATASET,                                                                 \
	    .offset = AT(dataset),                                                                 \
	    .standard = "digits",                                                                  \
	    .help =                                                                                \
	        "the images to learn; a file of your own has x and y, and x_test and y_test if "   \
	        "it likes"},                                                                       \
	{                                                                                          \
		.name = "data-dir", .kind = VALUE_FOLDER, .offset = AT(data_dir), .shown = "D",    \
		.help = "where the set's files are, or are in a folder of the set's name"          \
	}

/* rate: the default learning rate; NULL: the library's */
#define TRAIN_STEP_ROWS(rate)                                                                      \
	{.name = "optimizer", TRAINING, .help = "how gradients become steps"},                     \
	    {.name = "momentum", TRAINING, .help = "of sgd"},                                      \
	    {.name = "lr",                                                                         \
	        TRAINING,                                                                          \
	        .standard = (rate),                                                                \
	        .help = "learning rate of the first epoch"},                                       \
	    {.name = "schedule",                                                                   \
	        TRAINING,                                                                          \
	        .help = "the learning rate from epoch to epoch: step divides it by 10 every 20 "   \
	                "epochs, cosine lowers it towards 0 over all of them"},                    \
	    {.name = "batch", TRAINING, .help = "images a step"},                                  \
	    {.name = "epochs", TRAINING, .help = "times that each training image is seen"},        \
	    {.name = "seed",                                                                       \
	        TRAINING,                                                                          \
	        .help = "of the first weights, the order of the images and the halves of the "     \
	                "test set"},                                                               \
	{                                                                                          \
		.name = "seeds", TRAINING,                                                         \
		.help = "train so often, with seed, seed + 1, ...; print mean and deviation"       \
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
		.name = "weight-norm", TRAINING,                                                   \
		.help =                                                                            \
		    "divide a layer's weights by this norm where it exceeds 1, after each step: "  \
		    "passive optics cannot amplify"                                                \
	}

/* NETWORK: SETTING of the network's table */
#define TRAIN_START_ROWS(NETWORK)                                                                  \
	{.name = "init-mean", NETWORK, .help = "mean of the first weights"},                       \
	    {.name = "init-std", NETWORK, .help = "standard deviation of the first weights"},      \
	{                                                                                          \
		.name = "precision", NETWORK, .help = "single or double precision"                 \
	}

#define TRAIN_RUN_ROWS                                                                             \
	DEVICE_ROW(AT(device), DEVICE_HELP DEVICE_ELSE), THREADS_ROW(AT(threads)),                 \
	    {.name = "out",                                                                        \
	        .kind = VALUE_FOLDER,                                                              \
	        .offset = AT(out),                                                                 \
	        .shown = "DIR",                                                                    \
	        .help =                                                                            \
	            "run folder: config.json, metrics.csv, best.npz, last.npz, plots; without it " \
	            "nothing is kept"},                                                            \
	    {.name = "resume",                                                                     \
	        .kind = VALUE_NONE,                                                                \
	        .offset = AT(resume),                                                              \
	        .help =                                                                            \
	            "go on with the run in --out from its last checkpoint, with its own options"}, \
	    {.name = "profile",                                                                    \
	        .kind = VALUE_NONE,                                                                \
	        .offset = AT(profile),                                                             \
	        .help = "print the time of each step of the plan at the end"},                     \
	{                                                                                          \
		.name = "quiet", .kind = VALUE_NONE, .offset = AT(quiet),                          \
		.help = "print the result only"                                                    \
	}

#endif
