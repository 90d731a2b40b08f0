"""The sections of compare.py on light: training steps of onn-light and of light.py's peers, in turns."""

import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PAUSE = 0.05  # seconds between turns, in which the threads of the one before fall asleep

# work, size, steps of a turn, peers with numbers of threads (0: its own choice); the first whose name begins with PyTorch
# at its best is the yardstick
TORCH = "PyTorch"
WORKS = {
    "generator": ("generator", 128, 20, (
        (TORCH + ", autograd", "torch", (1, 2)), (TORCH + ", adjoint by hand", "torch-adjoint", (1, 2)),
        ("JAX", "jax", (0,)), ("torchoptics", "torchoptics", (1, 2)), ("Autograd, f64", "autograd", (0,)))),
    "generator-512": ("generator", 512, 5, (
        (TORCH + ", autograd", "torch", (1, 2)), (TORCH + ", adjoint by hand", "torch-adjoint", (1, 2)),
        ("JAX", "jax", (0,)), ("torchoptics", "torchoptics", (1, 2)), ("Autograd, f64", "autograd", (0,)))),
    "d2nn": ("d2nn", 64, 2, (
        (TORCH, "torch", (1, 2)), (TORCH + ", no zero rows", "torch-pruned", (1, 2)), ("JAX", "jax", (0,)))),
}


class Runner:
    """A process that answers numbers of steps with seconds and a loss."""

    def __init__(self, name, threads, command, environment):
        self.name, self.threads = name, threads
        self.seconds, self.loss = [], None
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment)

    def run(self, steps):
        """Seconds of a step; None where the process ended."""
        try:
            self.process.stdin.write("%d\n" % steps)
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        words = self.process.stdout.readline().split()
        if len(words) != 2:
            return None
        self.loss = float(words[1])
        return float(words[0])

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def runners(options, section, environment):
    """Everyone that can do a first step, which also compiles what has to be compiled."""
    work, size, _, peers = WORKS[section]
    everyone = []
    for name, peer, threads in peers:
        for n in threads:
            command = [sys.executable, os.path.join(HERE, "light.py"), peer, work, str(size), str(n)]
            everyone.append(Runner(name, n, command, dict(os.environ)))
    for device in options.device.split(","):
        command = [os.path.join(options.build, "apps/bench/onn-light"), "--work", work, "--size", str(size),
                   "--device", device]
        everyone.append(Runner("onn on " + device, 0, command, environment))
    there = []
    for one in everyone:
        if one.run(1) is None:
            print("%s: not there, left out" % one.name, flush=True)
            one.close()
        else:
            there.append(one)
    return there


def compare(options, section, environment):
    work, size, steps, _ = WORKS[section]
    everyone = runners(options, section, environment)
    for r in range(options.rounds):
        # Each follows each other one as often, and takes a step to fill the caches before it is timed.
        turn = everyone[r % len(everyone):] + everyone[:r % len(everyone)]
        for one in turn if r % 2 == 0 else reversed(turn):
            time.sleep(PAUSE)
            one.run(1)
            one.seconds.append(one.run(steps))
    for one in everyone:
        one.close()
    torches = [one for one in everyone if one.name.startswith(TORCH)]
    best = min(torches or everyone, key=lambda one: statistics.median(one.seconds))
    what = ("Generator step, %d x %d, 32 plates" % (size, size) if work == "generator" else
            "D2NN step, 5 layers, %d pictures, 200 padded to 400" % size)
    print("\n%s; medians of %d rounds of %d steps" % (what, options.rounds, steps))
    print("%-30s%8s%14s%22s%12s" % ("", "threads", "milliseconds", "PyTorch at its best", "loss"))
    for one in everyone:
        ratio = statistics.median(b / s for b, s in zip(best.seconds, one.seconds))
        print("%-30s%8s%14.3f%22.2f%12.6f" % (one.name, one.threads or "all", 1e3 * statistics.median(one.seconds),
                                              ratio, one.loss))


def memory(options, peak_of):
    """Peak memory of the generator at 512 x 512."""
    print("\nPeak memory of three steps, MB")
    for section in WORKS:
        work, size, _, _ = WORKS[section]
        for device in options.device.split(","):
            peak = peak_of([os.path.join(options.build, "apps/bench/onn-light"), "--work", work, "--size", str(size),
                            "--device", device, "--peak"])
            if peak is not None:
                print("%-14s onn on %-15s%8.0f" % (section, device, peak))
