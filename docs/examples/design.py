"""
Plates for a picture, and heights to make
=========================================

Two plates of phase that turn a disc of light into a ring; a plate of phase is a relief of material.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

y, x = np.mgrid[-1:1:64j, -1:1:64j]
ring = (abs(np.hypot(x, y) - 0.4) < 0.1).astype(float)
done = onn.design(ring, preset="phase", size=64, side="1.6cm", aperture="6mm", plates=2, steps=80)
print(done)

fig, axes = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True, layout="constrained")
height = np.angle(done.plates[0]) % (2 * np.pi) / (2 * np.pi) * 532e-9 / (1.46 - 1)
for ax, what, title, colours in ((axes[0], height * 1e6, "first plate, um of fused silica", "viridis"),
                                 (axes[1], done.picture, "light at the camera", "inferno"),
                                 (axes[2], ring, "wanted", "inferno")):
    fig.colorbar(ax.imshow(what, extent=(-8, 8, 8, -8), cmap=colours), ax=ax, shrink=0.8)
    ax.set_title(title)
    ax.set_xlabel("x, mm")
axes[0].set_ylabel("y, mm")
plt.show()
