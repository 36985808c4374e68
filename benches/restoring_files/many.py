"""How long a folder of many small files takes until its first result, beside one of ten, and in how much memory."""
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
from PIL import Image

BIN = Path(os.environ.get("RESTORE_BIN", Path(__file__).resolve().parents[2] / "build" / "bin"))
IN_A_FOLDER = 50


def write_files(folder, count):
    Image.fromarray(numpy.full((12, 16), 120, numpy.uint8)).save(folder / "one.png")
    data = (folder / "one.png").read_bytes()
    (folder / "one.png").unlink()
    for i in range(count):
        place = folder / f"box {i // 1000}" / f"sheet {i // IN_A_FOLDER}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{i}.png").write_bytes(data)


def measure(count):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "in"
        folder.mkdir()
        write_files(folder, count)
        start = time.monotonic()
        process = subprocess.Popen([BIN / "restore", folder, "-o", Path(scratch) / "out"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        process.stdout.readline()
        seconds = time.monotonic() - start
        process.send_signal(signal.SIGINT)
        _, _, usage = os.wait4(process.pid, 0)
        return seconds, usage.ru_maxrss / 1024


measure(10)  # warms the disk
print("files | seconds to the first result | peak memory, MiB\n---|---|---")
for count in (10, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000):
    print("%d | %.2f | %.0f" % (count, *measure(count)))
