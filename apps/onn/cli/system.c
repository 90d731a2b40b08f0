#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE   700
#define _DEFAULT_SOURCE

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system.h"

extern char **environ;

void system_prepare(void)
{
	/* Opened the other way round, so that reading or writing fails as on a closed one. */
	for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++)
		if (fcntl(standard, F_GETFD) == -1 &&
		    open("/dev/null", standard == STDIN_FILENO ? O_WRONLY : O_RDONLY) == -1)
			break;
	signal(SIGXFSZ, SIG_IGN);
}

bool system_is_terminal(FILE *stream)
{
	const char *kind = getenv("TERM");

	return isatty(fileno(stream)) && !(kind && !strcmp(kind, "dumb"));
}

int system_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 20)
		return 80;
	return size.ws_col;
}

double system_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void system_error(const char *text) { fprintf(stderr, "%s: %s\n", text, strerror(errno)); }

static volatile sig_atomic_t stop_asked;

static void note_stop(int signal) { stop_asked = signal; }

static const char *volatile last_words;

static void end_now(int signal)
{
	const char *text = last_words;

	if (write(STDERR_FILENO, text, strlen(text)) == -1)
		_exit(128 + signal);
	_exit(128 + signal);
}

/* A signal that is ignored stays so: shells start jobs in the background that way, and nohup. */
static void handle(int signal, void (*handler)(int signal))
{
	struct sigaction now,
	    action = {.sa_handler = handler, .sa_flags = (int)SA_RESETHAND | SA_RESTART};

	sigemptyset(&action.sa_mask);
	if (sigaction(signal, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		sigaction(signal, &action, NULL);
}

static void handle_both(void (*handler)(int signal))
{
	handle(SIGINT, handler);
	handle(SIGTERM, handler);
}

static void set_alarm(long microseconds)
{
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = microseconds}}, NULL);
}

static void note_stop_for_a_while(int signal)
{
	note_stop(signal);
	set_alarm(400000);
}

static void end_late(int alarm)
{
	(void)alarm;
	end_now((int)stop_asked);
}

void system_catch_stop(void) { handle_both(note_stop); }
void system_let_stop(void) { handle_both(SIG_DFL); }

void system_end_on_stop(const char *text)
{
	last_words = text;
	handle_both(end_now);
}

void system_end_soon_on_stop(const char *text)
{
	last_words = text;
	handle(SIGALRM, end_late);
	handle_both(note_stop_for_a_while);
}

void system_stop_is_seen(void) { set_alarm(0); }

double system_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (double)pages * (double)size : 0;
}

char *system_full_path(const char *path) { return realpath(path, NULL); }

bool system_same_file(const char *path, const char *other)
{
	struct stat one, two;

	return stat(path, &one) == 0 && stat(other, &two) == 0 && S_ISREG(one.st_mode) &&
	       one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

bool system_make_folder(const char *path)
{
	struct stat now;
	char *copy = strdup(path);

	if (!copy)
		return false;
	/* the first folder that fails has the reason: below it all are ENOENT */
	bool there = true;
	int reason = ENOENT;
	for (char *p = copy; there && *p; p++) {
		if (p[1] != '/' && p[1] != '\0')
			continue;
		char end = p[1];
		p[1] = '\0';
		reason = mkdir(copy, 0777) == 0 ? 0 : errno;
		reason = reason == EEXIST ? ENOTDIR : reason; /* where no folder is there */
		there = reason == 0 || (stat(copy, &now) == 0 && S_ISDIR(now.st_mode));
		p[1] = end;
	}
	there = there && *copy;
	free(copy);
	if (!there)
		errno = reason;
	return there;
}

/* Numbers by their size, so that seed-10 is behind seed-9. */
static int compare_names(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	size_t same = 0;

	while (x[same] && x[same] == y[same])
		same++;
	while (same > 0 && isdigit((unsigned char)x[same - 1]))
		same--;
	size_t m = strspn(x + same, "0123456789"), n = strspn(y + same, "0123456789");
	bool whole = m && n && x[same] != '0' && y[same] != '0' && (!same || x[same - 1] != '.');
	return whole && m != n ? (m < n ? -1 : 1) : strcmp(x, y);
}

char **system_folders(const char *path, size_t *count)
{
	DIR *stream = opendir(path);
	char **name = NULL;
	struct stat info;

	*count = 0;
	for (struct dirent *entry; stream && (entry = readdir(stream));) {
		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(stream), entry->d_name, &info, 0) != 0 || !S_ISDIR(info.st_mode))
			continue;
		char **grown = realloc(name, (*count + 1) * sizeof *name);
		char *own = grown ? strdup(entry->d_name) : NULL;
		name = grown ? grown : name;
		if (own)
			name[(*count)++] = own;
	}
	if (stream)
		closedir(stream);
	if (*count)
		qsort(name, *count, sizeof *name, compare_names);
	return name;
}

FILE *system_stream(int file)
{
	int again = fcntl(file, F_DUPFD_CLOEXEC, 0);
	FILE *stream = again < 0 ? NULL : fdopen(again, "wb");

	if (again >= 0 && !stream)
		close(again);
	return stream;
}

bool system_stop_asked(void) { return stop_asked != 0; }

int system_stop_signal(void) { return stop_asked ? (int)stop_asked : SIGINT; }

void system_set_threads(size_t threads)
{
	char text[24];

	snprintf(text, sizeof text, "%zu", threads);
	setenv("ONN_THREADS", text, 1);
}

int system_stop_code(void) { return stop_asked ? 128 + (int)stop_asked : 1; }

/* Its process; -1 with errno. */
static pid_t start(const char *const argv[], FILE *in, FILE *out, FILE *errors)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t child;
	int error;

	if (lseek(fileno(in), 0, SEEK_SET) == -1 || lseek(fileno(out), 0, SEEK_SET) == -1 ||
	    ftruncate(fileno(out), 0) != 0)
		return -1;
	errno = posix_spawn_file_actions_init(&actions);
	if (errno)
		return -1;
	errno = posix_spawnattr_init(&attributes);
	if (errno) {
		posix_spawn_file_actions_destroy(&actions);
		return -1;
	}
	/* A group of its own: a signal from the terminal asks us to stop, and we let it finish. */
	error = posix_spawnattr_setflags(
	    &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	sigset_t ours, none;
	sigemptyset(&none);
	if (!error)
		error = posix_spawnattr_setsigmask(&attributes, &none);
	sigemptyset(&ours);
	sigaddset(&ours, SIGXFSZ);
	if (!error)
		error = posix_spawnattr_setsigdefault(&attributes, &ours);
	if (!error)
		error = posix_spawnattr_setpgroup(&attributes, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, fileno(errors), STDERR_FILENO);
	/* posix_spawnp takes char *const[] for historical reasons and changes nothing. */
	if (!error)
		error = posix_spawnp(
		    &child, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (error)
		errno = error;
	return error ? -1 : child;
}

int system_run(const char *const argv[], FILE *in, FILE *out, FILE *errors,
    void (*meanwhile)(void *user), void *user)
{
	const struct timespec moment = {0, 50000000};
	pid_t child = start(argv, in, out, errors), ended;
	int status;

	if (child == -1)
		return -2;
	while ((ended = waitpid(child, &status, meanwhile ? WNOHANG : 0)) != child) {
		if (ended == -1 && errno != EINTR)
			return -1;
		if (meanwhile && ended == 0) {
			meanwhile(user);
			nanosleep(&moment, NULL);
		}
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

size_t system_read_at(void *to, size_t room, FILE *file, long from)
{
	ssize_t n = pread(fileno(file), to, room, from);

	return n > 0 ? (size_t)n : 0;
}
