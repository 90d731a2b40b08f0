"""The two works of ../light.h for other libraries, as fast as we know to write them: H made once, no shifts, complex64.

    light.py PEER generator|d2nn SIZE THREADS

answers each number on standard input, after that many training steps, with the seconds of one and the loss that the last
began with, as onn-light does. PEERS names the peers."""

import sys
import time

import numpy as np

PLATES, LAYERS, SIDE, PADDED = 32, 5, 200, 400
RATE = 1e-3
CORNERS = ((40, 40), (40, 90), (40, 140), (90, 25), (90, 68), (90, 112), (90, 155), (140, 40), (140, 90), (140, 140))


def transfer(n, pitch, wavelength, distance, evanescent):
    """H of the angular spectrum in complex128, frequency 0 first, its phase reduced by whole turns."""
    f = np.fft.fftfreq(n, pitch) * wavelength
    gamma = f[:, None] ** 2 + f[None, :] ** 2
    travels = gamma <= 1
    root = np.sqrt(np.where(travels, 1 - gamma, 0))
    turns = distance % wavelength / wavelength - distance / wavelength * gamma / (1 + root)
    decay = np.exp(-2 * np.pi * distance / wavelength * np.sqrt(np.where(travels, 0, gamma - 1)))
    return np.where(travels, np.exp(2j * np.pi * turns), 1 if evanescent == "pass" else decay)


def ring(n, low, high):
    r = np.hypot(*np.meshgrid(np.arange(n) - n / 2, np.arange(n) - n / 2)) * 32e-3 / n
    return ((r >= low) & (r <= high)).astype(np.float64)


def generator_task(n):
    """Disc, target and H."""
    return ring(n, 0, 8e-3), ring(n, 3e-3, 5e-3), transfer(n, 32e-3 / n, 550e-9, 50e-3, "pass")


def d2nn_task(images):
    """Pictures, labels, phases, the regions as [pixels, 10], and H."""
    b, y, x = np.meshgrid(np.arange(images), np.arange(SIDE), np.arange(SIDE), indexing="ij")
    pictures = (.5 + .5 * np.sin(.05 * y + .001 * b * x)).astype(np.float32)
    phases = [np.cos(.02 * x[0] * (k + 1)).astype(np.float32) for k in range(LAYERS)]
    regions = np.zeros((SIDE, SIDE, 10), np.float32)
    for c, (row, column) in enumerate(CORNERS):
        regions[row:row + 20, column:column + 20, c] = 1
    h = transfer(PADDED, .4e-3, .75e-3, 30e-3, "decay")
    return pictures, np.arange(images) % 10, phases, regions.reshape(-1, 10), h


def start_torch(threads):
    """PyTorch with so many threads; numbers below the normal range count as 0, as they are slow."""
    import torch

    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    return torch


# ---- the generator ----


def torch_generator(n, threads):
    """By autograd, plates one tensor."""
    torch = start_torch(threads)
    disc, target, h = generator_task(n)
    disc, h = torch.tensor(disc, dtype=torch.complex64), torch.tensor(h, dtype=torch.complex64)
    target = torch.tensor(target, dtype=torch.float32)
    plates = [torch.ones(n, n, dtype=torch.complex64, requires_grad=True) for _ in range(PLATES)]

    def step():
        e = disc
        for p in plates:
            e = torch.fft.ifft2(torch.fft.fft2(e * p) * h)
        d = e.real.square() + e.imag.square() - target
        loss = (d * d + d.abs()).mean()
        grads = torch.autograd.grad(loss, plates)
        with torch.no_grad():
            torch._foreach_sub_(plates, [torch.sgn(g) for g in grads], alpha=RATE)
        return loss.item()

    return step


def torch_adjoint_generator(n, threads):
    """The backward pass written out, results into buffers that stay."""
    torch = start_torch(threads)
    torch.set_grad_enabled(False)
    disc, target, h = generator_task(n)
    disc, h = torch.tensor(disc, dtype=torch.complex64), torch.tensor(h, dtype=torch.complex64)
    back = h.conj().resolve_conj()
    target = torch.tensor(target, dtype=torch.float32)
    plates = torch.ones(PLATES, n, n, dtype=torch.complex64)
    fields = torch.empty(PLATES + 1, n, n, dtype=torch.complex64)
    fields[0] = disc
    a, b, move = (torch.empty(n, n, dtype=torch.complex64) for _ in range(3))

    def step():
        for k in range(PLATES):
            torch.mul(fields[k], plates[k], out=a)
            torch.fft.fft2(a, out=b)
            torch.mul(b, h, out=b)
            torch.fft.ifft2(b, out=fields[k + 1])
        e = fields[PLATES]
        d = e.real.square() + e.imag.square() - target
        loss = (d * d + d.abs()).mean()
        g = e * (2 * d + d.sign()) * (2 / (n * n))
        for k in reversed(range(PLATES)):
            torch.fft.fft2(g, out=a)
            torch.mul(a, back, out=a)
            torch.fft.ifft2(a, out=b)
            torch.mul(b, fields[k].conj(), out=move)
            torch.mul(b, plates[k].conj(), out=g)
            torch.sgn(move, out=move)
            plates[k].sub_(move, alpha=RATE)
        return loss.item()

    return step


def jax_generator(n, threads):
    """The whole step compiled; JAX takes all threads."""
    import jax
    import jax.numpy as jnp

    disc, target, h = generator_task(n)
    disc, h, target = jnp.asarray(disc, jnp.complex64), jnp.asarray(h, jnp.complex64), jnp.asarray(target, jnp.float32)
    state = jnp.ones((PLATES, n, n), jnp.complex64)

    def loss_of(plates):
        e = disc
        for k in range(PLATES):
            e = jnp.fft.ifft2(jnp.fft.fft2(e * plates[k]) * h)
        d = e.real ** 2 + e.imag ** 2 - target
        return (d * d + jnp.abs(d)).mean()

    @jax.jit
    def update(plates):
        loss, g = jax.value_and_grad(loss_of)(plates)
        return plates - RATE * jnp.sign(jnp.conj(g)), loss  # JAX's gradient is the conjugate of ours

    def step():
        nonlocal state
        state, loss = update(state)
        return float(loss)

    return step


def autograd_generator(n, threads):
    """As the tutorial does it, in double, but for its shifts and its making H anew at each hop."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    disc, target, h = generator_task(n)
    state = np.ones((PLATES, n, n), complex)

    def loss_of(plates):
        e = disc
        for k in range(PLATES):
            e = anp.fft.ifft2(anp.fft.fft2(e * plates[k]) * h)
        d = anp.abs(e) ** 2 - target
        return anp.mean(d * d + anp.abs(d))

    both = value_and_grad(loss_of)

    def step():
        nonlocal state
        loss, g = both(state)
        state = state - RATE * np.exp(-1j * np.angle(g)) * (g != 0)
        return loss

    return step


def torchoptics_generator(n, threads):
    """Its own elements and propagation, without padding (it pads by nothing else than zeros, evanescent waves decay)."""
    import torchoptics
    from torchoptics import Field
    from torchoptics.elements import Modulator

    torch = start_torch(threads)
    disc, target, _ = generator_task(n)
    torchoptics.set_default_spacing(32e-3 / n)
    torchoptics.set_default_wavelength(550e-9)
    disc = torch.tensor(disc, dtype=torch.complex64)
    target = torch.tensor(target, dtype=torch.float32)
    elements = [Modulator(torch.nn.Parameter(torch.ones(n, n, dtype=torch.complex64)), z=50e-3 * k)
                for k in range(PLATES)]
    plates = [element.modulation for element in elements]

    def step():
        field = Field(disc, z=0)
        for k, element in enumerate(elements):
            field = element(field)
            field = field.propagate_to_z(50e-3 * (k + 1), asm_pad=0, propagation_method="ASM")
        d = field.intensity() - target
        loss = (d * d + d.abs()).mean()
        grads = torch.autograd.grad(loss, plates)
        with torch.no_grad():
            torch._foreach_sub_(plates, [torch.sgn(g) for g in grads], alpha=RATE)
        return loss.item()

    return step


# ---- the classifier ----


def torch_d2nn(images, threads, pruned=False):
    """By autograd, with the fused Adam. pruned: rows of zeros are not transformed, cropped ones not computed."""
    torch = start_torch(threads)
    pictures, labels, phases, regions, h = d2nn_task(images)
    pictures, labels, regions = torch.tensor(pictures), torch.tensor(labels), torch.tensor(regions)
    h = torch.tensor(h, dtype=torch.complex64)
    phases = [torch.nn.Parameter(torch.tensor(p)) for p in phases]
    adam = torch.optim.Adam(phases, lr=RATE, fused=True)

    def hop(e):
        """Padding behind instead of around: what is cut out does not see the difference."""
        if not pruned:
            return torch.fft.ifft2(torch.fft.fft2(e, s=(PADDED, PADDED)) * h)[..., :SIDE, :SIDE]
        e = torch.fft.fft(torch.fft.fft(e, n=PADDED, dim=-1), n=PADDED, dim=-2)
        e = torch.fft.ifft(e * h, dim=-2)[..., :SIDE, :]
        return torch.fft.ifft(e, dim=-1)[..., :SIDE]

    def step():
        e = pictures
        for phase in phases:
            e = hop(e * torch.polar(torch.ones_like(phase), phase))
        power = (e.real.square() + e.imag.square()).reshape(images, -1) @ regions
        part = power / power.sum(1, keepdim=True)
        loss = torch.nn.functional.cross_entropy(10 * part, labels)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        return loss.item()

    return step


def torch_pruned_d2nn(images, threads):
    return torch_d2nn(images, threads, True)


def jax_d2nn(images, threads):
    import jax
    import jax.numpy as jnp

    pictures, labels, phases, regions, h = d2nn_task(images)
    pictures, regions, h = jnp.asarray(pictures), jnp.asarray(regions), jnp.asarray(h, jnp.complex64)
    zeros = jnp.zeros((LAYERS, SIDE, SIDE), jnp.float32)
    state = (jnp.asarray(np.stack(phases)), zeros, zeros, jnp.zeros(()))

    def loss_of(phases):
        e = pictures
        for k in range(LAYERS):
            e = jnp.fft.fft2(e * jnp.exp(1j * phases[k]), s=(PADDED, PADDED))
            e = jnp.fft.ifft2(e * h)[:, :SIDE, :SIDE]
        power = (e.real ** 2 + e.imag ** 2).reshape(images, -1) @ regions
        part = power / power.sum(1, keepdims=True)
        return -jnp.take_along_axis(jax.nn.log_softmax(10 * part), labels[:, None], 1).mean()

    @jax.jit
    def update(state):
        phases, m, v, t = state
        loss, g = jax.value_and_grad(loss_of)(phases)
        t, m, v = t + 1, .9 * m + .1 * g, .999 * v + .001 * g * g
        move = m / (1 - .9 ** t) / (jnp.sqrt(v / (1 - .999 ** t)) + 1e-8)
        return (phases - RATE * move, m, v, t), loss

    def step():
        nonlocal state
        state, loss = update(state)
        return float(loss)

    return step


PEERS = {
    ("torch", "generator"): torch_generator,
    ("torch-adjoint", "generator"): torch_adjoint_generator,
    ("jax", "generator"): jax_generator,
    ("autograd", "generator"): autograd_generator,
    ("torchoptics", "generator"): torchoptics_generator,
    ("torch", "d2nn"): torch_d2nn,
    ("torch-pruned", "d2nn"): torch_pruned_d2nn,
    ("jax", "d2nn"): jax_d2nn,
}


def main():
    peer, work, size, threads = sys.argv[1:]
    step = PEERS[peer, work](int(size), int(threads))
    for line in sys.stdin:
        count, start = int(line), time.perf_counter()
        for _ in range(count):
            loss = step()
        print("%.9f %.9f" % ((time.perf_counter() - start) / count, loss), flush=True)


if __name__ == "__main__":
    main()
