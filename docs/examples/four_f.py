"""
A 4f system with a mask
=======================

Two lenses, two focal lengths apart; a dark spot in the middle takes away what changes slowly, and leaves edges.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light, f = onn.Grid(256, pitch="8um"), onn.Light("532nm"), "5cm"
picture = np.zeros((256, 256))
picture[96:160, 96:160] = 1

middle = onn.field(picture, grid, light).propagate(f).lens(f).propagate(f)
behind = middle.mask(grid.y ** 2 + grid.x ** 2 > 100e-6 ** 2).propagate(f).lens(f).propagate(f)

fig, axes = plt.subplots(1, 3, figsize=(10, 3.8), sharey=True, layout="constrained")
half = 128 * 8e-3
for ax, what, title in ((axes[0], picture, "in front"), (axes[2], behind.intensity.numpy(), "behind"),
                        (axes[1], np.log10(middle.intensity.numpy() + 1e-9), "in the middle, log")):
    ax.imshow(what, extent=(-half, half, half, -half), cmap="inferno")
    ax.set_title(title)
    ax.set_xlabel("x, mm")
axes[0].set_ylabel("y, mm")
plt.show()
