"""Measures onn against PyTorch, JAX, Autograd, torchoptics and numba on this machine, medians over rounds in which
they take turns, and holds its pulses against mbsolver's and clerq's. run.sh makes the environment that it needs and starts it."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

import compare_light

# glibc keeps freed pages: without this PyTorch gives memory back and gets it again at each step.
KEEP_PAGES = {
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
    "MALLOC_TOP_PAD_": "268435456",
}
HERE = os.path.dirname(os.path.abspath(__file__))
PAUSE = compare_light.PAUSE


def environment():
    """What this process was started with, less KEEP_PAGES: onn needs no help."""
    return {name: value for name, value in os.environ.items() if name not in KEEP_PAGES}


def keep_pages():
    """Starts this program anew where glibc was not told, which it reads once."""
    if any(os.environ.get(name) != value for name, value in KEEP_PAGES.items()):
        os.environ.update(KEEP_PAGES)
        os.execv(sys.executable, [sys.executable] + sys.argv)


class Onn:
    """onn-epochs on a device: an epoch a line."""

    def __init__(self, options, device, threads=0, more=()):
        self.name = "C by hand" if device == "by-hand" else "onn on " + device
        self.threads = threads
        self.process = subprocess.Popen(
            epochs_command(options, device, threads) + list(more),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(),
        )
        self.there = bool(self.process.stdout.readline())  # the epoch that warms it up

    def epoch(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        seconds, loss = self.process.stdout.readline().split()
        return float(seconds), float(loss)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def epochs_command(options, device, threads=0):
    command = [os.path.join(options.build, "apps/bench/onn-epochs"), "--device", device]
    if threads:
        command += ["--threads", str(threads)]
    return command + data_dir(options)


def data_dir(options):
    return ["--data-dir", options.data_dir] if options.data_dir else []


def processors():
    return len(os.sched_getaffinity(0))


def epoch(options):
    """The training epoch: PyTorch as it comes and with the fused Adam, C by hand with 1 and 2, onn on each device."""
    import torch

    import pytorch_mlp

    images, labels, name = pytorch_mlp.load(options.data_dir)
    torches = [pytorch_mlp.Mlp(images, labels, n, fused) for fused in (False, True)
               for n in options.torch_threads]
    others = [Onn(options, "by-hand", n) for n in (1, 2)]
    for device in options.device.split(","):
        other = Onn(options, device)
        if other.there:
            others.append(other)
        else:
            print("onn on %s: not there, left out" % device, flush=True)
            other.close()
    for one in torches:
        one.epoch()
    everyone = torches + others
    seconds = {one: [] for one in everyone}
    loss = {}
    for _ in range(options.rounds):
        for one in everyone:
            time.sleep(PAUSE)
            taken, loss[one] = one.epoch()
            seconds[one].append(taken)
    for one in others:
        one.close()
    # The yardstick is PyTorch as most write it; the fused Adam is an option of its own and has rows of its own.
    plain = min((t for t in torches if "fused" not in t.name), key=lambda t: statistics.median(seconds[t]))
    fused = min((t for t in torches if "fused" in t.name), key=lambda t: statistics.median(seconds[t]))
    print("\nTraining epoch, 784-128-128-10, batches of 64, on %s; PyTorch %s; medians of %d rounds"
          % (name, torch.__version__, options.rounds))
    print("%-30s%8s%10s%22s%22s%10s" % ("", "threads", "seconds", "PyTorch at its best", "with the fused Adam",
                                        "loss"))
    for one in everyone:
        ratio = [statistics.median(p / s for p, s in zip(seconds[peer], seconds[one])) for peer in (plain, fused)]
        print("%-30s%8s%10.4f%22.2f%22.2f%10.5f" % (one.name, one.threads or "all", statistics.median(seconds[one]),
                                                    ratio[0], ratio[1], loss[one]))
    print("The last ratios: how many times faster than PyTorch with its better number of threads.")


def cnn(options):
    """The training epoch of the convolutional network: PyTorch eager and compiled, onn on each device."""
    import torch

    import pytorch_cnn

    images, labels, name = pytorch_cnn.load(options.data_dir)
    torches = [pytorch_cnn.Cnn(images, labels, max(options.torch_threads), way) for way in pytorch_cnn.WAYS]
    others = [Onn(options, device, more=["--cnn"]) for device in options.device.split(",")]
    for one in torches:
        one.epoch()
    everyone = torches + [one for one in others if one.there]
    seconds = {one: [] for one in everyone}
    loss = {}
    for _ in range(options.rounds):
        for one in everyone:
            time.sleep(PAUSE)
            taken, loss[one] = one.epoch()
            seconds[one].append(taken)
    for one in others:
        one.close()
    best = min(torches, key=lambda t: statistics.median(seconds[t]))
    print("\nTraining epoch, 32 and 64 kernels of 5 x 5, 1024-128-10, batches of 64, on %s; PyTorch %s; medians of %d "
          "rounds" % (name, torch.__version__, options.rounds))
    print("%-35s%8s%10s%22s%10s" % ("", "threads", "seconds", "PyTorch at its best", "loss"))
    for one in everyone:
        ratio = statistics.median(p / s for p, s in zip(seconds[best], seconds[one]))
        print("%-35s%8s%10.4f%22.2f%10.5f" % (one.name, one.threads or "all", statistics.median(seconds[one]), ratio,
                                              loss[one]))


def start(options):
    """From the start of a process to the end of its first training step, data loaded and plan made; and a warm-up
    that fills the cache of OpenCL programs."""
    print("\nFrom start to first training step, whole process; medians of %d" % options.rounds)
    for device in options.device.split(","):
        command = epochs_command(options, device) + ["--first-step"]
        seconds = []
        for _ in range(options.rounds + 1):
            begin = time.perf_counter()
            if subprocess.run(command, env=environment()).returncode:
                break
            seconds.append(time.perf_counter() - begin)
        if len(seconds) > 1:
            print("onn on %-15s%8.3f s (the first time %.3f s)"
                  % (device, statistics.median(seconds[1:]), seconds[0]))


def peak_of(command):
    """Peak resident memory of a command in MB; None where it fails."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment()) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return None if process.returncode else usage.ru_maxrss * 1024 / 1e6


def memory(options):
    """Peak memory of the command while it trains, tests and saves."""
    print("\nPeak memory of onn train mlp --dataset mnist, 2 epochs")
    for device in options.device.split(","):
        with tempfile.TemporaryDirectory() as folder:
            peak = peak_of(
                [os.path.join(options.build, "bin/onn"), "train", "mlp", "--dataset", "mnist", "--epochs", "2",
                 "--device", device, "--out", os.path.join(folder, "run")] + data_dir(options))
        if peak is not None:
            print("onn on %-15s%8.0f MB" % (device, peak))


def derivatives(options):
    """sin(x)/x to order 8: Autograd beside onn-bench, in turn."""
    def autograd():
        reply = subprocess.run([sys.executable, os.path.join(HERE, "autograd_sinc.py")], check=True,
                               capture_output=True, text=True, env=environment())
        return [float(word) for word in reply.stdout.split()]

    bench = [os.path.join(options.build, "apps/bench/onn-bench"), "--only", "derivatives", "--device", "c"]
    rows = {}
    for _ in range(max(3, options.rounds // 3)):
        rows.setdefault("Autograd", []).append(autograd())
        reply = subprocess.run(bench + ["--repeat", "3"], check=True, capture_output=True, text=True,
                               env=environment())
        for line in reply.stdout.splitlines():
            if line.startswith(("onn_sinc", "sin(x) / x")):
                words = line.split()
                rows.setdefault("onn, " + " ".join(words[:-5]), []).append([float(words[-5]), float(words[-1])])
    print("\nsin(x)/x and its derivatives to order 8, 100,000 points, f64; medians of %d" % len(rows["Autograd"]))
    print("%-22s%10s%14s%14s" % ("", "seconds", "process + MB", "times faster"))
    base = [seconds for seconds, _ in rows["Autograd"]]
    for name, values in rows.items():
        seconds = [value[0] for value in values]
        print("%-22s%10.4f%14.1f%14.1f" % (name, statistics.median(seconds), statistics.median(v[1] for v in values),
                                           statistics.median(b / s for b, s in zip(base, seconds))))


def pulses(options):
    """Pulses through media: NumPy and numba over the batch beside onn-bench, in turn, one thread each."""
    import pulses as peers

    bench = [os.path.join(options.build, "apps/bench/onn-bench"), "--only", "pulses", "--device", "c", "--threads", "1",
             "--repeat", "3"]
    speed = {}
    for model in peers.WAYS:
        for name in peers.TYPES:
            peers.check(model, name)
    for _ in range(options.rounds):
        reply = subprocess.run(bench, check=True, capture_output=True, text=True, env=environment())
        for line in reply.stdout.splitlines():
            if line.startswith(tuple(peers.WAYS)):
                model, name, there = line.split()[:3]
                speed.setdefault((model, name, "onn"), []).append(float(there))
                for way in peers.WAYS[model]:
                    speed.setdefault((model, name, way), []).append(peers.cells(model, name, way))
    print("\nPulses, %d rows of %d slots, %d cells, one thread: million cells a second; medians of %d"
          % (peers.ROWS, peers.SLOTS, peers.CELLS, options.rounds))
    print("%-8s%-6s%-26s%12s%18s" % ("model", "type", "", "", "onn is faster by"))
    for (model, name, way), values in speed.items():
        ratio = statistics.median(o / v for o, v in zip(speed[model, name, "onn"], values))
        print("%-8s%-6s%-26s%12.1f%18.1f" % (model, name, way, statistics.median(values), ratio))


def pulse_peers(options):
    """Pulses through media: the numbers of mbsolver and clerq beside those of onn pulse."""
    import pulse_peers as peers

    peers.compare(options)


def light(section):
    return lambda options: compare_light.compare(options, section, environment())


SECTIONS = {"epoch": epoch, "cnn": cnn, "derivatives": derivatives, "pulses": pulses,
            "pulse-peers": pulse_peers, "start": start, "memory": memory,
            **{name: light(name) for name in compare_light.WORKS},
            "light-memory": lambda options: compare_light.memory(options, peak_of)}


def main():
    keep_pages()
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__)
    parser.add_argument("--build", required=True, help="a build of onn")
    parser.add_argument("--data-dir", help="where MNIST's files are (ONN_DATA_DIR; without the files, noise)")
    parser.add_argument("--device", default="c,opencl", help="devices of onn, separated by commas")
    parser.add_argument("--torch-threads", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2],
                        metavar="LIST", help="numbers of PyTorch's threads, the best of which counts (1,2)")
    parser.add_argument("--rounds", type=int, default=9, help="rounds that each median is taken over")
    parser.add_argument("--only", choices=SECTIONS, help="one comparison")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds takes 1 or more")
    if options.only:
        SECTIONS[options.only](options)
        return
    print("%d processors" % processors(), flush=True)
    # Each in a process of its own: a child's peak of memory counts from what its parent holds, and torch holds much.
    for name in SECTIONS:
        subprocess.run([sys.executable] + sys.argv + ["--only", name], check=True)


if __name__ == "__main__":
    main()
