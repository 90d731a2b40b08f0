"""Plates that turn a beam of light into a picture, found by gradients or projections."""
import ctypes
from collections import namedtuple

import numpy as np

from . import _api, arrays, pictures
from ._library import check, create, lib
from .callbacks import Callbacks, row
from .plan import as_device
from .settings import Settings, choice

Step = namedtuple("Step", "step steps loss")
_PRESETS = ("tutorial", "phase")


class _Design(Settings):
    _type, _table = _api.onn_design, "onn_design_settings"


def design(target=None, source=None, start=None, preset="tutorial", device=None, out=None,
           resume=False, progress=None, **settings):
    """Designs plates, and gives a Designed.

    target    the intensity wanted at the camera, [n, n], or any picture, which is fitted to the grid;
              without one a smiley
    source    the field before the first plate, [n, n]; without one a disc of light
    start     plates to begin with, [plates, n, n]
    preset    "tutorial": complex plates that may amplify; "phase": plates that can be made
    out       a folder for the run, as of `onn design --out`; resume: go on with one
    progress  called with a Step after each; true: stop, raising Cancelled
    settings  size, plates, steps, distance="5cm" ...: those of onn design, with _ for -
    """
    chosen = _Design()
    lib.onn_design_use_preset(chosen._pointer, choice("preset", preset, _PRESETS))
    for name, value in settings.items():
        setattr(chosen, name, value)
    pixels = chosen._values.pixels
    parts = {"target": _fit(target, pixels), "source": source, "start": start}
    handles = {name: arrays.to_array(x) for name, x in parts.items() if x is not None}
    inputs = _api.onn_design_inputs(ctypes.sizeof(_api.onn_design_inputs))
    for name, handle in handles.items():
        setattr(inputs, name, handle.address)
    return _run(chosen, inputs, as_device(device), out, resume, progress)


def _fit(picture, pixels):
    """A picture of another size, as the target that onn design makes of it."""
    if picture is None or np.shape(picture) == (pixels, pixels):
        return picture
    handle = arrays.to_array(np.asarray(picture, float))
    return arrays.take(lib.onn_design_fit, handle.address, pixels)


def _run(chosen, inputs, device, out, resume, progress):
    options, calls = _api.onn_design_options(ctypes.sizeof(_api.onn_design_options)), Callbacks()
    options.out, options.resume = (str(out).encode() if out else None), resume

    def on_step(_, address):
        if not progress:
            return bool(calls.raised)
        return calls.call(progress, row(_api.onn_design_progress, address, Step))

    options.progress = dict(_api.onn_design_options._fields_)["progress"](on_step)
    handle = create(lib.onn_designer_create, lib.onn_designer_destroy, chosen._pointer,
                    ctypes.byref(inputs), ctypes.byref(options), device._address,
                    needs=(device._handle,))
    with calls.guard():
        status = lib.onn_designer_run(handle.address)
    check(status)
    return Designed(handle, chosen)


class Designed:
    """A design that is done: its plates, its light, how like the target it is."""

    def __init__(self, handle, chosen):
        self._handle, self.settings = handle, chosen
        result = _api.onn_design_result()
        self.picture = arrays.take(
            lambda out, *given: lib.onn_designer_result(ctypes.byref(result), out, *given),
            handle.address)
        self.loss, self.arriving = result.loss, result.arriving
        for name, _ in _api.onn_likeness._fields_:  # mse, psnr, ssim, correlation, efficiency
            setattr(self, name, getattr(result.likeness, name))

    @property
    def plates(self):
        """Their transmissions, [plates, n, n]."""
        count = self.settings._values.plates
        return np.stack([arrays.take(lib.onn_designer_plate, self._handle.address, k)
                         for k in range(count)])

    @property
    def field(self):
        """At the camera, [n, n]; `picture` is its intensity, scaled as it is compared."""
        return arrays.take(lib.onn_designer_field, self._handle.address)

    @property
    def target(self):
        return arrays.view(lib.onn_designer_target(self._handle.address), self._handle, False)

    @property
    def losses(self):
        """Before the first step and after each."""
        count = ctypes.c_size_t()
        address = lib.onn_designer_losses(ctypes.byref(count), self._handle.address)
        return np.ctypeslib.as_array(
            ctypes.cast(address, ctypes.POINTER(ctypes.c_double)), (count.value,)).copy()

    def _repr_png_(self):
        """In notebooks: the light at the camera beside the target."""
        return pictures.numbers(self.picture, self.target)

    def __repr__(self):
        return (f"<onn.Designed: {self.settings._values.plates} plates, loss {self.loss:.4g}, "
                f"efficiency {self.efficiency:.1%}>")
