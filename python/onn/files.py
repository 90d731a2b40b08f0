"""Files of this field: arrays, pictures, phases, and what plates are made from."""
import ctypes
import os
from collections import namedtuple

import numpy as np

from . import _api, arrays
from ._library import check, create, lib
from .optics import Grid
from .settings import choice
from .units import length
from .warned import ClipWarning, warn

Cell = namedtuple("Cell", "layers rectangles rounding narrowest narrower contacts")
_PICTURES = (".png", ".tif", ".tiff", ".jpg", ".jpeg")
_LAYERS = ("levels", "masks")


def load(path):
    """The numbers of a file, by the ending of its name.

    "a.npy", and an array of several as "a.npz:name", "a.safetensors:name", "a.h5:/path/name",
    "a.mat:name" (without a name where the file has one only); pictures (.png, .tif, .jpg) as shades
    from 0 to 1; phases of OpticStudio (.dat).
    """
    name = str(path)
    if name.lower().endswith(_PICTURES):
        return arrays.take(lib.onn_image_load, name.encode())
    if name.lower().endswith(".dat"):
        return load_zemax(name)[0]
    return arrays.load(name)


def save(path, x, bits=16):
    """Numbers into a file, by the ending of its name, as load takes it.

    With a name behind a colon an array is added to a file that is there, or takes the place of the one
    of its name. Pictures (.png, .tif) are of real numbers from 0 to 1 in so many bits, 8 or 16, of a
    .tif also 32, floats that are not cut. Others are cut to 0 and 1, and a ClipWarning says how many.
    """
    x = arrays.as_numpy(x)
    handle, name = arrays.to_array(x), str(path)
    if name.lower().endswith(_PICTURES):
        check(lib.onn_image_save(handle.address, name.encode(), bits))
        if bits < 32:
            _warn_of_cuts(name, x)
    else:
        check(lib.onn_array_save(handle.address, name.encode()))


def _warn_of_cuts(name, x):
    count = 0 if x.dtype.kind == "u" else np.count_nonzero((x < 0) | (x > 1))
    if count:
        warn(f"{name}: {count} of {x.size} numbers were cut to 0 or 1, as they lie outside, from {x.min():.6g} to "
             f"{x.max():.6g}; expected numbers from 0 to 1, as x / x.max() has", ClipWarning)


def load_zemax(path):
    """A grid of phases of OpticStudio's: phases [y, x] in radians, and the Grid."""
    grid = _api.onn_grid()
    phase = arrays.take(lambda out, *given: lib.onn_zemax_read(out, ctypes.byref(grid), *given),
                        str(path).encode())
    return phase, Grid._of(grid)


def save_zemax(path, phase, pitch):
    """Phases [y, x] as a grid for OpticStudio's surface Grid Phase. pitch: or a Grid."""
    handle = arrays.to_array(np.asarray(phase, float))
    grid = _grid(pitch, np.shape(phase))
    check(lib.onn_zemax_write(str(path).encode(), handle.address, ctypes.byref(grid._grid)))


def levels(phase, levels, unwrap=False):
    """The levels [y, x], from 0 up, of a plate that is made in steps of 2 pi/levels.

    phase  of the plate, or its complex transmission; a constant is added so that few neighbours are a
           wave apart
    """
    plate = np.asarray(phase)
    handle = arrays.to_array(plate if plate.dtype.kind in "fc" else plate.astype(float))
    surface = create(lambda out, *given: lib.onn_plate_relief(out, None, *given),
                     lib.onn_array_destroy, handle.address, unwrap)
    return arrays.take(lib.onn_relief_levels, surface.address, levels)


def save_gds(path, levels, pitch, layers="levels", feature=0, unit="1nm"):
    """Levels [y, x], or of plates [plate, y, x], as GDSII; gives what each plate came to, a list of Cell.

    pitch    of the pixels, or a Grid
    layers   "levels": layer k has the pixels of level k; "masks": layer b those whose level has bit b
    feature  the narrowest line that can be made: narrower ones are counted
    unit     of the database
    """
    x = np.asarray(levels)
    if x.dtype.kind not in "iub":
        raise TypeError(f"levels are {x.dtype}; expected whole numbers")
    handle = arrays.to_array(x.astype(np.int32))
    grid = _grid(pitch, x.shape[-2:])
    how = _api.onn_gds(ctypes.sizeof(_api.onn_gds), choice("layers", layers, _LAYERS), length(unit),
                       length(feature))
    report = (_api.onn_gds_report * (x.shape[0] if x.ndim == 3 else 1))()
    check(lib.onn_gds_write(report, str(path).encode(), handle.address, ctypes.byref(grid._grid),
                            ctypes.byref(how)))
    return [Cell(*(getattr(r, name) for name in Cell._fields)) for r in report]


def load_lut(path):
    """The phases of a modulator's 256 levels: of a text or an array, of all, or of some measured."""
    return arrays.take(lib.onn_slm_lut_load, str(path).encode())


def slm_pattern(phase, two_pi_level=256, lut=None, flatness=None):
    """Grey levels of 8 bits that show phases, or a complex transmission, [y, x], on a modulator.

    two_pi_level  the level that shows 2 pi, level 0 showing 0
    lut           instead: the phase of each of the 256 levels, nan where it is not known; or a file
    flatness      what the panel adds of itself, radians [y, x], or a file: it is subtracted
    """
    plate = np.asarray(phase)
    handle = arrays.to_array(plate if plate.dtype.kind in "fc" else plate.astype(float))
    display, _kept = _display(two_pi_level, lut, flatness)
    return arrays.take(lambda out, *given: lib.onn_slm_pattern(out, None, *given), handle.address,
                       ctypes.byref(display))


def slm_pattern_phase(grey, two_pi_level=256, lut=None, flatness=None):
    """The phases that light gets from such grey levels, the panel's own among them: from 0 to 2 pi."""
    handle = arrays.to_array(np.asarray(grey, np.uint8))
    display, _kept = _display(two_pi_level, lut, flatness)
    return arrays.take(lib.onn_slm_pattern_phase, handle.address, ctypes.byref(display))


def _display(two_pi_level, lut, flatness):
    """As C has it, and what it lends."""
    if isinstance(lut, (str, os.PathLike)):
        lut = load_lut(lut)
    if isinstance(flatness, (str, os.PathLike)):
        picture = str(flatness).lower().endswith(_PICTURES)
        flatness = load(flatness) * (2 * np.pi if picture else 1)
    kept = [None if x is None else arrays.to_array(np.asarray(x, float)) for x in (lut, flatness)]
    addresses = [x and x.address for x in kept]
    return _api.onn_slm_display(ctypes.sizeof(_api.onn_slm_display), two_pi_level, *addresses), kept


def save_stl(path, height, pitch, base="1mm"):
    """Heights [y, x] in metres as a solid on a base of that thickness, in millimetres."""
    handle = arrays.to_array(np.asarray(height, float))
    grid = _grid(pitch, np.shape(height))
    check(lib.onn_stl_write(str(path).encode(), handle.address, ctypes.byref(grid._grid), length(base)))


def _grid(pitch, shape):
    return pitch if isinstance(pitch, Grid) else Grid(shape, pitch)
