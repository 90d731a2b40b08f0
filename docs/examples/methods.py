"""
Which method when
=================

The same hole at several distances, by four methods; `sampling` says which of them the grid allows, and what a
propagation is expected to be wrong by. "auto" takes one that it allows.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid(128, pitch="8um"), onn.Light("532nm")
hole = onn.plane_wave(grid, light).aperture(radius="0.2mm")
methods, distances = ("asm", "band-limited", "fresnel", "rs"), ("5mm", "5cm", "50cm")

fig, axes = plt.subplots(3, 4, figsize=(9, 7.4), layout="constrained", sharex=True, sharey=True)
for row, z in zip(axes, distances):
    for ax, method in zip(row, methods):
        how = hole.sampling(z, method)
        seen = hole.propagate(z, method, to=None).intensity.numpy()
        ax.imshow(np.sqrt(seen), extent=(-0.512, 0.512, 0.512, -0.512), cmap="inferno")
        ax.set_title(f"{method}, {z}\n{'sampled well' if how.enough else 'not sampled well'}", fontsize=9)
    row[0].set_ylabel("y, mm")
for ax in axes[-1]:
    ax.set_xlabel("x, mm")
plt.show()

# %%
# What goes wrong: the angular spectrum folds at long distances, and light from the edges comes in; the impulse
# response of Rayleigh and Sommerfeld has too few points at short ones.
for z in distances:
    print(z, *(f"{m}: {hole.sampling(z, m).why}" for m in methods), sep="\n  ")
