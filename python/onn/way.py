"""Light at several distances, each on its own or from the side."""
import numpy as np

from . import units
from .graph import current_graph
from .optics import field
from .plan import Plan, as_device

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

    def __repr__(self):
        ends = " to ".join(units.text(x, "m") for x in (self.z[0], self.z[-1]))
        return f"<onn.Way of {self.e.dtype} {list(self.e.shape[1:])}, {len(self)} distances, {ends}>"
