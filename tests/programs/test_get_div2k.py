"""scripts/get-div2k against a server of ours: small archives of the same layout."""
import hashlib
import http.server
import importlib.machinery
import importlib.util
import io
import threading
import zipfile

import pytest
from conftest import ROOT

NUMBERS = {"DIV2K_train_HR": ["0001", "0002"], "DIV2K_valid_HR": ["0801"]}


def archive(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as pictures:
        for number in NUMBERS[name]:
            pictures.writestr(f"{name}/{number}.png", number * 5000)
    return file.getvalue()


class Server(http.server.ThreadingHTTPServer):
    """Serves the archives by ranges and notes what was asked; cuts the first `cuts` answers in the middle."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {f"/{name}.zip": archive(name) for name in NUMBERS}
        self.asked, self.cuts = [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ask, data = self.headers.get("Range"), self.server.files[self.path]
        start = int(ask.removeprefix("bytes=").rstrip("-")) if ask else 0
        self.server.asked.append((self.path, start))
        self.send_response(206 if ask else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        is_cut = self.server.cuts > 0
        self.server.cuts -= is_cut
        self.wfile.write(data[start:len(data) // 2] if is_cut else data[start:])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = Server()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def get(server, tmp_path, monkeypatch):
    """get() -> exit code of the script that fetches from the server into tmp_path."""
    loader = importlib.machinery.SourceFileLoader("get_div2k", str(ROOT / "scripts/get-div2k"))
    script = importlib.util.module_from_spec(importlib.util.spec_from_loader("get_div2k", loader))
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    loader.exec_module(script)
    sums = {name: (hashlib.md5(server.files[f"/{name}.zip"]).hexdigest(), len(numbers)) for name, numbers in NUMBERS.items()}
    monkeypatch.setattr(script, "ARCHIVES", sums)
    monkeypatch.setattr("sys.argv", ["get-div2k", str(tmp_path), "--from", f"http://127.0.0.1:{server.server_port}/"])
    return script.main


def names(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


WHOLE = [f"{name}/{number}.png" for name, numbers in NUMBERS.items() for number in numbers]


def test_leaves_the_photographs_and_nothing_else(get, tmp_path):
    assert get() == 0
    assert names(tmp_path) == WHOLE
    assert (tmp_path / "DIV2K_valid_HR/0801.png").read_text() == "0801" * 5000


def test_what_is_there_is_not_fetched_again(get, server):
    assert get() == 0
    server.asked.clear()
    assert get() == 0
    assert server.asked == []


def test_a_download_that_was_cut_off_goes_on_where_it_was(get, server, tmp_path, capsys):
    server.cuts = 1
    half = len(server.files["/DIV2K_train_HR.zip"]) // 2
    assert get() == 74
    assert "run the same command again" in capsys.readouterr().err
    assert get() == 0
    assert server.asked[1] == ("/DIV2K_train_HR.zip", half)
    assert names(tmp_path) == WHOLE


def test_a_damaged_archive_is_named_and_removed(get, server, tmp_path, capsys):
    right = server.files["/DIV2K_train_HR.zip"]
    server.files["/DIV2K_train_HR.zip"] = right[:100] + bytes([right[100] ^ 1]) + right[101:]
    assert get() == 74
    assert "DIV2K_train_HR.zip.part has the MD5" in capsys.readouterr().err
    assert names(tmp_path) == []
    server.files["/DIV2K_train_HR.zip"] = right
    assert get() == 0
    assert names(tmp_path) == WHOLE
