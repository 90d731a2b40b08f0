"""A system at many values of one number."""
import csv
import os
import signal
import subprocess

import numpy as np
import pytest

import onn


def lens(**options):
    return onn.System([("plane", {"radius": "0.5mm"}), ("lens", {"f": "60mm"}), ("space", {"distance": "60mm"}),
                       ("camera", {"radius": "40um"})],
                      **{"grid": 64, "pitch": "16um", "wavelength": "532nm", **options})


def test_each_run_is_that_of_the_system_with_that_number():
    system = lens()
    scan = system.scan("space.distance", [0.05, "60mm", np.float32(0.07)], device="c")
    assert system["space.distance"] == 0.06
    assert scan.name == "space.distance" and scan.unit == "m"
    assert scan.values.tolist() == [0.05, 0.06, float(np.float32(0.07))]
    for i, at in enumerate(scan.values):
        system["space.distance"] = float(at)
        alone = system.run(device="c")["camera"]
        assert np.array_equal(scan[i]["camera"].intensity, alone.intensity)
        for found, wanted in zip(scan["camera"].measure, alone.measure):
            assert np.array_equal(found[i], wanted, equal_nan=True)
    assert np.allclose(scan["camera"].z, scan.values) and scan["camera"].measure.fwhm.shape == (3, 2)
    assert scan["camera"].intensity.shape == (3, 64, 64)
    assert [seen["camera"].z for seen in scan] == scan["camera"].z.tolist() and len(scan) == 3
    assert repr(scan) == "<onn.Scan of space.distance, 5 cm to 7 cm, 3 runs seen by camera>"
    with pytest.raises(KeyError, match="no camera 'eye'; there are camera"):
        scan["eye"]


@pytest.mark.parametrize("values, wanted", [
    ("50mm:70mm:5", np.linspace(0.05, 0.07, 5)), ("10mm:10m:4:log", np.geomspace(1e-2, 10, 4)),
    ("50mm,0.06", [0.05, 0.06]), ("60m", [60]), (0.06, [0.06]), (np.linspace(0.05, 0.07, 3), [0.05, 0.06, 0.07])])
def test_values_are_given_as_to_the_command(values, wanted):
    found = lens(grid=8).scan("lens.f", values, device="c").values
    assert np.allclose(found, wanted, rtol=1e-14) and found[-1] == wanted[-1]


def test_the_table_is_that_of_the_command(tmp_path):
    system = onn.System(["plane", ("camera", {"name": "near"}), ("lens", {"f": "60mm"}), ("space", {"distance": "60mm"}),
                         ("camera", {"name": "far"})], grid=64, pitch="16um", wavelength="532nm")
    table = system.scan("lens.f", "50mm:70mm:3", device="c").table
    assert table["camera"].tolist() == ["near", "far"] * 3 and np.allclose(table["lens.f"], np.repeat([0.05, 0.06, 0.07], 2))
    if "ONN_COMMAND" not in os.environ:
        pytest.skip("no command to compare with")
    (tmp_path / "a.json").write_text(system.json())
    subprocess.run([os.environ["ONN_COMMAND"], "simulate", "a.json", "--scan", "lens.f=50mm:70mm:3", "--csv", "a.csv",
                    "--device", "c"], cwd=tmp_path, check=True, capture_output=True)
    with open(tmp_path / "a.csv") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == table.dtype.names
    for row, found in zip(rows[1:], table):
        for text, x in zip(row, found):
            if isinstance(x, str):
                assert text == x
            else:
                assert not np.isfinite(x) if text == "" else np.isclose(float(text), x, rtol=1e-11)


def test_what_does_not_go_is_said_before_anything_runs():
    system, runs = lens(grid=8), []
    for name, values, what in [
            ("lens.g", [1], "lens has no 'g'; expected one of f, at"),
            ("space.method", ["asm"], "space.method is 'auto'; expected a setting that is a number"),
            ("space.distance", [0.05, -1], "space.distance is '-1'; expected a length above 0"),
            ("lens.f", ["50mm", "5ns"], "lens.f is '5ns'; expected a length"),
            ("lens.f", [60], "expected a unit: 60mm, or 60m where that is meant"),
            ("lens.f", "5mm:1mm:4", "lens.f is '5mm:1mm:4'; expected MIN:MAX:COUNT"),
            ("lens.f", "1mm:5mm", "lens.f is '1mm:5mm'; expected MIN:MAX:COUNT"),
            ("lens.f", [], "lens.f has no values")]:
        with pytest.raises(ValueError, match=what):
            system.scan(name, values, progress=runs.append)
    with pytest.raises(TypeError, match="lens.f is None; expected numbers, or a text such as"):
        system.scan("lens.f", None)
    assert not runs and system["lens.f"] == 0.06
    with pytest.raises(onn.ArgumentError, match="no camera; expected one"):
        onn.System(["plane"], grid=8, pitch="8um", wavelength="532nm").scan("wavelength", ["500nm"])
    with pytest.raises(onn.ArgumentError, match="lens has no 'g'"):
        system["lens.g"]


def test_a_run_that_fails_names_its_value(tmp_path):
    np.save(tmp_path / "mask.npy", np.ones((8, 8)))
    system = onn.System(["plane", ("mask", {"file": str(tmp_path / "mask.npy")}), ("space", {"distance": "1mm"}), "camera"],
                        grid=8, pitch="8um", wavelength="532nm")

    def remove(run):
        (tmp_path / "mask.npy").unlink()

    with pytest.raises(onn.FileError, match="space.distance = 2 mm, run 2 of 3: .*mask.npy"):
        system.scan("space.distance", "1mm:3mm:3", device="c", progress=remove)


def test_progress_may_stop_it_and_what_is_done_stays():
    told = []
    scan = lens(grid=8).scan("lens.f", [0.05, 0.06, 0.07], device="c", progress=lambda run: told.append(run) or run.run == 1)
    assert [run[:3] for run in told] == [(0, 3, 0.05), (1, 3, 0.06)] and told[1].seen is scan[1]
    assert len(scan) == len(scan["camera"].z) == 2
    with pytest.raises(ZeroDivisionError):
        lens(grid=8).scan("lens.f", [0.05], progress=lambda run: 1 / 0)


def test_ctrl_c_ends_it_between_layers():
    reached = []

    def interrupted(light, _):
        reached.append("first")
        signal.raise_signal(signal.SIGINT)
        return light

    def never(light, _):
        reached.append("second")
        return light

    onn.layer("interrupted", interrupted, takes="light")
    onn.layer("never", never, takes="light")
    system = onn.System(["plane", "interrupted", "never", "camera"], grid=8, pitch="8um", wavelength="532nm")
    for run in (lambda: system.run(device="c")), (lambda: system.scan("wavelength", ["500nm", "600nm"], device="c")):
        with pytest.raises(KeyboardInterrupt):
            run()
    assert reached == ["first"] * 2


def test_measures_alone_may_be_kept():
    scan = lens(grid=8).scan("lens.f", "50mm:70mm:5", device="c", pictures=False)
    assert scan["camera"].measure.peak.shape == (5,) and len(scan) == 5
    with pytest.raises(TypeError, match="kept measures alone; expected one with pictures=True"):
        scan[0]
    with pytest.raises(TypeError, match="kept measures alone"):
        scan["camera"].intensity


def test_pixels_that_change_are_no_stack():
    scan = lens(grid=16).scan("pitch", ["8um", "16um"], device="c")
    with pytest.raises(ValueError, match="the pixels of camera are not the same at all values of pitch"):
        scan["camera"].intensity


def test_what_is_too_coarse_is_said_once():
    with pytest.warns(onn.SamplingWarning) as found:
        lens(pitch="8um", grid=256).scan("lens.f", ["60mm", "20mm", "10mm"], device="c")
    text, = [str(w.message) for w in found if str(w.message).startswith("lens is")]
    assert text.startswith("lens is sampled too coarsely at 2 of 3 values, first at lens.f = 2 cm: ")
    assert found[0].filename == __file__


def test_notebooks_see_a_table():
    scan = lens(grid=8).scan("lens.f", "50mm:70mm:61", device="c")
    seen = scan._repr_html_()
    assert seen.count("<tr>") == 1 + 21 and "<td>5 cm</td>" in seen and "61 values, of which 1 in 3 is shown" in seen
