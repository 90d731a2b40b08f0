/* What a diffractive network takes for what, and how much of its light arrives where it should. */
#ifndef ONN_APPS_D2NN_LIGHT_H
#define ONN_APPS_D2NN_LIGHT_H

#include <stddef.h>

#include <onn/d2nn.h>
#include <onn/dataset.h>
#include <onn/model.h>

typedef struct d2nn_light {
	size_t classes, images, right;
	size_t *count;      /* [label, class seen] */
	double *efficiency; /* [label]: mean part of the light that arrives in the right region */
} d2nn_light;

/* Of the set's test part; d2nn_light_clear frees it. */
onn_status d2nn_light_measure(
    d2nn_light *light, const onn_model *model, onn_device *device, const onn_dataset *dataset);
void d2nn_light_clear(d2nn_light *light);
/* Images of a label. */
size_t d2nn_light_images(const d2nn_light *light, size_t label);
/* Over all images. */
double d2nn_light_mean(const d2nn_light *light);

#endif
