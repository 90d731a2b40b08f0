/*
 * Damaged files of every format that is read: each gives a valid result, or an error with a text,
 * and never a crash. Run under the sanitizers this also shows that no byte outside a file is read.
 *
 * ONN_MUTATIONS sets how many of each kind; 300 where it is unset. ONN_MUTATION_SEED draws others.
 */
#include "testing.h"

#include <zlib.h>

#include <onn/archive.h>
#include <onn/dataset.h>
#include <onn/image.h>

#include "config.h"
#include "core/npy.h"
#include "core/os.h"
#include "core/philox.h"

#define ROOM                "test_files_mutated.d"
#define CORE_FIXTURE(name)  ONN_SOURCE_DIR "/tests/core/fixtures/" name
#define IMAGE_FIXTURE(name) ONN_SOURCE_DIR "/tests/data/fixtures/" name

typedef struct bytes {
	unsigned char *data;
	size_t count, room;
} bytes;

static void append(bytes *b, const void *data, size_t count)
{
	if (b->count + count > b->room) {
		b->room = 2 * (b->count + count);
		b->data = realloc(b->data, b->room);
		ck_assert_ptr_nonnull(b->data);
	}
	if (count > 0)
		memcpy(b->data + b->count, data, count);
	b->count += count;
}

static void append_little(bytes *b, uint64_t value, int size)
{
	for (int i = 0; i < size; i++)
		append(b, &(unsigned char){(unsigned char)(value >> (8 * i))}, 1);
}

static bytes read_bytes(const char *path)
{
	bytes b = {0};
	void *data;
	size_t count;
	check_ok(onn_file_read(&data, &count, path));
	append(&b, data, count);
	onn_free(data);
	return b;
}

/* Not onn_file_write, whose syncing takes longer than all else here. */
static void write_bytes(const char *path, const bytes *b)
{
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	if (b->count)
		ck_assert_uint_eq(fwrite(b->data, 1, b->count, file), b->count);
	fclose(file);
}

/* ---- mutation ---- */

static uint32_t seed, drawn;

static size_t draw(size_t below)
{
	uint32_t out[4];
	onn_philox(out, seed, (uint32_t[]){drawn++, 0, 0, 0});
	return below ? out[0] % below : 0;
}

/* One change: a bit, a byte, a run cut out or doubled, the end cut off, or a field that lies. */
static void change(bytes *b)
{
	static const unsigned char lie[][4] = {{0xff, 0xff, 0xff, 0xff}, {0x7f, 0xff, 0xff, 0xff},
	    {0, 0, 0, 0}, {0, 0, 0, 0x80}, {1, 0, 0, 0}, {'9', '9', '9', '9'}, {0, 0, 0xff, 0xff}};
	size_t at = draw(b->count), run = 1 + draw(16);
	if (b->count == 0)
		return;
	if (run > b->count - at)
		run = b->count - at;
	switch (draw(8)) {
	case 0:
		b->count = at;
		break;
	case 1:
	case 2:
		b->data[at] ^= (unsigned char)(1 << draw(8));
		break;
	case 3:
		b->data[at] = (unsigned char)draw(256);
		break;
	case 4:
		memmove(b->data + at, b->data + at + run, b->count - at - run);
		b->count -= run;
		break;
	case 5: {
		unsigned char copy[16];
		memcpy(copy, b->data + at, run);
		append(b, copy, run);
		memmove(b->data + at + run, b->data + at, b->count - at - run);
		break;
	}
	default:
		/* most headers stand within the first 128 bytes */
		at = draw(b->count < 128 ? b->count : 128);
		memcpy(b->data + at, lie[draw(COUNT(lie))], b->count - at < 4 ? b->count - at : 4);
	}
}

static void mutate(bytes *b)
{
	for (size_t i = 1 + draw(3); i > 0; i--)
		change(b);
}

/* ---- containers around mutated contents, with their checksums right ---- */

static bytes wrap_gzip(const bytes *b)
{
	z_stream z = {0};
	bytes out = {0};
	out.room = b->count + 1000;
	out.data = malloc(out.room);
	ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
	z.next_in = b->data;
	z.avail_in = (uInt)b->count;
	z.next_out = out.data;
	z.avail_out = (uInt)out.room;
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	out.count = z.total_out;
	deflateEnd(&z);
	return out;
}

/* A zip of one stored member. */
static bytes wrap_zip(const bytes *b, const char *name)
{
	bytes out = {0};
	size_t length = strlen(name);
	uint32_t crc = (uint32_t)crc32(0, b->data, (uInt)b->count);
	for (int central = 0; central < 2; central++) {
		append(&out, central ? "PK\1\2\24\0" : "PK\3\4", central ? 6 : 4);
		append_little(&out, 20, 2); /* version, flags, method, time, date */
		append_little(&out, (uint64_t)33 << 48, 8);
		append_little(&out, crc, 4);
		append_little(&out, b->count, 4);
		append_little(&out, b->count, 4);
		append_little(&out, length, 4);
		if (central) /* comment, disk, attributes, place */
			append(&out, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
		append(&out, name, length);
		if (!central)
			append(&out, b->data, b->count);
	}
	size_t start = 30 + length + b->count;
	append(&out, "PK\5\6\0\0\0\0\1\0\1\0", 12);
	append_little(&out, out.count - 12 - start, 4);
	append_little(&out, start, 4);
	append_little(&out, 0, 2);
	return out;
}

/* The chunks' checksums anew, as far as there are whole chunks. */
static bytes mend_png(const bytes *b)
{
	bytes out = {0};
	append(&out, b->data, b->count);
	for (size_t at = 8; at + 12 <= out.count;) {
		const unsigned char *p = out.data + at;
		size_t length =
		    (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | (size_t)p[3];
		if (length > out.count - at - 12)
			break;
		uint32_t crc = (uint32_t)crc32(0, p + 4, (uInt)length + 4);
		for (int i = 0; i < 4; i++)
			out.data[at + 8 + length + (size_t)i] =
			    (unsigned char)(crc >> (24 - 8 * i));
		at += 12 + length;
	}
	return out;
}

/* ---- what is read ---- */

static int valid, refused;

/* Every byte of a good result is there to be read. */
static unsigned touch(const onn_array *a)
{
	unsigned sum = 0;
	const unsigned char *p = onn_array_const_data(a);
	for (size_t i = 0; i < onn_array_count(a) * onn_type_size(onn_array_type(a)); i++)
		sum += p[i];
	return sum;
}

/* true where the call gave a result; an error has a text and no result. */
static bool judge(onn_status status, const void *result)
{
	if (status == ONN_OK) {
		ck_assert_ptr_nonnull(result);
		valid++;
		return true;
	}
	ck_assert_ptr_null(result);
	ck_assert_msg(status == ONN_ERROR_FORMAT || status == ONN_ERROR_MEMORY, "%s: %s",
	    onn_status_name(status), onn_last_error());
	ck_assert_msg(strlen(onn_last_error()) > 10, "\"%s\"", onn_last_error());
	refused++;
	return false;
}

static void read_array(const char *path)
{
	onn_array *a;
	onn_status status = onn_array_load(&a, path);
	if (judge(status, a))
		touch(a);
	onn_array_destroy(a);
}

static void read_archive(const char *path)
{
	onn_archive *archive;
	const char *name;
	onn_status status = onn_archive_load(&archive, path);
	for (size_t i = 0; !status && (name = onn_archive_name(archive, i)) != NULL; i++) {
		const onn_array *a;
		status = onn_archive_find(&a, archive, name);
		if (!status)
			touch(a);
	}
	judge(status, status ? NULL : archive);
	onn_archive_destroy(archive);
}

static void read_any_image(const char *path)
{
	onn_array *a;
	onn_status status = onn_image_load(&a, path);
	if (judge(status, a))
		touch(a);
	onn_array_destroy(a);
}

static void read_image(const char *path)
{
	onn_array *a;
	onn_status status = onn_image_load(&a, path);
	if (judge(status, a)) {
		const double *x = onn_array_const_data(a);
		for (size_t i = 0; i < onn_array_count(a); i++)
			ck_assert(x[i] >= 0 && x[i] <= 1);
	}
	onn_array_destroy(a);
}

static void check_part(const onn_dataset *d, const onn_array *x, const onn_array *y)
{
	const int32_t *label = onn_array_const_data(y);
	ck_assert_uint_eq(onn_array_ndim(x), 3);
	ck_assert_uint_eq(onn_array_shape(x)[0], onn_array_count(y));
	ck_assert_uint_eq(onn_array_shape(x)[1], d->height);
	ck_assert_uint_eq(onn_array_shape(x)[2], d->width);
	for (size_t i = 0; i < onn_array_count(y); i++)
		ck_assert(label[i] >= 0 && (size_t)label[i] < d->classes);
	touch(x);
}

static void read_dataset(const char *name)
{
	onn_dataset *d;
	onn_status status = onn_dataset_load(&d, name, ROOM, 1);
	if (judge(status, d)) {
		check_part(d, d->train_x, d->train_y);
		check_part(d, d->test_x, d->test_y);
	}
	onn_dataset_destroy(d);
}

static void read_mnist(const char *path)
{
	(void)path;
	read_dataset("mnist");
}

static void read_digits(const char *path)
{
	(void)path;
	read_dataset("digits");
}

/* ---- the tests ---- */

typedef bytes (*wrapper)(const bytes *);

/* Mutates good many times over, wraps it, writes it to path and has it read. At least some of the
 * mutants must be refused, or nothing was damaged. */
static void check_mutants(bytes good, wrapper wrap, const char *path, void (*read)(const char *))
{
	const char *text = getenv("ONN_MUTATIONS"), *seed_text = getenv("ONN_MUTATION_SEED");
	int count = text ? atoi(text) : 300;
	seed = seed_text ? (uint32_t)atoi(seed_text) : 1;
	drawn = 0;
	valid = refused = 0;

	bytes whole = wrap ? wrap(&good) : (bytes){0};
	write_bytes(path, wrap ? &whole : &good);
	read(path);
	ck_assert_msg(valid == 1, "%s: the good file is refused: %s", path, onn_last_error());
	free(whole.data);

	for (int i = 0; i < count; i++) {
		bytes mutant = {0}, wrapped = {0};
		append(&mutant, good.data, good.count);
		mutate(&mutant);
		if (wrap)
			wrapped = wrap(&mutant);
		write_bytes(path, wrap ? &wrapped : &mutant);
		read(path);
		free(wrapped.data);
		free(mutant.data);
	}
	ck_assert_int_eq(valid + refused, count + 1);
	ck_assert_msg(refused > count / 10, "%s: %d of %d refused", path, refused, count);
	remove(path);
	free(good.data);
}

/* n images of 3 x 2, or n labels. */
static bytes make_idx(unsigned char n, bool images)
{
	bytes b = {0};
	append(&b, images ? "\0\0\10\3\0\0\0" : "\0\0\10\1\0\0\0", 7);
	append(&b, &n, 1);
	if (images)
		append(&b, "\0\0\0\3\0\0\0\2", 8);
	for (unsigned i = 0; i < n * (images ? 6u : 1u); i++)
		append(&b, &(unsigned char){(unsigned char)(i % 10)}, 1);
	return b;
}

/* The other three files of a set, and the good fourth that a test mutates. */
static void make_mnist(void)
{
	static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
	    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
	check_ok(onn_directory_make(ROOM));
	for (int i = 0; i < 4; i++) {
		char path[128];
		bytes b = make_idx(i < 2 ? 20 : 5, i % 2 == 0);
		snprintf(path, sizeof path, ROOM "/%s", names[i]);
		write_bytes(path, &b);
		free(b.data);
	}
}

START_TEST(mutated_idx_files_crash_nothing)
{
	make_mnist();
	check_mutants(make_idx(20, true), NULL, ROOM "/train-images-idx3-ubyte", read_mnist);
	make_mnist();
	check_mutants(make_idx(5, false), NULL, ROOM "/t10k-labels-idx1-ubyte", read_mnist);
}
END_TEST

START_TEST(mutated_gzipped_idx_files_crash_nothing)
{
	make_mnist();
	remove(ROOM "/train-images-idx3-ubyte");
	bytes idx = make_idx(20, true), packed = wrap_gzip(&idx);
	check_mutants(packed, NULL, ROOM "/train-images-idx3-ubyte.gz", read_mnist);
	check_mutants(idx, wrap_gzip, ROOM "/train-images-idx3-ubyte.gz", read_mnist);
}
END_TEST

static bytes make_digits(void)
{
	bytes b = {0};
	for (int i = 0; i < 10; i++) {
		for (int k = 0; k < 64; k++) {
			char field[8];
			snprintf(field, sizeof field, "%d,", (i + k) % 17);
			append(&b, field, strlen(field));
		}
		append(&b, &"0123456789"[i], 1);
		append(&b, "\n", 1);
	}
	return b;
}

START_TEST(mutated_csv_files_crash_nothing)
{
	check_ok(onn_directory_make(ROOM));
	check_mutants(make_digits(), NULL, ROOM "/digits.csv", read_digits);
	bytes text = make_digits(), packed = wrap_gzip(&text);
	free(text.data);
	check_mutants(packed, NULL, ROOM "/digits.csv.gz", read_digits);
}
END_TEST

START_TEST(mutated_npy_files_crash_nothing)
{
	static const char *const path[] = {CORE_FIXTURE("big_endian_fortran.npy"),
	    CORE_FIXTURE("big_endian_complex.npy"), CORE_FIXTURE("version_2.npy"),
	    CORE_FIXTURE("version_3.npy"), CORE_FIXTURE("half.npy"), CORE_FIXTURE("bool.npy"),
	    CORE_FIXTURE("i8.npy"), CORE_FIXTURE("i2.npy")};
	check_ok(onn_directory_make(ROOM));
	for (size_t i = 0; i < COUNT(path); i++)
		check_mutants(read_bytes(path[i]), NULL, ROOM "/a.npy", read_array);
}
END_TEST

static bytes wrap_x(const bytes *b) { return wrap_zip(b, "x.npy"); }

START_TEST(mutated_npz_files_crash_nothing)
{
	check_ok(onn_directory_make(ROOM));
	check_mutants(read_bytes(CORE_FIXTURE("savez.npz")), NULL, ROOM "/a.npz", read_archive);
	check_mutants(
	    read_bytes(CORE_FIXTURE("savez_compressed.npz")), NULL, ROOM "/a.npz", read_archive);
	check_mutants(
	    read_bytes(CORE_FIXTURE("version_3.npy")), wrap_x, ROOM "/a.npz", read_archive);
}
END_TEST

/* The archive of a user's set: y as it is, x from the mutant. */
static void read_users_set(const char *path)
{
	onn_archive *archive;
	onn_status status = onn_archive_load(&archive, path);
	if (judge(status, archive)) {
		onn_array *y;
		check_ok(onn_array_from(&y, ONN_I32, 1, (size_t[]){2}, (int32_t[]){1, 0}));
		check_ok(onn_archive_put(archive, "y", y));
		valid--;
		status = onn_archive_save(archive, ROOM "/user.npz");
		if (judge(status, status ? NULL : archive)) {
			valid--;
			read_dataset("user.npz");
		}
		onn_array_destroy(y);
	}
	onn_archive_destroy(archive);
}

START_TEST(mutated_safetensors_crash_nothing)
{
	onn_archive *archive;
	onn_array *a;
	check_ok(onn_directory_make(ROOM));
	check_ok(onn_archive_create(&archive));
	check_ok(onn_array_create(&a, ONN_F32, 2, (size_t[]){3, 5}));
	check_ok(onn_archive_put(archive, "w0", a));
	check_ok(onn_archive_put(archive, "w1", a));
	check_ok(onn_archive_put_text(archive, "model.json", "{}"));
	check_ok(onn_archive_save(archive, ROOM "/a.safetensors"));
	onn_array_destroy(a);
	check_mutants(read_bytes(ROOM "/a.safetensors"), NULL, ROOM "/a.safetensors", read_archive);
	onn_archive_destroy(archive);
}
END_TEST

START_TEST(mutated_sets_of_a_user_crash_nothing)
{
	check_ok(onn_directory_make(ROOM));
	check_mutants(
	    read_bytes(CORE_FIXTURE("version_3.npy")), wrap_x, ROOM "/a.npz", read_users_set);
	remove(ROOM "/user.npz");
}
END_TEST

START_TEST(mutated_pngs_crash_nothing)
{
	static const char *const path[] = {IMAGE_FIXTURE("grey8.png"), IMAGE_FIXTURE("grey1.png"),
	    IMAGE_FIXTURE("grey16.png"), IMAGE_FIXTURE("rgb8.png"), IMAGE_FIXTURE("rgba16.png"),
	    IMAGE_FIXTURE("palette2.png"), IMAGE_FIXTURE("palette_alpha8.png"),
	    IMAGE_FIXTURE("interlaced8.png")};
	check_ok(onn_directory_make(ROOM));
	for (size_t i = 0; i < COUNT(path); i++) {
		check_mutants(read_bytes(path[i]), NULL, ROOM "/a.png", read_image);
		check_mutants(read_bytes(path[i]), mend_png, ROOM "/a.png", read_image);
	}
}
END_TEST

#ifdef ONN_HAVE_TIFF
START_TEST(mutated_tiffs_crash_nothing)
{
	onn_array *a;
	check_ok(onn_directory_make(ROOM));
	check_ok(onn_image_load(&a, IMAGE_FIXTURE("interlaced8.png")));
	for (int bits = 8; bits <= 32; bits *= 2) {
		check_ok(onn_image_save(a, ROOM "/a.tif", bits));
		check_mutants(read_bytes(ROOM "/a.tif"), NULL, ROOM "/a.tif", read_any_image);
	}
	onn_array_destroy(a);
}
END_TEST
#else
START_TEST(mutated_tiffs_crash_nothing) {}
END_TEST
#endif

TESTS("mutations", mutated_idx_files_crash_nothing, mutated_gzipped_idx_files_crash_nothing,
    mutated_csv_files_crash_nothing, mutated_npy_files_crash_nothing,
    mutated_npz_files_crash_nothing, mutated_safetensors_crash_nothing,
    mutated_sets_of_a_user_crash_nothing, mutated_pngs_crash_nothing, mutated_tiffs_crash_nothing)
