"""What is likely to be no mistake of the library's: said once a line by the warnings of Python."""
import os
import sys
import warnings

_HERE = os.path.dirname(__file__)


class UnitWarning(UserWarning):
    """A plain number that is far too large for what it is, as if its unit had been left away."""


class SamplingWarning(UserWarning):
    """Light or an element that is too fine for the pixels of its grid."""


class ClipWarning(UserWarning):
    """Numbers that a picture cannot hold, and that are cut."""


def warn(text, category):
    """Where the caller of the package stands, and not inside it."""
    frame, level = sys._getframe(1), 2
    while frame and os.path.dirname(frame.f_code.co_filename) == _HERE:
        frame, level = frame.f_back, level + 1
    warnings.warn(text, category, stacklevel=level)
