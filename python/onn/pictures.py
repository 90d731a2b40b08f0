"""Pictures for notebooks, in the colours of onn plot: of fields intensity beside phase, of others their numbers."""
import os
import tempfile

import numpy as np

from . import arrays
from ._library import check, lib

LIGHT = np.array([(0, 0, 4), (66, 10, 104), (147, 38, 103), (221, 81, 58), (252, 165, 10),
                  (252, 255, 164)], float)
PHASE = np.array([(242, 242, 242), (74, 144, 200), (20, 20, 42), (200, 88, 74),
                  (242, 242, 242)], float)
SIGNED = np.array([(0, 48, 79), (0, 114, 178), (159, 203, 230), (247, 247, 247), (243, 193, 154), (213, 94, 0),
                   (102, 34, 0)], float)


def coloured(x, colours):
    """Numbers from 0 to 1 in a map's colours, u8 [..., 3]."""
    place = np.clip(x, 0, 1) * (len(colours) - 1)
    low = np.minimum(place.astype(int), len(colours) - 2)
    part = (place - low)[..., None]
    return np.round(colours[low] * (1 - part) + colours[low + 1] * part).astype(np.uint8)


def _joined(parts, zoom=None):
    """Pictures of one height beside each other, pixels repeated where they are few."""
    gap = np.full((len(parts[0]), max(parts[0].shape[1] // 32, 1), 3), 255, np.uint8)
    row = [part for each in parts for part in (gap, each)][1:]
    zoom = zoom or max(1, 256 // max(parts[0].shape[:2]))
    return np.concatenate(row, 1).repeat(zoom, 0).repeat(zoom, 1)


def numbers(*arrays_):
    """Real arrays [y, x], each from its smallest to its largest, as the bytes of a PNG."""
    parts = []
    for x in arrays_:
        x = np.asarray(x, float)
        low, span = np.nanmin(x), np.nanmax(x) - np.nanmin(x)
        parts.append(coloured(np.nan_to_num((x - low) / span if span else x * 0), LIGHT))
    return png(_joined(parts))


def light(e):
    """A complex array [y, x] as the bytes of a PNG."""
    return png(side_by_side(e))


def side_by_side(e, zoom=None):
    """Intensity over its largest, and phase, as one picture."""
    intensity = np.abs(e) ** 2
    peak = intensity.max()
    bright = coloured(intensity / peak if peak else intensity, LIGHT)
    phase = coloured(np.angle(e) % (2 * np.pi) / (2 * np.pi), PHASE)
    phase[np.abs(e) <= 1e-6 * np.sqrt(peak)] = 140  # light that is too faint to have one
    return _joined([bright, phase], zoom)


def png(picture):
    """A picture u8 [y, x, 3] as the bytes of a PNG."""
    handle = arrays.to_array(picture)
    path = os.path.join(tempfile.mkdtemp(), "field.png")
    try:
        check(lib.onn_image_save(handle.address, path.encode(), 8))
        with open(path, "rb") as file:
            return file.read()
    finally:
        if os.path.exists(path):
            os.unlink(path)
        os.rmdir(os.path.dirname(path))
