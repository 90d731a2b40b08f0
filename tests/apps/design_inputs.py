"""Files given to onn design: what is read and what is refused. Argument: the command onn."""
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: Python has no NumPy")
    sys.exit(77)

ONN, N, PLATES = os.path.abspath(sys.argv[1]), 12, 2
random = np.random.default_rng(3)
count = 0


def design(*options):
    global count
    count += 1
    return count, subprocess.run(
        [ONN, "design", "--device", "c", "--precision", "f64", "--size", str(N), "--plates", str(PLATES),
         "--quiet", "--out", f"run{count}", *options], capture_output=True, text=True)


def refused(expected, option, array, *more):
    np.save("given.npy", array)
    run, result = design("--steps", "1", "--" + option, "given.npy", *more)
    assert result.returncode == 1, (option, expected, result)
    assert expected in result.stderr, (expected, result.stderr)
    assert result.stderr.startswith("onn design: "), result.stderr
    assert not os.path.exists(f"run{run}"), "a refused file left a folder"


def taken(*options):
    run, result = design(*options)
    assert result.returncode == 0, result
    with np.load(f"run{run}/last.npz") as last, np.load(f"run{run}/plates.npz") as plates:
        return dict(last), dict(plates)


def field(*shape):
    return random.normal(size=shape) + 1j * random.normal(size=shape)


def spoilt(array, value):
    array = array.copy()
    array[..., 3, 5] = value
    return array


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    t, e, p = random.uniform(0, 2, (N, N)), field(N, N), field(PLATES, N, N)
    square, rows = f"expected [{N}, {N}]", f"expected [{PLATES}, {N}, {N}]"
    refused(square, "target", t[:-1])
    refused(square, "target", t[None])
    refused(square, "target", np.float64(1))
    refused("expected real numbers", "target", e)
    refused("holds nan+0i at [3, 5]", "target", spoilt(t, np.nan))
    refused("holds inf+0i at [3, 5]", "target", spoilt(t, np.inf))
    refused("holds -0.5 at [3, 5]", "target", spoilt(t, -0.5))
    refused("dark everywhere", "target", 0 * t)
    refused(square, "source", e.ravel())
    refused("holds nan", "source", spoilt(e, np.nan))
    refused("at [3, 5]", "source", spoilt(e, 1j * np.inf))
    refused(rows, "start", p[:1])
    refused(rows, "start", p[0])
    refused("at [1, 3, 5]", "start", np.array([p[0], spoilt(p[1], np.inf)]))
    for loss in "correlation", "overlap":
        refused("loss before the first step is", "source", 0 * t, "--loss", loss)
    refused("loss before the first step is", "source", 1e200 * e)
    with open("given.npy", "wb") as file:
        file.write(b"\x93NUMPY\x01\x00no header")
    for option in "target", "source", "start":
        run, result = design("--" + option, "given.npy")
        assert result.returncode == 1 and "given.npy" in result.stderr, result

    # Values arrive as they are, whatever the type and order of the file.
    np.save("t.npy", np.asfortranarray(t.astype(np.float32)))
    np.save("e.npy", e.astype(">c16"))
    np.save("p.npy", p)
    last, plates = taken("--steps", "0", "--target", "t.npy", "--source", "e.npy", "--start", "p.npy")
    assert np.array_equal(last["target"], t.astype(np.float32)), "target"
    assert np.array_equal(last["source"], e), "source"
    assert np.array_equal(plates["plates"], p), "plates"
    assert np.array_equal(last["plate_01"], p[1])
    last, plates = taken("--steps", "0", "--source", "t.npy", "--start", "p.npy", "--update", "adam")
    assert np.array_equal(last["source"], t.astype(np.float32)), "a real source is amplitude"
    assert np.array_equal(plates["plates"], p), "plates of two parts"
    assert np.array_equal(last["plate_01.im"], p[1].imag)
    last, plates = taken("--steps", "0", "--start", "p.npy", "--modulation", "phase")
    assert np.allclose(plates["plates"], p / np.abs(p), atol=1e-14), "phases of a complex start"
    phase = random.uniform(-9, 9, (PLATES, N, N))
    np.save("phase.npy", phase)
    last, plates = taken("--steps", "0", "--start", "phase.npy", "--modulation", "phase")
    assert np.array_equal(last["plate_00"], phase[0]), "a real start is phase"
    assert np.allclose(plates["phases"], phase % (2 * np.pi), atol=1e-12), "phases"
    # Heights: metres, from 0 to wavelength/(index - 1); levels are what is shown.
    run, result = design("--steps", "0", "--start", "phase.npy", "--modulation", "phase",
                         "--slm-levels", "8", "--index", "1.4", "--wavelength", "600e-9")
    assert result.returncode == 0, result
    shown = np.rint(phase * 8 / (2 * np.pi)) % 8
    for k in range(PLATES):
        height = np.load(f"run{run}/plates/height_{k:02}.npy")
        assert np.allclose(height, shown[k] / 8 * 600e-9 / 0.4, rtol=1e-9, atol=1e-18), "heights"
    # The smiley: as wide as high, the same on both sides, and not its own reflection in height.
    last, plates = taken("--steps", "0", "--size", "64", "--plates", "1")
    smiley = last["target"]
    assert np.array_equal(smiley, smiley[:, ::-1]) and not np.array_equal(smiley, smiley[::-1])
    assert smiley.max() == 1 and smiley.min() == 0 and 0.04 < smiley.mean() < 0.2, smiley.mean()
    # A dark start of the light: plates that get none stay as they are.
    dark = np.zeros((N, N), complex)
    dark[5:7, 5:7] = 1
    np.save("dark.npy", dark)
    last, plates = taken("--steps", "3", "--source", "dark.npy", "--plates", "1")
    assert np.all(plates["plates"][0][dark == 0] == 1), "a plate changed where it gets no light"
    assert np.all(plates["plates"][0][dark == 1] != 1)
