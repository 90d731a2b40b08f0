"""
A beam from the side
====================

A Gaussian beam through its waist. A field is a node: nothing is computed before its numbers are asked for.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid((1, 256), pitch="4um"), onn.Light("532nm")
z = np.linspace(-0.1, 0.1, 201)
side = np.stack([onn.gaussian_beam(grid, light, waist="100um", z=at).intensity.numpy()[0] for at in z], 1)

x = grid.x[0] * 1e3
plt.imshow(side, extent=(z[0] * 1e3, z[-1] * 1e3, x[-1], x[0]), aspect="auto", cmap="inferno")
plt.xlabel("z, mm")
plt.ylabel("x, mm")
plt.colorbar(label="intensity, of the waist's peak")

# Its radius is what the books say: w(z) = w0 sqrt(1 + (z / zR)^2).
w0, rayleigh = 100e-6, np.pi * 100e-6 ** 2 / 532e-9
w = w0 * np.sqrt(1 + (z / rayleigh) ** 2)
plt.plot(z * 1e3, w * 1e3, "w--", z * 1e3, -w * 1e3, "w--", lw=1)
plt.show()
