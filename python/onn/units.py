"""Numbers with units: "532nm" as well as 532e-9."""
import ctypes

from ._library import lib


def number(value, unit):
    """A number in SI: itself, or what a text with a unit of that kind says."""
    if not isinstance(value, str):
        return float(value)
    text, out = value.encode(), ctypes.c_double()
    if not lib.onn_quantity_read(ctypes.byref(out), text, len(text), unit.encode()):
        raise ValueError(f"{value!r} is no number in {unit}, or with a unit of that kind")
    return out.value


def length(value):
    """Metres."""
    return number(value, "m")


def pair(value, read):
    """(y, x) of one that stands for both, or of two."""
    if isinstance(value, (tuple, list)):
        y, x = value
        return read(y), read(x)
    return read(value), read(value)


def text(value, unit, digits=6):
    """As a person writes it: 532 nm."""
    room = ctypes.create_string_buffer(64)
    return lib.onn_quantity_text(room, len(room), digits, value, unit.encode()).decode()
