"""The report of a run: one page with every figure and picture inside it."""
import json
import re
import shutil
import subprocess
import sys

import pytest
from PIL import Image
from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "lib"))
import report_charts as charts  # noqa: E402
import report_pictures as pictures  # noqa: E402


def report(run, *options):
    return subprocess.run([sys.executable, ROOT / "scripts" / "report", run, *options], capture_output=True, text=True)


@pytest.fixture
def run_folder(tmp_path):
    """A run folder as worker, restore-eval and restore leave it, with one photograph and one scan."""
    run = tmp_path / "tiny"
    for folder in (run / "pictures", run / "scans", tmp_path / "scans"):
        folder.mkdir(parents=True)
    rows = [{"step": step, "kind": "train", "loss": 1 / step, "seconds": 6 * step} for step in range(10, 101, 10)]
    rows += [{"step": step, "kind": "validation", "psnr": 20 + step / 50, "aged_psnr": 18.5, "seconds": 6 * step}
             for step in (50, 100)]
    (run / "metrics.jsonl").write_text("\n".join(map(json.dumps, rows)) + '\n{"step": 11')  # cut by a kill
    for value, kind in enumerate(("aged", "model", "original")):
        Image.new("L", (900, 600), 60 * value).save(run / "pictures" / f"cat.{kind}.png")
    figures = {"aged": {"psnr": 17.25, "ssim": 0.4}, "model": {"psnr": 24.5, "ssim": 0.8}}
    rows = [{"task": "old-photo", "method": method, **values,
             "pictures": [{"name": "<cat>.jpg", **values, "file": f"cat.{method}.png"}]}
            for method, values in figures.items()]
    (run / "pictures" / "results.json").write_text(json.dumps({"rows": rows}))
    (run / "summary.json").write_text(json.dumps({"steps": 100, "versions": {"torch": "2.11.0"}}))
    (run / "config.yaml").write_text("run:\n  name: tiny\n")
    Image.new("RGB", (80, 60)).save(tmp_path / "scans" / "grandma.jpg")
    Image.new("L", (80, 60)).save(run / "scans" / "grandma.restored.png")
    return run


def test_page_holds_figures_pictures_and_configuration(run_folder, tmp_path):
    result = report(run_folder, "--scans", tmp_path / "scans")
    assert result.returncode == 0, result.stderr
    page = (run_folder / "report.html").read_text()
    for text in ("+7.25 dB on average", "&lt;cat&gt;.jpg", "best 22.00 dB", "grandma", "versions.torch", "name: tiny"):
        assert text in page, text
    assert "<cat>" not in page
    sources = re.findall(r'src="([^"]{20})', page)
    assert len(sources) == 2 * 3 + 2 * 2 and all(source.startswith("data:image/") for source in sources)


def test_what_ships_has_a_column_where_it_restored_too(run_folder, tmp_path):
    for kind in ("pictures", "scans"):
        shutil.copytree(run_folder / kind, run_folder / f"{kind}-shipped")
    results = run_folder / "pictures-shipped" / "results.json"
    results.write_text(results.read_text().replace("24.5", "26.75"))
    assert report(run_folder, "--scans", tmp_path / "scans").returncode == 0
    page = (run_folder / "report.html").read_text()
    assert "<th>PSNR by the model that ships</th>" in page and page.count("<td>26.75</td>") == 2  # the mean, too
    assert "+7.25 dB on average" in page and len(re.findall(r'src="data:image/', page)) == 2 * 4 + 2 * 3


def test_what_is_missing_is_left_out(tmp_path):
    assert report(tmp_path).returncode == 0
    page = (tmp_path / "report.html").read_text()
    assert "No held-out photographs" in page and "<svg" not in page


def test_no_such_run_is_an_error(tmp_path):
    result = report(tmp_path / "nothing")
    assert result.returncode != 0 and "nothing" in result.stderr


def test_minutes_lie_between_rows():
    rows = [{"step": 10, "seconds": 60}, {"step": 20, "seconds": 180}]
    assert [charts.minutes_at(rows, step) for step in (5, 10, 15, 30)] == [0.5, 1.0, 2.0, 3.0]


def test_ticks_are_round_and_inside():
    assert charts.ticks(0, 2400) == [0, 500, 1000, 1500, 2000]
    assert charts.ticks(18.9, 27.2) == [20, 22, 24, 26]


def test_detail_is_where_the_damage_is():
    original = Image.new("L", (1600, 1200), 100)
    aged = Image.new("L", (1600, 1200), 140)  # faded everywhere
    aged.paste(255, (1300, 900, 1330, 930))
    x, y = pictures.worst_corner(aged, original)
    assert x <= 1300 and x + pictures.DETAIL >= 1330 and y <= 900 and y + pictures.DETAIL >= 930
