"""Numbers with units: "532nm" as well as 532e-9."""
import ctypes
import itertools
import math
import numbers
from collections.abc import Iterable

from ._library import lib
from .warned import UnitWarning, warn


KINDS = tuple(unit.decode() for unit in iter(map(lib.onn_quantity_unit, itertools.count()).__next__, None))


def _read(text, unit):
    """What a text says, in that unit; None where it is no such number."""
    data, out = text.encode(), ctypes.c_double()
    fine = lib.onn_quantity_read(ctypes.byref(out), data, len(data), unit and unit.encode())
    return out.value if fine else None


def number(value, unit, name=None):
    """A number in SI: itself, or what a text with a unit of that kind says.

    name: what it is, "wavelength", by which a plain number that nobody means is warned of.
    """
    if not isinstance(value, str):
        if isinstance(value, (list, tuple)):
            raise TypeError(f"{value!r} is a list; expected one number{', ' + name if name else ''}")
        value, room = float(value), ctypes.create_string_buffer(96)
        doubt = name and lib.onn_quantity_doubt(
            room, len(room), value, name.encode(), unit.encode())
        if doubt:
            warn(f"{name} is {value:g}; expected {room.value.decode()}", UnitWarning)
        return value
    found = _read(value, unit)
    if found is None:
        raise ValueError(f"{value!r} is no number{f' in {unit}, or with a unit of that kind' if unit else ''}")
    return found


def of_any_kind(text):
    """What a text says in SI, whatever it is of."""
    try:
        return float(text)
    except ValueError:
        pass
    for unit in KINDS:
        found = _read(text, unit)
        if found is not None:
            return found
    raise ValueError(f"{text!r} is no number, or with none of the units {', '.join(KINDS)}")


def length(value, name=None):
    """Metres."""
    return number(value, "m", name)


def named(name, unit="m"):
    """What reads a number of that name."""
    return lambda value: number(value, unit, name)


def series(values, read, name):
    """A list of numbers: of a list or array, or of a text as options of the command take it, "1mm,2mm,5mm",
    "MIN:MAX:COUNT" or "MIN:MAX:COUNT:log".

    read: gives a number in SI of a number or a text, and raises where it is none
    """
    if isinstance(values, str) and ":" in values:
        return _sweep(values, read, name)
    if isinstance(values, str):
        values = [x.strip() for x in values.split(",")]
    if isinstance(values, numbers.Real):
        values = [values]
    if not isinstance(values, Iterable):
        raise TypeError(f"{name} is {values!r}; expected numbers, or a text such as 1mm,2mm or MIN:MAX:COUNT")
    found = [read(x) for x in values]
    if not found:
        raise ValueError(f"{name} has no values; expected one at least")
    return found


def _sweep(text, read, name):
    """Equal steps, or equal factors; both ends included and exact."""
    low, high, count, *how = text.split(":") + [""] * (2 - text.count(":"))
    count = int(count) if count.isdecimal() else 0
    if how in ([], ["log"]) and 2 <= count <= 1000000:
        low, high = read(low), read(high)
        part = [i / (count - 1) for i in range(count - 1)]
        if how and 0 < low < high:
            return [low * math.pow(high / low, x) for x in part] + [high]
        if not how and low < high:
            return [low + (high - low) * x for x in part] + [high]
    raise ValueError(f"{name} is {text!r}; expected MIN:MAX:COUNT with MIN below MAX and COUNT from 2 to 1000000, or "
                     "MIN:MAX:COUNT:log with MIN above 0")


def pair(value, read):
    """(y, x) of one that stands for both, or of two."""
    if isinstance(value, (tuple, list)):
        y, x = value
        return read(y), read(x)
    return read(value), read(value)


def text(value, unit, digits=6):
    """As a person writes it: 532 nm."""
    room = ctypes.create_string_buffer(64)
    return lib.onn_quantity_text(room, len(room), digits, value, unit and unit.encode()).decode()
