"""One photograph restored by the program: what it says of its time, and what the system says of its memory."""
import json
import os
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


def tiny_model(folder):
    """A network of random weights that costs next to nothing."""
    file = folder / "tiny.safetensors"
    subprocess.run([BUILD / "tests" / "write_test_model", file], check=True)
    return file


def restored(photo, folder, *options, model=None):
    """The line that --timings writes, with "wall" and "cpu" seconds, "peak" in MiB and "first_tile", seconds from the start."""
    timings = folder / "timings.jsonl"
    command = [BUILD / "bin" / "restore", photo, "-o", folder, "--overwrite", "--timings", timings, *options,
               *(["--model", model] if model else [])]
    began, clock = time.time(), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {os.waitstatus_to_exitcode(status)}")
    said = json.loads(timings.read_text())
    return said | {"wall": time.monotonic() - clock, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024,
                   "first_tile": said["first_tile_at"] - began}
