"""onn in PyTorch, against PyTorch."""
import os
import signal

import numpy as np
import pytest

import onn

torch = pytest.importorskip("torch")
from onn import torch as onn_torch  # noqa: E402

grid, light = onn.Grid(16, "8um"), onn.Light("532nm")


def camera(phase, field):
    return onn.field(field, grid, light).plate(phase).propagate("1mm", "asm").intensity


def in_torch(phase, field):
    """The same by PyTorch's transforms."""
    k, f = 2 * np.pi / 532e-9, np.fft.fftfreq(32, 8e-6)
    h = torch.tensor(np.exp(1e-3j * np.sqrt(k ** 2 - (2 * np.pi) ** 2 * (f[:, None] ** 2 + f ** 2) + 0j)))
    e = torch.nn.functional.pad(field * torch.exp(1j * phase), (8, 8, 8, 8))
    return torch.fft.ifft2(torch.fft.fft2(e) * h)[8:24, 8:24].abs() ** 2


def start():
    torch.manual_seed(0)
    phase = torch.rand(16, 16, dtype=torch.float64, requires_grad=True)
    return phase, torch.randn(16, 16, dtype=torch.complex128, requires_grad=True)


def test_values_and_gradients_are_those_of_torch():
    seen = onn_torch.function(camera)
    weight = torch.rand(16, 16, dtype=torch.float64)
    found = []
    for call in (seen, in_torch):
        phase, field = start()
        loss = (call(phase, field) * weight).sum()
        loss.backward()
        found.append((loss.item(), phase.grad, field.grad))
    ours, theirs = found
    assert np.isclose(ours[0], theirs[0], rtol=1e-12)
    for a, b in zip(ours[1:], theirs[1:]):
        assert (a - b).abs().max() < 1e-10 * b.abs().max()


def test_gradients_of_gradients():
    phase = torch.rand(4, 4, dtype=torch.float64, requires_grad=True)
    cube = onn_torch.function(lambda x: (x ** 3) * np.sin(x))
    assert torch.autograd.gradcheck(cube, (phase,))
    assert torch.autograd.gradgradcheck(cube, (phase,))
    z = torch.randn(3, dtype=torch.complex128, requires_grad=True)
    assert torch.autograd.gradcheck(onn_torch.function(lambda z: np.exp(z) * z), (z,))


def test_forwards_whose_backwards_come_later_in_any_order():
    cube = onn_torch.function(lambda x: x ** 3 * np.sin(x))

    def slope(x):
        return 3 * x ** 2 * torch.sin(x) + x ** 3 * torch.cos(x)

    a = torch.rand(5, dtype=torch.float64, requires_grad=True)
    b = torch.rand(5, dtype=torch.float64, requires_grad=True)
    of_a, of_b = cube(a).sum(), 2 * cube(b).sum()
    of_a.backward(retain_graph=True)
    of_b.backward()
    assert torch.allclose(a.grad, slope(a), rtol=1e-12)
    assert torch.allclose(b.grad, 2 * slope(b), rtol=1e-12)
    of_a.backward()
    assert torch.allclose(a.grad, 2 * slope(a), rtol=1e-12)
    with torch.no_grad():
        assert not cube(a).requires_grad


def test_results_that_have_no_derivative():
    both = onn_torch.function(lambda x: (x.argmax(), x * x))
    x = torch.tensor([1.0, 3, 2], requires_grad=True)
    place, square = both(x)
    assert place.item() == 1 and not place.requires_grad
    square.sum().backward()
    assert (x.grad == 2 * x).all()


def test_an_optimizer_of_torch_finds_a_plate():
    target = torch.zeros(16, 16, dtype=torch.float64)
    target[4:7, 9:12] = 1
    phase = torch.zeros(16, 16, dtype=torch.float64, requires_grad=True)
    field = torch.ones(16, 16, dtype=torch.complex128)
    seen, adam = onn_torch.function(camera), torch.optim.Adam([phase], lr=0.1)
    losses = []
    for _ in range(60):
        adam.zero_grad()
        light_there = seen(phase, field)
        loss = 1 - (light_there * target).sum() / light_there.sum()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]


def test_single_precision_nesting_and_what_needs_no_gradient():
    seen = onn_torch.function(lambda t: {"twice": t[0] * 2, "sum": (t[0] * t[1]).sum()})
    x = torch.ones(3, dtype=torch.float32, requires_grad=True)
    n = torch.arange(3, dtype=torch.int32)
    got = seen((x, n))
    assert got["twice"].dtype == torch.float32 and got["sum"].item() == 3
    got["sum"].backward()
    assert (x.grad == torch.tensor([0.0, 1, 2])).all()


def test_results_stay_as_long_as_anybody_looks_and_their_memory_serves_again():
    seen = onn_torch.function(camera)
    phase, field = start()
    first = seen(phase, field)
    row, kept, place = first.detach()[3], first.detach().clone(), first.data_ptr()
    del first
    with torch.no_grad():
        others = [seen(phase + i, field) for i in (1, 2, 3)]  # a plan of its own: no derivatives
    second = seen(phase + 1, field)  # while a row of the first is held
    assert torch.equal(row, kept[3]) and second.data_ptr() != place
    assert not torch.equal(second, kept) and torch.allclose(second, others[0], rtol=1e-12)
    assert len({x.data_ptr() for x in others}) == 3
    del row
    assert seen(phase, field).data_ptr() == place
    gradients = []
    for i in range(3):
        phase.grad = None
        seen(phase, field).sum().backward()
        gradients.append(phase.grad)
    assert len({x.data_ptr() for x in gradients}) == 3 and torch.equal(gradients[0], gradients[2])


def test_the_child_of_a_process_goes_on_without_the_threads_that_it_lacks():
    seen = onn_torch.function(camera)
    phase, field = start()
    here = seen(phase, field)
    torch.rand(1 << 20).sum()  # a parallel region, where torch has several threads
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        there = [call(phase, field) for call in (seen, onn_torch.function(camera))]
        os._exit(not all(torch.equal(here, x) for x in there))
    assert os.waitpid(child, 0)[1] == 0
