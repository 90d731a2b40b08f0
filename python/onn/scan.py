"""A system at many values of one number: a run each, and what the cameras saw against it."""
import base64
import contextlib
from collections import namedtuple
from html import escape

import numpy as np

from . import _api, along, plots, units
from ._library import check, lib
from .callbacks import Callbacks
from .errors import ArgumentError, OnnError
from .plan import as_device
from .settings import as_text, choice
from .warned import SamplingWarning, warn

Run = namedtuple("Run", "run runs value seen")
_NUMBERS = tuple(_api.NUMBERS["ONN_SETTING_" + kind] for kind in ("REAL", "SIZE", "WHOLE"))
_VIEWS = ("curves", "side", "frames", *along.CURVES)
# as the CSV of `onn simulate` has it
_COLUMNS = ("z power share inside overlap peak at_y at_x mean_y mean_x width_y width_x fwhm_y fwhm_x").split()


def scan(system, name, values, device, progress, pictures):
    """System.scan; system: a copy, whose number is set to one value after the other."""
    row = system._row(name)
    unit = row.unit.decode() if row.unit else None
    if row.kind not in _NUMBERS:
        raise ArgumentError(f"{name} is {system[name]!r}; expected a setting that is a number")
    values, device = _values(system, name, values, unit), as_device(device)
    runs, seen, notes = [], [], {}
    for i, value in enumerate(values):
        check(lib.onn_system_set_real(system._address, name.encode(), value))
        with _naming(f"{name} = {units.text(value, unit)}, run {i + 1} of {len(values)}"):
            now = system._send(device, Callbacks())
        for layer, what, why in system._doubts(now):
            notes.setdefault((layer, what), []).append((value, why))
        seen.append({camera.name: (camera.z, camera.measure) for camera in now})
        runs += [now] if pictures else []
        if progress and progress(Run(i, len(values), value, now)):
            break
    for (layer, what), found in notes.items():
        value, why = found[0]
        warn(f"{layer}{what} at {len(found)} of {len(seen)} values, first at {name} = {units.text(value, unit)}: {why}",
             SamplingWarning)
    return Scan(name, unit, np.array(values[:len(seen)]), seen, runs)


@contextlib.contextmanager
def _naming(where):
    """Errors of the library say where they were met."""
    try:
        yield
    except OnnError as error:
        raise type(error)(f"{where}: {error}") from error.__cause__


def _values(system, name, values, unit):
    """In SI, each of them one that the system takes."""
    def read(value):
        check(lib.onn_system_set(system._address, name.encode(), as_text(value).encode()))
        return units.number(value, unit)

    found = units.series(values, read, name)
    for value in found:
        check(lib.onn_system_set_real(system._address, name.encode(), value))
        with _naming(f"{name} = {units.text(value, unit)}"):
            check(lib.onn_system_check(system._address))
    if not any(lib.onn_system_kind(system._address, i) == b"camera" for i in range(len(system.names))):
        raise ArgumentError("the system has no camera; expected one where light is to be seen")
    return found


class Scan:
    """What came of System.scan: `values` of the number `name` in SI (its `unit`), and what was seen at each.

        focus = system.scan("space.distance", "45mm:75mm:31")
        focus["camera"].measure.peak       # an array, a number for each value
        focus[3]["camera"].intensity       # what run 3 saw; `for seen in focus` goes through all
        focus.plot(), focus.plot("side")
    """

    def __init__(self, name, unit, values, seen, runs):
        self.name, self.unit, self.values, self._runs = name, unit, values, runs
        self.cameras = {camera: SeenCamera(self, camera, [at[camera] for at in seen]) for camera in seen[0]}

    def __getitem__(self, which):
        """What a camera saw at all values, by its name; what all saw in a run, by its number."""
        if isinstance(which, str):
            try:
                return self.cameras[which]
            except KeyError:
                raise KeyError(f"there is no camera {which!r}; there are {', '.join(self.cameras)}") from None
        return self._kept()[which]

    def __iter__(self):
        return iter(self._kept())

    def __len__(self):
        return len(self.values)

    def _kept(self):
        if not self._runs:
            raise TypeError("this scan has kept measures alone; expected one with pictures=True")
        return self._runs

    @property
    def table(self):
        """A structured array, a row for each value and camera: the columns of the CSV of `onn simulate`, in SI."""
        kinds = [(self.name, "f8"), ("camera", f"U{max(map(len, self.cameras))}")] + [(c, "f8") for c in _COLUMNS]
        rows = np.zeros((len(self), len(self.cameras)), kinds)
        rows[self.name] = self.values[:, None]
        for i, (name, camera) in enumerate(self.cameras.items()):
            rows["camera"][:, i], rows["z"][:, i] = name, camera.z
            for column in _COLUMNS[1:]:
                what, _, axis = column.partition("_")
                x = getattr(camera.measure, what)
                rows[column][:, i] = x[:, "yx".index(axis)] if axis else x
        return rows.ravel()

    def plot(self, view="curves", camera=None, ax=None, **look):
        """Draws it by Matplotlib, with axes; these, one or an array of them.

        view    "curves": what the cameras measured against the values; one of power, share, peak, width, fwhm,
                inside and overlap: that alone; "side": a camera's middle line in x against the values; "frames":
                what it saw at each
        camera  which, of the last two the last one unless it is named; of curves all
        look    of the last two show="intensity", log=0, gamma=1 and more, as of onn.Field.plot
        """
        choice("view", view, _VIEWS)
        if view in ("side", "frames"):
            return self[camera or list(self.cameras)[-1]].plot(view, ax=ax, **look)
        if look:
            raise TypeError(f"{', '.join(look)}: expected with view=\"side\" or \"frames\" alone")
        return self._curves(view, camera, ax)

    def _curves(self, view, camera=None, ax=None, create=None):
        measures = {name: self[name].measure for name in ([camera] if camera else self.cameras)}
        last = "overlap" if any(np.isfinite(m.overlap).any() for m in measures.values()) else "width"
        which = ("share", "peak", "fwhm", last) if view == "curves" else (view,)
        return along.curves(self._axis, measures, which, ax, create)

    @property
    def _axis(self):
        return plots.Axis(self.name, self.values, self.unit)

    def film(self, path, camera=None, **look):
        """A GIF of what a camera saw, the last one unless it is named, a frame for each value."""
        self[camera or list(self.cameras)[-1]].film(path, **look)

    def text(self, i):
        """The value of run i as a person writes it: "lens.f = 40 mm"."""
        return f"{self.name} = {units.text(self.values[i], self.unit)}"

    def _repr_html_(self):
        """In notebooks: curves, where Matplotlib is, and a table of them, of many values some."""
        picture = plots.png(lambda create: self._curves("curves", create=create)[0].figure)
        drawn = picture and f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}"><br>' or ""
        return drawn + self._html()

    def _html(self):
        heads = (self.name, "camera", "light", "inside", "peak", "half width, x", "overlap")
        lines = ["".join(f"<th>{escape(head)}</th>" for head in heads)]
        step = -(-len(self) // 24)
        for i in range(0, len(self), step):
            for name, camera in self.cameras.items():
                m = camera.measure
                wide, like = m.fwhm[i, 1], m.overlap[i]
                cells = (units.text(self.values[i], self.unit), name, f"{m.share[i]:.2%}", f"{m.inside[i]:.2%}",
                         f"{m.peak[i]:.6g}", units.text(wide, "m", 4) if np.isfinite(wide) else "",
                         f"{like:.6f}" if np.isfinite(like) else "")
                lines.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
        more = f", of which 1 in {step} is shown" if step > 1 else ""
        rows = "".join(f"<tr>{line}</tr>" for line in lines)
        return f"<table>{rows}</table><p>{escape(self.name)} at {len(self)} values{more}</p>"

    def __repr__(self):
        ends = " to ".join(units.text(x, self.unit) for x in (self.values[0], self.values[-1]))
        return f"<onn.Scan of {self.name}, {ends}, {len(self)} runs seen by {', '.join(self.cameras)}>"


class SeenCamera:
    """What a camera saw at each value: `measure`, of which each member is an array [value] or [value, (y, x)], `z`."""

    def __init__(self, scan, name, found):
        self._scan, self.name = scan, name
        self.z = np.array([z for z, _ in found])
        kind = type(found[0][1])
        self.measure = kind(*(np.array(x) for x in zip(*(m for _, m in found))))

    @property
    def _pictures(self):
        return [seen[self.name] for seen in self._scan]

    @property
    def grid(self):
        """Of the pixels, where they are the same at all values."""
        first, *others = (camera.grid for camera in self._pictures)
        if any(grid != first for grid in others):
            raise ValueError(f"the pixels of {self.name} are not the same at all values of {self._scan.name}; "
                             "expected space whose method leaves them as they are")
        return first

    @property
    def intensity(self):
        """[value, y, x]"""
        self.grid
        return np.stack([camera.intensity for camera in self._pictures])

    def plot(self, view="side", show="intensity", log=0, gamma=1, ax=None, **more):
        """Draws it, as onn.Field.plot does. view: "side", the middle line in x against the values, or "frames"."""
        look = plots.Look(show, log, gamma, **more)
        if choice("view", view, ("side", "frames")) == 1:
            return plots.plot(self._sources(), look, ax, "values")
        plots.quantities(plots.Source(None, None, "", False), look.show)
        middle = np.sqrt(np.maximum(self.intensity[:, self.grid.shape[0] // 2], 0))
        return along.side(middle, self._scan._axis, plots.axes_of(self.grid)[1], look, ax)

    def film(self, path, show="intensity", log=0, gamma=1, fps=8, **more):
        """A GIF, with a frame for each value."""
        self.grid
        along.film(path, self._sources(), plots.Look(show, log, gamma, **more), fps)

    def _sources(self):
        return [camera._source(self._scan.text(i)) for i, camera in enumerate(self._pictures)]

    def __repr__(self):
        return f"<onn.SeenCamera {self.name} at {len(self.z)} values of {self._scan.name}>"
