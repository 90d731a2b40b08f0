"""numpy.load opens what onn_archive_save writes. Argument: the program test_core_archive."""
import os
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
