"""numpy.load opens what onn_archive_save writes, and who reads safetensors by its description finds the same. Argument: the program test_core_archive."""
import json
import os
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: Python has no NumPy")
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "sample.npz")
    subprocess.run([sys.argv[1], "--write", path], check=True)
    with np.load(path) as archive:
        assert archive.files == ["layer0.weight", "config.json", "pixels", "empty"], archive.files
        w = archive["layer0.weight"]
        assert w.dtype == np.float64 and w.tolist() == [[1, 2.5, -3], [4, 5, 6e300]], w
        pixels = archive["pixels"]
        assert pixels.dtype == np.uint8 and pixels.tolist() == [0, 127, 255], pixels
        assert archive["config.json"] == b'{"epoch": 3}\n'

    path = os.path.join(folder, "sample.safetensors")
    subprocess.run([sys.argv[1], "--write", path], check=True)
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    assert length % 8 == 0
    assert header["__metadata__"] == {"config.json": '{"epoch": 3}\n', "empty": ""}, header
    assert header["layer0.weight"] == {"dtype": "F64", "shape": [2, 3], "data_offsets": [0, 48]}, header
    assert header["pixels"] == {"dtype": "U8", "shape": [3], "data_offsets": [48, 51]}, header
    assert np.frombuffer(data, "<f8", 6).tolist() == [1, 2.5, -3, 4, 5, 6e300]
    assert data[48:] == bytes([0, 127, 255])
