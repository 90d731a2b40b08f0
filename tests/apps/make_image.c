/*
 * make_image SET INDEX FILE.png FILE.npy: writes a test image of a data set, prints its label.
 * make_image blank HEIGHT ...: writes zeros of HEIGHT x 8.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/dataset.h>
#include <onn/image.h>

static int save(const unsigned char *pixel, size_t height, size_t width, double scale, char **path)
{
	size_t shape[2] = {height, width};
	onn_array *a = NULL, *picture = NULL;
	onn_status status = onn_array_from(&a, ONN_U8, 2, shape, pixel);

	if (!status)
		status = onn_array_from(&picture, ONN_U8, 2, shape, pixel);
	unsigned char *p = status ? NULL : onn_array_data(picture);
	for (size_t i = 0; p && i < height * width; i++)
		p[i] = (unsigned char)(255 * p[i] / scale + 0.5);
	if (!status)
		status = onn_image_save(picture, path[0], 8);
	if (!status)
		status = onn_array_save(a, path[1]);
	onn_array_destroy(a);
	onn_array_destroy(picture);
	if (status)
		fprintf(stderr, "make_image: %s\n", onn_last_error());
	return status != ONN_OK;
}

int main(int argc, char **argv)
{
	onn_dataset *d;

	if (argc != 5)
		return 2;
	size_t n = strtoul(argv[2], NULL, 10);
	if (!strcmp(argv[1], "blank")) {
		unsigned char zero[64 * 8] = {0};
		return n > 64 ? 2 : save(zero, n, 8, 1, argv + 3);
	}
	if (onn_dataset_load(&d, argv[1], NULL, 0)) {
		fprintf(stderr, "make_image: %s\n", onn_last_error());
		return 1;
	}
	printf("%d\n", ((const int *)onn_array_const_data(d->test_y))[n]);
	const unsigned char *all = onn_array_const_data(d->test_x);
	int code = save(all + n * d->height * d->width, d->height, d->width, d->scale, argv + 3);
	onn_dataset_destroy(d);
	return code;
}
