"""onn design: fields and plates from files of any format, patterns for modulators, grids for OpticStudio. Argument: the
command onn."""
import os
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: Python has no NumPy")
    sys.exit(77)

ONN, N, PLATES = os.path.abspath(sys.argv[1]), 16, 2
random = np.random.default_rng(4)


def onn(*words):
    return subprocess.run([ONN, *words], capture_output=True, text=True)


def design(out, *options):
    return onn("design", "--device", "c", "--precision", "f64", "--size", str(N), "--plates", str(PLATES), "--steps", "0",
               "--modulation", "phase", "--padding", "2", "--quiet", "--out", out, *options)


def grey(path):
    """A picture's grey levels: as amplitude, 255 is 1."""
    ran = onn("propagate", path, "grey.npy", "--wavelength", "532nm", "--pitch", "8um", "--distance", "0", "--padding", "0",
              "--device", "c", "--precision", "f64")
    assert ran.returncode == 0, ran
    return np.rint(np.load("grey.npy").real * 255)


def apart(a, b):
    return np.abs((a - b + np.pi) % (2 * np.pi) - np.pi)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    phase = random.uniform(-9, 9, (PLATES, N, N))
    source = random.normal(size=(N, N)) + 1j * random.normal(size=(N, N))
    np.savez("in.npz", phase=phase, source=source)
    np.save("source.npy", source)

    # What onn itself writes into a file, it begins with; names stay in config.json for --config.
    files = ["in.npz:source", "source.npy"]
    for name in ["light.mat:source", "light.h5:/a/source"]:
        ran = onn("propagate", "in.npz:source", name, "--wavelength", "532nm", "--pitch", "8um", "--distance", "0",
                  "--padding", "0", "--device", "c", "--precision", "f64")
        if "HDF5" not in ran.stderr or ran.returncode == 0:
            assert ran.returncode == 0, ran
            files.append(name)
    for i, name in enumerate(files):
        ran = design(f"run{i}", "--source", name, "--start", "in.npz:phase")
        assert ran.returncode == 0, (name, ran)
        with np.load(f"run{i}/last.npz") as last:
            assert np.allclose(last["source"], source, atol=1e-14), name
            assert np.array_equal(last["plate_00"], phase[0]), name
    again = onn("design", "--config", "run1/config.json", "--quiet", "--out", "again")
    assert again.returncode == 0, again
    for name, expected in [("in.npz:sauce", "has no array sauce; expected one of phase, source"),
                           ("in.npz", "has several arrays"), ("none.mat:a", "none.mat"), ("in.npz:phase", "expected [16, 16]")]:
        ran = design("refused", "--source", name)
        assert ran.returncode == 1 and expected in ran.stderr and not os.path.exists("refused"), (name, ran)

    # Grey levels show the plates, minus what the panel adds.
    flatness = random.uniform(-20, 20, (N, N))
    np.save("flat.npy", flatness)
    ran = design("slm", "--start", "in.npz:phase", "--slm-2pi-level", "217", "--flatness", "flat.npy", "--zemax")
    assert ran.returncode == 0, ran
    for k in range(PLATES):
        level = grey(f"slm/plates/slm_{k:02}.png")
        assert level.max() < 217
        assert apart(level * 2 * np.pi / 217 + flatness, phase[k]).max() <= np.pi / 217 * (1 + 1e-9)
        rows = np.loadtxt(f"slm/plates/plate_{k:02}.dat", skiprows=1)
        assert rows.shape == (N * N, 4)
        given = rows[:, 0].reshape(N, N)[::-1]
        constant = given - phase[k]
        assert apart(constant, constant[0, 0]).max() < 1e-7, "a grid is the plate, up to a constant"
    table = np.stack([np.arange(0, 256, 5), 7 * (np.arange(0, 256, 5) / 255) ** 1.2], 1)
    np.savetxt("lut.csv", table, delimiter=",", header="level, phase")
    ran = design("lut", "--start", "in.npz:phase", "--slm-lut", "lut.csv")
    assert ran.returncode == 0, ran
    shown = np.interp(grey("lut/plates/slm_00.png"), table[:, 0], table[:, 1])
    assert apart(shown, phase[0]).max() < 0.017

    # A film, where gnuplot is: a frame for each picture of the light, and some more of the last.
    if shutil.which("gnuplot"):
        ran = design("film", "--start", "in.npz:phase", "--steps", "2", "--film")
        with open("film/progress.gif", "rb") as file:
            film = file.read()
        assert film.startswith(b"GIF89a") and film.count(b"\x21\xf9\x04") >= 3, (len(film), ran)

    for options, code, expected in [
            (("--slm-lut", "none.csv"), 1, "none.csv"), (("--slm-lut", "lut.csv", "--slm-2pi-level", "217"), 2, "expected one"),
            (("--slm-2pi-level", "1"), 2, "--slm-2pi-level"), (("--flatness", "in.npz:phase"), 1, "expected real numbers [16, 16]"),
            (("--slm-lut", "in.npz:phase"), 1, "no table of phases")]:
        ran = design("refused", *options)
        assert ran.returncode == code and expected in ran.stderr and not os.path.exists("refused"), (options, ran)
