"""
A classifier of light, and how much of the light arrives
========================================================

Plates that send the light of a digit to the region of its class, trained for accuracy alone, and for efficiency, too.
"""
import matplotlib.pyplot as plt

import onn

fig, axes = plt.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
for ax, efficiency in zip(axes, (0, 1)):
    network = onn.Network.preset("d2nn", height=8, width=8, grid=48, layers=3, distance=9e-3,
                                 efficiency=efficiency)
    done = network.train("digits", epochs=6, lr=0.05, device="c")
    digit = onn.load_dataset("digits").test_x[:1]
    seen = done.model.planes(digit, scale=16)[0, -1]
    ax.imshow(seen, cmap="inferno")
    ax.set_title(f"efficiency={efficiency}: {done.accuracy:.0%} are read")
    ax.set_xlabel("pixels")
axes[0].set_ylabel("pixels")
plt.show()
