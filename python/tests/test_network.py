"""Networks: lists, training, predictions, and what callbacks may do."""
import numpy as np
import pytest

import onn

layers = ["flatten", ("linear", {"outputs": 32}), ("absorber", {"od": 10}),
          {"layer": "linear", "outputs": 10}]


@pytest.fixture(scope="module")
def digits():
    return onn.load_dataset("digits")


@pytest.fixture(scope="module")
def trained(digits):
    return onn.Network(layers, loss="nll").train(digits, epochs=12, lr=5e-3)


def test_a_list_is_a_network():
    network = onn.Network(layers, loss="nll")
    assert [x["layer"] for x in network.layers] == ["flatten", "linear", "absorber", "linear"]
    assert "flatten, linear, absorber, linear" in repr(network) and '"nll"' in network.json()
    light = onn.Network([("encode", {"grid": 32, "pitch": "400um", "wavelength": 7.5e-4}), "plate",
                         ("space", {"distance": "9mm"}), ("detect", {"regions": (2, 5)})])
    assert light.layers[0]["pitch"] == [4e-4, 4e-4] and light.layers[2]["distance"] == 9e-3
    with pytest.raises(onn.FormatError, match=r"layer 2 \(linear\): outputs is -3"):
        onn.Network(["flatten", ("linear", {"outputs": -3})])
    with pytest.raises(onn.FormatError, match='pitch is "5ns"; expected a length'):
        onn.Network([("encode", {"pitch": "5ns"})])


def test_it_learns(trained, digits):
    assert trained.accuracy > 0.9 and len(trained.epochs) == 12
    assert trained.epochs[-1].train_loss < trained.epochs[0].train_loss
    found = trained.model.predict(digits.test_x, scale=digits.scale)
    measured = trained.model.evaluate(digits)
    assert np.isclose((found == digits.test_y).mean(), measured.all)
    assert measured.all > trained.model.evaluate(digits, weight_noise=0.5).all
    assert "accuracy" in repr(trained) and "<table>" in trained._repr_html_()


def test_weights_are_the_models_own(trained, digits, tmp_path):
    trained.model.save(tmp_path / "model.npz")
    model = onn.Model.load(tmp_path / "model.npz")
    before = model.outputs(digits.test_x[:4], digits.scale)
    assert (before == trained.model.outputs(digits.test_x[:4], digits.scale)).all()
    assert (np.load(tmp_path / "model.npz")["w0"] == model.weights["w0"]).all()
    model.weights["w0"][:] = 0
    assert not (model.outputs(digits.test_x[:4], digits.scale) == before).all()


def test_callbacks_see_and_stop(digits, tmp_path):
    network, steps, epochs, lines = onn.Network(layers), [], [], []
    network.train(digits, epochs=2, progress=lambda p: steps.append(p) and None,
                  epoch=epochs.append, log=lines.append)
    assert len(steps) == 2 * steps[0].steps and steps[-1].epoch == 1
    assert [e.epoch for e in epochs] == [1, 2]
    with pytest.raises(onn.Cancelled):
        network.train(digits, epochs=2, out=tmp_path / "run", progress=lambda p: p.step == 5)
    again = network.train(digits, epochs=2, out=tmp_path / "run", resume=True)
    whole = network.train(digits, epochs=2)
    for name, weight in whole.model.weights.items():
        assert (weight == again.model.weights[name]).all()
    with pytest.raises(ZeroDivisionError):
        network.train(digits, progress=lambda p: 1 / 0)
    with pytest.raises(KeyError):
        network.train(digits, epochs=3, epoch=lambda e: {}["none"])


def test_own_images_and_several_seeds():
    rng = np.random.default_rng(0)
    x = rng.random((300, 8, 8))
    y = x[:, :4].sum((1, 2)) > x[:, 4:].sum((1, 2))
    own = onn.Dataset.of(x[:200], y[:200], x[200:], y[200:])
    assert own.classes == 2 and own.train_x.shape == (200, 8, 8)
    done = onn.Network(["flatten", ("linear", {"outputs": 2})], loss="nll").train(
        own, epochs=60, lr=1e-2, seeds=2)
    assert len(done.models) == 2 and done.accuracy > 0.7
    with pytest.raises(ValueError):
        own.train_x[0] = 1  # lent by the library, to be read


def test_light_at_every_plane(digits):
    light = onn.Network([("encode", {"grid": 32, "pitch": "400um", "wavelength": "750um"}), "plate",
                         ("space", {"distance": "9mm"}), ("detect", {"regions": (2, 5)})])
    done = light.train(digits, epochs=1, lr=0.05)
    assert done.model.planes(digits.test_x[:3], digits.scale).shape == (3, 2, 32, 32)
    assert done.model.weights["layer0.plate"].shape == (32, 32)


def test_presets():
    mlp = onn.Network.preset("mlp", inputs=64, hidden=[16], absorber={"od": 30})
    assert mlp.train("digits", epochs=1).epochs[0].train_loss > 0
    with pytest.raises(onn.FormatError):
        onn.Network.preset("mlp", colour="red")


def test_options_are_checked():
    with pytest.raises(onn.ArgumentError, match="epochs is '-1'; expected a whole number"):
        onn.Network(layers).train(epochs=-1)
    with pytest.raises(onn.ArgumentError, match="there is no setting rate"):
        onn.Network(layers).train(rate=1)
    with pytest.raises(onn.FileError):
        onn.Model.load("nowhere.npz")
    with pytest.raises(onn.ArgumentError, match="digit"):
        onn.load_dataset("digit")
