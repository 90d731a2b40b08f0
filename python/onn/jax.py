"""onn's functions as differentiable functions of JAX, by custom_vjp.

    seen = onn.jax.function(lambda phase: wave().plate(phase).propagate("3cm").intensity)
    loss = lambda phase: ((seen(phase) - target) ** 2).mean()
    slope = jax.jit(jax.grad(loss))(phase)

The work is a plan's, called from JAX's program (pure_callback) on the host; a backward pass is another plan, and a
function of its own, so gradients have gradients. Both libraries differ in what they mean by the gradient of a complex
number: what is here conjugates. Without jax_enable_x64 numbers in double precision become single on their way.
"""
import jax
import jax.tree_util as _tree  # sorts dictionaries by their keys
import numpy as np

from .graph import Node
from .tracing import Function, _as_output, _leaves, _like, _pull_back


def function(call, device=None):
    """A Python function on onn's nodes as one on JAX's arrays, which may be nested.

    It may stand in jax.jit, jax.grad, jax.vjp and, element by element, in jax.vmap; not in forward modes.
    """
    run = Function(call, device)
    back = None

    @jax.custom_vjp
    def called(*arguments):
        arguments = _tree.tree_map(jax.numpy.asarray, arguments)
        return jax.pure_callback(_on_host(run), _shapes(run, arguments), *arguments, vmap_method="sequential")

    def forward(*arguments):
        return called(*arguments), arguments

    def backward(arguments, seeds):
        nonlocal back
        if back is None:
            back = function(_gradients(call), device)
        seeds = [_plain(s) for s in _tree.tree_leaves(seeds)]
        leaves, nesting = _tree.tree_flatten(arguments)
        found = iter(back(arguments, seeds))
        return _tree.tree_unflatten(nesting, [
            jax.numpy.conj(next(found)) if _is_smooth(x) else np.zeros(np.shape(x), jax.dtypes.float0)
            for x in leaves])

    called.defvjp(forward, backward)
    return called


def _is_smooth(x):
    return np.dtype(x.dtype).kind in "fc"


def _plain(seed):
    """As onn means it; those of whole numbers are nothing."""
    return jax.numpy.zeros(seed.shape) if seed.dtype == jax.dtypes.float0 else jax.numpy.conj(seed)


def _gradients(call):
    """A function of arguments and of what flows back to the results: the gradients."""
    def gradients(arguments, seeds):
        xs = _tree.tree_leaves(arguments)
        graph = next(x.graph for x in xs if isinstance(x, Node))
        outputs = [_as_output(y, graph) for y in _tree.tree_leaves(call(*arguments))]
        return _pull_back(outputs, seeds, [x for x in xs if _is_smooth(x)])
    return gradients


def _shapes(run, arguments):
    """Of the results, without any work: the plan knows them."""
    plan, build, _ = run._made_for(_tree.tree_map(lambda x: np.zeros(x.shape, x.dtype), arguments))
    shapes = [jax.ShapeDtypeStruct(y.shape, jax.dtypes.canonicalize_dtype(y.dtype)) for y in plan.outputs]
    return build(iter(shapes)) if build else shapes[0]


def _on_host(run):
    def work(*arguments):
        result = run(*_tree.tree_map(np.asarray, arguments))
        kind = jax.dtypes.canonicalize_dtype
        leaves = [np.asarray(y, kind(np.asarray(y).dtype)) for y in _leaves(result, [])]
        return _like(result, iter(leaves))
    return work
