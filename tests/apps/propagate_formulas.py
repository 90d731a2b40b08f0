"""onn propagate against the formulas of docs/physics.md, written as plain sums: no FFT, phases in long double.
Argument: the command onn. Sizes, pitches and padding differ in y and x, so that none can take the other's place."""
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: Python has no NumPy")
    sys.exit(77)

ONN = os.path.abspath(sys.argv[1])
LONG = np.longdouble
TOLERANCE = 1e-12  # of the largest amplitude: sums of some hundred terms, each exact to a few 1e-16
random = np.random.default_rng(7)


def turn(turns):
    """exp(2 pi i turns), whole turns removed while they are still exact."""
    return np.exp(2j * np.pi * np.asarray(turns - np.rint(turns), dtype=float))


def points(n, pitch, centre=0.0):
    return LONG(centre) + (np.arange(n) - n // 2) * LONG(pitch)


def frequencies(n, padding, pitch):
    n += 2 * padding
    return (np.arange(n) - n // 2) / (n * LONG(pitch))


def by_spectrum(u, wavelength, pitch, z, padding, transfer, to=None):
    """The sum of plane waves, each times its transfer function, at the pixels or at points of your own."""
    fy, fx = (frequencies(u.shape[i], padding[i], pitch[i]) for i in (0, 1))
    y, x = (points(u.shape[i], pitch[i]) for i in (0, 1))
    spectrum = turn(-np.outer(fy, y)) @ u @ turn(-np.outer(x, fx)) / (len(fy) * len(fx))
    spectrum *= transfer(LONG(wavelength), LONG(z), fy[:, None], fx[None, :])
    to_y, to_x = to or (y, x)
    return turn(np.outer(to_y, fy)) @ spectrum @ turn(np.outer(fx, to_x))


def asm(policy):
    def transfer(wavelength, z, fy, fx):
        s = 1 / wavelength**2 - fy**2 - fx**2
        left = {"decay": np.exp(-2 * np.pi * z * np.sqrt(np.maximum(-s, 0))), "drop": 0, "pass": 1}[policy]
        return np.where(s >= 0, turn(z * np.sqrt(np.maximum(s, 0))), np.asarray(left, dtype=float))
    return transfer


def band_limited(shape, padding, pitch):
    def transfer(wavelength, z, fy, fx):
        h = asm("drop")(wavelength, z, fy, fx)
        for i, f in enumerate((fy, fx)):
            df = 1 / ((shape[i] + 2 * padding[i]) * LONG(pitch[i]))
            h = np.where(np.abs(f) <= 1 / (wavelength * np.sqrt((2 * z * df)**2 + 1)), h, 0)
        return h
    return transfer


def fresnel(wavelength, z, fy, fx):
    return turn(z / wavelength - wavelength * z * (fy**2 + fx**2) / 2)


def fraunhofer(u, wavelength, pitch, z):
    wavelength, z = LONG(wavelength), LONG(z)
    y, x = (points(u.shape[i], pitch[i]) for i in (0, 1))
    to_y, to_x = (points(n, wavelength * z / (n * LONG(d))) for n, d in zip(u.shape, pitch))
    area = float(LONG(pitch[0]) * LONG(pitch[1]) / (wavelength * z))
    far = turn(-np.outer(to_y, y) / (wavelength * z)) @ u @ turn(-np.outer(x, to_x) / (wavelength * z))
    r2 = to_y[:, None]**2 + to_x[None, :]**2
    return area / 1j * turn(z / wavelength + r2 / (2 * z * wavelength)) * far


def rayleigh_sommerfeld(u, wavelength, pitch, z):
    wavelength, distance = LONG(wavelength), abs(LONG(z))
    y, x = (points(u.shape[i], pitch[i]) for i in (0, 1))
    dy, dx = (p[:, None] - p[None, :] for p in (y, x))
    r = np.sqrt(dy[:, None, :, None]**2 + dx[None, :, None, :]**2 + distance**2)
    inner = np.asarray(1 / r, dtype=float) - 2j * np.pi / float(wavelength)
    h = np.asarray(distance / (2 * np.pi * r**2), dtype=float) * turn(r / wavelength) * inner
    if z < 0:
        h = h.conj()
    return np.einsum("abcd,cd->ab", h, u) * pitch[0] * pitch[1]


def check(expected, u, wavelength, pitch, z, *options):
    np.save("in.npy", u)
    words = ["propagate", "in.npy", "out.npy", "--wavelength", repr(wavelength), "--pitch",
             f"{pitch[0]!r},{pitch[1]!r}", "--distance", repr(z), "--device", "c", *options]
    if "--method" not in words:
        words += ["--method", "asm"]
    done = subprocess.run([ONN, *words], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)
    out = np.load("out.npy")
    assert out.dtype == np.complex128 and out.shape == expected.shape, (words, out.dtype, out.shape)
    off = np.abs(out - expected).max() / np.abs(expected).max()
    print(f"{off:.1e}", *words[4:])
    assert off <= TOLERANCE, (words, off)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    u = random.normal(size=(12, 15)) + 1j * random.normal(size=(12, 15))
    wide, padding, pad = (8e-6, 5e-6), (3, 4), ("--padding", "3,4")
    for z in (0.0, 1e-4, 0.004, 0.09):  # of 18 x 23 frequencies all, all, some and one are within the band
        check(by_spectrum(u, 532e-9, wide, z, padding, asm("decay")), u, 532e-9, wide, z, *pad)
        check(by_spectrum(u, 532e-9, wide, z, padding, fresnel), u, 532e-9, wide, z, *pad, "--method", "fresnel")
        check(by_spectrum(u, 532e-9, wide, z, padding, band_limited(u.shape, padding, wide)), u, 532e-9, wide, z,
              *pad, "--method", "band-limited", "--evanescent", "drop")
    # Half the size on each side, where nothing is said.
    check(by_spectrum(u, 532e-9, wide, 1e-4, (6, 7), asm("decay")), u, 532e-9, wide, 1e-4)
    # Pixels finer than half a wavelength: most components do not travel.
    fine = (0.21e-6, 0.16e-6)
    for policy in ("decay", "drop", "pass"):
        check(by_spectrum(u, 633e-9, fine, 0.3e-6, padding, asm(policy)), u, 633e-9, fine, 0.3e-6, *pad,
              "--evanescent", policy)
    check(by_spectrum(u, 532e-9, wide, -1e-4, padding, asm("drop")), u, 532e-9, wide, -1e-4, *pad,
          "--evanescent", "drop")
    # A window of its own, beside the axis.
    to = points(12, 3e-6, 20e-6), points(15, 7e-6, -11e-6)
    check(by_spectrum(u, 532e-9, wide, 1e-4, padding, asm("decay"), to), u, 532e-9, wide, 1e-4, *pad,
          "--method", "scaled", "--out-pitch", "3e-6,7e-6", "--out-shift", "20e-6,-11e-6")
    for z in (0.05, -0.05):
        if z > 0:
            check(fraunhofer(u, 532e-9, wide, z), u, 532e-9, wide, z, "--method", "fraunhofer")
        check(rayleigh_sommerfeld(u, 532e-9, wide, z), u, 532e-9, wide, z, "--method", "rs")
    # The first axis of a stack is no part of a field; real and whole numbers are amplitudes.
    stack = random.integers(0, 200, (2, 12, 15)).astype(np.uint8)
    check(np.stack([by_spectrum(s, 532e-9, wide, 1e-4, padding, asm("decay")) for s in stack]), stack, 532e-9, wide,
          1e-4, *pad)
