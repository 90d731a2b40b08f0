"""Functions of nodes; NumPy's own (np.exp, np.abs ...) build the same."""
from ._api import onn_node
from ._library import lib
from .graph import as_node, binary, graph_of, unary, Node

# name: what it does; each becomes a function of this module
_POINTWISE = {
    "neg": "-x", "recip": "1/x", "square": "x^2", "sqrt": "square root", "exp": "e^x",
    "log": "natural logarithm", "sin": "sine of radians", "cos": "cosine of radians",
    "tanh": "hyperbolic tangent", "asinh": "inverse of the hyperbolic sine",
    "expm1": "exp(x) - 1, right near 0", "log1p": "log(1 + x), right near 0",
    "sigmoid": "1/(1 + exp(-x))", "relu": "the larger of x and 0", "abs": "|x|",
    "sign": "-1, 0 or 1; of a complex number x/|x|", "floor": "largest whole number below",
    "round": "nearest whole number, halves to even", "sinc": "sin(x)/x",
    "real": "real part", "imag": "imaginary part", "conj": "complex conjugate",
    "abs2": "|x|^2, real", "arg": "angle in (-pi, pi]", "expi": "exp(i x) of a real x",
    "stop": "the value passes, the derivative does not",
}
_OF_TWO = {
    "atan2": "the angle of (x, y)", "min": "the smaller of two", "max": "the larger of two",
    "complex": "re + i im of two reals", "matmul": "matrix product over the last two axes",
    "straight_through": "the value of the first, the derivative of the second",
    "less": "1 where a < b, else 0", "equal": "1 where a = b, else 0",
}


def _define(table, build):
    for name, what in table.items():
        def function(*operands, _name=name):
            return build(_name, *operands)
        function.__name__ = function.__qualname__ = name
        function.__doc__ = what[0].upper() + what[1:] + "."
        globals()[name] = function


_define(_POINTWISE, unary)
_define(_OF_TWO, binary)


def select(condition, a, b):
    """a where the condition is not 0, else b."""
    graph = graph_of(condition, a, b)
    like = next((x._type for x in (a, b) if isinstance(x, Node)), None)
    nodes = [as_node(condition, graph), as_node(a, graph, like), as_node(b, graph, like)]
    return graph._node(lib.onn_select(graph._address, *(x._node for x in nodes)))


def concat(nodes, axis=0):
    """Nodes one behind the other along an axis."""
    graph = graph_of(*nodes)
    nodes = [as_node(x, graph) for x in nodes]
    list_ = (onn_node * len(nodes))(*(x._node for x in nodes))
    return graph._node(lib.onn_concat(graph._address, list_, len(nodes), axis))


def fft2(x):
    """Two-dimensional Fourier transform over the last two axes."""
    return x._call(lib.onn_fft2)


def ifft2(x):
    """Its inverse."""
    return x._call(lib.onn_ifft2)


def log_softmax(x, axis=-1):
    """x minus the logarithm of the sum of its exponentials along an axis."""
    return x._call(lib.onn_log_softmax, axis)


__all__ = [*_POINTWISE, *_OF_TWO, "select", "concat", "fft2", "ifft2", "log_softmax"]
