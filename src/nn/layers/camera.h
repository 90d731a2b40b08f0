/*
 * The settings of camera, for systems, whose cameras let light pass.
 */
#ifndef ONN_SRC_NN_LAYERS_CAMERA_H
#define ONN_SRC_NN_LAYERS_CAMERA_H

typedef struct onn_camera_values {
	double photons;    /* photoelectrons that all light of an image would make; 0: no noise */
	double read_noise; /* electrons */
} onn_camera_values;

#endif
