"""
A lens, and the derivative by its focal length
==============================================

How bright is the axis 5 cm behind a lens? The focal length is an argument, so the answer has a derivative.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid(256, pitch="8um"), onn.Light("532nm")


def on_axis(f):
    seen = onn.gaussian_beam(grid, light, waist="0.4mm").lens(f).propagate("5cm", method="asm")
    return seen.intensity[128, 128]


step = onn.value_and_grad(on_axis)
f = np.linspace(0.045, 0.056, 45)
value, slope = np.array([step(x) for x in f]).T

fig, (above, below) = plt.subplots(2, 1, sharex=True)
above.plot(f * 1e3, value)
above.set_ylabel("intensity on the axis")
below.plot(f * 1e3, slope * 1e-3, label="derivative")
below.plot(f * 1e3, np.gradient(value, f) * 1e-3, "k.", ms=3, label="differences of the upper curve")
below.set_xlabel("focal length, mm")
below.set_ylabel("per mm")
below.legend()
plt.show()
