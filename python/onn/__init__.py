"""All-optical neural networks: light, saturable absorbers, gradients, networks.

    grid, light = onn.Grid(256, "8um"), onn.Light("532nm")
    far = onn.gaussian_beam(grid, light, waist="0.4mm").lens("5cm").propagate("5cm")
    far.intensity.numpy()

Lengths, angles and the like are numbers in SI or texts with a unit.
"""
try:
    import numpy as _numpy  # noqa: F401
except ImportError as _error:
    import sys as _sys
    raise ImportError(f"onn needs NumPy, which this Python ({_sys.executable}) has not: {_error}; install it by "
                      "`pip install numpy`, or as Debian's python3-numpy") from None

from . import functions
from ._library import lib as _lib
from .absorber import Absorber
from .data import Dataset, load_dataset
from .design import Designed, Step, design
from .errors import (ArgumentError, Cancelled, DeviceError, FileError, FormatError, NoMemoryError,
                     NumericError, OnnError, UnsupportedError)
from .files import (Cell, levels, load, load_lut, load_zemax, save, save_gds, save_stl, save_zemax,
                    slm_pattern, slm_pattern_phase)
from .functions import *  # noqa: F403
from .graph import Graph, Node
from .layer import Weight, layer
from .network import Accuracy, Epoch, Model, Network, Progress, Training
from .optics import (Field, Grid, Light, Sampling, blazed_grating, camera, detect, field,
                     gaussian_beam, hermite_gauss, laguerre_gauss, plane_wave, point_source,
                     propagate, slm_phase, zernike)
from .plan import Device, Plan, Tensor, devices
from .pulse import Pulses, pulses
from .scan import Scan
from .system import System
from .tracing import Function, function, grad, value_and_grad
from .way import Way
from .warned import ClipWarning, SamplingWarning, UnitWarning

__all__ = [
    "Absorber", "Accuracy", "ArgumentError", "Cancelled", "Cell", "ClipWarning", "Dataset", "Designed", "Device",
    "DeviceError",
    "Epoch", "Field", "FileError", "FormatError", "Function", "Graph", "Grid", "Light", "Model",
    "Network", "NoMemoryError", "Node", "NumericError", "OnnError", "Plan", "Progress", "Pulses",
    "Sampling", "SamplingWarning", "Scan",
    "Step", "System", "Tensor", "Training", "UnitWarning", "UnsupportedError", "Way", "Weight",
    "blazed_grating", "camera", "design", "detect", "devices",
    "field", "function", "gaussian_beam", "grad", "hermite_gauss", "laguerre_gauss", "layer", "levels",
    "load", "load_dataset", "load_lut", "load_zemax", "plane_wave", "point_source", "propagate", "pulses",
    "save", "save_gds", "save_stl", "save_zemax", "slm_pattern", "slm_pattern_phase", "slm_phase",
    "value_and_grad",
    "zernike", *functions.__all__,
]

__version__ = _lib.onn_version().decode()
