"""Tables of settings as Python's attributes: what may be set, its standard, its checks."""
import ctypes
import json

from . import _api
from ._library import check, lib, take_text


def choice(name, word, words):
    """Which of the words it is."""
    try:
        return words.index(word)
    except ValueError:
        raise ValueError(f"{name} is {word!r}; expected one of {', '.join(words)}") from None


def as_text(value):
    """As onn_settings_set reads it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return ",".join(map(as_text, value)) if len(value) else "none"
    return repr(float(value)) if isinstance(value, float) else str(value)


class Settings:
    """A structure of the library's. Subclasses name its type and table."""

    _type, _table = None, None

    def __init__(self, **given):
        table = getattr(lib, self._table)()
        values = self._type()
        ctypes.memmove(ctypes.byref(values),
                       ctypes.cast(table, ctypes.POINTER(_api.onn_settings)).contents.standard,
                       ctypes.sizeof(values))
        self.__dict__.update(_settings=table, _values=values, _pointer=ctypes.byref(values))
        for name, value in given.items():
            setattr(self, name, value)
        check(lib.onn_settings_check(table, self._pointer))

    def __setattr__(self, name, value):
        written = name.encode()
        if not lib.onn_settings_find(None, self._settings, written):
            written = written.replace(b"_", b"-")  # "slm-levels" is slm_levels here
        check(lib.onn_settings_set(
            self._pointer, self._settings, written, as_text(value).encode()))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        found = self.dict()
        if name not in found:
            raise AttributeError(f"{type(self).__name__} has no {name}; it has {', '.join(found)}")
        return found[name]

    def dict(self):
        """All settings by name."""
        text = take_text(lib.onn_settings_to_json(self._settings, self._pointer))
        return {name.replace("-", "_"): value for name, value in json.loads(text).items()}

    def __dir__(self):
        return [*super().__dir__(), *self.dict()]

    def __repr__(self):
        usual = type(self)().dict()
        said = (f"{k}={v!r}" for k, v in self.dict().items() if v != usual.get(k))
        return f"onn.{type(self).__name__}({', '.join(said)})"
