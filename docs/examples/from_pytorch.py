"""
From PyTorch, torchoptics and Autograd
======================================

Losses, modules and optimisers stay PyTorch's; the light is a function of onn's (see :doc:`/docs/python`; for JAX there is
``onn.jax``).

=========================================== =====================================================
there                                       here
=========================================== =====================================================
``torchoptics.Field(data, wavelength, z)``   ``onn.field(data, onn.Grid(n, pitch), onn.Light(w))``
``field.propagate_to_z(z)``                  ``field.propagate(distance, "asm", pad=2 * n)``
``field.modulate(torch.exp(1j * phase))``    ``field.plate(phase)``
``field.intensity()``                        ``field.intensity``
``loss.backward()``                          the same, on ``onn.torch.function(f)``
``autograd.value_and_grad(f)``               ``onn.value_and_grad(f)``
``autograd.numpy.fft.fft2``                  ``onn.fft2``
=========================================== =====================================================

A function written for Autograd needs another import, no more:
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

target = np.exp(-np.linspace(-3, 3, 64) ** 2)


def loss(weights):
    spectrum = np.cos(np.outer(np.linspace(-3, 3, 64), np.arange(8))) @ weights[:, None]
    return ((spectrum - target[:, None]) ** 2).mean()


step, weights = onn.value_and_grad(loss), np.zeros(8)
losses = []
for _ in range(100):
    value, slope = step(weights)
    weights -= 0.5 * slope
    losses.append(value)
plt.semilogy(losses)
plt.xlabel("step")
plt.ylabel("loss")
plt.show()
