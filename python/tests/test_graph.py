"""Operators, functions, shapes and gradients against NumPy."""
import math

import numpy as np
import pytest

import onn

rng = np.random.default_rng(1)
real = rng.random((3, 4, 5)) + 0.5
wide = rng.standard_normal((4, 5)) + 1j * rng.standard_normal((4, 5))


def run(call, *arrays):
    return onn.function(call)(*arrays)


def test_numbers_that_are_not_known_are_no_numbers():
    for f in (math.cos, float, lambda x: np.asarray(x) * 2):
        with pytest.raises(TypeError, match="depends on variables"):
            onn.value_and_grad(f)(.06)
    g = onn.Graph()
    g.variable("x")
    assert float(g.constant(2.) * 3) == 6  # beside a variable that it does not depend on
    with pytest.raises(TypeError, match=r"variables \(x0, x1, x2, x3, and 996 more\)"):
        onn.function(lambda x: math.cos(sum(x)))([float(k) for k in range(1000)])


@pytest.mark.parametrize("call", [
    lambda x: x + 2, lambda x: 2 - x, lambda x: 3 * x, lambda x: 1 / x, lambda x: x / 3,
    lambda x: x ** 3, lambda x: x ** -2, lambda x: x ** 0.5, lambda x: 2.0 ** x, lambda x: -x,
    lambda x: abs(x - 1), lambda x: x * real[0], lambda x: real[0] - x, lambda x: np.exp(x),
    lambda x: np.log(x) + np.sin(x) * np.cos(x), lambda x: np.sqrt(x) - np.tanh(x),
    lambda x: np.maximum(x, 1), lambda x: np.arctan2(x, 2), lambda x: np.floor(3 * x),
    lambda x: x.sum(), lambda x: x.sum(axis=1), lambda x: x.mean(axis=(0, 2)),
    lambda x: x.max(axis=-1, keepdims=True), lambda x: np.sum(x, axis=0),
    lambda x: x.reshape(12, 5), lambda x: x.reshape(-1, 10), lambda x: x @ real[0].T,
    lambda x: x.argmax(axis=-1), lambda x: np.square(x) + np.reciprocal(x),
])
def test_functions_are_those_of_numpy(call):
    assert np.allclose(run(call, real), call(real), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("key", [
    0, -1, (1, 2), (1, 2, 3), slice(1, 3), slice(None, None, 2), slice(None, None, -1),
    (Ellipsis, 2), (0, Ellipsis, slice(1, -1)), (None, 1), (slice(None), None, slice(3, 0, -2)),
    (slice(5, 9),), Ellipsis,
])
def test_indices_are_those_of_numpy(key):
    found = run(lambda x: x[key], real)
    assert found.shape == real[key].shape and (found == real[key]).all()


def test_an_index_beyond_is_refused():
    x = onn.Graph().variable("x", (3, 4))
    for key in (3, (0, 4), (0, 0, 0)):
        with pytest.raises(IndexError):
            x[key]
    assert [row.shape for row in x] == [(4,)] * 3


def test_complex_numbers():
    for call in (lambda z: z * (1 - 2j), lambda z: abs(z), lambda z: z.conj() * z, lambda z: z.real,
                 lambda z: z.imag, lambda z: np.exp(z), lambda z: z + 1j * real[0]):
        assert np.allclose(run(call, wide), call(wide), rtol=1e-13)
    assert np.allclose(run(onn.fft2, wide), np.fft.fft2(wide))
    assert np.allclose(run(onn.abs2, wide), np.abs(wide) ** 2)


def test_a_number_takes_the_type_of_the_array():
    x = onn.Graph().variable("x", 4, "f32")
    for y in (x * 2, 1.5 + x, np.float64(2) * x, x / np.pi, np.exp(x), x ** 2):
        assert y.dtype == np.float32
    assert (x * 1j).dtype == np.complex64
    assert (onn.Graph().variable("n", 4, "i32") * 2).dtype == np.int32
    assert (onn.Graph().variable("n", 4, "i32") * 0.5).dtype == np.float64


def test_gradients_to_any_order():
    g = onn.Graph()
    x = g.variable("x", 5)
    y = (np.sin(x) * x ** 2).sum()
    first = g.gradient(y, x)
    second = g.gradient(first.sum(), x)
    at = rng.random(5)
    value, slope, bend = onn.Plan([y, first, second])(at)
    assert np.isclose(value, (np.sin(at) * at ** 2).sum())
    assert np.allclose(slope, np.cos(at) * at ** 2 + 2 * at * np.sin(at))
    assert np.allclose(bend, (2 - at ** 2) * np.sin(at) + 4 * at * np.cos(at))


def test_the_gradient_of_complex_numbers_is_the_steepest_ascent():
    _, slope = onn.value_and_grad(lambda z: onn.abs2(z).sum())(wide)
    assert np.allclose(slope, 2 * wide)


def test_arguments_may_be_nested():
    tree = {"w": [real[0], real[1]], "b": 2.0}

    def call(t, x):
        return ((t["w"][0] + t["w"][1]) * x).sum() * t["b"]

    value, slope = onn.value_and_grad(call)(tree, real[2])
    assert np.isclose(value, call(tree, real[2]))
    assert set(slope) == {"w", "b"} and np.allclose(slope["w"][1], 2 * real[2])
    assert np.isclose(slope["b"], value / 2)
    both = onn.grad(call, wrt=(0, 1))(tree, real[2])
    assert np.allclose(both[1], 2 * (real[0] + real[1]))


def test_a_function_is_traced_once_for_a_shape():
    calls = []

    @onn.function
    def twice(x):
        calls.append(x.shape)
        return x * 2

    for n in (3, 4, 3, 4, 3):
        assert (twice(np.ones(n)) == 2).all()
    assert calls == [(3,), (4,)]


def test_plans_take_numbers_in_order_and_by_name():
    g = onn.Graph()
    a, b = g.variable("a", 3), g.variable("b", ())
    plan = onn.Plan([a * b, a + b])
    for given in (plan([1, 2, 3], 2), plan(b=2, a=[1, 2, 3]), plan([1., 2, 3], b=2)):
        assert (given[0] == [2, 4, 6]).all() and (given[1] == [3, 4, 5]).all()
    shared = onn.Tensor(np.full(3, 5.0), plan.device)
    plan.bind("a", shared)
    assert (plan(b=1)[0] == 5).all()
    shared.write([1, 2, 3])
    plan.run()
    assert (plan.outputs[0].numpy() == [1, 2, 3]).all()
    with pytest.raises(TypeError, match="no input 'c'; expected a, b"):
        plan(c=1)
    with pytest.raises(ValueError, match=r"shape \(4,\); expected \(3,\)"):
        plan(np.ones(4))
    with pytest.raises(TypeError):
        plan(np.ones(3) * 1j)
    assert "steps" in repr(plan) and plan.describe()


def test_strided_and_other_arrays_are_copied_as_they_are():
    plan = onn.Plan(onn.Graph().variable("x", (4, 5)) * 1)
    for x in (real[0], real[0][::-1], np.asfortranarray(real[0]), real[0].astype("f4"), real[:2, :, 0:5][1]):
        assert (plan(x) == x).all()
    fixed = real[0].copy()
    fixed.flags.writeable = False
    assert (plan(fixed) == fixed).all()


def test_errors_have_the_text_of_the_library():
    g = onn.Graph()
    x = g.variable("x", (2, 3))
    with pytest.raises(onn.ArgumentError, match=r"onn_matmul: .*\[2, 3\]"):
        x @ x
    with pytest.raises(ValueError):  # what an ArgumentError is, too
        onn.Graph().variable("x", (2, 3)) + onn.Graph().variable("y", 4)
    with pytest.raises(onn.OnnError, match="nowhere"):
        onn.Device("nowhere")
    with pytest.raises(onn.ArgumentError, match="onn_gradient"):
        g.gradient(x, x)
    assert (onn.Plan(x + x)(np.ones((2, 3))) == 2).all()  # the graph goes on


def test_random_numbers_are_the_same_everywhere():
    def draw(device):
        with onn.Graph() as g:
            return g.random("normal", (2, 5), seed=7).numpy(device)
    assert np.allclose(draw("c"), draw("reference"), rtol=1e-14)
