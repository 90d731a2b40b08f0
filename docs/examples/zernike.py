"""
Aberrations by Zernike polynomials
==================================

A lens with one wave of an aberration, and its focus.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid(256, pitch="8um"), onn.Light("532nm")
kinds = {"none": None, "astigmatism": (2, 2), "coma": (3, 1), "trefoil": (3, 3), "spherical": (4, 0)}

fig, axes = plt.subplots(1, 5, figsize=(11, 2.8), sharey=True, layout="constrained")
for ax, (name, order) in zip(axes, kinds.items()):
    wave = onn.plane_wave(grid, light).aperture(radius="0.8mm")
    if order:
        error = onn.zernike(grid, light, *order, radius="0.8mm").numpy()
        wave = wave.plate(2 * np.pi * error / np.abs(error).max())
    seen = wave.lens("10cm").propagate("10cm", method="asm").intensity.numpy()[88:168, 88:168]
    ax.imshow(seen ** 0.5, extent=(-320, 320, 320, -320), cmap="inferno")
    ax.set_title(name)
    ax.set_xlabel("x, um")
axes[0].set_ylabel("y, um")
plt.show()
