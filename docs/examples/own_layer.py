"""
A layer of one's own, with weights
==================================

A layer is a function that builds nodes, and its weights are arrays. Here an amplifier whose gain saturates stands
between two plates of a classifier of digits, and learns its gain and saturation while the plates learn their phases.
As a kind of layer that lists name (``onn.layer``, and in C :doc:`/c-examples/custom_layer`) it is trained like the library's:
see :doc:`/docs/adding-a-layer`.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid(48, pitch="400um"), onn.Light("750um", precision="f32")
regions = [(9 + 10 * (i // 5 * 2), 2 + 9 * (i % 5), 8, 8) for i in range(10)]


class Amplifier:
    """E exp(gain / (1 + |E|^2 / saturation)): light that is strong already gains less."""

    start = {"gain": np.float32(0.5), "log_saturation": np.float32(0)}

    def __call__(self, field, weights):
        saturated = 1 + field.intensity / np.exp(weights["log_saturation"])
        return field * np.exp(weights["gain"] / saturated)


amplifier = Amplifier()


def shares(images, weights):
    """Of the light at the detectors, the part of each class: [batch, 10]."""
    wave = onn.field(images, grid, light).plate(weights["first"]).propagate("9mm", method="asm")
    wave = amplifier(wave, weights["amplifier"]).plate(weights["second"]).propagate("9mm", method="asm")
    seen = onn.detect(wave.intensity, regions)
    return seen / seen.sum(axis=-1, keepdims=True)


def loss(images, wanted, weights):
    return -(wanted * onn.log_softmax(20 * shares(images, weights))).sum(axis=-1).mean()


def prepare(images):
    """Each pixel as 4 x 4, in the middle of the grid."""
    large = np.kron(images / 16, np.ones((1, 4, 4)))
    return np.pad(large, ((0, 0), (8, 8), (8, 8))).astype(np.float32)


digits = onn.load_dataset("digits")
x, wanted = prepare(digits.train_x), np.eye(10, dtype=np.float32)[digits.train_y]
x_test = prepare(digits.test_x)

def adam(weight, slope, memory, i, rate=0.05):
    m, v = memory
    m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope ** 2
    move = m / (1 - 0.9 ** i) / (np.sqrt(v / (1 - 0.999 ** i)) + 1e-8)
    return np.float32(weight - rate * move), (m, v)


plate = np.zeros((48, 48), np.float32)
weights = {"first": plate, "second": plate, "amplifier": Amplifier.start}
memory = {}
step = onn.value_and_grad(loss, wrt=2)


def update(weights, slopes, i, name=""):
    if isinstance(weights, dict):
        return {key: update(w, slopes[key], i, name + key) for key, w in weights.items()}
    weights, memory[name] = adam(weights, slopes, memory.get(name, (0, 0)), i)
    return weights


losses, random = [], np.random.default_rng(0)
for i in range(1, 161):
    batch = random.choice(len(x), 64, replace=False)
    value, slopes = step(x[batch], wanted[batch], weights)
    weights = update(weights, slopes, i)
    losses.append(value)

read = onn.function(shares)(x_test, weights).argmax(axis=-1)
right = (read == digits.test_y).mean()
learnt = weights["amplifier"]
print(f"{right:.0%} of new digits are read; gain {learnt['gain']:.2f}, "
      f"saturation {np.exp(learnt['log_saturation']):.2f}")

fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
axes[0].plot(losses)
axes[0].set_xlabel("step")
axes[0].set_ylabel("loss")
axes[0].set_title(f"{right:.0%} of new digits are read")
power = np.geomspace(0.01, 100, 100)
for weight, label in ((Amplifier.start, "at the start"), (learnt, "learnt")):
    gain = np.exp(2 * weight["gain"] / (1 + power / np.exp(weight["log_saturation"])))
    axes[1].loglog(power, gain, label=label)
axes[1].set_xlabel("intensity")
axes[1].set_ylabel("gain of the intensity")
axes[1].legend()
plt.show()
