"""Pulses against what a slow absorber is known to do."""
import numpy as np
import pytest

import onn


def slow(fluence, depth):
    """Frantz and Nodvik: the fluence behind a slow absorber."""
    return np.log1p(np.expm1(fluence) * np.exp(-depth))


def test_a_slow_absorber_is_frantz_and_nodviks():
    fluence = np.geomspace(0.01, 20, 12)
    found = onn.pulses(fluence, depth=3.0)
    assert found.fluence_out.shape == (12,)
    assert np.allclose(found.fluence_out, slow(fluence, 3), rtol=1e-5)
    h = 1e-6
    slope = (slow(fluence + h, 3) - slow(fluence - h, 3)) / (2 * h)
    assert np.allclose(found.derivative, slope, rtol=1e-4)
    # why light can carry errors backwards: the probe sees the derivative
    assert np.allclose(found.probe, found.derivative, rtol=1e-4)


def test_sweeps_broadcast():
    found = onn.pulses(np.array([0.5, 1.0])[:, None], depth=np.array([1.0, 2.0, 3.0]))
    assert found.transmission.shape == (2, 3)
    assert np.allclose(found.fluence_out[1], slow(1.0, np.array([1, 2, 3])), rtol=1e-5)
    assert found.light_in.shape == found.light_out.shape == found.time.shape == (2, 3, found.slots)
    assert np.allclose(found.light_out.sum(-1), found.fluence_out)
    single = onn.pulses(1.0)
    assert np.isclose(single.fluence_out, slow(1.0, 3), rtol=1e-5) and np.ndim(single.probe) == 0


def test_a_fast_absorber_forgets():
    fast, remembers = onn.pulses(1.0, width=100.0, t1=1.0), onn.pulses(1.0)
    assert fast.transmission < remembers.transmission
    weak = onn.pulses(1e-4, width=1.0, t1=1.0, depth=2.0)
    assert np.isclose(weak.transmission, np.exp(-2), rtol=1e-3)


def test_settings_are_those_of_the_command():
    assert onn.pulses(1.0, slots=64, cells=8).slots == 64
    with pytest.raises(onn.ArgumentError, match="model is 'none'"):
        onn.pulses(1.0, model="none")
    with pytest.raises(onn.ArgumentError):
        onn.pulses(-1.0)
