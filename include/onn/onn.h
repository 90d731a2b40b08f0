/**
 * @file
 * All of onn. Include this, or the header of the concern at hand.
 *
 * A structure of options begins with its size and is made by its ONN_..._INIT, so that later
 * versions can add fields. A program built against an older onn gives a smaller one, whose missing
 * fields keep their defaults. One built against a newer onn gives a larger one: it is taken where
 * all that this version does not know is 0, and is ONN_ERROR_ARGUMENT elsewhere.
 */
#ifndef ONN_ONN_H
#define ONN_ONN_H

#include <onn/archive.h>
#include <onn/array.h>
#include <onn/cnn.h>
#include <onn/convolution.h>
#include <onn/d2nn.h>
#include <onn/dataset.h>
#include <onn/design.h>
#include <onn/device.h>
#include <onn/elements.h>
#include <onn/fabrication.h>
#include <onn/fourier.h>
#include <onn/graph.h>
#include <onn/group.h>
#include <onn/history.h>
#include <onn/image.h>
#include <onn/layer.h>
#include <onn/mlp.h>
#include <onn/model.h>
#include <onn/network.h>
#include <onn/nn.h>
#include <onn/optics.h>
#include <onn/optimizer.h>
#include <onn/plan.h>
#include <onn/pulse.h>
#include <onn/pulse_experiment.h>
#include <onn/pulse_fit.h>
#include <onn/pulse_light.h>
#include <onn/pulse_media.h>
#include <onn/pulse_regime.h>
#include <onn/reproduce.h>
#include <onn/sampling.h>
#include <onn/saturable.h>
#include <onn/selftest.h>
#include <onn/settings.h>
#include <onn/status.h>
#include <onn/system.h>
#include <onn/trainer.h>
#include <onn/version.h>

#endif
