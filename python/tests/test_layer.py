"""Kinds of layers that are functions of Python."""
import numpy as np
import pytest

import onn


def amplify(x, w, depth):
    return x * np.exp(w["gain"] * depth / (1 + x * x))


def turn(wave, w):
    """Half a turn, which is no function of each pixel alone."""
    return wave.e[..., ::-1, ::-1]


def broken(x, w):
    raise KeyError("what it looks for")


onn.layer("py-amplifier", amplify, settings={"depth": 1.0}, weights={"gain": 0.5}, summary="a test")
onn.layer("py-pairs", lambda x, w, factor: factor * (x[:, ::2] + x[:, 1::2]) * w["each"], takes="list",
          settings={"factor": 2}, shape=lambda shape, factor: (shape[0] // 2,),
          weights=lambda shape, factor: {"each": onn.Weight((shape[0] // 2,), mean=1.0, std=0.25)})
onn.layer("py-turn", turn, takes="light")
onn.layer("py-seen", lambda wave, w: wave.intensity.sum(axis=-1), takes="light", shape=lambda shape: shape[:1])
onn.layer("py-broken", broken)
onn.layer("py-odd", lambda x, w: x, shape=lambda shape: (1 / 0,))


def test_it_computes_what_the_function_does():
    network = onn.Network([("py-amplifier", {"depth": 2}), "flatten", ("py-pairs", {"factor": 3})],
                          input=[2, 2], classes=2)
    model = network.model(1)
    assert network.layers[0] == {"layer": "py-amplifier", "depth": 2.0}
    assert model.weights["py-amplifier0.gain"] == 0.5 and model.weights["py-pairs0.each"].shape == (2,)
    x = np.array([[[0.1, 0.2], [0.3, 0.4]], [[1, 2], [3, 4]]])
    y = x * np.exp(0.5 * 2 / (1 + x * x))
    expected = 3 * y.sum(-1) * model.weights["py-pairs0.each"]
    assert np.allclose(model.outputs(x, 1), expected, rtol=1e-6)


def test_its_weights_learn_and_are_kept(tmp_path):
    network = onn.Network(["flatten", ("linear", {"outputs": 32}), "py-amplifier", ("linear", {"outputs": 10})],
                          loss="nll")
    trained = network.train("digits", epochs=5, lr=5e-3, device="c")
    assert trained.accuracy > 0.85
    assert abs(trained.model.weights["py-amplifier0.gain"] - 0.5) > 0.01
    trained.model.save(tmp_path / "model.npz")
    again = onn.Model.load(tmp_path / "model.npz")
    assert again.evaluate("digits").all == trained.model.evaluate("digits").all


def test_light_is_a_field():
    encode = ("encode", {"grid": 8, "image": 2, "pitch": "400um", "wavelength": "750nm"})
    detect = ("detect", {"regions": (2, 2), "area": 4, "reading": "fraction"})
    x = np.array([[[1, 0.5], [0.25, 0]]])
    plain = onn.Network([encode, detect], input=[2, 2], classes=4).model().outputs(x, 1)
    turned = onn.Network([encode, "py-turn", detect], input=[2, 2], classes=4).model().outputs(x, 1)
    assert plain[0, 0] > plain[0, 1] and np.allclose(turned[:, ::-1], plain, atol=1e-6)
    rows = onn.Network([encode, "py-seen"], input=[2, 2], classes=8).model().outputs(x, 1)
    assert rows.shape == (1, 8) and rows[0, 3] > rows[0, 4] > rows[0, 0] == 0


def test_what_is_wrong_is_said():
    with pytest.raises(onn.ArgumentError, match="there is a kind of layer \"linear\""):
        onn.layer("linear", amplify)
    with pytest.raises(onn.ArgumentError, match="small letter"):
        onn.layer("Amplifier", amplify)
    with pytest.raises(ValueError, match="takes is 'sound'; expected one of numbers"):
        onn.layer("py-sound", amplify, takes="sound")
    model = onn.Network(["flatten", "py-broken"], input=[1, 2], classes=2).model()
    with pytest.raises(onn.ArgumentError, match=r"KeyError: 'what it looks for'") as found:
        model.outputs(np.zeros((1, 1, 2)), 1)
    assert isinstance(found.value.__cause__, KeyError)
    network = onn.Network(["flatten", "py-odd"], input=[1, 2], classes=2)
    with pytest.raises(onn.ArgumentError, match=r"layer 2 \(py-odd\): ZeroDivisionError") as found:
        network.model()
    assert isinstance(found.value.__cause__, ZeroDivisionError)
    with pytest.raises(onn.FormatError, match="py-absent"):
        onn.Network(["py-absent"])
