#include "run/folder.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/os_temporary.h"

static const char last[] = "last.npz", config_name[] = "config.json";

/* onn_run_folder_open has seen that there is room. */
const char *onn_run_folder_path(char path[ONN_PATH_ROOM], const onn_run_folder *f, const char *name)
{
	onn_path_join(path, f->path, name);
	return path;
}

bool onn_run_folder_is_kept(const onn_run_folder *f) { return f->path[0]; }

onn_status onn_run_folder_open(onn_run_folder *f, const char *path, const char *function)
{
	char longest[ONN_PATH_ROOM];
	*f = (onn_run_folder){.function = function};
	if (!path)
		return ONN_OK;
	if (!onn_path_join(longest, path, "a name as long as any") || !*path)
		return onn_error(ONN_ERROR_FILE,
		    "%s: folder \"%.60s\"; expected one of 1 to %d characters", function, path,
		    ONN_PATH_ROOM - 24);
	snprintf(f->path, sizeof f->path, "%s", path);
	return ONN_OK;
}

void onn_run_folder_close(onn_run_folder *f)
{
	onn_directory_unlock(f->lock);
	f->lock = NULL;
}

/* Two runs would mix their files. What one that was killed left half written goes. */
static onn_status take_folder(onn_run_folder *f)
{
	onn_status status = f->lock ? ONN_OK : onn_directory_lock(&f->lock, f->path);
	if (!status)
		onn_temporary_sweep(f->path);
	if (status != ONN_ERROR_FILE)
		return status;
	return onn_error(status, "%s: %s by another run; expected a folder of its own", f->function,
	    onn_last_error());
}

bool onn_run_folder_has_checkpoint(const char *path)
{
	char file[ONN_PATH_ROOM];
	return onn_path_join(file, path, last) && onn_file_exists(file);
}

onn_status onn_run_folder_holds(const onn_run_folder *f)
{
	return onn_error(ONN_ERROR_ARGUMENT,
	    "%s: %s holds a run already; expected resume to go on with it, or another folder",
	    f->function, f->path);
}

onn_status onn_run_folder_check(const onn_run_folder *f, bool resume)
{
	bool found = onn_run_folder_has_checkpoint(f->path);
	if (resume && !onn_run_folder_is_kept(f))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: resume without out; expected a run folder", f->function);
	if (found && !resume)
		return onn_run_folder_holds(f);
	if (resume && !found)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %s has no checkpoint %s to resume from",
		    f->function, f->path, last);
	return ONN_OK;
}

/* ---- files ---- */

onn_status onn_run_folder_write(const onn_run_folder *f, const char *name, char *text)
{
	char path[ONN_PATH_ROOM];
	onn_status status = ONN_OK;
	if (!text)
		status = onn_error_memory(f->function, 1);
	else if (onn_run_folder_is_kept(f))
		status = onn_file_write(onn_run_folder_path(path, f, name), text, strlen(text));
	onn_free(text);
	return status;
}

onn_status onn_run_folder_save(
    const onn_run_folder *f, const char *name, const onn_archive *archive)
{
	char path[ONN_PATH_ROOM];
	return onn_run_folder_is_kept(f)
	           ? onn_archive_save(archive, onn_run_folder_path(path, f, name))
	           : ONN_OK;
}

onn_status onn_run_folder_load(onn_archive **archive, onn_run_folder *f)
{
	char path[ONN_PATH_ROOM];
	*archive = NULL;
	onn_status status = take_folder(f);
	return status ? status : onn_archive_load(archive, onn_run_folder_path(path, f, last));
}

onn_status onn_run_folder_forget(const onn_run_folder *f, const char *name)
{
	char path[ONN_PATH_ROOM];
	bool there =
	    onn_run_folder_is_kept(f) && onn_file_exists(onn_run_folder_path(path, f, name));
	return there ? onn_file_remove(path) : ONN_OK;
}

void onn_run_folder_remind(const onn_run_folder *f, onn_status status, const char *what)
{
	char reason[1024];
	if ((status != ONN_ERROR_DEVICE && status != ONN_ERROR_MEMORY) ||
	    !onn_run_folder_is_kept(f) || !onn_run_folder_has_checkpoint(f->path))
		return;
	snprintf(reason, sizeof reason, "%s", onn_last_error());
	onn_error(status, "%s; %s/%s holds what was done up to %s, and a resumed run goes on there",
	    reason, f->path, last, what);
}

onn_status onn_run_folder_hold(onn_run_folder *f)
{
	onn_status status = onn_run_folder_is_kept(f) ? onn_directory_make(f->path) : ONN_OK;
	return status || !onn_run_folder_is_kept(f) ? status : take_folder(f);
}

onn_status onn_run_folder_start(onn_run_folder *f, const char *config, const char *const *left)
{
	char path[ONN_PATH_ROOM];
	if (!onn_run_folder_is_kept(f))
		return ONN_OK;
	onn_status status = onn_run_folder_hold(f);
	if (!status)
		status = onn_run_folder_check(f, false);
	if (!status)
		status = onn_file_write(
		    onn_run_folder_path(path, f, config_name), config, strlen(config));
	for (; *left && !status; left++)
		status = onn_run_folder_forget(f, *left);
	return status;
}
