"""onn's functions as differentiable functions of PyTorch, on CPU tensors, without copies of Python's.

    seen = onn.torch.function(lambda phase: wave().plate(phase).propagate("3cm").intensity)
    loss = ((seen(phase) - target) ** 2).mean()
    loss.backward()

The work is a plan's, forward and backward; gradients of gradients are plans, too. Both libraries mean the
same by the gradient of a complex number.
"""
import torch

from .functions import conj
from .graph import Graph
from .plan import Plan, as_device
from .tracing import _as_output, _leaves, _like, _variable


def function(call, device=None):
    """A Python function on onn's nodes as one on torch's tensors, which may be nested."""
    return _Function(call, as_device(device))


class _Function:
    """Plans by the shapes and types of the tensors."""

    def __init__(self, call, device):
        self._call, self._device, self._made = call, device, {}

    def __call__(self, *arguments):
        leaves = [torch.as_tensor(x) for x in _leaves(arguments, [])]
        kind = tuple((x.shape, x.dtype) for x in leaves)
        made = self._made.get(kind)
        if made is None:
            made = self._made[kind] = _Pair(self._call, arguments, leaves, self._device)
        results = _Run.apply(made, *leaves)
        return _like(made.result, iter(results))


class _Pair:
    """A plan, and the function that gives its gradients: of the tensors, then of what flows back."""

    def __init__(self, call, arguments, leaves, device):
        graph = Graph()
        nodes = [_variable(graph, f"x{i}", x.detach().numpy()) for i, x in enumerate(leaves)]
        with graph:
            self.result = call(*_like(arguments, iter(nodes)))
        outputs = [_as_output(x, graph) for x in _leaves(self.result, [])]
        self.plan = Plan(outputs, device)
        self._count, self._call, self._arguments, self._device = len(leaves), call, arguments, device
        self._back = None

    @property
    def back(self):
        """Made when it is first needed, of the same Python function."""
        if self._back is None:
            def gradients(*given):
                xs, seeds = given[:self._count], given[self._count:]
                graph = xs[0].graph
                result = self._call(*_like(self._arguments, iter(xs)))
                outputs = [_as_output(x, graph) for x in _leaves(result, [])]
                # the sum of what each output brings: Re(conj(seed) output) has the seed as gradient
                total = sum(((conj(s) * y).real.sum() if s.dtype.kind == "c" else (s * y).sum()
                             for s, y in zip(seeds, outputs)), start=0.0)
                return tuple(graph.gradient(total, [x for x in xs if x.dtype.kind in "fc"]))
            self._back = _Function(gradients, self._device)
        return self._back


class _Run(torch.autograd.Function):
    @staticmethod
    def forward(context, made, *tensors):
        context.made = made
        context.save_for_backward(*tensors)
        with torch.no_grad():
            found = made.plan(*(x.detach().resolve_conj().numpy() for x in tensors))
        return tuple(torch.from_numpy(x) if x.ndim else torch.tensor(x.item(), dtype=_type(x))
                     for x in found)

    @staticmethod
    def backward(context, *seeds):
        made, tensors = context.made, context.saved_tensors
        found = iter(made.back(*tensors, *(s.resolve_conj().contiguous() for s in seeds)))
        floats = [x.is_floating_point() or x.is_complex() for x in tensors]
        return (None, *(next(found) if f else None for f in floats))


def _type(x):
    return torch.from_numpy(x.reshape(1)).dtype
