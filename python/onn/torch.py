"""onn's functions as differentiable functions of PyTorch, on CPU tensors, without copies of Python's.

    seen = onn.torch.function(lambda phase: wave().plate(phase).propagate("3cm").intensity)
    loss = ((seen(phase) - target) ** 2).mean()
    loss.backward()

The work is a plan's, forward and backward, which goes on from the forward's intermediate results;
gradients of gradients are plans, too. Both libraries mean the same by the gradient of a complex
number.
"""
import functools
import os
import sys
import threading

import numpy as np
import torch

from .errors import UnsupportedError
from .graph import Graph
from .plan import Device, Plan, as_device
from .tracing import _as_output, _leaves, _like, _pull_back, _variable


def function(call, device=None):
    """A Python function on onn's nodes as one on torch's tensors, which may be nested.

    Without a device it runs on PyTorch's own threads, as many as there are by then (torch.set_num_threads), or as
    ONN_THREADS says.
    """
    return _Function(call, as_device(device) if device else _beside_torch())


def _beside_torch():
    """The default device; where that is "c", one on torch's threads. Behind each operation these look for the next one for
    milliseconds, on processors that threads of our own would wait for."""
    usual = as_device(None)
    threads = 0 if os.environ.get("ONN_THREADS") else torch.get_num_threads()
    return _borrowing(threads) if usual.name == "c" else usual


@functools.cache
def _borrowing(threads):
    try:
        return Device("c", threads, openmp=None if _forked else "libtorch_cpu.so")
    except UnsupportedError:
        return Device("c", threads)


def _in_child():
    """OpenMP's threads are not in this process, and it would wait for them."""
    global _forked
    _forked = True
    _borrowing.cache_clear()


_forked = False
os.register_at_fork(after_in_child=_in_child)


class _Function:
    """Plans by the shapes and types of the tensors, and by whether derivatives are wanted."""

    def __init__(self, call, device):
        self._call, self._device, self._made = call, device, {}

    def __call__(self, *arguments):
        leaves = [torch.as_tensor(x) for x in _leaves(arguments, [])]
        slopes = torch.is_grad_enabled() and any(x.requires_grad for x in leaves)
        kind = slopes, tuple((x.shape, x.dtype) for x in leaves)
        made = self._made.get(kind)
        if made is None:
            made = self._made[kind] = _Pair(self._call, arguments, leaves, self._device, slopes)
        results = _Run.apply(made, *leaves)
        return _like(made.result, iter(results))


class _Pair:
    """A plan of two parts: the results, then the gradients, from what the first part has left in memory."""

    def __init__(self, call, arguments, leaves, device, slopes):
        self._call, self._arguments, self._device = call, arguments, device
        graph = Graph()
        nodes = [_variable(graph, f"x{i}", x.detach().resolve_conj().numpy())
                 for i, x in enumerate(leaves)]
        with graph:
            self.result = call(*_like(arguments, iter(nodes)))
        outputs = [_as_output(x, graph) for x in _leaves(self.result, [])]
        self.smooth = [y.dtype.kind in "fc" for y in outputs]
        self.count = len(outputs)
        gradients = []
        if slopes:
            seeds = [graph.variable(f"seed{i}", y.shape, y.dtype) for i, y in enumerate(outputs)]
            gradients = self._gradients(nodes, outputs, seeds)
        self.plan = Plan([*outputs, *gradients], device, early=self.count if gradients else 0)
        self._inputs = [self.plan.inputs[f"x{i}"] for i in range(len(nodes))]
        self._seeds = [self.plan.inputs[f"seed{i}"] for i in range(self.count) if slopes]
        self._turn = 0  # whose intermediate results are in the plan's memory; 0: nobody's
        self._turns = 0
        self._lock = threading.Lock()
        self._back = None
        self._results = [_Arrays(t) for t in self.plan.outputs]

    @staticmethod
    def _gradients(xs, outputs, seeds):
        return _pull_back(outputs, seeds, [x for x in xs if x.dtype.kind in "fc"])

    def forward(self, tensors):
        """The results, and the turn by which `backward` knows them."""
        with self._lock:
            self._turn = 0
            for place, x in zip(self._inputs, tensors):
                place.write(x.detach().resolve_conj().numpy())
            self.plan.run(0)
            self._turns += 1
            self._turn = self._turns
            return [x.read() for x in self._results[:self.count]], self._turn

    def backward(self, tensors, seeds, turn):
        """From what `forward` has left where that is still there, else all anew."""
        with self._lock:
            kept, self._turn = self._turn == turn, 0
            for place, s in zip(self._seeds, seeds):
                place.write(s.detach().resolve_conj().contiguous().numpy())
            if not kept:
                for place, x in zip(self._inputs, tensors):
                    place.write(x.detach().resolve_conj().numpy())
                self.plan.run(0)
            self.plan.run(1)
            return [_tensor(x.read()) for x in self._results[self.count:]]

    @property
    def back(self):
        """The gradients as a function of tensors and of what flows back, for gradients of them."""
        if self._back is None:
            count = len(self._inputs)

            def gradients(*given):
                xs, seeds = given[:count], given[count:]
                result = self._call(*_like(self._arguments, iter(xs)))
                outputs = [_as_output(x, xs[0].graph) for x in _leaves(result, [])]
                return tuple(self._gradients(xs, outputs, seeds))
            self._back = _Function(gradients, self._device)
        return self._back


class _Arrays:
    """Copies of a plan's output. One that nobody looks at any more serves again: the pages of fresh
    memory take longer than filling them."""

    MOST = 2  # a gradient may be kept until the next one is there

    def __init__(self, output):
        self._output, self._kept = output, []

    def read(self):
        for i in range(len(self._kept)):
            if _references(self._kept, i) == _ALONE:
                return self._output.numpy(out=self._kept[i])
        made = self._output.numpy()
        if len(self._kept) < self.MOST:
            self._kept.append(made)
        return made


def _references(arrays, i):
    return sys.getrefcount(arrays[i])


_ALONE = _references([np.empty(1)], 0)  # of what only a list holds


class _Run(torch.autograd.Function):
    @staticmethod
    def forward(context, made, *tensors):
        context.made = made
        context.save_for_backward(*tensors)
        found, context.turn = made.forward(tensors)
        found = tuple(map(_tensor, found))
        context.mark_non_differentiable(*(x for x, smooth in zip(found, made.smooth) if not smooth))
        return found

    @staticmethod
    def backward(context, *seeds):
        made, tensors = context.made, context.saved_tensors
        if torch.is_grad_enabled():  # gradients of these are wanted
            found = made.back(*tensors, *(s.resolve_conj().contiguous() for s in seeds))
        else:
            found = made.backward(tensors, seeds, context.turn)
        found = iter(found)
        floats = [x.is_floating_point() or x.is_complex() for x in tensors]
        return (None, *(next(found) if f else None for f in floats))


def _tensor(x):
    return torch.from_numpy(x) if x.ndim else torch.from_numpy(x.reshape(1))[0]
