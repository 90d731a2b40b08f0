/*
 * make_image SET INDEX FILE.png FILE.npy: writes a test image of a data set, prints its label.
 * make_image blank HEIGHT ...: writes zeros of HEIGHT x 8.
 * make_image floats INDEX FILE.npz FILE.npy: writes the digits as fractions, a set for --dataset,
 * and a test image as bytes of up to 255.
 * make_image bright INDEX FILE.npz FILE.npy: the digits as floats of up to 16, and so the image.
 * make_image truth INDEX FILE.png FILE.npy: the digits' test image as black and white, in bytes of
 * 0 and 1 in the latter.
 * make_image paper INDEX FILE.png FILE.npy: the digits' test image five times as large, dark on
 * white.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/archive.h>
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

/* x in fractions, and y, as members of an archive. */
static onn_status put(onn_archive *archive, const char *x_name, const char *y_name,
    const onn_array *x, const onn_array *y, double scale)
{
	onn_array *fractions;
	onn_status status = onn_array_convert(&fractions, x, ONN_F32);

	if (status)
		return status;
	for (size_t i = 0; i < onn_array_count(fractions); i++)
		((float *)onn_array_data(fractions))[i] /= (float)scale;
	status = onn_archive_put(archive, x_name, fractions);
	onn_array_destroy(fractions);
	return status ? status : onn_archive_put(archive, y_name, y);
}

/* white: what it is in the floats; 1: the image is saved as floats too, else as bytes. */
static int save_floats(const onn_dataset *d, unsigned char *pixel, double white, char **path)
{
	size_t shape[2] = {d->height, d->width};
	onn_array *bytes = NULL, *image = NULL;
	onn_archive *archive = NULL;
	onn_status status = onn_archive_create(&archive);

	if (!status)
		status = put(archive, "x", "y", d->train_x, d->train_y, white);
	if (!status)
		status = put(archive, "x_test", "y_test", d->test_x, d->test_y, white);
	if (!status)
		status = onn_archive_save(archive, path[0]);
	for (size_t i = 0; i < d->height * d->width && white > 1; i++)
		pixel[i] = (unsigned char)(255 * pixel[i] / d->scale + .5);
	if (!status)
		status = onn_array_from(&bytes, ONN_U8, 2, shape, pixel);
	if (!status)
		status = onn_array_convert(&image, bytes, white > 1 ? ONN_U8 : ONN_F32);
	if (!status)
		status = onn_array_save(image, path[1]);
	onn_array_destroy(bytes);
	onn_array_destroy(image);
	onn_archive_destroy(archive);
	if (status)
		fprintf(stderr, "make_image: %s\n", onn_last_error());
	return status != ONN_OK;
}

/* Each pixel as a square of 5 x 5, black for white. */
static int save_paper(const onn_dataset *d, const unsigned char *pixel, char **path)
{
	size_t width = 5 * d->width, height = 5 * d->height;
	unsigned char large[64 * 64];

	for (size_t i = 0; i < height * width; i++)
		large[i] =
		    (unsigned char)(d->scale - pixel[i / width / 5 * d->width + i % width / 5]);
	return save(large, height, width, d->scale, path);
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
	bool bright = !strcmp(argv[1], "bright"), truth = !strcmp(argv[1], "truth");
	bool floats = bright || !strcmp(argv[1], "floats"), paper = !strcmp(argv[1], "paper");
	if (onn_dataset_load(&d, floats || truth || paper ? "digits" : argv[1], NULL, 0)) {
		fprintf(stderr, "make_image: %s\n", onn_last_error());
		return 1;
	}
	printf("%d\n", ((const int *)onn_array_const_data(d->test_y))[n]);
	size_t pixels = d->height * d->width;
	unsigned char *one = (unsigned char *)onn_array_data(d->test_x) + n * pixels;
	for (size_t i = 0; truth && i < pixels; i++)
		one[i] = one[i] > d->scale / 2;
	int code = paper    ? save_paper(d, one, argv + 3)
	           : floats ? save_floats(d, one, bright ? 1 : d->scale, argv + 3)
	                    : save(one, d->height, d->width, truth ? 1 : d->scale, argv + 3);
	onn_dataset_destroy(d);
	return code;
}
