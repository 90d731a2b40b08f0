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

A phase plate as a module, found by Adam: light of a round hole is to go into a cross, 3 cm further on.
"""
import matplotlib.pyplot as plt
import numpy as np
import torch

import onn
import onn.torch

grid, light = onn.Grid(128, pitch="8um"), onn.Light("532nm")
target = torch.zeros(128, 128, dtype=torch.float64)
target[60:68, 44:84] = target[44:84, 60:68] = 1


class Plate(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.phase = torch.nn.Parameter(torch.zeros(128, 128, dtype=torch.float64))
        self.light_behind = onn.torch.function(
            lambda phase: onn.plane_wave(grid, light).aperture(radius="0.4mm").plate(phase).propagate("3cm", "asm").intensity)

    def forward(self):
        return self.light_behind(self.phase)


torch.manual_seed(0)
plate, losses = Plate(), []
optimizer = torch.optim.Adam(plate.parameters(), lr=0.2)
for _ in range(100):
    optimizer.zero_grad()
    seen = plate()
    loss = 1 - torch.nn.functional.cosine_similarity(seen.flatten(), target.flatten(), dim=0)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

# A function written for Autograd needs another import, no more: its own steps, or those of any optimiser of NumPy's arrays.
wanted = np.exp(-np.linspace(-3, 3, 64) ** 2)


def missed(weights):
    series = np.cos(np.outer(np.linspace(-3, 3, 64), np.arange(8))) @ weights[:, None]
    return ((series - wanted[:, None]) ** 2).mean()


step, weights, misses = onn.value_and_grad(missed), np.zeros(8), []
for _ in range(100):
    value, slope = step(weights)
    weights -= 0.5 * slope
    misses.append(value)

fig, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
for ax, what, title in ((axes[0], plate.phase.detach().numpy() % (2 * np.pi), "phase of the plate"),
                        (axes[1], seen.detach().numpy(), "light 3 cm further on")):
    half = 64 * 8e-3
    ax.imshow(what, extent=(-half, half, half, -half), cmap="inferno" if ax is axes[1] else "twilight")
    ax.set_title(title)
    ax.set_xlabel("x, mm")
axes[0].set_ylabel("y, mm")
axes[2].semilogy(losses, label="torch.optim.Adam, a plate")
axes[2].semilogy(misses, label="onn.value_and_grad, a series")
axes[2].set_xlabel("step")
axes[2].set_ylabel("loss")
axes[2].legend()
plt.show()
