"""Systems of light: changed, run, optimised."""
import numpy as np
import pytest

import onn


def lens(**options):
    return onn.System([("plane", {"radius": "0.5mm"}), ("lens", {"f": "60mm"}),
                       ("space", {"distance": "60mm"}), ("camera", {"radius": "40um"})],
                      **{"grid": 256, "pitch": "8um", "wavelength": "532nm", **options})


def test_a_lens_has_airys_focus():
    seen = lens().run(device="c")["camera"]
    assert seen.intensity.shape == (256, 256) and seen.field.shape == (1, 256, 256)
    assert np.allclose(np.abs(seen.field[0]) ** 2, seen.intensity)
    assert seen.measure.fwhm[1] == pytest.approx(1.029 * 532e-9 * 60e-3 / 1e-3, rel=0.01)
    assert seen.measure.inside > 0.8 and seen.z == pytest.approx(0.06)
    assert seen.grid.pitch == (8e-6, 8e-6)


def test_notebooks_see_what_a_camera_saw():
    assert lens().run(device="c")["camera"]._repr_png_().startswith(b"\x89PNG")


def test_settings_are_items():
    system = lens(precision="f32")
    system["lens.f"] = "80mm"
    system["lens.at.x"] = 1e-5
    assert system["lens.f"] == 0.08 and system["lens.at"] == (0, 1e-5)
    assert system["precision"] == "f32"
    with pytest.raises(onn.ArgumentError, match="expected one of f, at"):
        system["lens.g"] = 1
    with pytest.raises(onn.ArgumentError, match="a length"):
        system["lens.f"] = "5ns"
    with pytest.raises(onn.FormatError, match="begins with lens"):
        onn.System(["lens"], grid=8, pitch=1e-6, wavelength=5e-7)
    assert repr(system) == "<onn.System plane, lens, space, camera>"


def test_what_was_seen_outlives_its_system():
    system = lens()
    light = system.run(device="c")["camera"].intensity
    peak = light.max()
    del system
    assert light.max() == peak > 500


def test_a_free_focal_length_is_found(tmp_path):
    file = tmp_path / "lens.json"
    system = lens(objective={"maximize": "power", "steps": 40})
    file.write_text(system.json())
    system = onn.System(
        ["plane", ("lens", {"f": {"optimize": True, "start": "40mm", "step": "1mm"}}),
         ("space", {"distance": "60mm"}), ("camera", {"radius": "40um"})],
        grid=128, pitch="8um", wavelength="532nm", objective={"maximize": "power", "steps": 60})
    losses = []
    history = system.optimize(device="c", progress=lambda at: losses.append(at.loss))
    assert system.free == ("lens.f",) and history.shape == (61, 2)
    assert np.array_equal(history[:60, 0], losses)
    assert system["lens.f"] == history[60, 1] == pytest.approx(0.06, abs=3e-3)
    assert onn.System.load(file)["lens.f"] == 0.06


def test_what_progress_raises_comes_out():
    def fail(at):
        raise RuntimeError("enough")

    system = onn.System(["plane", ("lens", {"f": {"optimize": True, "start": "40mm"}}), "camera"],
                        grid=16, pitch="8um", wavelength="532nm", objective={"maximize": "peak"})
    with pytest.raises(RuntimeError, match="enough"):
        system.optimize(device="c", progress=fail)


# 4f, from here to the camera's picture in at most 12 lines: the words of docs/python.md.
FOUR_F = """
import numpy as np, onn
np.save("slit.npy", np.abs(np.arange(256) - 128)[:, None] * np.ones(256) < 6.0)
bench = onn.System(
    [("text", {"text": "mesh", "height": "0.4mm"}), ("camera", {"name": "object"}),
     {"4f": {"f1": "50mm", "f2": "50mm", "mask": {"file": "slit.npy"}}}, ("camera", {"name": "image"})],
    grid=256, pitch="8um", wavelength="532nm")
seen = bench.run(device="c")
light = seen["image"].intensity
"""


def test_a_4f_with_mask_and_camera_takes_few_lines(tmp_path, monkeypatch):
    assert len(FOUR_F.strip().splitlines()) <= 12
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(FOUR_F, names)
    seen, light = names["seen"], names["light"]
    # what varies along y is gone: the slit lets low frequencies of y pass, and all of x
    lines = np.abs(np.fft.fft2(np.sqrt(light)))
    assert 0.02 < seen["image"].measure.share < 0.9
    assert np.abs(lines[40:100, 0]).max() < 0.02 * lines[0, 0] < np.abs(lines[0, 20:60]).max()
    assert seen["image"].z == pytest.approx(0.2)


def test_a_4f_row_stands_for_six():
    bench = onn.System(["plane", {"4f": {"f1": "50mm"}}, "camera"], grid=32, pitch="8um", wavelength="532nm")
    assert bench.names == ("plane", "space1", "lens1", "space2", "space3", "lens2", "space4", "camera")
    assert bench["lens2.f"] == 0.05
