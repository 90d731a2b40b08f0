/*
 * A labelled set on a device, as it stands in the file, and the batches gathered from it.
 */
#ifndef ONN_SRC_TRAIN_SAMPLES_H
#define ONN_SRC_TRAIN_SAMPLES_H

#include <onn/dataset.h>
#include <onn/plan.h>

typedef struct onn_samples {
	onn_tensor *x, *y; /* [count, pixels] u8 or f32; [count] i32 */
	onn_type type;
	size_t count, pixels;
	double scale;
} onn_samples;

/* Copies images and labels to the device. onn_samples_clear frees them. */
onn_status onn_samples_create(onn_samples *s, onn_device *device, const onn_array *x,
    const onn_array *y, size_t pixels, double scale);
void onn_samples_clear(onn_samples *s);

/* Rows by index: pixels [batch, pixels] of type, in [0, maximum]; labels [batch]. The variables are
 * called "x" and "y". */
onn_node onn_samples_pixels(
    const onn_samples *s, onn_graph *g, onn_node index, onn_type type, double maximum);
onn_node onn_samples_labels(const onn_samples *s, onn_graph *g, onn_node index);
onn_status onn_samples_bind(const onn_samples *s, onn_plan *plan);

#endif
