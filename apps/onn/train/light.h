/* What a network of light takes for what, and how much of its light arrives where it should. */
#ifndef ONN_APPS_TRAIN_LIGHT_H
#define ONN_APPS_TRAIN_LIGHT_H

#include <stddef.h>

#include <onn/dataset.h>
#include <onn/model.h>

typedef struct light_measures {
	size_t classes, images, right;
	size_t *count; /* [label, class seen] */
	/* [label]: mean part of the light that arrives in the right region; NULL where regions are
	 * not of classes: layers behind the detectors decide */
	double *efficiency;
	double gain; /* of the plates, 0 without */
} light_measures;

/* Whether a network has detectors of light, which can be measured. */
bool light_is_there(const onn_network *network);
/* Of the set's test part; light_clear frees it. */
onn_status light_measure(
    light_measures *light, const onn_model *model, onn_device *device, const onn_dataset *dataset);
void light_clear(light_measures *light);
/* Images of a label. */
size_t light_images(const light_measures *light, size_t label);
/* Over all images. */
double light_mean(const light_measures *light);
/* "2.35 % of the light arrives in the right region", and whether plates have made light. */
void light_print(const light_measures *light);

#endif
