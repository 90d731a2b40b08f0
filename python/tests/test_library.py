"""What lies between Python and C: structures, memory, threads, the end of a process."""
import ctypes
import pathlib
import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import onn
from onn import _api, arrays
from onn._library import lib


@pytest.mark.parametrize("structure, table", [
    ("onn_absorber", "onn_absorber_settings"), ("onn_train_options", "onn_train_settings"),
    ("onn_evaluate_options", "onn_evaluate_settings"), ("onn_mlp", "onn_mlp_settings"),
    ("onn_d2nn", "onn_d2nn_settings"), ("onn_network_options", "onn_network_settings"),
    ("onn_optimizer", "onn_optimizer_settings"), ("onn_design", "onn_design_settings"),
])
def test_structures_are_as_large_as_in_c(structure, table):
    found = ctypes.cast(getattr(lib, table)(), ctypes.POINTER(_api.onn_settings)).contents
    assert found.size == ctypes.sizeof(getattr(_api, structure))


def test_each_function_of_the_headers_is_in_the_library():
    for name in _api.FUNCTIONS:
        if "opencl" not in name:
            getattr(lib, name)


def test_a_python_without_numpy_is_told_what_to_install():
    said = subprocess.run([sys.executable, "-c", "import sys; sys.modules['numpy'] = None; import onn"],
                          capture_output=True, text=True)
    assert said.returncode == 1 and said.stderr.count("Traceback") == 1
    assert re.search(r"^ImportError: onn needs NumPy, which this Python \(.*\) has not: .*; install it by "
                     r"`pip install numpy`, or as Debian's python3-numpy$", said.stderr.splitlines()[-1])


def test_numbers_with_units():
    grid = onn.Grid(8, "8um")
    assert grid.pitch == (8e-6, 8e-6) and "8 um" in repr(grid)
    assert onn.Light("532 nm").wavelengths == (532e-9,)
    with pytest.raises(ValueError, match="'5ns' is no number in m"):
        onn.Light("5ns")
    with pytest.raises(TypeError, match="is a list; expected one number, wavelength"):
        onn.Light(["532nm", "633nm"])


def test_arrays_go_over_and_back():
    for dtype in arrays.DTYPES:
        x = (np.arange(24).reshape(2, 3, 4) * (1 + 1j)).real.astype(dtype)
        handle = arrays.to_array(x[:, ::-1])
        assert (arrays.view(handle.address, handle) == x[:, ::-1]).all()
    assert arrays.view(arrays.to_array(np.zeros((0, 3))).address, None).shape == (0, 3)
    with pytest.raises(TypeError, match="float16"):
        arrays.to_array(np.zeros(3, np.float16))
    with pytest.raises(TypeError):
        arrays.to_array(np.array([2 ** 40]))


def test_memory_lives_as_long_as_what_looks_at_it():
    weights = onn.Network.preset("mlp", hidden=[8]).model().weights["w0"]
    x = weights.sum()
    junk = [np.ones(10 ** 5) for _ in range(20)]
    assert weights.sum() == x and junk


def test_other_threads_go_on_while_a_plan_runs():
    x = np.ones((1024, 1024), np.complex128)
    plan = onn.Plan(onn.ifft2(onn.fft2(onn.Graph().variable("x", x.shape, "c128"))),
                    onn.Device("c", threads=1))
    plan(x)
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    begun = time.perf_counter()
    while time.perf_counter() - begun < 0.3:
        plan.run()
    stop.set()
    thread.join()
    assert len(ticks) > 20  # a run takes some 30 ms: with the lock held there would be ten


def test_a_plan_may_be_called_by_several_threads():
    plan, wrong = onn.Plan(onn.Graph().variable("x", 2000) * 2), []

    def work(number):
        for _ in range(200):
            wrong.extend(plan(np.full(2000, number)) != 2 * number)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(wrong)


def test_a_process_ends_in_any_order():
    code = """
import onn, numpy as np
grid, light = onn.Grid(16, "8um"), onn.Light("532nm")
f = onn.function(lambda x: onn.plane_wave(grid, light).lens(x).propagate("1mm").intensity)
f(0.1)
class Loop: pass
loop = Loop(); loop.me = loop; loop.held = [f, onn.Device("c"), onn.Plan(onn.Graph().variable("x") * 2)]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_a_key_stops_a_training():
    code = """
import os, signal, threading, onn
threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    onn.Network(["flatten", ("linear", {"outputs": 10})]).train("digits", epochs=10**6)
except KeyboardInterrupt:
    print("stopped")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "stopped\n" and not done.stderr, done.stderr


def test_tensors_go_to_other_libraries():
    tensor = onn.Tensor(np.arange(6.0).reshape(2, 3))
    assert (np.from_dlpack(tensor) == [[0, 1, 2], [3, 4, 5]]).all()

    class Only:  # what has nothing but dlpack
        def __dlpack__(self, **options): return np.ones(3).__dlpack__(**options)
        def __dlpack_device__(self): return 1, 0

    assert (onn.Tensor(Only()).numpy() == 1).all()


def test_the_version_is_the_librarys():
    assert onn.__version__.count(".") == 2


def test_the_stubs_name_each_function():
    stubs = (pathlib.Path(onn.__file__).parent / "functions.pyi").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^def (\w+)", stubs, flags=re.M)) == sorted(onn.functions.__all__)
    assert (pathlib.Path(onn.__file__).parent / "py.typed").exists()
