"""
An operation of one's own
=========================

What is built from the library's operations has derivatives of any order, on every device. Here a Kerr medium, whose
phase follows the intensity, between two stretches of free space; the strength is found that gives a wanted peak.
In C an operation may also bring its own code: :doc:`/c-examples/custom_operation`. With weights it is a layer:
:doc:`own_layer`.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

grid, light = onn.Grid(256, pitch="8um"), onn.Light("532nm")


def kerr(field, strength):
    return field.plate(strength * field.intensity)


def behind(strength):
    wave = onn.gaussian_beam(grid, light, waist="0.3mm")
    return kerr(wave, strength).propagate("20cm", method="asm")


@onn.function
def missed(strength):
    return (behind(strength).intensity[128, 128] - 1.5) ** 2


step, strength = onn.value_and_grad(missed), 1.0
for _ in range(60):
    loss, slope = step(strength)
    strength -= 0.2 * slope
print(f"strength {strength:.4f} rad, off by {loss ** 0.5:.1e}")

see = onn.function(lambda s: behind(s).intensity[128])
for s in (0.0, strength):
    plt.plot(grid.x[0] * 1e3, see(s), label=f"{s:.2f} rad at the peak")
plt.xlabel("x, mm")
plt.ylabel("intensity 20 cm behind the medium")
plt.legend()
plt.show()
