"""The library itself: found, loaded, its functions with the types that its headers give them."""
import ctypes
import os
import threading
from pathlib import Path

from . import _api
from .errors import BY_STATUS


def _find():
    """In the package, where a wheel has it; beside it, in the build tree; else where the system looks."""
    folder = Path(__file__).resolve().parent
    given = os.environ.get("ONN_LIBRARY")
    for path in (given, folder / "libonn.so", folder.parent.parent / "libonn.so"):
        if path and Path(path).exists():
            return str(path)
    return "libonn.so.0"


class Library:
    """C functions as attributes. ctypes lets other threads of Python go on while one runs."""

    def __init__(self):
        self._file = ctypes.CDLL(_find())

    def __getattr__(self, name):
        try:
            result, arguments = _api.FUNCTIONS[name]
        except KeyError:
            raise AttributeError(name) from None
        function = getattr(self._file, name)
        function.restype, function.argtypes = result, arguments
        setattr(self, name, function)  # the next time it is found at once
        return function


lib = Library()


pending = threading.local()  # .error: what a function of Python raised while the library called it


def check(status):
    """Raises what a status stands for."""
    if status:
        cause, pending.error = getattr(pending, "error", None), None
        raise BY_STATUS[status](lib.onn_last_error().decode()) from cause


def take_text(address):
    """A text that the library gave away."""
    if not address:
        raise BY_STATUS[_api.NUMBERS["ONN_ERROR_MEMORY"]](lib.onn_last_error().decode())
    text = ctypes.string_at(address).decode()
    lib.onn_free(address)
    return text


class Handle:
    """An object of the library's, destroyed with its owner; what it `needs` is destroyed after it.

    Python finds cycles of garbage, and finalizes what is in them in any order: so users are counted.
    """

    __slots__ = ("address", "_destroy", "_needs", "_users", "_left", "__weakref__")

    def __init__(self, address, destroy, *needs):
        self.address, self._destroy, self._needs = address, destroy, needs
        self._users, self._left = 0, False
        for other in needs:
            other._users += 1

    def __del__(self):
        self._left = True
        self._end()

    def _end(self):
        if not self._left or self._users or not self.address:
            return
        self._destroy(self.address)
        self.address = None
        for other in self._needs:
            other._users -= 1
            other._end()


def create(make, destroy, *arguments, needs=()):
    """A handle of what `make` gives in its first argument."""
    out = ctypes.c_void_p()
    check(make(ctypes.byref(out), *arguments))
    return Handle(out.value, destroy, *needs)
