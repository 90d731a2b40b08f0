"""Light at several distances, each on its own or from the side."""
import numpy as np

from . import along, plots, units
from .graph import current_graph
from .optics import field
from .plan import Plan, as_device
from .settings import choice

# whose transfer function is the same whatever the distance is near to: one plan has it as an input
_GOES_ON = ("asm", "fresnel")


def several(z):
    """Whether these are distances, and not one."""
    if isinstance(z, str):
        return ":" in z or "," in z
    if isinstance(z, np.ndarray) and z.ndim > 1:
        raise TypeError(f"the distances are {list(z.shape)}; expected one number, or a list of them")
    return isinstance(z, (list, tuple, range)) or isinstance(z, np.ndarray) and z.ndim == 1


def propagate(e, z, grid, light, method, evanescent, pad, device):
    """onn.propagate to several distances."""
    distances = units.series(z, lambda x: units.length(x, "distance"), "distance")
    how, device, plans = {"evanescent": evanescent, "pad": pad}, as_device(device), {}
    with type(current_graph())() as graph:
        start = field(graph.variable("e", e.shape, e.dtype), grid, light)
        anywhere, fields, grids = graph.variable("z"), [], []
        for at in distances:
            chosen = start.sampling(at, method, **how).method
            if chosen not in _GOES_ON or not device.supports("f64"):
                far = start.propagate(at, chosen, **how)
                fields.append(Plan(far.e, device)(e))
                grids.append(far.grid)
                continue
            if chosen not in plans:
                plans[chosen] = Plan(start.propagate(anywhere, chosen, near=max(distances), **how).e, device)
            fields.append(plans[chosen](e=e, z=at))
            grids.append(grid)
    return Way(np.stack(fields), distances, grids, light)


class Way:
    """Light at several distances: way[i] is the field at `z[i]`, an array; np.asarray(way) has all, [z, ..., y, x]."""

    def __init__(self, e, z, grids, light):
        self.e, self.z, self._grids, self.light = e, np.array(z), grids, light

    @property
    def grid(self):
        """Of the pixels, where the method leaves them as they are."""
        if any(grid != self._grids[0] for grid in self._grids):
            raise ValueError("the pixels are not the same at all distances; expected a method that leaves them as they are")
        return self._grids[0]

    @property
    def intensity(self):
        """|E|^2, an array [z, ..., y, x]."""
        return np.abs(self.e) ** 2

    def __getitem__(self, which):
        return self.e[which]

    def __iter__(self):
        return iter(self.e)

    def __len__(self):
        return len(self.z)

    def __array__(self, dtype=None, copy=None):
        return self.e if dtype is None else self.e.astype(dtype)

    def field(self, i):
        """The light at z[i] as an onn.Field, to go on with."""
        return field(self.e[i], self._grids[i], self.light)

    def plot(self, view="side", show="auto", log=0, gamma=1, ax=None, **more):
        """Draws it, as onn.Field.plot does. view: "side", the middle line in x against z, or "frames", a panel each."""
        return self._plot(view, plots.Look(show, log, gamma, **more), ax)

    def _plot(self, view, look, ax=None, create=None):
        if choice("view", view, ("side", "frames")) == 1:
            return plots.plot(self._sources(), look, ax, "distances")
        middle = self._flat()[:, self.grid.shape[0] // 2]
        return along.side(middle, plots.Axis("z", self.z, "m"), plots.axes_of(self.grid)[1], look, ax, create)

    def film(self, path, show="auto", log=0, gamma=1, fps=8, **more):
        """A GIF, with a frame for each distance."""
        self.grid
        along.film(path, self._sources(), plots.Look(show, log, gamma, **more), fps)

    def _flat(self):
        if self.e.ndim != 3:
            raise ValueError(f"the light at each distance is {list(self.e.shape[1:])}; expected one field [y, x] to draw")
        return self.e

    def _sources(self):
        names = [f"z = {units.text(z, 'm', 4)}" for z in self.z]
        return [plots.Source(*row) for row in zip(self._flat(), self._grids, names)]

    def _repr_png_(self):
        """In notebooks, where Matplotlib is: from the side."""
        if self.e.ndim != 3 or len(set(self.z)) < 2 or any(grid != self._grids[0] for grid in self._grids):
            return None
        return plots.png(lambda create: self._plot("side", plots.Look(), create=create).figure)

    def __repr__(self):
        ends = " to ".join(units.text(x, "m") for x in (self.z[0], self.z[-1]))
        return f"<onn.Way of {self.e.dtype} {list(self.e.shape[1:])}, {len(self)} distances, {ends}>"
