/*
 * Options that every `onn train` has, as parts of its tables: so that each network's table is one
 * array in the order of its help.
 */
#ifndef ONN_APPS_TRAIN_ROWS_H
#define ONN_APPS_TRAIN_ROWS_H

#include "train.h"

#define AT(field) offsetof(train_settings, field)

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

/* rate: the default learning rate */
#define TRAIN_STEP_ROWS(rate)                                                                      \
	{.name = "optimizer",                                                                      \
	    .kind = VALUE_CHOICE,                                                                  \
	    .offset = AT(optimizer),                                                               \
	    .names = "adam|sgd",                                                                   \
	    .standard = "adam",                                                                    \
	    .help = "how gradients become steps"},                                                 \
	    {.name = "momentum",                                                                   \
	        .kind = VALUE_REAL,                                                                \
	        .offset = AT(momentum),                                                            \
	        .shown = "X",                                                                      \
	        .standard = "0",                                                                   \
	        .low = 0,                                                                          \
	        .high = 1,                                                                         \
	        .high_open = true,                                                                 \
	        .needs = "optimizer=sgd",                                                          \
	        .help = "of sgd"},                                                                 \
	    {.name = "lr",                                                                         \
	        .kind = VALUE_REAL,                                                                \
	        .offset = AT(lr),                                                                  \
	        .shown = "X",                                                                      \
	        .standard = rate,                                                                  \
	        .low = 0,                                                                          \
	        .low_open = true,                                                                  \
	        .high = 1e6,                                                                       \
	        .help = "learning rate of the first epoch"},                                       \
	    {.name = "schedule",                                                                   \
	        .kind = VALUE_CHOICE,                                                              \
	        .offset = AT(schedule),                                                            \
	        .names = "constant|step|cosine",                                                   \
	        .standard = "constant",                                                            \
	        .help = "the learning rate from epoch to epoch: step divides it by 10 every 20 "   \
	                "epochs, "                                                                 \
	                "cosine lowers it towards 0 over all of them"},                            \
	    {.name = "batch",                                                                      \
	        .kind = VALUE_WHOLE,                                                               \
	        .offset = AT(batch),                                                               \
	        .shown = "N",                                                                      \
	        .standard = "64",                                                                  \
	        .low = 1,                                                                          \
	        .high = 1000000,                                                                   \
	        .help = "images a step"},                                                          \
	    {.name = "epochs",                                                                     \
	        .kind = VALUE_WHOLE,                                                               \
	        .offset = AT(epochs),                                                              \
	        .shown = "N",                                                                      \
	        .standard = "50",                                                                  \
	        .low = 1,                                                                          \
	        .high = 1000000,                                                                   \
	        .help = "times that each training image is seen"},                                 \
	    {.name = "seed",                                                                       \
	        .kind = VALUE_WHOLE,                                                               \
	        .offset = AT(seed),                                                                \
	        .shown = "N",                                                                      \
	        .standard = "0",                                                                   \
	        .low = 0,                                                                          \
	        .high = 9007199254740000.0,                                                        \
	        .help = "of the first weights, the order of the images and the halves of the "     \
	                "test set"},                                                               \
	{                                                                                          \
		.name = "seeds", .kind = VALUE_WHOLE, .offset = AT(seeds), .shown = "N",           \
		.standard = "1", .low = 1, .high = 1000,                                           \
		.help = "train so often, with seed, seed + 1, ...; print mean and deviation"       \
	}

/* deviation: of the first weights, by default */
#define TRAIN_WEIGHT_ROWS(deviation)                                                               \
	{.name = "init-mean",                                                                      \
	    .kind = VALUE_REAL,                                                                    \
	    .offset = AT(init_mean),                                                               \
	    .shown = "X",                                                                          \
	    .standard = "0",                                                                       \
	    .low = -1e6,                                                                           \
	    .high = 1e6,                                                                           \
	    .help = "mean of the first weights"},                                                  \
	    {.name = "init-std",                                                                   \
	        .kind = VALUE_REAL,                                                                \
	        .offset = AT(init_std),                                                            \
	        .shown = "X",                                                                      \
	        .standard = deviation,                                                             \
	        .low = 0,                                                                          \
	        .high = 1e6,                                                                       \
	        .help = "standard deviation of the first weights"},                                \
	    {.name = "weight-range",                                                               \
	        .kind = VALUE_SPAN,                                                                \
	        .offset = AT(weight_range),                                                        \
	        .shown = "A:B",                                                                    \
	        .low = -1e30,                                                                      \
	        .high = 1e30,                                                                      \
	        .help = "clamp each weight to this range after each step"},                        \
	{                                                                                          \
		.name = "weight-norm", .kind = VALUE_CHOICE, .offset = AT(weight_norm),            \
		.names = "none|l1|l2", .standard = "none",                                         \
		.help =                                                                            \
		    "divide a layer's weights by this norm where it exceeds 1, after each step: "  \
		    "passive optics cannot amplify"                                                \
	}

#define TRAIN_RUN_ROWS                                                                             \
	{.name = "precision",                                                                      \
	    .kind = VALUE_CHOICE,                                                                  \
	    .offset = AT(precision),                                                               \
	    .names = "f32|f64",                                                                    \
	    .standard = "f32",                                                                     \
	    .help = "single or double precision"},                                                 \
	    DEVICE_ROW(AT(device), DEVICE_HELP DEVICE_ELSE), THREADS_ROW(AT(threads)),             \
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
