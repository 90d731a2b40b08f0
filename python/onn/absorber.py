"""Saturable absorbers."""
import ctypes

import numpy as np

from . import _api
from ._library import check, lib
from .graph import as_node, graph_of
from .settings import Settings


class Absorber(Settings):
    """A saturable absorber: onn.Absorber(od=10, medium="thick", gradient="exact").

    Called with a node it gives the light behind it. Its settings are those of onn_absorber:
    medium, encoding, gradient, od, isat, detuning, loss, grating, slices, doppler, t1 ...
    """

    _type, _table = _api.onn_absorber, "onn_absorber_settings"

    def __call__(self, x, depth=None):
        """Amplitudes or intensities behind it; depth: a node in place of od."""
        if hasattr(x, "absorb"):
            return x.absorb(self, depth)
        graph = graph_of(x)
        x = as_node(x, graph)
        if depth is None:
            return graph._node(lib.onn_saturable_absorber(graph._address, x._node, self._pointer))
        depth = as_node(depth, graph, x._type)
        return graph._node(lib.onn_saturable_absorber_of(
            graph._address, x._node, self._pointer, depth._node))

    def response(self, inputs):
        """What real inputs become: {"output", "exact", "probe"}, arrays; the two slopes are the
        derivative and what a weak probe sees."""
        x = np.ascontiguousarray(np.atleast_1d(inputs), np.float64)
        rows = (_api.onn_response * x.size)()
        check(lib.onn_absorber_response(rows, self._pointer, x.ctypes.data, x.size))
        numbers = np.frombuffer(rows, np.float64).reshape(*x.shape, 4)
        output, imaginary, exact, probe = np.moveaxis(numbers, -1, 0)
        return {"output": output + 1j * imaginary if imaginary.any() else output,
                "exact": exact, "probe": probe}
