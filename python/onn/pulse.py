"""Pulses of light in time, and what a saturable medium with a memory makes of them."""
import ctypes

import numpy as np

from . import _api, arrays
from ._library import create, lib
from .plan import as_device
from .settings import Settings

_POINT = [name for name, _ in _api.onn_pulse_point._fields_]
_OUTCOME = [name for name, _ in _api.onn_pulse_outcome._fields_]


class _Experiment(Settings):
    _type, _table = _api.onn_pulse_experiment, "onn_pulse_experiment_settings"


def pulses(fluence=1.0, width=1.0, depth=3.0, t1=np.inf, t2=0.0, detuning=0.0, loss=0.0,
           two_photon=0.0, device=None, **settings):
    """Sends pulses through a saturable medium, each with a weak probe right behind it.

    What describes a pulse is a number or an array, and all of them broadcast: a sweep is one batch.

    fluence   over the saturation fluence, the beam's mean
    width     of the light, in any unit of time; t1, t2: relaxation times, in the same
    depth     optical depth on resonance for a weak beam's intensity
    detuning  in half linewidths; loss: depth of what does not saturate
    settings  model "rate" or "bloch", shape, profile, tolerance, slots, cells ...: onn pulse's
    """
    given = np.broadcast_arrays(fluence, width, depth, t1, t2, detuning, loss, two_photon)
    points = np.stack([np.asarray(x, np.float64).ravel() for x in given], -1)
    experiment = _Experiment(**settings)
    handle = create(lib.onn_pulse_experiment_run, lib.onn_pulse_results_destroy,
                    as_device(device)._address, experiment._pointer, points.ctypes.data,
                    len(points))
    return Pulses(handle, given[0].shape)


class Pulses:
    """What pulses left, an array of the sweep's shape for each member of onn_pulse_outcome:

    fluence_in, fluence_out, transmission, derivative (of fluence_out, exact), probe (what a weak
    probe sees), bleached, width_in, width_out, shift, area, error ...; and [..., slots] light_in and
    light_out, the fluence of each slot of time, at the times `time`.
    """

    def __init__(self, handle, shape):
        self._handle = handle
        found = ctypes.cast(handle.address, ctypes.POINTER(_api.onn_pulse_results)).contents
        rows = ctypes.cast(found.outcome, ctypes.POINTER(ctypes.c_double))
        table = np.ctypeslib.as_array(rows, (found.count, len(_OUTCOME))).copy()
        for name, column in zip(_OUTCOME, table.T):
            setattr(self, name, column.reshape(shape)[()])
        self.shape, self.slots, self.cells = shape, found.slots, found.cells
        self.light_in = self._series(found.light_in)
        self.light_out = self._series(found.light_out)

    def _series(self, address):
        x = arrays.view(address, self._handle, writable=False)
        return x.reshape(*self.shape, x.shape[-1])

    @property
    def time(self):
        """Of the middles of the slots, [..., slots]."""
        place = np.arange(self.slots) + 0.5
        return np.asarray(self.start)[..., None] + place * np.asarray(self.slot)[..., None]

    def __repr__(self):
        return (f"<onn.Pulses {list(self.shape)}, {self.slots} slots, {self.cells} cells, "
                f"error {np.max(self.error):.1e}>")
