"""onn design --gds: the rectangles of each layer cover the pixels of its level. Argument: the command onn."""
import array
import math
import os
import re
import struct
import subprocess
import sys
import tempfile

ONN, N, PLATES, LEVELS, SIDE = os.path.abspath(sys.argv[1]), 24, 2, 8, 48e-6
WAVE = 550e-9 / .5  # a turn's height


def design(out, *options):
    return subprocess.run(
        [ONN, "design", "--device", "c", "--size", str(N), "--side", str(SIDE), "--plates", str(PLATES),
         "--distance", "1e-3", "--aperture", "20um", "--out", out, *options], capture_output=True, text=True)


def records(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        length, kind = struct.unpack_from(">HH", data, at)
        assert length >= 4 and at + length <= len(data)
        yield kind >> 8, data[at + 4:at + length]
        at += length


def areas(path):
    """Of each cell, the area of each layer, in squares of the database's unit."""
    cells, kinds = {}, []
    for kind, data in records(path):
        kinds.append(kind)
        if kind == 0x06:
            cell = cells.setdefault(data.rstrip(b"\0").decode(), {})
        elif kind == 0x0d:
            layer = struct.unpack(">h", data)[0]
        elif kind == 0x10:
            p = struct.unpack(">10i", data)
            corners = list(zip(p[::2], p[1::2]))
            twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, corners[1:]))
            assert twice > 0 and corners[0] == corners[-1]
            cell[layer] = cell.get(layer, 0) + twice // 2
    assert kinds[0] == 0 and kinds[-1] == 4
    return cells


def levels(folder, k):
    with open(f"{folder}/plates/height_{k:02}.npy", "rb") as file:
        data = file.read()
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    heights = array.array("d", data[start:])
    assert len(heights) == N * N
    return [round(h / WAVE * LEVELS) for h in heights]


made = ("--steps", "8", "--modulation", "phase", "--slm-levels", str(LEVELS), "--padding", "4", "--update", "adam",
        "--lr", "1", "--save-every", "1")
pixel = round(SIDE / N * 1e9) ** 2
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    result = design("run", *made, "--gds", "levels.gds", "--gds-feature", "1um")
    assert result.returncode == 0 and "WARNING: levels.gds" not in result.stderr, result
    told = re.search(r"levels.gds: 2 cells of up to (\d) layers, (\d+) rectangles; the narrowest line is (.*?),",
                     result.stdout)
    assert told and told[3] == "2 um" and 2 < int(told[1]) <= LEVELS, result.stdout
    assert int(told[2]) == sum(kind == 8 for kind, _ in records("levels.gds"))
    found = areas("levels.gds")
    for k in range(PLATES):
        level = levels("run", k)
        assert found[f"plate_{k:02}"] == {i: level.count(i) * pixel for i in set(level)}

    # A finished run draws its masks, too; lines below what can be made are counted.
    result = design("run", "--resume", "--gds", "masks.gds", "--gds-layers", "masks", "--gds-feature", "2.5um")
    assert result.returncode == 0, result
    assert re.search(r"WARNING: masks.gds: \d+ lines are narrower than --gds-feature 2.5 um", result.stderr), result
    found = areas("masks.gds")
    for k in range(PLATES):
        level = levels("run", k)
        bits = {b: sum(i >> b & 1 for i in level) * pixel for b in range(math.ceil(math.log2(LEVELS)))}
        assert found[f"plate_{k:02}"] == {b: area for b, area in bits.items() if area}

    for options, expected in [
            (("--gds", "x.gds"), "expected --slm-levels, with --modulation phase"),
            ((*made[:4], "--slm-levels", "300", "--gds", "x.gds"), "expected --gds-layers masks"),
            (("--gds-feature", "1um"), "are of --gds FILE.gds"),
            ((*made, "--gds", "no/x.gds"), "no")]:
        result = design("refused", *options)
        assert result.returncode != 0 and expected in result.stderr, (options, result)
        assert not os.path.exists("refused"), options
