/*
 * Every call of the operating system: clocks, threads, files, folders. Nothing outside os.c and
 * os_*.c includes a system header.
 */
#ifndef ONN_SRC_CORE_OS_H
#define ONN_SRC_CORE_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <onn/status.h>

/* The number of this process: another one after fork(), in the child. */
long onn_process(void);
/* Seconds on a clock that never goes back. */
double onn_clock(void);
/* Processors that this process may use, at least 1. */
int onn_processors(void);
/* "Intel(R) Xeon(R) ..."; "" where unknown. */
void onn_processor_name(char *text, size_t room);
uint64_t onn_physical_memory(void);
enum { ONN_HUGE_PAGE = 2 << 20 };
/* Memory that begins at a huge page, and asks for such: a wish that may go unheard. NULL: there is
 * none. Freed by free. */
void *onn_huge_pages(size_t bytes);

/* Lets other threads run that wait for a processor. */
void onn_thread_yield(void);

typedef struct onn_thread onn_thread;
typedef struct onn_mutex onn_mutex;
typedef struct onn_condition onn_condition;

onn_status onn_thread_start(onn_thread **thread, void (*function)(void *), void *argument);
void onn_thread_join(onn_thread *thread); /* waits, then frees */
/* After fork(), in the child: frees what stood for a thread of the parent's, and locks that one may
 * have held. */
void onn_thread_abandon(onn_thread *thread);
void onn_mutex_abandon(onn_mutex *mutex);
void onn_condition_abandon(onn_condition *condition);
onn_status onn_mutex_create(onn_mutex **mutex);
void onn_mutex_destroy(onn_mutex *mutex);
void onn_mutex_lock(onn_mutex *mutex);
void onn_mutex_unlock(onn_mutex *mutex);
onn_status onn_condition_create(onn_condition **condition);
void onn_condition_destroy(onn_condition *condition);
void onn_condition_wait(onn_condition *condition, onn_mutex *mutex);
/* false: the seconds went by, with or without a broadcast that came too late */
bool onn_condition_wait_for(onn_condition *condition, onn_mutex *mutex, double seconds);
void onn_condition_broadcast(onn_condition *condition);

/* function is called when the process ends by exit, before those that were given earlier; false:
 * it is not. */
bool onn_at_exit(void (*function)(void));
/* One lock of the whole process, around libraries that keep global state. */
void onn_global_lock(void);
void onn_global_unlock(void);
/* Another one, around one matrix product of a library that does no two at once. A fork() waits for
 * it, so that the child finds it free. */
void onn_product_lock(void);
void onn_product_unlock(void);

/*
 * From here on this thread writes and reads numbers with a decimal point, whatever the program's
 * locale is; other threads keep theirs. NULL where that fails; restoring NULL does nothing.
 */
typedef struct onn_locale onn_locale;
onn_locale *onn_locale_plain(void);
void onn_locale_restore(onn_locale *locale);

/* A whole file; *data is freed with onn_free and has a 0 behind its last byte. */
onn_status onn_file_read(void **data, size_t *bytes, const char *path);
/* Its first bytes, as many as there are and fit. */
onn_status onn_file_read_head(void *head, size_t room, size_t *bytes, const char *path);
/* Of a regular file; SIZE_MAX of another kind, such as a pipe. ONN_ERROR_FILE. */
onn_status onn_file_size(size_t *bytes, const char *path);
/* Writes a temporary name beside path, syncs, renames, syncs the folder: path is whole or
 * untouched. A link is followed, and a file that is there keeps its mode. */
onn_status onn_file_write(const char *path, const void *data, size_t bytes);
/* The same for what next hands out piece by piece, until one of no bytes; where next returns false,
 * it has set the error, nothing is written, and the result is ONN_ERROR_FILE. */
onn_status onn_file_write_pieces(
    const char *path, bool (*next)(void *user, const void **data, size_t *bytes), void *user);
bool onn_file_exists(const char *path);
bool onn_directory_exists(const char *path);
/* Makes a folder and those above it; one that exists is fine. */
onn_status onn_directory_make(const char *path);
onn_status onn_file_remove(const char *path);
/* A folder that has one holder, until it gives it back or its process ends. ONN_ERROR_FILE:
 * another one has it. *lock may become NULL: the file system knows no locks. */
typedef struct onn_lock onn_lock;
onn_status onn_directory_lock(onn_lock **lock, const char *path);
void onn_directory_unlock(onn_lock *lock);
/* What no other user can write: for what is believed when it is found again. Whether such a folder
 * is there, made with those above it if need be, for this user alone; whether such a file is; a
 * file that is written so. */
bool onn_directory_own(const char *path);
bool onn_file_own(const char *path);
onn_status onn_file_write_own(const char *path, const void *data, size_t bytes);
/* The user's cache folder for onn (XDG_CACHE_HOME or ~/.cache, then /onn), made if need be; false
 * if there is none, or another user can write there. */
bool onn_cache_directory(char *path, size_t room);
/* A library by the name that the system finds it by, for good; NULL: there is none. */
void *onn_library_open(const char *name);
/* The address of what is called so in it, into *place, a pointer to an object or a function; false:
 * there is none. */
bool onn_library_find(void *place, void *library, const char *name);
/* The folder of the file that holds this library's code (a program's, where it is linked
 * statically). */
bool onn_library_directory(char *path, size_t room);

/* Runs function in a child process that ends afterwards, with a time limit; *reply holds what it
 * wrote, at most `room` bytes. ONN_ERROR_DEVICE where the child died or did not answer in time. */
onn_status onn_in_child(void *reply, size_t room, size_t *replied,
    size_t (*function)(void *argument, void *reply, size_t room), void *argument, double seconds);

#endif
