/*
 * A design under way: what the files about it share. Texts of errors say onn_designer_create and
 * the like by the function that a user called.
 */
#ifndef ONN_SRC_DESIGN_DESIGNER_H
#define ONN_SRC_DESIGN_DESIGNER_H

#include "design/model.h"
#include "run/history.h"

struct onn_designer {
	onn_design_config config;
	onn_run_folder files;
	onn_design_options options; /* but `out`, which files has */
	onn_device *device;         /* lent */
	onn_design_model model;
	onn_array *target, *source;        /* of the design's precision */
	onn_tensor *target_on, *source_on; /* on the device */
	onn_tensor **state;                /* of model.variable */
	onn_plan *step, *look;             /* a whole step; the light and the loss alone */
	size_t done;                       /* steps taken */
	size_t saved;                      /* and those of them that last.npz holds */
	/* Before the first step and after each but the last: done rows; one more where look's
	 * outputs are of the plates as they are, and with them the loss. */
	onn_history losses;
};

/* After so many steps. */
static inline double onn_designer_loss(const onn_designer *d, size_t step)
{
	return *onn_history_row(&d->losses, step);
}

/* The plates are others: what was looked at is no longer theirs. */
static inline void onn_designer_forget_look(onn_designer *d) { d->losses.count = d->done; }

/* ---- inputs.c ---- */

/* Target and source in the design's precision, from what was given or what is standard; their
 * names. */
onn_status onn_designer_take_inputs(onn_designer *d, const onn_design_inputs *in);
/* The plates, behind onn_designer_make_tensors. */
onn_status onn_designer_take_start(onn_designer *d, const onn_array *start);
/* ONN_ERROR_ARGUMENT with the array's name and the place of what is not finite. */
onn_status onn_design_check_finite(const char *caller, const char *name, const onn_array *a);

/* ---- forecast.c ---- */

/* A device's memory; infinite where it is not known. */
double onn_design_memory_of(const onn_device *device);

/* ---- plates.c ---- */

/* Plate k of [n, n] numbers of a type; of plates of phase real ones are phases. */
onn_status onn_designer_write_plate(onn_designer *d, size_t k, const void *data, onn_type type);

/* ---- designer.c ---- */

/* Tensors on the device, and then, with the state in them, the plans. */
onn_status onn_designer_make_tensors(onn_designer *d);
onn_status onn_designer_make_plans(onn_designer *d);
/* Runs the light through the plates unless it has been since they changed. ONN_ERROR_NUMERIC: the
 * loss is not finite. */
onn_status onn_designer_look(onn_designer *d, const char *function);

/* ---- config.c ---- */

/* config.json; free it with onn_free. NULL: no memory. */
char *onn_design_config_text(const onn_design_config *config);
/* ONN_ERROR_FORMAT; path is for messages. */
onn_status onn_design_config_parse(onn_design_config *config, const char *text, const char *path);
/* What a run to resume is asked to be: ONN_ERROR_ARGUMENT with the first setting or name that is
 * not its own. asked may be NULL, as may the names. */
onn_status onn_design_config_compare(const onn_design_config *saved, const onn_design *asked,
    const onn_design_inputs *in, const char *folder);

/* ---- checkpoint.c ---- */

/* Without a folder nothing. */
onn_status onn_designer_write_config(const onn_designer *d);
onn_status onn_designer_write_checkpoint(const onn_designer *d);
/* From last.npz: first the inputs, then, behind onn_designer_make_tensors, the state. */
onn_status onn_designer_load_inputs(onn_designer *d, const onn_archive *archive);
onn_status onn_designer_load_state(onn_designer *d, const onn_archive *archive);

/* ---- result.c ---- */

/* Of this light and its loss. */
onn_status onn_designer_compare(onn_design_result *result, onn_array **picture,
    const onn_designer *d, const onn_array *intensity, double loss);

/* I as options.picture gets it. */
onn_status onn_designer_picture(
    onn_array **picture, const onn_designer *d, const onn_array *intensity);

#endif
