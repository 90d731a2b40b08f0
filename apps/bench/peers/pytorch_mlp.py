"""The training epoch of ../task.c in PyTorch, eager, as fast as we know to write it: the data are one float tensor that is in
memory before the clock starts, the probe's transmission is taken outside of autograd, one-hot targets are made once."""

import gzip
import os
import time

import numpy as np
import torch

BATCH = 64
LAYERS = (784, 128, 128, 10)


def _idx(directory, name):
    """An IDX file's bytes as an array, or None; plain or .gz, in the folder or in its folder mnist."""
    for folder in (os.path.join(directory, "mnist"), directory):
        for path in (os.path.join(folder, name), os.path.join(folder, name + ".gz")):
            if os.path.exists(path):
                with (gzip.open if path.endswith(".gz") else open)(path, "rb") as f:
                    data = f.read()
                axes = data[3]
                shape = np.frombuffer(data, ">u4", axes, 4)
                return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)
    return None


def load(directory):
    """Images and labels of MNIST's training set, noise of that size where its files are not found; and which it is."""
    directory = directory or os.environ.get("ONN_DATA_DIR")
    x = _idx(directory, "train-images-idx3-ubyte") if directory else None
    y = _idx(directory, "train-labels-idx1-ubyte") if directory else None
    if x is not None and y is not None:
        return x, y, "mnist"
    random = np.random.default_rng(0)
    return (
        random.integers(0, 256, (60000, 28, 28), np.uint8),
        random.integers(0, 10, 60000, np.uint8),
        "noise of MNIST's size",
    )


def absorb(x):
    """Thin saturable absorber, amplitude, optical depth 10; backward as the weak probe sees it."""
    with torch.no_grad():
        transmission = torch.exp(-5 / (1 + x * x))
    return x * transmission


class Mlp:
    """The network with its optimiser. fused: Adam in one kernel, which torch offers as an option."""

    def __init__(self, images, labels, threads, fused):
        self.name = "PyTorch, Adam %s" % ("fused" if fused else "as it comes")
        self.threads = threads
        torch.manual_seed(0)
        self.x = torch.from_numpy(images.reshape(len(images), -1).copy()).float() / 255
        self.target = torch.nn.functional.one_hot(torch.from_numpy(labels.astype(np.int64)), 10).float()
        self.weights = [
            (0.1 * torch.randn(n, m)).requires_grad_() for n, m in zip(LAYERS[:-1], LAYERS[1:])
        ]
        self.adam = torch.optim.Adam(self.weights, lr=5e-4, fused=fused)

    def epoch(self):
        """Trains an epoch; seconds and mean loss."""
        torch.set_num_threads(self.threads)
        w0, w1, w2 = self.weights
        start = time.perf_counter()
        total = torch.zeros(())
        order = torch.randperm(len(self.x))
        for index in order.split(BATCH):
            x, target = self.x[index], self.target[index]
            output = absorb(absorb(x @ w0) @ w1) @ w2
            loss = torch.nn.functional.mse_loss(output, target)
            self.adam.zero_grad(set_to_none=True)
            loss.backward()
            self.adam.step()
            total += loss.detach() * len(index)
        loss = total.item() / len(self.x)
        return time.perf_counter() - start, loss
