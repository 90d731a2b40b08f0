"""
A blazed grating
================

A sawtooth of phase sends light to one side. With few levels, as in a modulator of few bits, orders appear.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid(256, pitch="8um"), onn.Light("532nm")
phase = onn.blazed_grating(grid, light, period="64um")

for levels in (0, 4, 2):
    shown = onn.slm_phase(phase, levels=levels) if levels else phase
    wave = onn.gaussian_beam(grid, light, waist="0.5mm")
    with_grating = onn.field(wave.numpy() * np.exp(1j * shown.numpy()), grid, light)
    far = with_grating.lens("10cm").propagate("10cm", method="asm")
    line = far.intensity.numpy()[128]
    plt.semilogy(grid.x[0] * 1e3, line / wave.intensity.numpy().max(),
                 label=f"{levels} levels" if levels else "smooth")
plt.ylim(1e-3, 1e3)
plt.xlabel("x in the focal plane, mm")
plt.ylabel("intensity, of the beam's")
plt.legend()
plt.show()
