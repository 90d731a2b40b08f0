/*
 * The light at the camera, against what was wanted there.
 */
#include <math.h>

#include "core/element.h"
#include "design/designer.h"

static double peak_of(const onn_array *f64)
{
	const double *x = onn_array_const_data(f64);
	double peak = 0;

	for (size_t i = 0; i < onn_array_count(f64); i++)
		peak = fmax(peak, x[i]);
	return peak;
}

/* What brings the intensity nearest to the target in the least squares, where its brightness is not
 * part of the design; else 1. */
static double scale_of(
    const onn_design *design, const onn_array *intensity, const onn_array *target)
{
	const double *x = onn_array_const_data(intensity), *t = onn_array_const_data(target);
	double both = 0, own = 0;

	if (design->loss != ONN_DESIGN_LOSS_CORRELATION &&
	    design->loss != ONN_DESIGN_LOSS_OVERLAP &&
	    design->update != ONN_DESIGN_UPDATE_GERCHBERG_SAXTON)
		return 1;
	for (size_t i = 0; i < onn_array_count(intensity); i++) {
		both += x[i] * t[i];
		own += x[i] * x[i];
	}
	return both > 0 ? both / own : 1;
}

static void multiply(onn_array *f64, double by)
{
	double *x = onn_array_data(f64);

	for (size_t i = 0; i < onn_array_count(f64); i++)
		x[i] *= by;
}

onn_status onn_designer_picture(
    onn_array **picture, const onn_designer *d, const onn_array *intensity)
{
	onn_array *target = NULL;
	onn_status status = onn_array_convert(picture, intensity, ONN_F64);

	if (!status)
		status = onn_array_convert(&target, d->target, ONN_F64);
	if (!status)
		multiply(*picture, scale_of(&d->config.design, *picture, target) / peak_of(target));
	onn_array_destroy(target);
	return status;
}

/* Sum of |E|^2. */
static double power_of(const onn_array *field)
{
	const void *data = onn_array_const_data(field);
	onn_type type = onn_array_type(field);
	double sum = 0;

	for (size_t i = 0; i < onn_array_count(field) * onn_type_parts(type); i++) {
		double x = onn_part_get(data, type, i);
		sum += x * x;
	}
	return sum;
}

static double sum_of(const onn_array *f64)
{
	const double *x = onn_array_const_data(f64);
	double sum = 0;

	for (size_t i = 0; i < onn_array_count(f64); i++)
		sum += x[i];
	return sum;
}

onn_status onn_designer_compare(onn_design_result *result, onn_array **picture,
    const onn_designer *d, const onn_array *intensity, double loss)
{
	onn_array *scaled = NULL, *target = NULL;
	onn_status status = onn_array_convert(&scaled, intensity, ONN_F64);

	if (!status)
		status = onn_array_convert(&target, d->target, ONN_F64);
	if (!status) {
		double source = power_of(d->source);
		result->loss = loss;
		result->arriving = source > 0 ? sum_of(scaled) / source : 0;
		result->scale = scale_of(&d->config.design, scaled, target);
		multiply(scaled, result->scale);
		status = onn_compare_pictures(&result->likeness, scaled, target, peak_of(target));
	}
	onn_array_destroy(target);
	if (!status && picture)
		*picture = scaled;
	else
		onn_array_destroy(scaled);
	return status;
}

onn_status onn_designer_result(onn_design_result *result, onn_array **picture, onn_designer *d)
{
	onn_array *intensity = NULL;

	if (picture)
		*picture = NULL;
	onn_status status = onn_designer_intensity(&intensity, d);
	if (!status)
		status = onn_designer_compare(
		    result, picture, d, intensity, onn_designer_loss(d, d->done));
	onn_array_destroy(intensity);
	return status;
}
