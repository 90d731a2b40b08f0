"""NumPy's arrays and the library's, and the element types of both."""
import ctypes

import numpy as np

from ._api import NUMBERS
from ._library import create, lib

_NAMES = ("uint8", "int32", "uint32", "float32", "float64", "complex64", "complex128")
DTYPES = tuple(np.dtype(name) for name in _NAMES)  # by onn_type
_TYPES = {dtype: i for i, dtype in enumerate(DTYPES)}
_SHORT = {"u8": "uint8", "i32": "int32", "u32": "uint32", "f32": "float32", "f64": "float64",
          "c64": "complex64", "c128": "complex128"}
MOST_AXES = NUMBERS["ONN_MAX_DIMS"]


def type_of(dtype):
    """The onn_type of a NumPy type, or of a name, "f32" as well as "float32"."""
    if isinstance(dtype, str):
        dtype = _SHORT.get(dtype, dtype)
    dtype = np.dtype(dtype)
    if dtype == np.bool_:
        dtype = np.dtype(np.uint8)
    try:
        return _TYPES[dtype]
    except KeyError:
        raise TypeError(f"{dtype} has no counterpart; expected one of {', '.join(_NAMES)}") from None


def shape_of(sizes):
    """A shape as C takes it."""
    sizes = tuple(int(n) for n in np.atleast_1d(sizes)) if np.ndim(sizes) == 0 else tuple(sizes)
    return (ctypes.c_size_t * max(len(sizes), 1))(*sizes), len(sizes)


def as_numpy(x):
    """Dense, in a type that the library has: whole numbers of Python become i32, truth values u8."""
    if hasattr(x, "__dlpack__") and not hasattr(x, "__array__"):
        x = np.from_dlpack(x)
    x = np.asarray(x)
    if x.dtype == np.int64 and (not x.size or np.abs(x).max() < 2**31):
        x = x.astype(np.int32)
    elif x.dtype == np.bool_:
        x = x.astype(np.uint8)
    type_of(x.dtype)
    return np.ascontiguousarray(x).reshape(x.shape)


def to_array(x):
    """A copy of a NumPy array as an onn_array; a handle."""
    x = as_numpy(x)
    shape, ndim = shape_of(x.shape)
    return create(lib.onn_array_from, lib.onn_array_destroy, type_of(x.dtype), ndim, shape,
                  x.ctypes.data)


def view(address, owner, writable=True):
    """An onn_array's numbers as a NumPy array, without a copy. They live as long as `owner`."""
    ndim = lib.onn_array_ndim(address)
    shape = ctypes.cast(lib.onn_array_shape(address), ctypes.POINTER(ctypes.c_size_t))[:ndim]
    dtype = DTYPES[lib.onn_array_type(address)]
    size = lib.onn_array_count(address) * dtype.itemsize
    if not size:
        return np.zeros(shape, dtype)
    memory = (ctypes.c_char * size).from_address(lib.onn_array_data(address))
    memory.owner = owner  # NumPy keeps what the memory is of
    x = np.frombuffer(memory, dtype).reshape(shape)
    x.flags.writeable = writable
    return x


def take(make, *arguments):
    """The onn_array that `make` gives away, as a NumPy array without a copy."""
    handle = create(make, lib.onn_array_destroy, *arguments)
    return view(handle.address, handle)


def load(path):
    """An array of a file, as onn_array_load reads it."""
    return take(lib.onn_array_load, str(path).encode())
