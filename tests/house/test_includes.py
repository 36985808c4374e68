"""The arrows between folders: which folder may include which. CMake cannot see a wrong one: static libraries link in
any direction. docs/ARCHITECTURE.md draws the same table."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A folder may include itself and what stands here: a folder with all below it, or one header.
ARROWS = {
    "common": [],
    "device": ["common"],
    "imaging": ["common"],
    "health": ["common"],
    "launcher": ["health", "common"],
    "comm": ["device", "common"],
    "model": ["device", "common"],
    "checkpoints": ["device", "common"],
    "dataset/ageing": ["common", "imaging/plane.h"],
    "dataset/store": ["common", "dataset"],
    "dataset/sampling": ["common", "dataset"],
    "dataset/sharding": ["common", "imaging", "dataset"],
    "dataset": ["common"],  # the shard program; includes everything below itself
    "worker": ["comm", "health", "device", "dataset", "model", "checkpoints", "common"],
    "worker/records": ["checkpoints/run_state.h", "device", "common"],
    "restore": ["device", "model", "checkpoints", "imaging", "common"],
    "eval": ["restore", "device", "model", "imaging", "dataset/ageing", "common"],
    "webui": ["restore", "imaging", "common"],
    "restore/main.cpp": ["restore", "webui", "common"],  # the program
}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def owner(name):
    """The folder of the table that a file belongs to: the deepest one."""
    inside = [folder for folder in ARROWS if name == folder or name.startswith(folder + "/")]
    return max(inside, key=len, default=None)


def wrong_includes(root):
    """One line for each include that the table does not allow or that names no file of the project."""
    wrong = []
    for file in sources(root):
        name = file.relative_to(root).as_posix()
        folder = owner(name)
        for header in INCLUDE.findall(file.read_text()):
            allowed = any(header == entry or header.startswith(entry + "/") for entry in [folder, *ARROWS[folder]])
            if not (root / header).is_file():
                wrong.append(f'{name}: "{header}" is not a file seen from the repository root')
            elif not allowed:
                wrong.append(f"{name}: {folder} may not include {header}")
    return wrong


def sources(root):
    below = (file for folder in ARROWS for file in (root / folder).rglob("*"))
    return sorted({file for file in below if file.suffix in {".h", ".cpp", ".cu"}})


def test_every_include_follows_an_arrow():
    assert len(sources(ROOT)) > 10
    assert wrong_includes(ROOT) == []


def test_every_source_file_is_built():
    for file in sources(ROOT):
        if file.suffix == ".h":
            continue
        lists = [folder / "CMakeLists.txt" for folder in file.parents if ROOT in (folder, *folder.parents)]
        assert any(file.name in text.read_text() for text in lists if text.exists()), f"no CMakeLists.txt names {file}"


def write(root, name, *headers):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("".join(f'#include "{header}"\n' for header in headers))


def test_the_checker_finds_a_wrong_arrow_and_a_missing_header(tmp_path):
    write(tmp_path, "common/error.h")
    write(tmp_path, "model/network.h", "common/error.h")
    write(tmp_path, "imaging/plane.h")
    write(tmp_path, "imaging/photo_reader.h", "imaging/plane.h")
    write(tmp_path, "dataset/ageing/grain.cpp", "imaging/plane.h", "imaging/photo_reader.h")
    write(tmp_path, "launcher/main.cpp", "model/network.h", "common/eror.h")
    assert wrong_includes(tmp_path) == [
        "dataset/ageing/grain.cpp: dataset/ageing may not include imaging/photo_reader.h",
        "launcher/main.cpp: launcher may not include model/network.h",
        'launcher/main.cpp: "common/eror.h" is not a file seen from the repository root',
    ]
