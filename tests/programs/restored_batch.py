"""Pictures that may be broken, restored together within limits, and what became of each: the tests and
benches/restoring_files/fuzz judge alike."""
import os
import re
import resource
import signal
import subprocess
import tempfile
from pathlib import Path

import libvips
from PIL import Image

SECONDS_A_PHOTOGRAPH = 20
START_SECONDS = 10
GIGABYTE = 2**30
PICTURE_ENDINGS = (".jpg", ".png", ".tif", ".webp")


def _limits():
    """In the child: broken sizes must neither fill the memory nor the disk. LibTorch maps much that it never uses."""
    resource.setrlimit(resource.RLIMIT_AS, (12 * GIGABYTE, 12 * GIGABYTE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * GIGABYTE, 4 * GIGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Batch:
    """Restores folders of pictures with one program and one model."""

    def __init__(self, program, model):
        self.program, self.model = Path(program), Path(model)

    def outcomes(self, pictures):
        """{picture: (outcome, what was said)}; outcomes are restored, refused, crashed, hung and unclear."""
        with tempfile.TemporaryDirectory() as folder:
            code, log = self._run(pictures, Path(folder))
            if code in (0, 65):
                return {picture: _outcome(picture, Path(folder), log) for picture in pictures}
        if len(pictures) == 1:
            return {pictures[0]: ("hung" if code is None else "crashed", _ending_of(code, log))}
        half = len(pictures) // 2  # one of them is the culprit
        return self.outcomes(pictures[:half]) | self.outcomes(pictures[half:])

    def _run(self, pictures, folder):
        """The exit code, none for a batch that took too long, and the log."""
        command = [self.program, *pictures, "-o", folder, "--model", self.model, "--threads", "1"]
        seconds = START_SECONDS + SECONDS_A_PHOTOGRAPH + len(pictures) / 5
        log = folder / "log"
        with open(log, "wb") as file:
            process = subprocess.Popen(command, stdout=file, stderr=file, preexec_fn=_limits,
                                       env={**os.environ, "TMPDIR": str(folder)})
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                code = None
        return code, log.read_text(errors="replace")


def _ending_of(code, log):
    if code is None:
        return f"no end after {START_SECONDS + SECONDS_A_PHOTOGRAPH} s"
    ending = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return " ".join([ending, *log.splitlines()[-1:]])


def _outcome(picture, folder, log):
    results = [file for file in folder.iterdir() if file.name.startswith(picture.stem + ".restored")]
    complaints = [line for line in log.splitlines() if re.match(r"[\d:]+ E .*", line) and picture.name in line
                  and not re.fullmatch(r"[\d:]+ E   \S+", line)]  # the summary at the end
    if results and not complaints:
        fault = _fault_of(results[0])
        return ("unclear", fault) if fault else ("restored", "")
    if results or len(complaints) != 1:
        return "unclear", f"{len(results)} results, {len(complaints)} lines of error"
    if not complaints[0].isprintable():
        return "unclear", "an error that cannot be printed: " + repr(complaints[0])
    return "refused", complaints[0]


def _fault_of(result):
    try:
        if result.suffix == ".tif":  # Pillow does not know all of our forms
            libvips.decode(result)
        else:
            with Image.open(result) as image:
                image.load()
    except Exception as error:  # whatever a reader of pictures says
        return f"{result.name} cannot be read: {error}"
    return ""
