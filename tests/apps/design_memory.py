"""Peak memory of onn design. At 512 x 512, 32 plates, single precision, results written: 400 MB at
most. Of a target of 16384 x 16384 pixels, which were 4.2 GB when they were read whole: 100 MB; where
such a PNG is interlaced, it is refused. Argument: the command onn."""
import os
import resource
import struct
import subprocess
import sys
import tempfile
import zlib


def design(*options):
    """Peak in MB, and what the command said; in a process of its own, whose children are this one."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        result = subprocess.run([sys.argv[1], "design", "--device", "c", "--quiet", *options], capture_output=True)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6  # Linux counts KiB
        os.write(writing, f"{peak} {result.returncode} {result.stderr.decode()}".encode())
        os._exit(0)
    os.close(writing)
    peak, code, text = os.read(reading, 65536).decode().split(" ", 2)
    os.wait()
    os.close(reading)
    return float(peak), int(code), text


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def write_png(path, side, channels, interlaced):
    packer = zlib.compressobj(1)
    row = b"\0" + b"\x40" * (side * channels * 2)
    data = b"".join(packer.compress(row) for _ in range(64 if interlaced else side)) + packer.flush()
    kind = {1: 0, 4: 6}[channels]
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 16, kind, 0, 0, interlaced)))
        file.write(chunk(b"IDAT", data) + chunk(b"IEND", b""))


with tempfile.TemporaryDirectory() as folder:
    peak, code, text = design("--size", "512", "--steps", "2", "--out", os.path.join(folder, "run"))
    print(f"a design of 512 x 512: {peak:.0f} MB")
    assert code == 0 and peak <= 400, (peak, code, text)
    large = os.path.join(folder, "large.png")
    write_png(large, 16384, 1, 0)
    peak, code, text = design("--size", "32", "--plates", "1", "--steps", "1", "--target", large)
    print(f"a target of 16384 x 16384: {peak:.0f} MB")
    assert code == 0 and peak <= 100, (peak, code, text)
    write_png(large, 16384, 4, 1)
    with open(large, "ab") as file:
        file.write(b"\0" * 100000)  # as long as such a picture needs at least
    peak, code, text = design("--size", "32", "--plates", "1", "--steps", "1", "--target", large)
    assert code == 1 and "is interlaced, 16384 x 16384 pixels of 2.1 GB" in text and peak <= 100, (peak, code, text)
