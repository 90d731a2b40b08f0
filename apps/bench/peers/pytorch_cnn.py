"""The training epoch of the convolutional network of ../task.c in PyTorch, as fast as we know to write it: pixels are one float
tensor in memory, one-hot targets are made once, the probe's transmission is taken outside of autograd, and the step may be one
that torch.compile made."""

import time

import numpy as np
import torch
from torch.nn import functional

from pytorch_mlp import BATCH, absorb, load  # load: for compare.py

CHANNELS = (32, 64)
KERNEL = 5
HIDDEN = 128
DROPOUT = 0.4
BRIGHTEST = 5.0
WAYS = ("eager", "compiled", "compiled, channels last")


class Cnn:
    """The network with its optimiser."""

    def __init__(self, images, labels, threads, way):
        self.name = "PyTorch, " + way
        self.threads = threads
        torch.manual_seed(0)
        self.layout = torch.channels_last if "last" in way else torch.contiguous_format
        self.x = torch.from_numpy(images.copy()).unsqueeze(1).float() * (BRIGHTEST / 255)
        self.target = functional.one_hot(torch.from_numpy(labels.astype(np.int64)), 10).float()
        side = ((images.shape[-1] - KERNEL + 1) // 2 - KERNEL + 1) // 2
        features = CHANNELS[1] * side * side
        kernels = [torch.randn(n, m, KERNEL, KERNEL) for m, n in zip((1,) + CHANNELS[:-1], CHANNELS)]
        matrices = [torch.randn(n, m) for n, m in ((features, HIDDEN), (HIDDEN, 10))]
        self.weights = [(0.1 * w).to(memory_format=self.layout).requires_grad_() for w in kernels]
        self.weights += [(0.01 * (torch.sign(w) + w)).requires_grad_() for w in matrices]
        self.adam = torch.optim.Adam(self.weights, lr=5e-4, fused=True)
        self.loss = torch.compile(self._loss) if "compiled" in way else self._loss

    def _loss(self, x, target, conv0, conv1, w0, w1):
        x = functional.avg_pool2d(absorb(functional.conv2d(x, conv0)), 2)
        x = functional.avg_pool2d(absorb(functional.conv2d(x, conv1)), 2)
        x = functional.dropout(x.flatten(1), DROPOUT)
        return functional.mse_loss(absorb(x @ w0) @ w1, target)

    def epoch(self):
        """Trains an epoch; seconds and mean loss."""
        torch.set_num_threads(self.threads)
        start = time.perf_counter()
        total = torch.zeros(())
        order = torch.randperm(len(self.x))
        for index in order.split(BATCH):
            x, target = self.x[index].to(memory_format=self.layout), self.target[index]
            loss = self.loss(x, target, *self.weights)
            self.adam.zero_grad(set_to_none=True)
            loss.backward()
            self.adam.step()
            total += loss.detach() * len(index)
        loss = total.item() / len(self.x)
        return time.perf_counter() - start, loss
