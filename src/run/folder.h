/*
 * The folder of a run, of a training or of a design. last.npz is written last and is what counts: a
 * run that was killed between two files goes on from a whole state. From its start, or from the
 * reading of its checkpoint on, a run has the folder for itself.
 */
#ifndef ONN_SRC_RUN_FOLDER_H
#define ONN_SRC_RUN_FOLDER_H

#include <onn/archive.h>

#include "core/os.h"
#include "core/path.h"

/* Without a path it keeps nothing, and every call is fine. */
typedef struct onn_run_folder {
	char path[ONN_PATH_ROOM]; /* "": no files */
	const char *function;     /* for messages: "onn_train" */
	onn_lock *lock;           /* while a run goes on in it */
} onn_run_folder;

/* path NULL: no files. ONN_ERROR_FILE: no folder can be called so. */
onn_status onn_run_folder_open(onn_run_folder *f, const char *path, const char *function);
/* Gives the folder back to others. */
void onn_run_folder_close(onn_run_folder *f);
bool onn_run_folder_is_kept(const onn_run_folder *f);
/* FOLDER/NAME, in path; names are short. */
const char *onn_run_folder_path(
    char path[ONN_PATH_ROOM], const onn_run_folder *f, const char *name);
/* Whether there is a checkpoint to go on from: FOLDER/last.npz. */
bool onn_run_folder_has_checkpoint(const char *path);
/* The error of a folder that holds a run which nobody asked to resume. */
onn_status onn_run_folder_holds(const onn_run_folder *f);
/* ONN_ERROR_ARGUMENT where the folder holds a run and resume is false, or where there is none to
 * go on with and it is true. */
onn_status onn_run_folder_check(const onn_run_folder *f, bool resume);

/* Makes the folder of a run that begins, with its config.json; what older runs left, of these
 * names, goes. NULL ends the names. ONN_ERROR_FILE: another run is in it; ONN_ERROR_ARGUMENT: one
 * has been meanwhile. */
onn_status onn_run_folder_start(onn_run_folder *f, const char *config, const char *const *left);
/* Makes a folder that several runs are kept in, and has it for itself. ONN_ERROR_FILE: another one
 * has it. */
onn_status onn_run_folder_hold(onn_run_folder *f);
/* A file whole or not at all; takes the text, NULL is no memory. */
onn_status onn_run_folder_write(const onn_run_folder *f, const char *name, char *text);
onn_status onn_run_folder_save(
    const onn_run_folder *f, const char *name, const onn_archive *archive);
/* last.npz, of a run that goes on; the caller destroys the archive. ONN_ERROR_FILE: another run is
 * in the folder. */
onn_status onn_run_folder_load(onn_archive **archive, onn_run_folder *f);
/* Where a device failed (status), its error also says what last.npz holds: "epoch 3". */
void onn_run_folder_remind(const onn_run_folder *f, onn_status status, const char *what);
/* Removes a file; one that is not there is fine. */
onn_status onn_run_folder_forget(const onn_run_folder *f, const char *name);

#endif
