/*
 * HDF5 by its library, in a child process: on damaged files the library reads and writes where it
 * must not, and it brings some thirty others along, which no other program should wait for. The
 * child opens it, and its death is an error as any other.
 */
#include "core/formats.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/npy.h"
#include "core/os.h"

/* In front of its constants the headers put calls of the library, which is not linked. */
#undef H5CHECK
#undef H5OPEN
#define H5CHECK
#define H5OPEN

enum { MAX_IDS = 24 };

/* Of the child, with which all that is open goes. */
typedef struct library {
#define SYMBOL(name) __typeof__(name) *name;
#include "core/hdf5.def"
#undef SYMBOL
	char reason[160];
} library;

/* What the child is asked for; of a reader `array` is NULL. */
typedef struct request {
	const char *path, *member;
	const onn_array *array;
	size_t file_bytes; /* of a file that is there */
} request;

/* What it answers, in front of `bytes` of elements or of a file, which may not have had room. */
typedef struct answer {
	onn_status status;
	char message[512];
	char kind; /* as NumPy calls them: b u i f c */
	size_t size, ndim, shape[ONN_MAX_DIMS];
	size_t bytes;
} answer;

/* ---- the library ---- */

static onn_status open_library(library *l, const char *path)
{
	static const char *const name[] = {
#define SYMBOL(name) #name,
#include "core/hdf5.def"
#undef SYMBOL
	};
	void **const place[] = {
#define SYMBOL(name) (void **)&l->name,
#include "core/hdf5.def"
#undef SYMBOL
	};
	memset(l, 0, sizeof *l);
	/* of a package that takes it along under another name (ONN_HDF5_IN_PACKAGE) */
	void *handle = onn_library_open("$ORIGIN/libonn_hdf5.so");
	if (!handle)
		handle = onn_library_open(ONN_HDF5_LIBRARY);
	bool found = handle != NULL;
	for (size_t i = 0; i < ONN_COUNT(name) && found; i++)
		found = onn_library_find(place[i], handle, name[i]);
	if (!found || l->H5open() < 0)
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "%s is HDF5, and %s is not to be had; expected it where libraries are, or an "
		    ".npy or .npz",
		    path, ONN_HDF5_LIBRARY);
	l->H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	return ONN_OK;
}

static bool is_open(hid_t *to, hid_t id)
{
	*to = id;
	return id >= 0;
}

static herr_t note_reason(unsigned number, const H5E_error2_t *error, void *user)
{
	library *l = user;
	if (number == 0 && error->desc)
		snprintf(l->reason, sizeof l->reason, ": %s", error->desc);
	return 0;
}

static onn_status fail(library *l, onn_status status, const char *what, const char *path)
{
	l->H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_reason, l);
	return onn_error(status, "%s: %s%s", path, what, l->reason);
}

/* Asks the child, until its answer has room; *a is to be freed. */
static onn_status ask(answer **a, const request *r, size_t room,
    size_t (*child)(void *argument, void *reply, size_t room))
{
	char reason[160];
	onn_status status = ONN_OK;
	for (*a = NULL; !status; room = (*a)->bytes) {
		size_t replied = 0;
		free(*a);
		*a = malloc(sizeof **a + room);
		if (!*a)
			return onn_error_memory("HDF5", room);
		memset(*a, 0, sizeof **a);
		status = onn_in_child(*a, sizeof **a + room, &replied, child, (void *)(uintptr_t)r,
		    60 + (double)room / 1e7);
		if (!status && (*a)->status)
			return onn_error((*a)->status, "%s", (*a)->message);
		if (!status && replied == sizeof **a + (*a)->bytes)
			return ONN_OK;
		if (!status && (replied != sizeof **a || (*a)->bytes <= room))
			break;
	}
	snprintf(reason, sizeof reason, "%s", status ? onn_last_error() : "its answer is cut");
	return onn_error(r->file_bytes ? ONN_ERROR_FORMAT : ONN_ERROR_FILE,
	    "%s: the library of HDF5 fails on it, as on a damaged file (%s)", r->path, reason);
}

static size_t finish(answer *a, onn_status status, size_t bytes)
{
	a->status = status;
	snprintf(a->message, sizeof a->message, "%s", status ? onn_last_error() : "");
	return sizeof *a + bytes;
}

/* ---- reading ---- */

/* The array that is asked for, and its description. */
typedef struct dataset {
	hid_t file, id, type, memory;
	answer *is;
} dataset;

static bool is_dataset(library *l, hid_t file, const char *name)
{
	hid_t id = l->H5Dopen2(file, name, H5P_DEFAULT);
	return id >= 0 && l->H5Dclose(id) >= 0;
}

/* The names of the root's datasets; the first goes into `only`. */
static void list_datasets(
    library *l, onn_name_list *list, char only[ONN_FORMAT_PATH], hid_t file, bool all)
{
	char name[ONN_FORMAT_PATH];
	H5G_info_t info;
	if (l->H5Gget_info(file, &info) < 0)
		return;
	for (hsize_t i = 0; i < info.nlinks && i < 1000; i++) {
		if (l->H5Lget_name_by_idx(file, "/", H5_INDEX_NAME, H5_ITER_INC, i, name,
		        sizeof name, H5P_DEFAULT) < 0)
			continue;
		bool good = is_dataset(l, file, name);
		if (good && list->count == 0)
			memcpy(only, name, sizeof name);
		if (good || all)
			onn_name_list_add(list, name, strlen(name));
	}
}

static onn_status open_dataset(library *l, dataset *d, const char *path, const char *member)
{
	char only[ONN_FORMAT_PATH] = "";
	onn_name_list list = {.count = 0};
	if (!is_open(&d->file, l->H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT)))
		return fail(l, ONN_ERROR_FORMAT, "is no HDF5 file, or a damaged one", path);
	if (!member) {
		list_datasets(l, &list, only, d->file, false);
		if (list.count != 1)
			return onn_member_refuse(path, NULL, &list);
	}
	if (is_open(&d->id, l->H5Dopen2(d->file, member ? member : only, H5P_DEFAULT)))
		return ONN_OK;
	list_datasets(l, &list, only, d->file, true);
	return onn_member_refuse(path, member, &list);
}

static onn_status find_shape(library *l, dataset *d, const char *path)
{
	hid_t space;
	hsize_t shape[H5S_MAX_RANK];
	if (!is_open(&space, l->H5Dget_space(d->id)))
		return fail(l, ONN_ERROR_FORMAT, "the array's shape cannot be read", path);
	int ndim = l->H5Sget_simple_extent_ndims(space);
	if (l->H5Sget_simple_extent_type(space) == H5S_NULL || ndim < 0 || ndim > ONN_MAX_DIMS)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s has an array of %d axes; expected numbers of up to %d axes",
		    path, ndim, ONN_MAX_DIMS);
	l->H5Sget_simple_extent_dims(space, shape, NULL);
	d->is->ndim = (size_t)ndim;
	for (size_t i = 0; i < d->is->ndim; i++)
		d->is->shape[i] = (size_t)shape[i];
	return ONN_OK;
}

static hid_t whole(const library *l, size_t size, bool negative)
{
	const hid_t *const type[2][4] = {
	    {l->H5T_STD_U8LE_g, l->H5T_STD_U16LE_g, l->H5T_STD_U32LE_g, l->H5T_STD_U64LE_g},
	    {l->H5T_STD_I8LE_g, l->H5T_STD_I16LE_g, l->H5T_STD_I32LE_g, l->H5T_STD_I64LE_g}};
	for (size_t i = 0; i < 4; i++)
		if (size == (size_t)1 << i)
			return *type[negative][i];
	return -1;
}

/* Floats of other sizes are read as the next that is here, the largest as f64. */
static hid_t real(const library *l, size_t *size)
{
	*size = *size <= 4 ? 4 : 8;
	return *size == 4 ? *l->H5T_IEEE_F32LE_g : *l->H5T_IEEE_F64LE_g;
}

/* h5py's complex numbers are a compound of r and i, MATLAB's of real and imag. */
static bool find_complex(library *l, dataset *d)
{
	static const char *const names[][2] = {{"r", "real"}, {"i", "imag"}};
	hid_t part;
	if (l->H5Tget_nmembers(d->type) != 2)
		return false;
	d->is->kind = 'c';
	d->is->size = 0;
	for (unsigned k = 0; k < 2; k++) {
		if (!is_open(&part, l->H5Tget_member_type(d->type, k)) ||
		    l->H5Tget_class(part) != H5T_FLOAT)
			return false;
		size_t size = l->H5Tget_size(part);
		d->is->size = size > d->is->size ? size : d->is->size;
	}
	part = real(l, &d->is->size);
	d->is->size *= 2;
	if (!is_open(&d->memory, l->H5Tcreate(H5T_COMPOUND, d->is->size)))
		return false;
	for (unsigned k = 0; k < 2; k++) {
		char *name = l->H5Tget_member_name(d->type, k);
		bool good =
		    name && (strcmp(name, names[k][0]) == 0 || strcmp(name, names[k][1]) == 0);
		good = good && l->H5Tinsert(d->memory, name, k * d->is->size / 2, part) >= 0;
		l->H5free_memory(name);
		if (!good)
			return false;
	}
	return true;
}

static onn_status find_type(library *l, dataset *d, const char *path)
{
	if (!is_open(&d->type, l->H5Dget_type(d->id)))
		return fail(l, ONN_ERROR_FORMAT, "the array's type cannot be read", path);
	H5T_class_t kind = l->H5Tget_class(d->type);
	bool good = true;
	d->is->size = l->H5Tget_size(d->type);
	if (kind == H5T_FLOAT) {
		d->is->kind = 'f';
		d->memory = real(l, &d->is->size);
	} else if (kind == H5T_INTEGER) {
		d->is->kind = l->H5Tget_sign(d->type) == H5T_SGN_2 ? 'i' : 'u';
		d->memory = whole(l, d->is->size, d->is->kind == 'i');
		good = d->memory >= 0;
	} else if (kind == H5T_ENUM && d->is->size == 1) {
		d->is->kind = 'b'; /* truth values, as h5py has them */
		d->memory = *l->H5T_STD_I8LE_g;
	} else {
		good = kind == H5T_COMPOUND && find_complex(l, d);
	}
	return good ? ONN_OK
	            : onn_error(ONN_ERROR_FORMAT,
	                  "onn_array_load: %s has an array of elements that are no numbers; "
	                  "expected whole "
	                  "or real ones, or complex ones as r and i",
	                  path);
}

/* A header may claim any size; deflate makes at most 1032 bytes of one. */
static onn_status find_bytes(const dataset *d, const request *r)
{
	answer *is = d->is;
	size_t count;
	if (onn_size_product(&count, is->ndim, is->shape) &&
	    onn_size_mul(&is->bytes, count, is->size) && is->bytes / 1040 <= r->file_bytes)
		return ONN_OK;
	return onn_error(ONN_ERROR_FORMAT,
	    "onn_array_load: %s is too short for the array that it says it has", r->path);
}

static size_t read_there(void *argument, void *reply, size_t room)
{
	const request *r = argument;
	answer *a = reply;
	dataset d = {.is = a};
	library l;
	onn_status status = open_library(&l, r->path);
	if (!status)
		status = open_dataset(&l, &d, r->path, r->member);
	if (!status)
		status = find_shape(&l, &d, r->path);
	if (!status)
		status = find_type(&l, &d, r->path);
	if (!status)
		status = find_bytes(&d, r);
	if (status || a->bytes > room - sizeof *a)
		return finish(a, status, 0);
	if (a->bytes && l.H5Dread(d.id, d.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, a + 1) < 0)
		status = fail(&l, ONN_ERROR_FORMAT, "the array cannot be read", r->path);
	return finish(a, status, status ? 0 : a->bytes);
}

/* A child that wrote where it must not may answer anything. */
static bool is_sound(const answer *a)
{
	bool known = a->kind == 'f' || a->kind == 'i' || a->kind == 'u' ? a->size <= 8
	             : a->kind == 'c'                                   ? a->size >= 8
	                              : a->kind == 'b' && a->size == 1;
	size_t count, bytes;
	return known && a->ndim <= ONN_MAX_DIMS && a->size <= 16 &&
	       (a->size & (a->size - 1)) == 0 && a->size > (a->kind == 'f') &&
	       onn_size_product(&count, a->ndim, a->shape) &&
	       onn_size_mul(&bytes, count, a->size) && bytes == a->bytes;
}

onn_status onn_hdf5_read(onn_array **a, const char *path, const char *member, bool turned)
{
	request r = {path, member, NULL, 0};
	onn_array *other;
	answer *is = NULL;
	*a = NULL;
	onn_status status = onn_file_size(&r.file_bytes, path);
	if (!status)
		status = ask(&is, &r, 1 << 20, read_there);
	if (!status && !is_sound(is))
		status =
		    onn_error(ONN_ERROR_FORMAT, "onn_array_load: %s is a damaged HDF5 file", path);
	if (!status)
		status =
		    onn_elements_decode(a, path, is->kind, is->size, is->ndim, is->shape, is + 1);
	free(is);
	if (status || !turned)
		return status;
	status = onn_array_turned(&other, *a);
	onn_array_destroy(*a);
	*a = status ? NULL : other;
	return status;
}

onn_status onn_hdf5_load(onn_array **a, const char *path, const char *member)
{
	return onn_hdf5_read(a, path, member, false);
}

/* ---- writing ---- */

/* As it lies in memory, or in files: the least significant byte first. */
static bool type_of(library *l, hid_t *type, onn_type of, bool in_file)
{
	const hid_t *const plain[2][5] = {
	    {l->H5T_NATIVE_UCHAR_g, l->H5T_NATIVE_INT_g, l->H5T_NATIVE_UINT_g,
	        l->H5T_NATIVE_FLOAT_g, l->H5T_NATIVE_DOUBLE_g},
	    {l->H5T_STD_U8LE_g, l->H5T_STD_I32LE_g, l->H5T_STD_U32LE_g, l->H5T_IEEE_F32LE_g,
	        l->H5T_IEEE_F64LE_g}};
	hid_t part = *plain[in_file][onn_type_real(of)];
	size_t size = onn_type_size(of);
	*type = part;
	if (!onn_type_is_complex(of))
		return true;
	return is_open(type, l->H5Tcreate(H5T_COMPOUND, size)) &&
	       l->H5Tinsert(*type, "r", 0, part) >= 0 &&
	       l->H5Tinsert(*type, "i", size / 2, part) >= 0;
}

static bool make_space(library *l, hid_t *space, const onn_array *a)
{
	hsize_t shape[ONN_MAX_DIMS];
	int ndim = (int)onn_array_ndim(a);
	for (int i = 0; i < ndim; i++)
		shape[i] = onn_array_shape(a)[i];
	return is_open(
	    space, ndim ? l->H5Screate_simple(ndim, shape, NULL) : l->H5Screate(H5S_SCALAR));
}

/* Into a file in memory; what is there of this name gives way. Without times, so that equal arrays
 * make equal files. */
static bool add(library *l, hid_t file, const char *name, const onn_array *a)
{
	hid_t space, links, creation, in_file, in_memory, id;
	if (is_dataset(l, file, name) && l->H5Ldelete(file, name, H5P_DEFAULT) < 0)
		return false;
	return make_space(l, &space, a) && type_of(l, &in_file, onn_array_type(a), true) &&
	       type_of(l, &in_memory, onn_array_type(a), false) &&
	       is_open(&links, l->H5Pcreate(*l->H5P_CLS_LINK_CREATE_ID_g)) &&
	       is_open(&creation, l->H5Pcreate(*l->H5P_CLS_DATASET_CREATE_ID_g)) &&
	       l->H5Pset_create_intermediate_group(links, 1) >= 0 &&
	       l->H5Pset_obj_track_times(creation, false) >= 0 &&
	       is_open(
	           &id, l->H5Dcreate2(file, name, in_file, space, links, creation, H5P_DEFAULT)) &&
	       (!onn_array_count(a) || l->H5Dwrite(id, in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT,
	                                   onn_array_const_data(a)) >= 0);
}

static onn_status make_file(library *l, answer *to, size_t room, const request *r)
{
	hid_t access, file;
	if (!is_open(&access, l->H5Pcreate(*l->H5P_CLS_FILE_ACCESS_ID_g)) ||
	    l->H5Pset_fapl_core(access, 1 << 16, false) < 0 ||
	    !is_open(&file, r->file_bytes
	                        ? l->H5Fopen(r->path, H5F_ACC_RDWR, access)
	                        : l->H5Fcreate(r->path, H5F_ACC_TRUNC, H5P_DEFAULT, access)))
		return fail(l, ONN_ERROR_FORMAT,
		    r->file_bytes ? "is no HDF5 file that an array can be added to"
		                  : "no file in memory",
		    r->path);
	if (!add(l, file, r->member ? r->member : "data", r->array) ||
	    l->H5Fflush(file, H5F_SCOPE_GLOBAL) < 0)
		return fail(l, ONN_ERROR_FILE, "the array cannot be written", r->path);
	ssize_t size = l->H5Fget_file_image(file, NULL, 0);
	to->bytes = size > 0 ? (size_t)size : 0;
	if (to->bytes && to->bytes <= room && l->H5Fget_file_image(file, to + 1, to->bytes) == size)
		return ONN_OK;
	return to->bytes > room ? ONN_OK
	                        : onn_error(ONN_ERROR_FILE, "%s: no file in memory", r->path);
}

static size_t write_there(void *argument, void *reply, size_t room)
{
	const request *r = argument;
	answer *a = reply;
	library l;
	onn_status status = open_library(&l, r->path);
	if (!status)
		status = make_file(&l, a, room - sizeof *a, r);
	return finish(a, status, status || a->bytes > room - sizeof *a ? 0 : a->bytes);
}

onn_status onn_hdf5_save(const onn_array *a, const char *path, const char *member)
{
	request r = {path, member, a, 0};
	answer *file = NULL;
	size_t bytes = onn_array_count(a) * onn_type_size(onn_array_type(a));
	onn_status status = ONN_OK;
	if (member && onn_file_exists(path))
		status = onn_file_size(&r.file_bytes, path);
	if (!status)
		status = ask(&file, &r, bytes + r.file_bytes + (1 << 18), write_there);
	if (!status)
		status = onn_file_write(path, file + 1, file->bytes);
	free(file);
	return status;
}
