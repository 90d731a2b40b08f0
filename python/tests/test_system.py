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
