"""Light on a grid: sources, free space, lenses, plates, apertures, cameras."""
import ctypes
import math
from collections import namedtuple

import numpy as np

from . import _api, arrays, pictures, plots, units
from ._library import check, lib
from .functions import abs2, arg, expi, floor, stop
from .graph import Node, as_node, current_graph
from .settings import choice
from .warned import SamplingWarning, warn

_METHODS = ("auto", "asm", "band-limited", "fresnel", "fraunhofer", "rs", "scaled")
_EVANESCENT = ("decay", "drop", "pass")


Sampling = namedtuple("Sampling", "method enough why error")


class Grid:
    """Pixels and their pitch: onn.Grid(256, "8um"), onn.Grid((64, 128), pitch=(8e-6, 4e-6)).

    The optical axis is at index n//2 of each axis, `centre` being what is there (y, x).
    """

    def __init__(self, size, pitch, centre=(0, 0)):
        self.shape = units.pair(size, int)
        self.pitch = units.pair(pitch, units.named("pitch"))
        self.centre = units.pair(centre, units.named("at"))
        self._grid = _api.onn_grid(*self.shape, *self.pitch, *self.centre)
        check(lib.onn_grid_check(ctypes.byref(self._grid)))

    @classmethod
    def _of(cls, grid):
        return cls((grid.ny, grid.nx), (grid.dy, grid.dx), (grid.y0, grid.x0))

    def _coordinates(self, axis):
        n = self.shape[axis]
        return self.centre[axis] + (np.arange(n) - n // 2) * self.pitch[axis]

    @property
    def y(self):
        """Of the rows, [ny, 1]."""
        return self._coordinates(0)[:, None]

    @property
    def x(self):
        """Of the columns, [1, nx]."""
        return self._coordinates(1)[None, :]

    def __eq__(self, other):
        return isinstance(other, Grid) and bytes(self._grid) == bytes(other._grid)

    def __hash__(self):
        return hash(bytes(self._grid))

    def __repr__(self):
        y, x = (units.text(p, "m") for p in self.pitch)
        return f"<onn.Grid {self.shape[0]} x {self.shape[1]} pixels of {y} x {x}>"


class Light:
    """Wavelengths in the medium, and the precision of the fields: onn.Light("532nm")."""

    def __init__(self, *wavelengths, precision="f64"):
        self.wavelengths = tuple(units.length(w, "wavelength") for w in wavelengths)
        for w in self.wavelengths:
            if not 0 < w < math.inf:
                raise ValueError(f"the wavelength is {w:g} m; expected a finite one above 0")
        self._light = _api.onn_light(
            lib.onn_type_complex(arrays.type_of(precision)), len(wavelengths),
            (ctypes.c_double * _api.NUMBERS["ONN_MAX_WAVELENGTHS"])(*self.wavelengths))

    @classmethod
    def _of(cls, light):
        self = cls.__new__(cls)
        self.wavelengths = tuple(light.wavelength[:light.nwavelengths])
        self._light = _api.onn_light.from_buffer_copy(light)
        return self

    @property
    def dtype(self):
        """Of the fields: complex64 or complex128."""
        return arrays.DTYPES[self._light.type]

    @property
    def _real(self):
        return arrays.DTYPES[lib.onn_type_real(self._light.type)]

    def __repr__(self):
        lengths = ", ".join(units.text(w, "m") for w in self.wavelengths)
        return f"<onn.Light of {lengths}, {self.dtype}>"


class Field:
    """A complex amplitude on a grid: `e`, a node [..., y, x] or [..., wavelength, y, x].

    Each method gives the light behind what it names.
    """

    def __init__(self, e, grid, light):
        self.e, self.grid, self.light = e, grid, light

    @property
    def graph(self):
        return self.e.graph

    @property
    def shape(self):
        return self.e.shape

    def _field(self):
        return _api.onn_field(self.e._node, self.grid._grid, self.light._light)

    def _behind(self, function, *arguments):
        made = function(self.graph._address, self._field(), *arguments)
        e = self.graph._node(_api.onn_node(made.e.id))
        grid = self.grid if bytes(made.grid) == bytes(self.grid._grid) else Grid._of(made.grid)
        return Field(e, grid, self.light)

    # ---- free space ----

    def propagate(self, z, method="auto", evanescent="decay", pad="half", to=None, near=None):
        """The field a distance z further on.

        z       metres, or a text such as "5cm"; or a node, for derivatives by the distance, and
                then `near` is a number that it is near to
        method  auto, asm, band-limited, fresnel, fraunhofer, rs, scaled
        pad     zeros on each side, pixels, one number or (y, x); "half" the size
        to      scaled: the grid of the result
        """
        how = self._how(method, evanescent, pad, to)
        if isinstance(z, Node):
            if near is None:
                raise TypeError("a distance that is a node needs near=, a number that it is near to")
            how.distance, z = z.astype("f64")._node, near
        return self._behind(lib.onn_propagate, units.length(z, "distance"), ctypes.byref(how))

    @staticmethod
    def _how(method, evanescent, pad, to):
        how = _api.onn_propagation(ctypes.sizeof(_api.onn_propagation))
        how.method = choice("method", method, _METHODS)
        how.evanescent = choice("evanescent", evanescent, _EVANESCENT)
        for axis, n in enumerate(units.pair(pad, lambda n: -1 if n == "half" else int(n))):
            how.pad[axis] = n
        if to is not None:
            how.to = to._grid
        return how

    def sampling(self, z, method="auto", evanescent="decay", pad="half", to=None):
        """How well `propagate` with these would sample its way: method, enough, why, error.

        The rules know the grid alone, not this light: a smooth beam far from its edges may come out
        right anyway. error is of the worst light that the grid can hold, of its finest frequencies:
        the largest error of an amplitude, over the light's largest.
        """
        out = _api.onn_sampling()
        how = self._how(method, evanescent, pad, to)
        check(lib.onn_propagation_choose(
            ctypes.byref(out), ctypes.byref(self.grid._grid), ctypes.byref(self.light._light),
            units.length(z), ctypes.byref(how)))
        return Sampling(_METHODS[out.method], out.enough, out.why.decode(), out.error)

    def _warn_of_steps(self, what, sample, *arguments):
        """Where a phase turns too fast from pixel to pixel."""
        found = _api.onn_phase_sampling()
        check(sample(ctypes.byref(found), ctypes.byref(self.grid._grid),
                     ctypes.byref(self.light._light), *arguments))
        if not found.enough:
            warn(f"{what} is sampled too coarsely: {found.why.decode()}", SamplingWarning)

    def _warn_of_size(self, what, size):
        if any(s < p for s, p in zip(size, self.grid.pitch)):
            (sy, sx), (py, px) = ([units.text(x, "m") for x in pair] for pair in (size, self.grid.pitch))
            warn(f"{what} of {sy} x {sx} is smaller than a pixel, {py} x {px}", SamplingWarning)

    # ---- what stands in it ----

    def lens(self, f, at=(0, 0)):
        """Behind a thin lens of focal length f about a centre (y, x); f may be a node, whose 0 is NaN in all that follows."""
        y, x = units.pair(at, units.named("at"))
        if not isinstance(f, Node):
            f = units.length(f, "f")
            behind = self._behind(lib.onn_thin_lens, f, y, x)
            self._warn_of_steps("a lens", lib.onn_lens_sampling, f, y, x)
            return behind
        r2 = (self.grid.y - y) ** 2 + (self.grid.x - x) ** 2
        k = 2 * math.pi / np.array(self.light.wavelengths)
        table = k[:, None, None] * r2 / 2 if len(k) > 1 else k[0] * r2 / 2
        return self.plate(-table / f.astype("f64"))

    def plate(self, phase):
        """Behind a plate that delays by a phase in radians, an array or a node."""
        phase = as_node(phase, self.graph)
        if phase.dtype.itemsize > self.light._real.itemsize:
            # whole turns go before the digits do
            turns = stop(floor(phase / (2 * math.pi))) * (2 * math.pi)
            phase = (phase - turns).astype(self.light._real)
        return self._behind(lib.onn_phase_plate, phase._node)

    def mask(self, transmission, passive=False):
        """Times a transmission, complex or real, an array or a node; passive: never above 1."""
        transmission = as_node(transmission, self.graph)
        wanted = self.light.dtype if transmission.dtype.kind == "c" else self.light._real
        make = lib.onn_passive_plate if passive else lib.onn_complex_plate
        return self._behind(make, transmission.astype(wanted)._node)

    def heights(self, height, index):
        """Behind a plate of material: its height in metres, its refractive index."""
        height = as_node(height, self.graph).astype(self.light._real)
        return self._behind(lib.onn_height_plate, height._node, index)

    def aperture(self, radius=None, sides=None, at=(0, 0)):
        """Through a hole: a circle of that radius, or a rectangle of sides (height, width)."""
        y, x = units.pair(at, units.named("at"))
        if (radius is None) == (sides is None):
            raise TypeError("an aperture has a radius or sides")
        if radius is not None:
            radius = units.length(radius, "radius")
            self._warn_of_size("an aperture", (2 * radius, 2 * radius))
            return self._behind(lib.onn_circular_aperture, radius, y, x)
        sides = units.pair(sides, units.named("sides"))
        self._warn_of_size("an aperture", sides)
        return self._behind(lib.onn_rectangular_aperture, *sides, y, x)

    def absorb(self, absorber, depth=None):
        """Through a sheet of saturable absorber (onn.Absorber); depth: a node in place of its own."""
        if depth is None:
            return self._behind(lib.onn_absorbing_sheet, absorber._pointer)
        depth = as_node(depth, self.graph).astype(self.light._real)
        return self._behind(lib.onn_absorbing_sheet_of, absorber._pointer, depth._node)

    def __mul__(self, factor):
        factor = factor.e if isinstance(factor, Field) else factor
        return Field(self.e * factor, self.grid, self.light)

    __rmul__ = __mul__

    def __add__(self, other):
        """Light that interferes."""
        return Field(self.e + other.e, self.grid, self.light)

    def __sub__(self, other):
        return Field(self.e - other.e, self.grid, self.light)

    # ---- what it is seen by ----

    @property
    def intensity(self):
        """|E|^2, a node."""
        return abs2(self.e)

    @property
    def phase(self):
        """Of E, in (-pi, pi], a node."""
        return arg(self.e)

    @property
    def power(self):
        """|E|^2 summed over pixels, times dy dx, a node."""
        return self.graph._node(lib.onn_power(self.graph._address, self._field()))

    def numpy(self, device=None):
        """Its amplitudes, where they depend on no variable."""
        return self.e.numpy(device)

    def __array__(self, dtype=None, copy=None):
        return self.e.__array__(dtype)

    def plot(self, show="auto", log=0, gamma=1, ax=None, **more):
        """Draws it by Matplotlib, with axes; the axes, one or an array of them: `.figure` is theirs.

        show   auto (intensity and phase), intensity, amplitude, phase, real, imaginary
        log    decades of a logarithmic scale; 0: linear
        gamma  colours go by value^gamma: below 1 shows faint light
        ax     axes to draw in, one for each panel; else a new figure's
        more   max: the end of the scale; each: panels have scales of their own; pixels (480): where there
               are more along an axis, blocks of them are shown, each by its largest number
        """
        return plots.plot(self._sources(), plots.Look(show, log, gamma, **more), ax)

    def _sources(self):
        """For plots: each of its fields, by the colour or its place."""
        e, colours = self.numpy(), self.light.wavelengths
        places = list(np.ndindex(e.shape[:-2]))
        names = [", ".join(map(str, at)) for at in places]
        if len(colours) > 1:
            names = [", ".join([*map(str, at[:-1]), units.text(colours[at[-1]], "m")]) for at in places]
        return [plots.Source(e[at], self.grid, name) for at, name in zip(places, names)]

    def _repr_png_(self):
        """In notebooks: intensity and phase, with axes where Matplotlib is."""
        if self.e.ndim != 2 or self.graph.variables:
            return None
        return plots.shown(self._sources(), plots.Look()) or pictures.light(self.numpy())

    def __repr__(self):
        return f"<onn.Field {self.e.dtype} {list(self.shape)}, {self.grid!r}, {self.light!r}>"


# ---- sources ----

def _source(make, grid, light, *arguments):
    graph = current_graph()
    made = make(graph._address, ctypes.byref(grid._grid), ctypes.byref(light._light), *arguments)
    return Field(graph._node(_api.onn_node(made.e.id)), grid, light)


def field(e, grid, light):
    """An array or a node as light: complex, or real as amplitude."""
    graph = e.graph if isinstance(e, Node) else current_graph()
    node = as_node(e, graph).astype(light.dtype)
    made = lib.onn_field_of(graph._address, node._node, ctypes.byref(grid._grid),
                            ctypes.byref(light._light))
    return Field(graph._node(_api.onn_node(made.e.id)), grid, light)


def plane_wave(grid, light, tilt=(0, 0)):
    """Amplitude 1, at angles (y, x) to the axis."""
    return _source(lib.onn_plane_wave, grid, light,
                   *units.pair(tilt, units.named("tilt", "rad")))


def point_source(grid, light, z, at=(0, 0)):
    """Light of a point a distance z before the grid; z below 0: that converges to one."""
    return _source(lib.onn_point_source, grid, light, *units.pair(at, units.named("at")),
                   units.length(z, "distance"))


def gaussian_beam(grid, light, waist, z=0):
    """A beam of that waist radius, z behind its waist."""
    return _source(lib.onn_gaussian_beam, grid, light, units.length(waist, "waist"),
                   units.length(z, "distance"))


def hermite_gauss(grid, light, order, waist, z=0):
    """A mode of orders (y, x) and power 1."""
    return _source(lib.onn_hermite_gauss, grid, light, *units.pair(order, int),
                   units.length(waist, "waist"),
                   units.length(z, "distance"))


def laguerre_gauss(grid, light, radial, charge, waist, z=0):
    """A mode of power 1 with that many dark rings, and turns of the phase about the axis."""
    return _source(lib.onn_laguerre_gauss, grid, light, radial, charge, units.length(waist, "waist"),
                   units.length(z, "distance"))


# ---- phases and masks on a grid ----

def _map(make, grid, light, *arguments):
    graph = current_graph()
    return graph._node(make(graph._address, arrays.type_of(light._real),
                            ctypes.byref(grid._grid), *arguments))


def zernike(grid, light, n, m, radius):
    """A Zernike polynomial on a disc, in Noll's normalisation; 0 outside."""
    return _map(lib.onn_zernike, grid, light, n, m, units.length(radius, "radius"))


def blazed_grating(grid, light, period, angle=0):
    """The phase of a sawtooth from 0 to 2 pi along a direction."""
    return _map(lib.onn_blazed_phase, grid, light, units.length(period, "period"),
                units.number(angle, "rad", "angle"))


# ---- what light is read by ----

def detect(intensity, regions):
    """The sum of an intensity [..., y, x] over each region (y, x, ny, nx) of pixels: [..., n]."""
    rows = (_api.onn_region * len(regions))(*(_api.onn_region(*map(int, r)) for r in regions))
    return intensity._call(lib.onn_detect, rows, len(regions))


def camera(intensity, photons=1e4, read_noise=0.0, full_well=math.inf, bits=0, shot_noise=False,
           seed=0, stream=0, step=0):
    """What a camera reads of an intensity, in its units again.

    photons     photoelectrons for an intensity of 1 on a pixel
    read_noise  standard deviation, electrons
    full_well   electrons that saturate a pixel; bits: of the converter, 0: no rounding
    step        a number or a node: other steps draw other noise
    """
    graph = intensity.graph
    step = step if isinstance(step, Node) else graph.constant(np.array(step, np.uint32))
    how = _api.onn_camera(ctypes.sizeof(_api.onn_camera), photons, read_noise, full_well, bits,
                          shot_noise, seed, stream)
    return intensity._call(lib.onn_camera_reading, ctypes.byref(how), step._node)


def slm_phase(phase, levels=0):
    """The phase that a modulator of so many levels shows; its derivative passes straight through."""
    how = _api.onn_slm(ctypes.sizeof(_api.onn_slm), levels, 1)
    return phase._call(lib.onn_slm_phase, ctypes.byref(how))


# ---- one call for arrays ----

_plans = {}


def propagate(e, z, wavelength=None, pitch=None, method="auto", evanescent="decay", pad="half",
              device=None):
    """Fields in an array [..., y, x], a distance z further on, as an array.

    z   one distance, or several: a list, an array, or as the command takes them, "1cm,2cm", "1cm:10cm:91"; then an
        onn.Way, which has the array at each, and plots the light from the side
    e   an array; or a Field, which has its wavelength and pixels itself

    The plan for a shape, type, distance and device is kept for the next call. For derivatives,
    and for more than one element, build with `Field`.
    """
    e, wavelength, pitch = _light_of(e, wavelength, pitch, device)
    from . import way
    if way.several(z):
        return way.propagate(e, z, *_on_grid(e, wavelength, pitch), method, evanescent, pad, device)
    key = (e.shape, e.dtype, z, wavelength, pitch, method, evanescent, pad, device)
    run = _plans.get(key)
    if run is None:
        from .plan import Plan
        graph = type(current_graph())()
        node = graph.variable("e", e.shape, e.dtype)
        far = field(node, *_on_grid(e, wavelength, pitch)).propagate(z, method, evanescent, pad)
        if len(_plans) >= 16:
            _plans.pop(next(iter(_plans)))
        run = _plans[key] = Plan(far.e, device)
    return run(e)


def _light_of(e, wavelength, pitch, device):
    """The amplitudes, and what propagate has been told of them, as a key of a dictionary."""
    if isinstance(e, Field):
        if wavelength is not None or pitch is not None:
            raise TypeError("a Field has its wavelength and pitch; expected them beside an array alone")
        return e.numpy(device), e.light.wavelengths, e.grid
    if wavelength is None or pitch is None:
        raise TypeError("an array needs its wavelength and pitch, as in propagate(e, \"3cm\", \"532nm\", \"8um\")")
    e = np.asarray(e)
    if e.dtype not in (np.complex64, np.complex128):
        e = e.astype(np.complex64 if e.dtype == np.float32 else np.complex128)
    return e, *(tuple(x) if isinstance(x, list) else x for x in (wavelength, pitch))


def _on_grid(e, wavelength, pitch):
    colours = wavelength if isinstance(wavelength, tuple) else (wavelength,)
    grid = pitch if isinstance(pitch, Grid) else Grid(e.shape[-2:], pitch)
    return grid, Light(*colours, precision="f32" if e.dtype == np.complex64 else "f64")
