#include "pulse/least.h"

#include <math.h>
#include <string.h>

enum { MOST_TURNS = 100, MOST_TRIES = 20, MOST_SWEEPS = 60 };
static const double first_damping = 1e-3, enough = 1e-12;

/* J'J, J'r, and the sum of squares. */
static double curvature(double *jj, double *jr, const double *p, size_t n,
    onn_least_residual residual, void *user, size_t count)
{
	double sum = 0;

	memset(jj, 0, n * n * sizeof *jj);
	memset(jr, 0, n * sizeof *jr);
	for (size_t i = 0; i < count; i++) {
		double r, slope[ONN_LEAST_MOST] = {0};
		if (!residual(user, p, i, &r, slope))
			return NAN;
		sum += r * r;
		for (size_t a = 0; a < n; a++) {
			jr[a] += slope[a] * r;
			for (size_t b = 0; b < n; b++)
				jj[a * n + b] += slope[a] * slope[b];
		}
	}
	return sum;
}

/* Solves a positive definite system by Cholesky's factors, which take a's place. */
static bool solve(double *a, double *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j <= i; j++) {
			double sum = a[i * n + j];
			for (size_t k = 0; k < j; k++)
				sum -= a[i * n + k] * a[j * n + k];
			if (i == j && !(sum > 0))
				return false;
			a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
		}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			b[i] -= a[i * n + k] * b[k];
		b[i] /= a[i * n + i];
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t k = i + 1; k < n; k++)
			b[i] -= a[k * n + i] * b[k];
		b[i] /= a[i * n + i];
	}
	return true;
}

/* One damped step from p; false where none makes the sum less. */
static bool step(double *p, double *sum, double *damping, size_t n, onn_least_residual residual,
    void *user, size_t count)
{
	double jj[ONN_LEAST_MOST * ONN_LEAST_MOST], jr[ONN_LEAST_MOST];
	double spare_jj[ONN_LEAST_MOST * ONN_LEAST_MOST], spare_jr[ONN_LEAST_MOST];

	curvature(jj, jr, p, n, residual, user, count);
	for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
		double a[ONN_LEAST_MOST * ONN_LEAST_MOST], move[ONN_LEAST_MOST], q[ONN_LEAST_MOST];
		memcpy(a, jj, n * n * sizeof *a);
		for (size_t i = 0; i < n; i++) {
			a[i * n + i] *= 1 + *damping;
			move[i] = -jr[i];
		}
		bool fine = solve(a, move, n);
		for (size_t i = 0; i < n && fine; i++)
			q[i] = p[i] + move[i];
		double now =
		    fine ? curvature(spare_jj, spare_jr, q, n, residual, user, count) : NAN;
		if (now <= *sum) {
			memcpy(p, q, n * sizeof *p);
			*sum = now;
			*damping = fmax(*damping / 10, 1e-12);
			return true;
		}
		*damping *= 10;
	}
	return false;
}

double onn_least_squares(double *p, size_t n, onn_least_residual residual, void *user, size_t count)
{
	double jj[ONN_LEAST_MOST * ONN_LEAST_MOST], jr[ONN_LEAST_MOST], damping = first_damping;
	double sum = curvature(jj, jr, p, n, residual, user, count);
	int still = 0;

	for (int turn = 0; turn < MOST_TURNS && still < 2 && isfinite(sum); turn++) {
		double before = sum;
		if (!step(p, &sum, &damping, n, residual, user, count))
			break;
		still = before - sum <= enough * before ? still + 1 : 0;
	}
	return isfinite(sum) ? sum : NAN;
}

/* Jacobi's rotations: a becomes diagonal, the columns of v its vectors. */
static void eigenvectors(double *a, double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			v[i * n + j] = i == j;
	for (int turn = 0; turn < MOST_SWEEPS; turn++)
		for (size_t p = 0; p < n; p++)
			for (size_t q = p + 1; q < n; q++) {
				double off = a[p * n + q];
				if (fabs(off) < 1e-300)
					continue;
				double half = (a[q * n + q] - a[p * n + p]) / (2 * off);
				double t = copysign(1, half) / (fabs(half) + hypot(half, 1));
				double c = 1 / hypot(t, 1), s = t * c;
				for (size_t k = 0; k < n; k++) {
					double x = a[k * n + p], y = a[k * n + q];
					a[k * n + p] = c * x - s * y;
					a[k * n + q] = s * x + c * y;
				}
				for (size_t k = 0; k < n; k++) {
					double x = a[p * n + k], y = a[q * n + k];
					a[p * n + k] = c * x - s * y;
					a[q * n + k] = s * x + c * y;
					x = v[k * n + p], y = v[k * n + q];
					v[k * n + p] = c * x - s * y;
					v[k * n + q] = s * x + c * y;
				}
			}
}

bool onn_least_covariance(double *covariance, double *weakest, double *direction, size_t *nothing,
    const double *p, size_t n, onn_least_residual residual, void *user, size_t count)
{
	double jj[ONN_LEAST_MOST * ONN_LEAST_MOST], jr[ONN_LEAST_MOST], scale[ONN_LEAST_MOST];
	double v[ONN_LEAST_MOST * ONN_LEAST_MOST];
	size_t low = 0;

	curvature(jj, jr, p, n, residual, user, count);
	for (size_t i = 0; i < n; i++) {
		*nothing = i;
		if (!(jj[i * n + i] > 0))
			return false;
		scale[i] = 1 / sqrt(jj[i * n + i]);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			jj[i * n + j] *= scale[i] * scale[j];
	eigenvectors(jj, v, n);
	for (size_t i = 0; i < n; i++)
		low = jj[i * n + i] < jj[low * n + low] ? i : low;
	*weakest = jj[low * n + low];
	for (size_t i = 0; i < n; i++) {
		direction[i] = v[i * n + low];
		for (size_t j = 0; j < n; j++) {
			covariance[i * n + j] = 0;
			for (size_t k = 0; k < n; k++)
				covariance[i * n + j] += v[i * n + k] * v[j * n + k] /
				                         fmax(jj[k * n + k], 1e-300) * scale[i] *
				                         scale[j];
		}
	}
	return true;
}
