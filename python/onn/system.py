"""Systems of light: a source, gaps, lenses, masks, cameras, as a list."""
import ctypes
import json
from collections import namedtuple

import numpy as np

from . import _api, arrays, pictures, plots, units
from ._library import Handle, check, create, lib, take_text
from .callbacks import Callbacks, row
from .errors import ArgumentError
from .network import _layer, _plain
from .optics import Grid
from .plan import as_device
from .settings import as_text
from .warned import SamplingWarning, warn

Measure = namedtuple("Measure", "power share peak at mean width fwhm inside overlap")
Search = namedtuple("Search", "step steps loss value")
_Told = namedtuple("_Told", "step steps loss value count")
_WATCH = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)


class System:
    """A list of layers of light that begins with a source, as in a file for `onn simulate`.

        lens = onn.System(["plane", ("lens", {"f": "60mm"}), ("space", {"distance": "60mm"}), "camera"],
                          grid=256, pitch="8um", wavelength="532nm")
        lens["lens.f"] = "80mm"
        lens.run()["camera"].measure.fwhm

    Each layer is a kind, a kind with settings, or {"layer": kind, ...}. What is given by name is of the
    system: grid, pitch, wavelength, power, precision, incoherent, tolerance, objective.
    """

    def __init__(self, layers, **options):
        text = json.dumps({**options, "layers": [_layer(x) for x in layers]}, default=_plain)
        self._take(create(lib.onn_system_from_json, lib.onn_system_destroy, text.encode(), None))

    @classmethod
    def load(cls, path):
        """A list in a JSON file, in whose folder the files are that it names."""
        self = cls.__new__(cls)
        self._take(create(lib.onn_system_load, lib.onn_system_destroy, str(path).encode()))
        return self

    def _take(self, handle):
        self._handle, self._address = handle, handle.address

    @property
    def names(self):
        """Of the layers, in their order."""
        count = lib.onn_system_layers(self._address)
        return tuple(lib.onn_system_name(self._address, i).decode() for i in range(count))

    @property
    def free(self):
        """The names of its free numbers."""
        count = lib.onn_system_free_count(self._address)
        return tuple(lib.onn_system_free(self._address, i).decode() for i in range(count))

    def json(self):
        """All of it, as a file."""
        return take_text(lib.onn_system_to_json(self._address))

    def __getitem__(self, name):
        """A setting: a number, numbers, or a text. "lens.f", "lens.at.x", "wavelength"."""
        self._row(name)
        text = take_text(lib.onn_system_get(self._address, name.encode()))
        try:
            numbers = [units.of_any_kind(x) for x in text.split(",")]
        except ValueError:
            return text
        return numbers[0] if len(numbers) == 1 else tuple(numbers)

    def __setitem__(self, name, value):
        check(lib.onn_system_set(self._address, name.encode(), as_text(value).encode()))

    def _row(self, name):
        """What the library knows of a setting: its kind, its unit."""
        found = lib.onn_system_row(self._address, name.encode())
        if not found:
            raise ArgumentError(lib.onn_last_error().decode())
        return _api.onn_setting.from_address(found)

    def run(self, device=None):
        """Sends light through it; what the cameras see. What is sampled too coarsely is warned of."""
        seen = self._send(as_device(device), Callbacks())
        for name, what, why in self._doubts(seen):
            warn(f"{name}{what}: {why}", SamplingWarning)
        return seen

    def scan(self, name, values, device=None, progress=None, pictures=True):
        """Runs it at each value of one number, and leaves it as it is; a Scan.

        name      "lens.f", "lens.at.x", "wavelength"
        values    a list or array, numbers in SI or texts with a unit; or as `onn simulate --scan` takes them,
                  "40mm,60mm", "40mm:80mm:9", "1mm:1m:7:log"
        progress  called with a Run after each: run, runs, value, seen; true: stop, with those that are done
        pictures  False: measures alone are kept, for many runs that would fill the memory
        """
        from .scan import scan
        copy = System.__new__(System)
        copy._take(create(lib.onn_system_copy, lib.onn_system_destroy, self._address))
        return scan(copy, name, values, device, progress, pictures)

    def _send(self, device, calls):
        """A run, which Ctrl-C ends between two layers."""
        out = ctypes.c_void_p()
        called = _WATCH(lambda stage, user: not calls.raised)
        with calls.guard():
            status = lib.onn_system_run_watched(ctypes.byref(out), self._address, device._address,
                                                ctypes.cast(called, ctypes.c_void_p), None)
        check(status)
        return Seen(self, Handle(out.value, lib.onn_system_result_destroy))

    def _doubts(self, seen):
        """What of a run's layers is too fine for its pixels: the layer, what is so, and why."""
        for i, name in enumerate(self.names):
            step = _api.onn_system_step.from_address(lib.onn_system_step_at(seen._handle.address, i))
            if not step.sampling.enough:
                yield name, " is sampled too coarsely", step.sampling.why.decode()
            if step.misfit:
                yield name, "", step.misfit.decode()

    def optimize(self, device=None, progress=None):
        """Finds its free numbers for its objective; NumPy's [steps + 1, 1 + numbers]: loss and numbers
        before each step, and the best ones last.

        progress  called with a Search before each step; true: stop, with the best so far
        """
        device, calls = as_device(device), Callbacks()

        def told(address, _):
            at = row(_api.onn_system_progress, address, _Told)
            value = ctypes.cast(at.value, ctypes.POINTER(ctypes.c_double))[:at.count]
            search = Search(at.step, at.steps, at.loss, dict(zip(self.free, value)))
            return not calls.call(progress, search)

        called = _WATCH(told)
        with calls.guard():
            return arrays.take(lib.onn_system_optimize, self._address, device._address,
                               ctypes.cast(called, ctypes.c_void_p), None)

    def __repr__(self):
        return f"<onn.System {', '.join(self.names)}>"


class Camera:
    """What a camera saw: `intensity` [y, x], `field` [mode, y, x] or [mode, colour, y, x], `measure`, `z`."""

    def __init__(self, seen, name, found):
        self.name, self.z, self.grid = name, found.z, Grid._of(found.grid)
        self.intensity = arrays.view(found.intensity, seen._handle)
        self.field = arrays.view(found.field, seen._handle)
        m = found.measure
        self.measure = Measure(*(value if isinstance(value, float) else tuple(value) for value in
                                 (getattr(m, name) for name in Measure._fields)))

    def plot(self, show="intensity", log=0, gamma=1, ax=None, **more):
        """Draws what it saw, as onn.Field.plot does; auto: intensity and phase."""
        return plots.plot([self._source()], plots.Look(show, log, gamma, **more), ax)

    def _source(self, title=""):
        """For plots: the field, where it is all that was seen, else the root of the intensity."""
        if self.field.size == self.intensity.size:
            e = self.field.reshape(self.intensity.shape)
            if np.abs(np.abs(e) ** 2 - self.intensity).max() <= 1e-9 * self.measure.peak:
                return plots.Source(e, self.grid, title)
        return plots.Source(np.sqrt(np.maximum(self.intensity, 0)), self.grid, title, False)

    def _repr_png_(self):
        source = self._source()
        return plots.shown([source], plots.Look()) or pictures.light(source.e)

    def __repr__(self):
        z, (y, x) = units.text(self.z, "m"), self.intensity.shape
        return f"<onn.Camera {self.name} at {z}, {y} x {x} pixels, {self.measure.share:.1%} of the light>"


class Seen:
    """What all cameras saw: seen["camera"], or one after the other."""

    def __init__(self, system, handle):
        self._handle, self.cameras = handle, {}
        for i in range(lib.onn_system_cameras(handle.address)):
            found = ctypes.cast(lib.onn_system_camera_at(handle.address, i),
                                ctypes.POINTER(_api.onn_system_camera)).contents
            name = lib.onn_system_name(system._address, found.layer).decode()
            self.cameras[name] = Camera(self, name, found)

    def plot(self, show="intensity", log=0, gamma=1, ax=None, **more):
        """Draws what all cameras saw, as onn.Field.plot does; each has its own scale, unless each=False."""
        return plots.plot(self._sources(), plots.Look(show, log, gamma, **{"each": True, **more}), ax)

    def _sources(self):
        several = len(self) > 1
        return [camera._source(f"{camera.name}, z = {units.text(camera.z, 'm', 4)}" if several else "") for camera in self]

    def _repr_png_(self):
        """In notebooks, where Matplotlib is."""
        return plots.shown(self._sources(), plots.Look("intensity", each=True)) if self.cameras else None

    def __getitem__(self, name):
        try:
            return self.cameras[name]
        except KeyError:
            raise KeyError(f"there is no camera {name!r}; there are {', '.join(self.cameras)}") from None

    def __iter__(self):
        return iter(self.cameras.values())

    def __len__(self):
        return len(self.cameras)

    def __repr__(self):
        return f"<onn.Seen by {', '.join(self.cameras)}>"
