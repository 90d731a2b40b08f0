"""Numbers without their units, and what is too fine for its pixels."""
import warnings

import pytest

import onn


def test_a_number_that_has_lost_its_unit_is_warned_of():
    with pytest.warns(onn.UnitWarning, match="wavelength is 532; expected a unit: 532nm") as found:
        onn.Light(532)
    assert found[0].filename == __file__
    with pytest.warns(onn.UnitWarning, match="pitch is 8; .* 8um, or 8m"):
        grid = onn.Grid(16, 8)
    with pytest.warns(onn.UnitWarning, match="f is 60; .* 60mm"):
        onn.plane_wave(grid, onn.Light(1)).lens(60)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        onn.Light("532m"), onn.Light(532e-9), onn.Grid(16, "8m")


def test_what_no_grid_and_no_light_is_is_refused():
    with pytest.raises(onn.ArgumentError, match="the pitch is -8e-06 x -8e-06 m"):
        onn.Grid(16, "-8um")
    with pytest.raises(onn.ArgumentError, match="0 x 0 pixels"):
        onn.Grid(0, "8um")
    for wrong in (0, "-532nm", float("inf")):
        with pytest.raises(ValueError, match="the wavelength is"):
            onn.Light(wrong)


def test_a_lens_that_is_too_strong_for_its_pixels_is_warned_of():
    wave = onn.plane_wave(onn.Grid(256, "8um"), onn.Light("532nm"))
    with pytest.warns(onn.SamplingWarning, match="a lens is sampled too coarsely: .* 2 cm") as found:
        wave.lens("2cm")
    assert found[0].filename == __file__
    with pytest.warns(onn.SamplingWarning, match="an aperture of 2 um x 2 um is smaller than a pixel"):
        wave.aperture("1um")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wave.lens("6cm").aperture("1mm").aperture(sides=("8um", "1mm"))
    system = onn.System(["plane", ("lens", {"f": "2cm"}), "camera"], grid=256, pitch="8um",
                        wavelength="532nm")
    with pytest.warns(onn.SamplingWarning, match="lens is sampled too coarsely"):
        system.run(device="c")
    pinhole = onn.System(["plane", ("aperture", {"radius": "1um"}), "camera"], grid=64, pitch="8um",
                         wavelength="532nm")
    with pytest.warns(onn.SamplingWarning, match="aperture: its radius makes it smaller than a pixel"):
        pinhole.run(device="c")


def test_a_system_keeps_a_unit_that_is_needed():
    system = onn.System(["plane", ("lens", {"f": "60m"}), "camera"], grid=8, pitch="8um",
                        wavelength="532nm")
    assert system["lens.f"] == 60
    assert '"60m"' in system.json()
    with pytest.raises(onn.ArgumentError, match="expected a unit: 60mm, or 60m where that is meant"):
        system["lens.f"] = 60
    with pytest.raises(onn.FormatError, match="wavelength is 532; expected a unit: 532nm"):
        onn.System(["plane", "camera"], grid=8, pitch="8um", wavelength=532)


def test_arguments_of_traced_functions_may_have_units():
    grid, light = onn.Grid(64, "8um"), onn.Light("532nm")

    @onn.function
    def middle(f, z):
        return onn.gaussian_beam(grid, light, "0.1mm").lens(f).propagate(z["z"], "asm", near=0.05).intensity[32, 32]

    assert middle("60mm", {"z": "5cm"}) == middle(0.06, {"z": 0.05})
    value, slope = onn.value_and_grad(middle)("60mm", {"z": 0.05})
    assert (value, slope) == onn.value_and_grad(middle)(0.06, {"z": 0.05})
    with pytest.raises(ValueError, match="'60 apples' is no number"):
        middle("60 apples", {"z": 0.05})
