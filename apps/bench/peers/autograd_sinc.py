"""sin(x)/x and its derivatives to order 8 at 100,000 points by Autograd, in a process of its own: prints seconds, and by how
many MB the process grew at most."""

import resource
import time

import autograd.numpy as np
from autograd import elementwise_grad

POINTS, ORDERS = 100000, 9


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main():
    x = np.linspace(-31.4, 31.4, POINTS)
    before, start = peak(), time.perf_counter()
    derivative, values = lambda t: np.sin(t) / t, []
    for _ in range(ORDERS):
        values.append(derivative(x))
        derivative = elementwise_grad(derivative)
    print(time.perf_counter() - start, peak() - before)


if __name__ == "__main__":
    main()
