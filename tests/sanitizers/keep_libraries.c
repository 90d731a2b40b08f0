/*
 * Libraries stay loaded until the end of a sanitized program: of memory that a driver's module
 * held, a report could otherwise say no more than "unknown module", and leaks.txt could not name
 * it. Weak, for programs that link the command's objects have it twice.
 */
int dlclose(void *library);

__attribute__((weak, visibility("default"))) int dlclose(void *library)
{
	(void)library;
	return 0;
}
