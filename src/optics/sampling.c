/*
 * The sampling rules: up to where each method's kernel or transfer function is sampled, and which
 * method auto takes.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"
#include "core/text.h"
#include "core/units.h"
#include "optics/edge.h"
#include "optics/request.h"
#include "optics/transfer.h"

/* A rule for one axis and one wavelength: it holds where have >= need. */
typedef struct rule {
	double have, need;
	int axis;
} rule;

/* On pixels of half a wavelength or less, in pitches: asm of a field padded to twice its size is
 * within 1.2 % of the peak up to here, and rs from here on. */
enum { FINE_ASM = 3, FINE_RS = 2 };

typedef rule (*rule_of)(const onn_request *r, int axis, double wavelength);

static double pitch(const onn_request *r, int axis) { return onn_grid_pitch(r->grid, axis); }
static size_t pixels(const onn_request *r, int axis) { return onn_grid_pixels(r->grid, axis); }
static size_t padded(const onn_request *r, int axis) { return pixels(r, axis) + 2 * r->pad[axis]; }

/* Without padding a field goes on as it is beyond its edges; one row has no edges in y. */
static bool repeats(const onn_request *r, int axis)
{
	return r->pad[axis] == 0 && (axis || r->grid->ny > 1);
}

/* A rule of spectra. One pixel without padding has one frequency, 0, and nothing to sample. */
static rule of_spectrum(const onn_request *r, int axis, double have, double need)
{
	return (rule){padded(r, axis) == 1 ? INFINITY : have, need, axis};
}

/* H of the angular spectrum turns by at most pi from one frequency to the next up to the grid's
 * largest: z <= n d^2 sqrt(1/lambda^2 - 1/(4 d^2)) */
static rule asm_rule(const onn_request *r, int axis, double wavelength)
{
	double d = pitch(r, axis), ratio = d / wavelength;
	double reach = (double)padded(r, axis) * d * sqrt(fmax(ratio * ratio - .25, 0));
	if (r->how.method == ONN_METHOD_AUTO && repeats(r, axis))
		reach = INFINITY;
	/* pixels of half a wavelength: what grazes wraps, and is weak (docs/physics.md) */
	if (ratio <= .5 && 2 * r->pad[axis] + 1 >= pixels(r, axis))
		reach = FINE_ASM * d;
	return of_spectrum(r, axis, reach, fabs(r->z));
}

/* The band that is kept is at least half of the grid's own frequencies that travel. */
static rule band_rule(const onn_request *r, int axis, double wavelength)
{
	onn_transfer t;
	double own = fmin(.5 / pitch(r, axis), 1 / wavelength);
	onn_transfer_request(
	    &t, r->grid, r->light, ONN_METHOD_BAND_LIMITED, ONN_EVANESCENT_DROP, r->pad, r->z);
	return of_spectrum(r, axis, onn_transfer_band(&t, axis, wavelength), own / 2);
}

/* The same for the paraxial H: z <= n d^2/lambda */
static rule fresnel_rule(const onn_request *r, int axis, double wavelength)
{
	double d = pitch(r, axis);
	return of_spectrum(r, axis, (double)padded(r, axis) * d * (d / wavelength), fabs(r->z));
}

/* The kernel turns by at most pi from pixel to pixel at its largest offset x, sqrt(x^2 + z^2) >= 2
 * d x/lambda, and is no narrower than one: z >= d, 2 d where waves die out on the way. In z: */
static rule rs_rule(const onn_request *r, int axis, double wavelength)
{
	double d = pitch(r, axis), x = (double)(pixels(r, axis) - 1) * d,
	       ratio = 2 * d / wavelength;
	double narrow = ratio <= 1 && r->how.method == ONN_METHOD_AUTO ? FINE_RS * d : d;
	return (rule){fabs(r->z), fmax(x * sqrt(fmax(ratio * ratio - 1, 0)), narrow), axis};
}

/* The window lies inside the padded grid, which repeats beyond its edges: |X - x0| <= n d/2 */
static rule window_rule(const onn_request *r, int axis, double wavelength)
{
	const onn_grid *to = &r->how.to;
	size_t m = axis ? to->nx : to->ny;
	double centre = axis ? r->grid->x0 : r->grid->y0;
	double far = fmax(
	    fabs(onn_grid_at(to, axis, 0) - centre), fabs(onn_grid_at(to, axis, m - 1) - centre));
	(void)wavelength;
	return (rule){(double)padded(r, axis) * pitch(r, axis) / 2, far, axis};
}

/* The hardest case of all axes and wavelengths. An axis of one pixel asks for nothing. */
static rule hardest(const onn_request *r, rule_of of)
{
	rule most = {1, 0, 1};
	bool first = true;
	for (int axis = 0; axis < 2; axis++)
		for (size_t w = 0; w < r->light->nwavelengths && (axis || r->grid->ny > 1); w++) {
			rule here = of(r, axis, r->light->wavelength[w]);
			if (isinf(here.have))
				continue;
			if (first || here.have * most.need < most.have * here.need)
				most = here;
			first = false;
		}
	return most;
}

static bool holds(const rule *x) { return x->have >= x->need; }

bool onn_request_rs_fits(const onn_request *r)
{
	/* the table in double while it is made, beside its copy in the field's precision */
	size_t shape[4] = {onn_smooth_size(2 * r->grid->ny - 1),
	    onn_smooth_size(2 * r->grid->nx - 1), r->light->nwavelengths, 32};
	size_t bytes;
	return onn_size_product(&bytes, 4, shape) &&
	       (onn_physical_memory() == 0 || bytes < onn_physical_memory());
}

onn_method onn_request_method(const onn_request *r)
{
	if (r->how.method != ONN_METHOD_AUTO)
		return r->how.method;
	rule reach = hardest(r, asm_rule), kernel = hardest(r, rs_rule);
	rule band = hardest(r, band_rule);
	bool isolated = !repeats(r, 0) && !repeats(r, 1);
	bool nodes = r->how.distance.id || r->how.wavelength.id;
	if (holds(&reach))
		return ONN_METHOD_ASM;
	if (isolated && holds(&kernel) && !nodes && onn_request_rs_fits(r))
		return ONN_METHOD_RS;
	/* of what samples too little, what drops the rest */
	return holds(&band) || !holds(&kernel) || !isolated ? ONN_METHOD_BAND_LIMITED
	                                                    : ONN_METHOD_FRESNEL;
}

/* Where the wavefront's curvature over the whole grid is less than lambda/8: D^2/lambda. */
static rule far_rule(const onn_request *r, int axis, double wavelength)
{
	double side = (double)pixels(r, axis) * pitch(r, axis);
	return (rule){fabs(r->z), side * side / wavelength, axis};
}

/* What is left of the phase behind its paraxial part is .1 rad at most for the finest direction. */
static rule paraxial_rule(const onn_request *r, int axis, double wavelength)
{
	double sine2 = pow(fmin(wavelength / (2 * pitch(r, axis)), 1), 2);
	double rest = 1 - sqrt(1 - sine2), left = rest * rest / 2; /* 1 - s^2/2 - sqrt(1 - s^2) */
	return (rule){.1 * wavelength / (ONN_TWO_PI * left), fabs(r->z), axis};
}

static char axis_name(const rule *x) { return x->axis ? 'x' : 'y'; }

/* The rules' numbers for a request, on the axis where each is hardest. */
typedef struct rules {
	rule reach, band, fresnel, kernel, window, far, paraxial;
} rules;

/* Why auto took a method that needs no sampling of the transfer function. */
static void explain_choice(onn_sampling *s, const onn_request *r, const rules *x)
{
	onn_append(s->why, sizeof s->why, "asm would sample H to z = %s (%c)%s; ",
	    ONN_METRES(x->reach.have), axis_name(&x->reach),
	    s->method == ONN_METHOD_RS ? ""
	    : r->how.distance.id || r->how.wavelength.id
	        ? ", and rs has no derivative by its parameters"
	        : ", and rs needs more memory than there is");
}

static void explain_band(onn_sampling *s, const onn_request *r, const rules *x)
{
	s->enough = holds(&x->band);
	onn_append(s->why, sizeof s->why,
	    "band-limited keeps %.4g/m of the grid's %.4g/m (%c), half at least is enough; asm "
	    "samples H to z = %s, z is %s",
	    fmin(x->band.have, 2 * x->band.need), 2 * x->band.need, axis_name(&x->band),
	    ONN_METRES(x->reach.have), ONN_METRES(r->z));
	if (r->how.method == ONN_METHOD_AUTO && !s->enough)
		onn_append(s->why, sizeof s->why, "; rs samples its kernel from %s on (%c)",
		    ONN_METRES(x->kernel.need), axis_name(&x->kernel));
}

/* why for a method, whatever chose it. */
static void explain(onn_sampling *s, const onn_request *r)
{
	double z = r->z;
	rules x = {hardest(r, asm_rule), hardest(r, band_rule), hardest(r, fresnel_rule),
	    hardest(r, rs_rule), hardest(r, window_rule), hardest(r, far_rule),
	    hardest(r, paraxial_rule)};
	if (r->how.method == ONN_METHOD_AUTO && s->method > ONN_METHOD_BAND_LIMITED)
		explain_choice(s, r, &x);
	switch (s->method) {
	case ONN_METHOD_ASM:
		s->enough = holds(&x.reach);
		if (r->how.method == ONN_METHOD_AUTO && (repeats(r, 0) || repeats(r, 1)))
			onn_append(s->why, sizeof s->why,
			    "the field repeats itself where there is no padding, as asm has it; ");
		onn_append(s->why, sizeof s->why,
		    "asm samples H to z = %s on the padded grid (%c); z is %s",
		    ONN_METRES(x.reach.have), axis_name(&x.reach), ONN_METRES(z));
		break;
	case ONN_METHOD_BAND_LIMITED:
		explain_band(s, r, &x);
		break;
	case ONN_METHOD_FRESNEL:
		s->enough = holds(&x.fresnel) && holds(&x.paraxial);
		onn_append(s->why, sizeof s->why,
		    "fresnel samples its H to z = %s on the padded grid (%c), and the grid's "
		    "finest directions are paraxial to %s; z is %s",
		    ONN_METRES(x.fresnel.have), axis_name(&x.fresnel), ONN_METRES(x.paraxial.have),
		    ONN_METRES(z));
		break;
	case ONN_METHOD_RS:
		s->enough = holds(&x.kernel);
		onn_append(s->why, sizeof s->why,
		    "rs samples its kernel from z = %s on (%c); z is %s", ONN_METRES(x.kernel.need),
		    axis_name(&x.kernel), ONN_METRES(z));
		break;
	case ONN_METHOD_SCALED:
		s->enough = holds(&x.reach) && holds(&x.window);
		onn_append(s->why, sizeof s->why,
		    "scaled samples H to z = %s on the padded grid (%c), z is %s, and "
		    "shows it to %s from its centre (%c), the window goes to %s",
		    ONN_METRES(x.reach.have), axis_name(&x.reach), ONN_METRES(z),
		    ONN_METRES(x.window.have), axis_name(&x.window), ONN_METRES(x.window.need));
		break;
	default:
		s->enough = holds(&x.far);
		onn_append(s->why, sizeof s->why,
		    "fraunhofer's far field of the whole grid begins at (n d)^2/lambda = %s; "
		    "z is %s, a Fresnel number of %.3g",
		    ONN_METRES(x.far.need), ONN_METRES(z), x.far.need / (4 * fabs(z)));
	}
}

/* The worst case, where it is known in closed form. */
static double worst_case(const onn_sampling *s, const onn_request *r)
{
	bool rs = s->method == ONN_METHOD_RS;
	double most = 0;
	if (!s->enough || (!rs && s->method != ONN_METHOD_ASM))
		return INFINITY;
	for (size_t w = 0; w < r->light->nwavelengths && r->z != 0; w++) {
		onn_edge edge = {NULL, {r->grid->ny, r->grid->nx}, {r->grid->dy, r->grid->dx},
		    r->light->wavelength[w], fabs(r->z), {padded(r, 0), padded(r, 1)},
		    {repeats(r, 0), repeats(r, 1)}};
		double sum = 0;
		for (int axis = 0; axis < 2; axis++) {
			if (pixels(r, axis) > 1 && edge.wavelength > 1.8 * pitch(r, axis))
				return INFINITY;
			sum += onn_edge_worst(&edge, axis, rs);
		}
		most = fmax(most, sum);
	}
	return most;
}

onn_status onn_propagation_choose(onn_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double z, const onn_propagation *propagation)
{
	onn_request r;
	memset(sampling, 0, sizeof *sampling);
	onn_status status =
	    onn_request_make(&r, "onn_propagation_choose", grid, light, z, propagation);
	if (status)
		return status;
	sampling->method = onn_request_method(&r);
	explain(sampling, &r);
	sampling->error = worst_case(sampling, &r);
	return ONN_OK;
}
