"""What can go wrong: an exception for each onn_status, with the library's own text."""


class OnnError(Exception):
    """Whatever the library could not do."""


class ArgumentError(OnnError, ValueError):
    """A value, shape, type or name that the call does not take."""


class UnsupportedError(OnnError, NotImplementedError):
    """Right in itself, but not possible with this device or build."""


class NoMemoryError(OnnError, MemoryError):
    """Memory could not be had, or a size overflows."""


class FileError(OnnError, OSError):
    """A file could not be found, read or written."""


class FormatError(OnnError, ValueError):
    """A file was read, and its contents are not what they must be."""


class DeviceError(OnnError, RuntimeError):
    """A device or its driver failed."""


class NumericError(OnnError, ArithmeticError):
    """A result is not finite where it must be."""


class Cancelled(OnnError):
    """A callback asked to stop; nothing is wrong."""


# in the order of onn_status, which begins with ONN_OK
BY_STATUS = (None, ArgumentError, UnsupportedError, NoMemoryError, FileError, FormatError,
             DeviceError, NumericError, Cancelled)
