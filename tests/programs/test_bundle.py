"""The bundle in a root that has nothing but a shell: no C library, no Perl, no package of ours."""
import os
import shutil
import subprocess

import numpy
import pytest
from conftest import BIN, ROOT
from PIL import Image

BUSYBOX = shutil.which("busybox")
APPLETS = ("sh", "dirname", "readlink")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    can_change_root = subprocess.run(["unshare", "--map-root-user", "--mount", "true"], capture_output=True).returncode == 0
    if not can_change_root or not BUSYBOX or BIN != ROOT / "build" / "bin":
        pytest.skip("no busybox, no user namespaces, or another build folder")
    root = tmp_path_factory.mktemp("root")
    for folder in ("bin", "dev", "proc", "tmp", "usr"):
        (root / folder).mkdir()
    shutil.copy(BUSYBOX, root / "bin" / "busybox")
    for applet in APPLETS:
        (root / "bin" / applet).symlink_to("busybox")
    subprocess.run([ROOT / "scripts" / "bundle", "--folder", root / "opt"], check=True)
    yield root
    shutil.rmtree(root / "opt")  # 660 MB, which pytest would keep


@pytest.fixture
def inside(root):
    def run(*command):
        enter = 'mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"'
        return subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", enter, root, *command],
                              capture_output=True, text=True, timeout=120,
                              env={"PATH": f"/bin:{os.environ['PATH']}", "HOME": "/tmp"})
    return run


def test_it_restores_a_photograph_and_says_how(root, inside, model):
    exif = Image.Exif()
    exif[0x010E] = "a river"
    Image.fromarray(numpy.full((64, 80, 3), 120, numpy.uint8)).save(root / "tmp" / "scan.jpg", exif=exif)
    shutil.copy(model, root / "tmp" / "model.safetensors")
    result = inside("/opt/bin/restore", "/tmp/scan.jpg", "--model", "/tmp/model.safetensors")
    assert result.returncode == 0, result.stderr
    with Image.open(root / "tmp" / "scan.restored.jpg") as restored:
        assert restored.size == (80, 64) and restored.getexif()[0x010E] == "a river"
    said = inside("/opt/tools/exiftool", "-s3", "-XMP:DigitalSourceType", "/tmp/scan.restored.jpg")
    assert said.stdout.strip().endswith("algorithmicallyEnhanced")


def test_it_knows_its_own_model_and_recipes(inside):
    assert "released/model.safetensors" in inside("/opt/bin/restore", "/tmp/none.jpg").stderr
    assert "fading:" in inside("/opt/bin/restore-shard", "--recipe", "old-photo", "--print-recipe").stdout


def test_its_mpirun_starts_its_workers(inside):
    result = inside("/opt/bin/mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "2",
                    "/opt/bin/restore-worker", "--version")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.split()) == 2


def test_it_runs_by_links_of_other_names_and_from_a_folder_that_is_gone(root, inside):
    (root / "tmp" / "mend").symlink_to("/opt/bin/restore")
    assert "PHOTO" in inside("/tmp/mend", "--help").stdout
    (root / "tmp" / "gone").mkdir()
    gone = inside("/bin/sh", "-c", "cd /tmp/gone && /bin/busybox rmdir /tmp/gone && exec /opt/bin/restore-shard --recipe gray --print-recipe")
    assert "fading:" in gone.stdout, gone.stderr


def test_no_path_of_the_machine_that_packed_it(root):
    for program in (root / "opt" / "programs").glob("restore*.elf"):
        dynamic = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
        assert str(ROOT) not in dynamic


def test_programs_have_manual_pages_and_options_that_the_shell_completes(root):
    programs = sorted(path.name for path in (root / "opt" / "bin").glob("restore*"))
    assert sorted(path.stem for path in (root / "opt" / "share" / "man" / "man1").iterdir()) == programs
    page = (root / "opt" / "share" / "man" / "man1" / "restore.1").read_text()
    assert r"\-\-save\-mask" in page and r"restore \- Restores old photographs" in page
    ask = ("source /usr/share/bash-completion/bash_completion; source /opt/share/bash-completion/completions/restore;"
           "_longopt restore --save restore; echo ${COMPREPLY[@]}").replace("/opt", f"{root}/opt")
    completed = subprocess.run(["bash", "-c", "COMP_WORDS=(restore --save); COMP_CWORD=1; COMP_LINE='restore --save';"
                                "COMP_POINT=14;" + ask], capture_output=True, text=True, check=True,
                               env={"PATH": f"{root}/opt/bin:{os.environ['PATH']}"})
    assert completed.stdout.split() == ["--save-mask"]
