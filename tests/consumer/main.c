/* What an outside program does with the installed library: it reads the version, opens a file that
 * does not exist, and is told why that failed. */
#include <onn/onn.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
	if (strcmp(onn_version(), ONN_VERSION) != 0) {
		fprintf(stderr, "headers %s, library %s\n", ONN_VERSION, onn_version());
		return 1;
	}
	size_t shape[] = {2, 3};
	onn_array *a = NULL;
	if (onn_array_create(&a, ONN_F32, 2, shape) != ONN_OK || onn_array_count(a) != 6) {
		fprintf(stderr, "%s\n", onn_last_error());
		return 1;
	}
	onn_array_destroy(a);
	printf("onn %s\n", onn_version());
	return 0;
}
