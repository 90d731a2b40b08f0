"""Peak memory of onn design at 512 x 512, 32 plates, single precision, results written: 400 MB at
most. Argument: the command onn."""
import os
import resource
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], "design", "--device", "c", "--size", "512", "--steps", "2", "--quiet",
                    "--out", os.path.join(folder, "run")], check=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6  # Linux counts KiB
print(f"{peak:.0f} MB")
sys.exit(peak > 400)
