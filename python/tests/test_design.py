"""Plates designed from Python: the tutorial's smiley, pictures, and callbacks."""
import numpy as np
import pytest

import onn

small = {"size": 32, "side": "8mm", "plates": 2, "distance": "5cm", "aperture": "3mm", "steps": 12}


def test_a_design_draws_its_target():
    target = np.zeros((32, 32))
    target[10:20, 12:16] = 1
    steps = []
    done = onn.design(target, progress=lambda s: steps.append(s) and None, **small)
    assert len(steps) == 12 and done.losses[-1] < done.losses[0] and done.loss == done.losses[-1]
    assert done.plates.shape == (2, 32, 32) and (done.target == target).all()
    assert np.allclose(np.abs(done.field) ** 2, done.picture)
    assert 0 < done.efficiency <= 1 and "2 plates" in repr(done)


def test_notebooks_see_a_design():
    spot = np.zeros((32, 32))
    spot[8:16, 8:16] = 1
    done = onn.design(spot, preset="phase", size=32, plates=1, steps=2)
    assert done._repr_png_().startswith(b"\x89PNG")


def test_its_light_is_that_of_its_plates():
    done = onn.design(preset="phase", **small)
    grid, light = onn.Grid(32, 8e-3 / 32), onn.Light(done.settings.wavelength)
    assert np.allclose(np.abs(done.plates), 1)
    few = onn.design(preset="phase", slm_levels=4, **small)
    assert few.settings.slm_levels == 4
    assert np.allclose(few.plates ** 4, 1)
    field = onn.plane_wave(grid, light).aperture(radius="3mm")
    for plate in done.plates:
        field = field.mask(plate).propagate("5cm", "asm", pad=64)
    assert np.abs(np.abs(field.numpy()) ** 2 - np.abs(done.field) ** 2).max() < 1e-3


def test_pictures_of_any_size_fit():
    done = onn.design(np.random.default_rng(0).random((20, 50)), **small)
    assert done.target.shape == (32, 32)


def test_what_is_wrong_is_said():
    with pytest.raises(onn.ArgumentError, match="size is '-3'"):
        onn.design(size=-3)
    with pytest.raises(onn.ArgumentError, match="distance is '5ns'; expected a length"):
        onn.design(distance="5ns")
    with pytest.raises(onn.Cancelled):
        onn.design(progress=lambda s: s.step == 3, **small)
    with pytest.raises(ZeroDivisionError):
        onn.design(progress=lambda s: 1 / 0, **small)
