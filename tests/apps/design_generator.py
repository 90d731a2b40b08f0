"""onn design against the generator of the Autograd tutorial written in NumPy: losses and plates of
each step in double. Arguments: the command onn [DEVICE];
or --losses: those that apps/examples/smiley.c compares with."""
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: Python has no NumPy")
    sys.exit(77)

ONN, DEVICE = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "c"
SIDE, DISTANCE, WAVELENGTH, APERTURE, RATE = 32e-3, 50e-3, 550e-9, 8e-3, 1e-3


def transfer(n, pitch, policy):
    """H of the angular spectrum, its phase reduced by whole turns."""
    f = np.fft.fftfreq(n, pitch)
    gamma = WAVELENGTH**2 * (f[:, None] ** 2 + f[None, :] ** 2)
    root = np.sqrt(np.maximum(1 - gamma, 0))
    turns = np.fmod(DISTANCE, WAVELENGTH) / WAVELENGTH - DISTANCE / WAVELENGTH * gamma / (1 + root)
    h = np.exp(2j * np.pi * turns)
    return np.where(gamma <= 1, h, {"pass": 1, "drop": 0}[policy])


def disc(n):
    i = np.arange(n) - n // 2
    radius = APERTURE * n / SIDE
    radius = round(radius) if abs(radius - round(radius)) < 1e-9 else radius
    return (i[:, None] ** 2 + i[None, :] ** 2 <= radius**2).astype(complex)


def padded(x, pad):
    return np.pad(x, pad) if pad else x


def cropped(x, pad):
    return x[pad:-pad, pad:-pad] if pad else x


class Generator:
    def __init__(self, plates, source, target, policy="pass", pad=0, phase=False):
        n = target.shape[0]
        self.plates, self.source, self.target, self.pad = plates, source, target, pad
        self.h = transfer(n + 2 * pad, SIDE / n, policy)
        self.phase = phase

    def hop(self, x, h):
        return cropped(np.fft.ifft2(h * np.fft.fft2(padded(x, self.pad))), self.pad)

    def transmission(self, k):
        return np.exp(1j * self.plates[k]) if self.phase else self.plates[k]

    def forward(self):
        self.before = [self.source]
        for k in range(len(self.plates)):
            self.before.append(self.hop(self.transmission(k) * self.before[-1], self.h))
        d = np.abs(self.before[-1]) ** 2 - self.target
        self.slope = (2 * d + np.sign(d)) / d.size  # of the loss, by the intensity
        return np.mean(d**2 + np.abs(d))

    def gradients(self):
        """dL/dRe + i dL/dIm of each plate; with respect to its phase where it is one."""
        g = 2 * self.slope * self.before[-1]
        grads = [None] * len(self.plates)
        for k in reversed(range(len(self.plates))):
            behind = self.hop(g, np.conj(self.h))
            t = self.transmission(k)
            grad = behind * np.conj(self.before[k])
            grads[k] = np.real(np.conj(1j * t) * grad) if self.phase else grad
            g = behind * np.conj(t)
        return grads

    def step(self):
        self.forward()
        for k, g in enumerate(self.gradients()):
            size = np.abs(g)
            self.plates[k] = self.plates[k] - RATE * np.where(
                size > 0, g / np.where(size > 0, size, 1), 0)

    def run(self, steps):
        losses = []
        for _ in range(steps):
            self.step()
            losses.append(self.forward())
        return np.array(losses)


def design(folder, *options):
    out = os.path.join(folder, "out")
    subprocess.run(["rm", "-rf", out], check=True)
    subprocess.run([ONN, "design", "--device", DEVICE, "--precision", "f64", "--quiet", "--out", out]
                   + [str(o) for o in options], check=True, stdout=subprocess.DEVNULL)
    rows = np.loadtxt(os.path.join(out, "metrics.csv"), delimiter=",", skiprows=1, ndmin=2)
    with np.load(os.path.join(out, "plates.npz")) as archive:
        plates, phases = archive["plates"], archive["phases"]
    with np.load(os.path.join(out, "last.npz")) as archive:
        target, source = archive["target"], archive["source"]
    return rows, plates, phases, target, source


def compare(what, got, want, scale=None):
    error = np.max(np.abs(got - want)) / (np.max(np.abs(want)) if scale is None else scale)
    print(f"{what}: {error:.2e}")
    if not error <= 1e-9:
        sys.exit(f"{what} differs by {error:.3e} of its peak; expected at most 1e-9")


def compare_plates(what, got, want):
    """A pixel's step has the direction of its gradient. Where that is 0 but for rounding, as in the
    dark, its direction is any: one pixel in 100,000 may be off by more."""
    error = np.sort(np.abs(got - want).ravel()) / np.max(np.abs(want))
    most, others = error[-1], error[-1 - error.size // 100000]
    print(f"{what}: {most:.2e}, all but a few {others:.2e}")
    if not (others <= 1e-9 and most <= 1e-7):
        sys.exit(f"{what} differ by {most:.3e} of their peak, all but a few by {others:.3e}; "
                 "expected 1e-7 and 1e-9")


def check(name, n, nplates, steps, start=None, pad=0, policy="pass", phase=False, options=()):
    with tempfile.TemporaryDirectory() as folder:
        options = ["--size", n, "--plates", nplates, "--steps", steps, "--padding", pad,
                   "--evanescent", policy, *options]
        if start is not None:
            path = os.path.join(folder, "start.npy")
            np.save(path, start)
            options += ["--start", path]
        if phase:
            options += ["--modulation", "phase"]
        rows, plates, phases, target, source = design(folder, *options)
    assert target.dtype == np.float64 and target.min() == 0 and target.max() == 1
    compare(name + ", source", source, disc(n))
    if start is None:
        start = np.zeros((nplates, n, n)) if phase else np.ones((nplates, n, n), complex)
    generator = Generator(start.copy(), disc(n), target, policy, pad, phase)
    losses = generator.run(steps)
    assert np.array_equal(rows[:, 0], np.arange(1, steps + 1)), rows[:, 0]
    compare(name + ", losses", rows[:, 1] / losses, 1)
    final = np.exp(1j * generator.plates) if phase else generator.plates
    compare_plates(name + ", plates", plates, final)
    assert np.allclose(np.exp(1j * phases), plates / np.abs(plates), atol=1e-12)
    assert phases.min() >= 0 and phases.max() < 2 * np.pi
    if n == 128 and not pad:
        assert disc(n).real.sum() == 3209
    return losses


def example_losses():
    """What apps/examples/smiley.c compares with: the loss before the first step and after each."""
    y, x = np.mgrid[-64:64, -64:64]
    r2, eye, ends = x**2 + y**2, np.abs(x) - 10, np.abs(x) - 16
    face = (((28**2 <= r2) & (r2 <= 32**2)) | (4 * eye**2 + (y + 9) ** 2 <= 49)
            | ((15**2 <= r2) & (r2 <= 19**2) & (y >= 5)) | (ends**2 + (y - 5) ** 2 <= 4))
    generator = Generator(np.ones((32, 128, 128), complex), disc(128), face.astype(float))
    return [generator.forward(), *generator.run(128)]


if ONN == "--losses":
    losses = example_losses()
    for step in 0, 1, 20, 128:
        print(step, repr(float(losses[step])))
    sys.exit()

random = np.random.default_rng(7)


def random_plates(count, n):
    return random.normal(1, 0.3, (count, n, n)) + 1j * random.normal(0, 0.3, (count, n, n))


falls = check("the tutorial's", 128, 32, 20)
if not falls[-1] < falls[0]:
    sys.exit("the loss does not fall")
check("from random plates", 128, 32, 20, random_plates(32, 128))
check("padded, odd size", 45, 3, 10, random_plates(3, 45), pad=11, policy="drop")
check("phases", 48, 5, 20, random.uniform(-3, 3, (5, 48, 48)), phase=True)
check("fields computed again", 48, 11, 10, random_plates(11, 48),
      options=["--checkpoint-planes", 4])
