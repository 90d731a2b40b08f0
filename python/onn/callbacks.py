"""Python's functions called by the library while it works: what they raise, and Ctrl-C, ends the work."""
import contextlib
import ctypes
import signal
import threading


class Callbacks:
    """Those of one piece of work. Nothing may be raised through C: it is kept until C has returned."""

    def __init__(self):
        self.raised = []

    def call(self, function, *arguments):
        """Whether to stop: what the function says, or that it raised."""
        if not self.raised and function:
            try:
                return bool(function(*arguments))
            except BaseException as error:
                self.raised.append(error)
        return bool(self.raised)

    @contextlib.contextmanager
    def guard(self):
        """Around the work. Ctrl-C is noted, to be seen at the next callback: as an exception it could hit
        the way in or out of one, and be lost."""
        usual = signal.default_int_handler
        ours = (threading.current_thread() is threading.main_thread()
                and signal.getsignal(signal.SIGINT) is usual)
        if ours:
            signal.signal(signal.SIGINT, lambda *_: self.raised.append(KeyboardInterrupt()))
        try:
            yield
        finally:
            if ours:
                signal.signal(signal.SIGINT, usual)
        if self.raised:
            raise self.raised[0]


def row(structure, address, kind):
    """A structure of C's as a named tuple of the same members."""
    found = ctypes.cast(address, ctypes.POINTER(structure)).contents
    return kind(*(getattr(found, name) for name in kind._fields))
