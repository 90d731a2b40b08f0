"""Pulses through media as one would write them in Python: the cells of onn's rate and Bloch models over a batch, in
NumPy and in numba, on one thread, with the sizes of onn-bench."""

import math
import time

import numba
import numpy

ROWS, SLOTS, CELLS = 4096, 64, 32
DEPTH, SLOT, T1, T2 = 3.0, 0.02, 1.0, 2.0
LANES = 64  # rows that numba's inner loops take together


def light(model, real):
    """The light in front, [slots, rows], as onn-bench has it: fluences, or Rabi frequencies."""
    x = (0.1 * numpy.random.default_rng(1).random((SLOTS, ROWS))).astype(real)
    return x if model == "rate" else x + 0j


# ---- NumPy, vectorised over the batch ----

def absorb(u, v):
    low, high = numpy.minimum(u, v), numpy.maximum(u, v)
    less = numpy.log1p(-numpy.exp(low - high) * numpy.expm1(-low))
    more = high - low + less
    weak = u <= v
    return numpy.where(weak, less, more), numpy.where(weak, more, less)


def numpy_rate(x):
    h, half_way = x.dtype.type(DEPTH / CELLS), x.dtype.type(math.exp(-SLOT / 2 / T1))
    left, out = numpy.full((CELLS, ROWS), h), numpy.empty_like(x)
    for m in range(SLOTS):
        f = x[m]
        for k in range(CELLS):
            f, a = absorb(f, h - (h - left[k]) * half_way)
            left[k] = h - (h - a) * half_way
        out[m] = f
    return out


def numpy_bloch(x):
    real = x.real.dtype.type
    h, t = real(DEPTH / (4 * T2 * CELLS)), real(SLOT / 2)
    fall, half_way = real(math.exp(-t / T2)), real(math.exp(-t / T1))
    p, w = numpy.zeros((CELLS, ROWS), x.dtype), numpy.full((CELLS, ROWS), real(-1))
    out = numpy.empty_like(x)
    for m in range(SLOTS):
        field = x[m]
        for k in range(CELLS):
            p0, w0 = p[k] * fall, (1 + w[k]) * half_way - 1
            middle = p0
            for _ in range(3):  # fixed point, as near as onn's Newton steps
                wave = field + h * middle
                size = wave.real**2 + wave.imag**2
                between = (w0 - t * (wave.real * p0.real + wave.imag * p0.imag)) / (1 + t * t * size)
                middle = p0 + t * wave * between
            field = field + 2 * h * middle
            p[k], w[k] = (2 * middle - p0) * fall, (2 * between - w0 + 1) * half_way - 1
        out[m] = field
    return out


# ---- numba: the same loops, the innermost over rows; and a row at a time ----

@numba.njit(fastmath=True, inline="always")
def absorb_one(u, v):
    low, high = min(u, v), max(u, v)
    less = math.log1p(-math.exp(low - high) * math.expm1(-low))
    more = high - low + less
    return (less, more) if u <= v else (more, less)


@numba.njit(fastmath=True)
def rate_lanes(x, h, half_way, out):
    left = numpy.empty((CELLS, LANES), x.dtype)
    f = numpy.empty(LANES, x.dtype)
    for first in range(0, ROWS, LANES):
        left[:] = h
        for m in range(SLOTS):
            f[:] = x[m, first:first + LANES]
            for k in range(CELLS):
                for i in range(LANES):
                    f[i], a = absorb_one(f[i], h - (h - left[k, i]) * half_way)
                    left[k, i] = h - (h - a) * half_way
            out[m, first:first + LANES] = f


@numba.njit(fastmath=True)
def rate_rows(x, h, half_way, out):
    left = numpy.empty(CELLS, x.dtype)
    for row in range(ROWS):
        left[:] = h
        for m in range(SLOTS):
            f = x[m, row]
            for k in range(CELLS):
                f, a = absorb_one(f, h - (h - left[k]) * half_way)
                left[k] = h - (h - a) * half_way
            out[m, row] = f


@numba.njit(fastmath=True)
def bloch_lanes(re, im, h, t, fall, half_way, one, out_re, out_im):
    p, q = numpy.empty((CELLS, LANES), re.dtype), numpy.empty((CELLS, LANES), re.dtype)
    w = numpy.empty((CELLS, LANES), re.dtype)
    a, b = numpy.empty(LANES, re.dtype), numpy.empty(LANES, re.dtype)
    for first in range(0, ROWS, LANES):
        p[:] = 0
        q[:] = 0
        w[:] = -1
        for m in range(SLOTS):
            a[:] = re[m, first:first + LANES]
            b[:] = im[m, first:first + LANES]
            for k in range(CELLS):
                for i in range(LANES):
                    p0, q0, w0 = p[k, i] * fall, q[k, i] * fall, (one + w[k, i]) * half_way - one
                    u, v, between = p0, q0, w0
                    for _ in range(3):
                        x, y = a[i] + h * u, b[i] + h * v
                        between = (w0 - t * (x * p0 + y * q0)) / (one + t * t * (x * x + y * y))
                        u, v = p0 + t * x * between, q0 + t * y * between
                    a[i] += h * u + h * u
                    b[i] += h * v + h * v
                    p[k, i], q[k, i] = (u + u - p0) * fall, (v + v - q0) * fall
                    w[k, i] = (between + between - w0 + one) * half_way - one
            out_re[m, first:first + LANES] = a
            out_im[m, first:first + LANES] = b


def numba_rate(kernel):
    def run(x):
        real, out = x.dtype.type, numpy.empty_like(x)
        kernel(x, real(DEPTH / CELLS), real(math.exp(-SLOT / 2 / T1)), out)
        return out
    return run


def numba_bloch(x):
    real = x.real.dtype.type
    re, im = numpy.ascontiguousarray(x.real), numpy.ascontiguousarray(x.imag)
    out_re, out_im = numpy.empty_like(re), numpy.empty_like(im)
    t = SLOT / 2
    bloch_lanes(re, im, real(DEPTH / (4 * T2 * CELLS)), real(t), real(math.exp(-t / T2)), real(math.exp(-t / T1)),
                real(1), out_re, out_im)
    return out_re + 1j * out_im


WAYS = {
    "rate": {"NumPy": numpy_rate, "numba, rows inside": numba_rate(rate_lanes),
             "numba, a row at a time": numba_rate(rate_rows)},
    "bloch": {"NumPy": numpy_bloch, "numba, rows inside": numba_bloch},
}
TYPES = {"f32": numpy.float32, "f64": numpy.float64}


def check(model, name):
    """All ways are one computation; compiles them."""
    x = light(model, TYPES[name])
    out = [way(x) for way in WAYS[model].values()]
    for other in out[1:]:
        assert numpy.abs(other - out[0]).max() < (1e-5 if name == "f32" else 1e-12) * numpy.abs(out[0]).max()


def cells(model, name, way):
    """Million cells that are brought through a slot each second."""
    x = light(model, TYPES[name])
    begin = time.perf_counter()
    WAYS[model][way](x)
    return 1e-6 * ROWS * SLOTS * CELLS / (time.perf_counter() - begin)
