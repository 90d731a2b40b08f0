"""
A modulator and a camera
========================

What a modulator of 8 levels shows of a phase, and what a camera counts: photons, read noise, a converter of 8 bits.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid(128, pitch="8um"), onn.Light("532nm")
smooth = -15 * (grid.y ** 2 + grid.x ** 2) / 512e-6 ** 2  # a lens of 10 cm

fig, axes = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True, layout="constrained")
with onn.Graph() as g:
    shown = onn.slm_phase(g.constant(smooth), levels=8)
    seen = onn.gaussian_beam(grid, light, waist="0.3mm").plate(shown).propagate("5cm").intensity
    counted = onn.camera(seen, photons=20, read_noise=2, full_well=200, bits=8, shot_noise=True)
    pictures = [(shown.numpy() % (2 * np.pi), "phase shown, rad"), (seen.numpy(), "intensity"),
                (counted.numpy(), "counted, 20 photons")]
for ax, (what, title) in zip(axes, pictures):
    drawn = ax.imshow(what, extent=(-512, 512, 512, -512), cmap="twilight" if "rad" in title else "inferno")
    fig.colorbar(drawn, ax=ax, shrink=0.8)
    ax.set_title(title)
    ax.set_xlabel("x, um")
axes[0].set_ylabel("y, um")
plt.show()
