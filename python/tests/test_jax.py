"""onn in JAX, against JAX."""
import numpy as np
import pytest

import onn

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)
jnp = jax.numpy
from onn import jax as onn_jax  # noqa: E402

grid, light = onn.Grid(16, "8um"), onn.Light("532nm")


def camera(phase, field):
    return onn.field(field, grid, light).plate(phase).propagate("1mm", "asm").intensity


def in_jax(phase, field):
    """The same by JAX's transforms."""
    k, f = 2 * np.pi / 532e-9, np.fft.fftfreq(32, 8e-6)
    h = np.exp(1e-3j * np.sqrt(k ** 2 - (2 * np.pi) ** 2 * (f[:, None] ** 2 + f ** 2) + 0j))
    e = jnp.pad(field * jnp.exp(1j * phase), 8)
    return jnp.abs(jnp.fft.ifft2(jnp.fft.fft2(e) * h)[8:24, 8:24]) ** 2


def start():
    random = np.random.default_rng(0)
    return random.random((16, 16)), random.normal(size=(16, 16)) + 1j * random.normal(size=(16, 16))


@pytest.mark.parametrize("compiled", (False, True))
def test_values_and_gradients_are_those_of_jax(compiled):
    weight = np.random.default_rng(1).random((16, 16))
    found = []
    for call in (onn_jax.function(camera), in_jax):
        step = jax.value_and_grad(lambda phase, field: (call(phase, field) * weight).sum(), argnums=(0, 1))
        found.append((jax.jit(step) if compiled else step)(*start()))
    (ours, our_slopes), (theirs, their_slopes) = found
    assert np.isclose(ours, theirs, rtol=1e-12)
    for a, b in zip(our_slopes, their_slopes):
        assert a.dtype == b.dtype and jnp.abs(a - b).max() < 1e-10 * jnp.abs(b).max()


def test_gradients_of_gradients():
    cube = onn_jax.function(lambda x: (x ** 3) * np.sin(x))
    x = 0.7
    assert np.isclose(jax.grad(jax.grad(cube))(x), 6 * x * np.sin(x) + 6 * x ** 2 * np.cos(x) - x ** 3 * np.sin(x))


def test_nested_arguments_whole_numbers_and_several_results():
    def call(weights, count):
        return {"sum": weights["a"] * count.astype("f64"), "pair": (weights["b"] ** 2, count)}
    count = np.array([1, 2, 3], np.int32)
    both = onn_jax.function(call)
    seen = both({"a": np.ones(3), "b": np.arange(3.0)}, count)
    assert np.array_equal(seen["sum"], count) and np.array_equal(seen["pair"][1], count)
    slope = jax.grad(lambda w: both(w, count)["sum"].sum() + both(w, count)["pair"][0].sum())(
        {"a": np.ones(3), "b": np.arange(3.0)})
    assert np.array_equal(slope["a"], [1, 2, 3]) and np.array_equal(slope["b"], [0, 2, 4])


def test_many_at_a_time():
    square = onn_jax.function(lambda x: x ** 2)
    assert np.array_equal(jax.vmap(square)(np.arange(4.0)), [0, 1, 4, 9])
