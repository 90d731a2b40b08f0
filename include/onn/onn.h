/**
 * @file
 * All of onn. Include this, or the header of the concern at hand.
 */
#ifndef ONN_ONN_H
#define ONN_ONN_H

#include <onn/archive.h>
#include <onn/array.h>
#include <onn/d2nn.h>
#include <onn/dataset.h>
#include <onn/device.h>
#include <onn/elements.h>
#include <onn/fabrication.h>
#include <onn/fourier.h>
#include <onn/graph.h>
#include <onn/image.h>
#include <onn/model.h>
#include <onn/nn.h>
#include <onn/optics.h>
#include <onn/optimizer.h>
#include <onn/plan.h>
#include <onn/saturable.h>
#include <onn/selftest.h>
#include <onn/settings.h>
#include <onn/status.h>
#include <onn/trainer.h>
#include <onn/version.h>

#endif
