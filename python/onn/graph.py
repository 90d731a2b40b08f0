"""Graphs of tensor operations, with NumPy's operators, and their gradients."""
import ctypes
import numbers
import threading

import numpy as np

from . import arrays
from ._api import onn_node
from ._library import create, lib, take_text
from .errors import BY_STATUS, ArgumentError

_NULL = onn_node(0)
_graphs = threading.local()


class Graph:
    """Nodes and the operations between them.

    `with onn.Graph() as g:` makes it the one in which sources of light and constants are built.
    """

    def __init__(self):
        self._handle = create(lib.onn_graph_create, lib.onn_graph_destroy)
        self._address = self._handle.address
        self.variables = {}  # name: node, in the order in which they were made

    @classmethod
    def _lent(cls, address):
        """One of the library's, for as long as a call lasts."""
        self = cls.__new__(cls)
        self._handle, self._address, self.variables = None, address, {}
        return self

    def __enter__(self):
        _stack().append(self)
        return self

    def __exit__(self, *_):
        _stack().pop()

    def variable(self, name, shape=(), dtype="f64"):
        """A named input, given when a plan runs."""
        sizes, ndim = arrays.shape_of(shape)
        node = self._node(lib.onn_variable(
            self._address, name.encode(), arrays.type_of(dtype), ndim, sizes))
        return self.variables.setdefault(name, node)

    def constant(self, x):
        """Fixed numbers, copied into the graph."""
        handle = arrays.to_array(x)
        return self._node(lib.onn_constant(self._address, handle.address))

    def random(self, kind, shape, seed, stream=0, dtype="f64", step=0):
        """Numbers by Philox, "uniform" in [0, 1) or "normal", the same on every device."""
        make = {"uniform": lib.onn_random_uniform, "normal": lib.onn_random_normal}[kind]
        step = step if isinstance(step, Node) else self._scalar(arrays.type_of("u32"), step)
        sizes, ndim = arrays.shape_of(shape)
        return self._node(make(
            self._address, arrays.type_of(dtype), ndim, sizes, seed, stream, step._node))

    def gradient(self, y, wrt, seed=None):
        """dy/dx for a node x or a list of them, as nodes of this graph.

        Of a real y without axes; else `seed` is the gradient that flows into it. At z = x + iy it
        is dL/dx + i dL/dy, as in PyTorch.
        """
        wanted = [wrt] if isinstance(wrt, Node) else list(wrt)
        nodes = (onn_node * len(wanted))(*(x._node for x in wanted))
        out = (onn_node * len(wanted))()
        if lib.onn_gradient(out, self._address, y._node,
                            seed._node if seed is not None else _NULL, nodes, len(wanted)):
            self._refuse()
        found = [self._node(onn_node(node.id)) for node in out]
        return found[0] if isinstance(wrt, Node) else found

    def describe(self, *nodes):
        """The subgraphs below some nodes as text, a node a line."""
        list_ = (onn_node * len(nodes))(*(x._node for x in nodes))
        return take_text(lib.onn_graph_describe(self._address, list_, len(nodes)))

    def __len__(self):
        return lib.onn_graph_size(self._address)

    def __repr__(self):
        names = ", ".join(self.variables) or "none"
        return f"<onn.Graph of {len(self)} nodes, variables: {names}>"

    # ---- what builders need ----

    def _node(self, made):
        """A node of what a builder gave; the graph's error where that is none."""
        if not made.id:
            self._refuse()
        return Node(self, made)

    def _refuse(self):
        status = lib.onn_graph_status(self._address)
        text = lib.onn_graph_error(self._address).decode()
        lib.onn_graph_recover(self._address)  # the exception has it, and the graph goes on
        raise BY_STATUS[status](text)

    def _scalar(self, type_, value):
        if isinstance(value, complex):
            return self._node(lib.onn_complex_scalar(
                self._address, lib.onn_type_complex(type_), value.real, value.imag))
        return self._node(lib.onn_scalar(self._address, type_, value))

    def _number(self, value, like):
        """A number beside a node takes the node's type; a fraction beside whole numbers is f64."""
        type_ = lib.onn_type_real(like)
        if not isinstance(value, numbers.Integral) and not lib.onn_type_is_float(type_):
            type_ = arrays.type_of("f64")
        if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
            return self._scalar(type_, complex(value))
        return self._scalar(type_, float(value))


def _stack():
    if not hasattr(_graphs, "stack"):
        _graphs.stack = []
    return _graphs.stack


def current_graph():
    """The innermost graph of a `with`, or a new one."""
    return _stack()[-1] if _stack() else Graph()


def graph_of(*operands):
    for x in operands:
        if isinstance(x, Node):
            return x.graph
    return current_graph()


def as_node(x, graph, like=None):
    """A node, or the numbers of NumPy and Python as one; `like`: the type that a number takes."""
    if isinstance(x, Node):
        if x.graph is not graph:
            raise ValueError("a node of another graph; expected nodes of one graph")
        return x
    if np.ndim(x) == 0 and not isinstance(x, np.ndarray) or np.shape(x) == () and like is not None:
        x = x.item() if hasattr(x, "item") else x
        return graph._number(x, arrays.type_of("f64") if like is None else like)
    return graph.constant(x)


class Node:
    """A value in a graph: it has a shape and a type, and numbers once a plan has run.

    Operators, indexing and NumPy's functions of arrays build further nodes.
    """

    __slots__ = ("graph", "_node")

    def __init__(self, graph, node):
        self.graph, self._node = graph, node

    @property
    def shape(self):
        n = self.ndim
        sizes = lib.onn_node_shape(self.graph._address, self._node)
        return tuple(ctypes.cast(sizes, ctypes.POINTER(ctypes.c_size_t))[:n]) if n else ()

    @property
    def ndim(self):
        return lib.onn_node_ndim(self.graph._address, self._node)

    @property
    def dtype(self):
        return arrays.DTYPES[self._type]

    @property
    def size(self):
        return lib.onn_node_count(self.graph._address, self._node)

    @property
    def _type(self):
        return lib.onn_node_type(self.graph._address, self._node)

    def __repr__(self):
        return f"<onn.Node {self.dtype} {list(self.shape)}>"

    def __len__(self):
        if not self.ndim:
            raise TypeError("a node without axes has no length")
        return self.shape[0]

    # ---- numbers ----

    def numpy(self, device=None):
        """Its numbers, where it depends on no variable."""
        from .plan import Plan
        plan = Plan(self, device, bind=False)
        try:
            plan.run()
        except ArgumentError as error:
            if not self.graph.variables:
                raise
            names = list(self.graph.variables)
            more = f", and {len(names) - 4} more" if len(names) > 4 else ""
            raise TypeError(
                "the numbers of a node that depends on variables "
                f"({', '.join(names[:4])}{more}) are not known here: take functions of onn in "
                "place of NumPy's, math's or float(), or give the variables to an onn.Plan"
            ) from error
        return plan.outputs[0].numpy()

    def __array__(self, dtype=None, copy=None):
        x = self.numpy()
        return x if dtype is None else x.astype(dtype)

    def __float__(self):
        return float(self.numpy())

    def _repr_png_(self):
        """In notebooks: the numbers of two axes, of complex ones intensity and phase."""
        if self.ndim != 2 or not self.size or self.graph.variables:
            return None
        from . import pictures
        x = self.numpy()
        return pictures.light(x) if x.dtype.kind == "c" else pictures.numbers(x)

    # ---- operators ----

    def __add__(self, other): return binary("add", self, other)
    def __radd__(self, other): return binary("add", other, self)
    def __sub__(self, other): return binary("sub", self, other)
    def __rsub__(self, other): return binary("sub", other, self)
    def __mul__(self, other): return binary("mul", self, other)
    def __rmul__(self, other): return binary("mul", other, self)
    def __truediv__(self, other): return binary("div", self, other)
    def __rtruediv__(self, other): return binary("div", other, self)
    def __matmul__(self, other): return binary("matmul", self, other)
    def __rmatmul__(self, other): return binary("matmul", other, self)
    def __rpow__(self, other): return binary("pow", other, self)
    def __lt__(self, other): return binary("less", self, other)
    def __le__(self, other): return binary("less_equal", self, other)
    def __gt__(self, other): return binary("less", other, self)
    def __ge__(self, other): return binary("less_equal", other, self)
    def __neg__(self): return unary("neg", self)
    def __pos__(self): return self
    def __abs__(self): return unary("abs", self)

    def __pow__(self, other):
        if isinstance(other, numbers.Integral):
            return self._call(lib.onn_powi, int(other))
        return binary("pow", self, other)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        name = _UFUNCS.get(ufunc.__name__)
        if method != "__call__" or options or name is None:
            return NotImplemented
        if ufunc.__name__.startswith("greater"):
            inputs = inputs[::-1]
        return unary(name, *inputs) if len(inputs) == 1 else binary(name, *inputs)

    # ---- shapes ----

    def _call(self, function, *arguments):
        return self.graph._node(function(self.graph._address, self._node, *arguments))

    @property
    def T(self):
        """The last two axes change places."""
        return self._call(lib.onn_transpose)

    @property
    def real(self): return unary("real", self)

    @property
    def imag(self): return unary("imag", self)

    def conj(self): return unary("conj", self)

    def astype(self, dtype):
        """To another type; complex to real is an error (see `real`)."""
        return self._call(lib.onn_cast, arrays.type_of(dtype))

    def reshape(self, *shape):
        """The same elements under another shape; one size may be -1."""
        shape = list(shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape)
        if -1 in shape:
            rest = -int(np.prod(shape))
            shape[shape.index(-1)] = self.size // rest if rest else 0
        sizes, ndim = arrays.shape_of(shape)
        return self._call(lib.onn_reshape, ndim, sizes)

    def broadcast(self, *shape):
        """Repeated along axes of size 1 and new axes on the left."""
        sizes, ndim = arrays.shape_of(shape[0] if len(shape) == 1 else shape)
        return self._call(lib.onn_broadcast, ndim, sizes)

    def permute(self, *order):
        """Axis i of the result is axis order[i]."""
        order = order[0] if len(order) == 1 else order
        return self._call(lib.onn_permute, (ctypes.c_int * len(order))(*order))

    def roll(self, shift, axis=-1):
        """Element i moves to (i + shift) mod size."""
        return self._call(lib.onn_roll, axis, shift)

    def pad(self, before, after, axis=-1):
        """Zeros before and after an axis."""
        return self._call(lib.onn_pad, axis, before, after)

    def __getitem__(self, key):
        """Whole numbers, slices, ... and None, as in NumPy."""
        key = key if isinstance(key, tuple) else (key,)
        given = sum(k is not None and k is not Ellipsis for k in key)
        if given > self.ndim:
            raise IndexError(f"{given} indices for {self.ndim} axes")
        if Ellipsis not in [k if k is Ellipsis else None for k in key]:
            key += (Ellipsis,)
        x, axis, shape = self, 0, []
        for k in key:
            if k is None:
                shape.append(1)
            elif k is Ellipsis:
                shape += x.shape[axis:axis + self.ndim - given]
                axis += self.ndim - given
            elif isinstance(k, slice):
                places = range(x.shape[axis])[k]
                if len(places) != x.shape[axis] or places.step < 0:
                    x = x._call(lib.onn_slice, axis, places.start, len(places), places.step)
                shape.append(len(places))
                axis += 1
            else:
                place = range(x.shape[axis])[k]
                x = x._call(lib.onn_slice, axis, place, 1, 1)
                axis += 1
        return x if tuple(shape) == x.shape else x.reshape(shape)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    # ---- sums ----

    def _reduce(self, function, axis, keepdims):
        axes = range(self.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
        list_ = (ctypes.c_int * max(len(axes), 1))(*axes)
        return self._call(function, list_, len(axes), keepdims) if len(axes) else self

    def sum(self, axis=None, keepdims=False, **_):
        """Over an axis, some, or all of them."""
        return self._reduce(lib.onn_sum, axis, keepdims)

    def mean(self, axis=None, keepdims=False, **_):
        """As sum."""
        return self._reduce(lib.onn_mean, axis, keepdims)

    def max(self, axis=None, keepdims=False, **_):
        """As sum; ties share the derivative."""
        return self._reduce(lib.onn_reduce_max, axis, keepdims)

    def argmax(self, axis=-1):
        """Where the first largest element along an axis is."""
        return self._call(lib.onn_argmax, axis)


# ---- what operators and functions build ----

def unary(name, x):
    graph = graph_of(x)
    x = as_node(x, graph)
    return graph._node(getattr(lib, "onn_" + name)(graph._address, x._node))


def binary(name, a, b):
    graph = graph_of(a, b)
    like = next((x._type for x in (a, b) if isinstance(x, Node)), None)
    a, b = as_node(a, graph, like), as_node(b, graph, like)
    return graph._node(getattr(lib, "onn_" + name)(graph._address, a._node, b._node))


_UFUNCS = {
    "add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div",
    "power": "pow", "float_power": "pow", "arctan2": "atan2", "minimum": "min", "maximum": "max",
    "less": "less", "less_equal": "less_equal", "greater": "less", "greater_equal": "less_equal",
    "equal": "equal", "matmul": "matmul", "negative": "neg", "reciprocal": "recip",
    "square": "square", "sqrt": "sqrt", "exp": "exp", "log": "log", "sin": "sin", "cos": "cos",
    "tanh": "tanh", "arcsinh": "asinh", "expm1": "expm1", "log1p": "log1p", "absolute": "abs",
    "sign": "sign", "floor": "floor", "rint": "round", "conjugate": "conj",
}
