"""A step of training plates in PyTorch: onn.torch against PyTorch's own transforms and, where it is installed, torchoptics.

    onn_torch.py [SIZE [PLATES [THREADS]]]

Fields of SIZE x SIZE pixels, padded to twice that, through PLATES plates 1 cm apart; a step is forward and backward.
Prints milliseconds, medians of rounds in which all take turns, the ratios' medians, and how far the gradients are apart."""

import statistics
import sys
import time

import numpy as np
import torch

import onn
import onn.torch

PITCH, WAVELENGTH, GAP = 8e-6, 532e-9, 1e-2
ROUNDS = 15


def by_onn(n, precision):
    grid, light = onn.Grid(n, PITCH), onn.Light(WAVELENGTH, precision=precision)

    def intensity(*phases):
        field = onn.plane_wave(grid, light)
        for phase in phases:
            field = field.plate(phase).propagate(GAP, "asm", pad=n // 2)
        return field.intensity

    return onn.torch.function(intensity)


def by_torch(n, complex_type):
    k, f = 2 * np.pi / WAVELENGTH, np.fft.fftfreq(2 * n, PITCH)
    h = np.exp(1j * GAP * np.sqrt(k ** 2 - (2 * np.pi) ** 2 * (f[:, None] ** 2 + f ** 2) + 0j))
    h, side = torch.tensor(h).to(complex_type), n // 2

    def intensity(*phases):
        e = torch.ones(n, n, dtype=complex_type)
        for phase in phases:
            e = torch.nn.functional.pad(e * torch.exp(1j * phase), (side,) * 4)
            e = torch.fft.ifft2(torch.fft.fft2(e) * h)[side:side + n, side:side + n]
        return e.abs() ** 2

    return intensity


def by_torchoptics(n, complex_type):
    try:
        from torchoptics import Field
    except ImportError:
        return None

    def intensity(*phases):
        field = Field(torch.ones(n, n, dtype=complex_type), wavelength=WAVELENGTH, spacing=PITCH)
        for i, phase in enumerate(phases):
            field = field.modulate(torch.exp(1j * phase)).propagate_to_z(
                GAP * (i + 1), propagation_method="ASM", asm_pad=(n // 2, n // 2))
        return field.intensity()

    return intensity


def step(call, phases, weight):
    begun = time.perf_counter()
    (call(*phases) * weight).sum().backward()
    seconds = time.perf_counter() - begun
    found = [p.grad for p in phases]
    for p in phases:
        p.grad = None
    return seconds, found


def main(size=256, plates=5, threads=2):
    torch.set_num_threads(int(threads))
    n = int(size)
    for real, complex_type, precision in ((torch.float64, torch.complex128, "f64"),
                                          (torch.float32, torch.complex64, "f32")):
        torch.set_default_dtype(real)
        calls = {"onn": by_onn(n, precision), "torch": by_torch(n, complex_type),
                 "torchoptics": by_torchoptics(n, complex_type)}
        calls = {name: call for name, call in calls.items() if call}
        phases = [torch.rand(n, n, requires_grad=True) for _ in range(int(plates))]
        weight = torch.rand(n, n)
        gradients = {name: step(call, phases, weight)[1] for name, call in calls.items()}
        times = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                time.sleep(0.05)  # threads of the one before fall asleep
                step(call, phases, weight)  # and its numbers leave the caches
                times[name].append(step(call, phases, weight)[0])
        for name in calls:
            apart = max(((a - b).abs().max() / b.abs().max()).item()
                        for a, b in zip(gradients[name], gradients["onn"]))
            ratio = statistics.median(b / a for a, b in zip(times["onn"], times[name]))
            print(f"{precision} {name}: {1e3 * statistics.median(times[name]):.2f} ms, {ratio:.1f} "
                  f"times onn's, gradients within {apart:.1e}")


if __name__ == "__main__":
    main(*sys.argv[1:])
