/* What stands for HDF5 where the build has not found it. */
#include "core/error.h"
#include "core/formats.h"

static onn_status refuse(const char *path)
{
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "%s is HDF5, and this build has none of it; expected an .npy, .npz or .mat of version "
	    "5, or a build with HDF5 (libhdf5-dev)",
	    path);
}

onn_status onn_hdf5_read(onn_array **a, const char *path, const char *member, bool turned)
{
	(void)member;
	(void)turned;
	*a = NULL;
	return refuse(path);
}

onn_status onn_hdf5_load(onn_array **a, const char *path, const char *member)
{
	return onn_hdf5_read(a, path, member, false);
}

onn_status onn_hdf5_save(const onn_array *a, const char *path, const char *member)
{
	(void)a;
	(void)member;
	return refuse(path);
}
