"""Functions of Python as plans: traced once for each kind of arguments, then run."""
import functools

import numpy as np

from . import units
from .graph import Graph, Node
from .plan import Plan, as_device


def _leaves(tree, found):
    """The arrays in nested tuples, lists and dictionaries."""
    if isinstance(tree, dict):
        for key in tree:
            _leaves(tree[key], found)
    elif isinstance(tree, (tuple, list)):
        for part in tree:
            _leaves(part, found)
    else:
        found.append(tree)
    return found


def _like(tree, leaves):
    """The same nesting with other leaves, an iterator."""
    if isinstance(tree, dict):
        return {key: _like(part, leaves) for key, part in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(_like(part, leaves) for part in tree))
    if isinstance(tree, (tuple, list)):
        return type(tree)(_like(part, leaves) for part in tree)
    return next(leaves)


def _kind(tree):
    """What a plan is made for: nesting, shapes, types."""
    if type(tree) is np.ndarray:
        return tree.shape, tree.dtype
    if type(tree) is float:
        return float
    if isinstance(tree, dict):
        return "dict", tuple((key, _kind(part)) for key, part in tree.items())
    if isinstance(tree, (tuple, list)):
        return type(tree), tuple(_kind(part) for part in tree)
    tree = np.asarray(tree)
    return tree.shape, tree.dtype


def _number(leaf):
    return units.of_any_kind(leaf) if isinstance(leaf, str) else leaf


def _variable(graph, name, leaf):
    leaf = np.asarray(leaf)
    dtype = np.float64 if leaf.dtype.kind in "i" and leaf.ndim == 0 else leaf.dtype
    return graph.variable(name, leaf.shape, np.int32 if dtype == np.int64 else dtype)


class Function:
    """A function of Python that runs as a plan of the library's.

    The first call with arguments of some shapes and types runs the Python code once, on nodes; that
    call and all after it run the plan. Arguments may be nested in tuples, lists and dictionaries,
    and numbers may be texts with units, "60mm".
    """

    def __init__(self, call, device=None, wrt=None, value=True):
        functools.update_wrapper(self, call)
        self._call, self._device, self._wrt, self._value = call, device, wrt, value
        self._plans = {}

    def __call__(self, *arguments):
        kind = tuple([_kind(x) for x in arguments])
        made = self._plans.get(kind)
        if made is None:
            leaves = _leaves(arguments, [])
            if any(isinstance(x, str) for x in leaves):  # "60mm"
                return self(*_like(arguments, map(_number, leaves)))
            made = self._trace(kind, arguments)
        plan, build, flat = made
        results = plan(*(arguments if flat else _leaves(arguments, [])))
        return build(iter(results)) if build else results[0]

    def plan(self, *arguments):
        """The plan for arguments of these shapes and types."""
        return self._made_for(arguments)[0]

    def _made_for(self, arguments):
        arguments = _like(arguments, map(_number, _leaves(arguments, [])))
        kind = tuple([_kind(x) for x in arguments])
        return self._plans.get(kind) or self._trace(kind, arguments)

    def _trace(self, kind, arguments):
        graph = Graph()
        leaves = [_variable(graph, f"x{i}", leaf)
                  for i, leaf in enumerate(_leaves(arguments, []))]
        nodes = _like(arguments, iter(leaves))
        with graph:
            result = self._call(*nodes)
        wanted = self._gradients(graph, result, nodes) if self._wrt is not None else result
        outputs = [_as_output(x, graph) for x in _leaves(wanted, [])]
        flat = not any(isinstance(x, (dict, tuple, list)) for x in arguments)
        build = None if isinstance(wanted, Node) else functools.partial(_like, wanted)
        self._plans[kind] = made = Plan(outputs, as_device(self._device)), build, flat
        return made

    def _gradients(self, graph, result, nodes):
        several = isinstance(self._wrt, (tuple, list))
        asked = tuple(nodes[i] for i in self._wrt) if several else nodes[self._wrt]
        found = graph.gradient(_as_output(result, graph), _leaves(asked, []))
        gradients = _like(asked, iter(found))
        return (result, gradients) if self._value else gradients


def _as_output(x, graph):
    x = getattr(x, "e", x)  # of a field its amplitudes
    if isinstance(x, Node):
        return x
    return graph.constant(np.asarray(x))


def _pull_back(outputs, seeds, wanted):
    """The gradients of several results together, by what flows back to each."""
    smooth = [(y, s) for y, s in zip(outputs, seeds) if y.dtype.kind in "fc"]
    # the sum of what each brings: Re(conj(seed) output) has the seed as gradient
    total = sum(((s.conj() * y).real.sum() if y.dtype.kind == "c" else (s * y).sum() for y, s in smooth), start=0.0)
    return wanted[0].graph.gradient(total, wanted) if smooth and wanted else []


def function(call=None, *, device=None):
    """Makes a plan of a Python function: `@onn.function`, or `onn.function(f, device="c")`."""
    if call is None:
        return functools.partial(function, device=device)
    return Function(call, device)


def grad(call, wrt=0, device=None):
    """The gradient of a function whose value is one real number, by one argument or several."""
    return Function(getattr(call, "__wrapped__", call), device, wrt, value=False)


def value_and_grad(call, wrt=0, device=None):
    """The value, and the gradient by one argument or several."""
    return Function(getattr(call, "__wrapped__", call), device, wrt)
