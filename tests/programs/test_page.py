"""The served page and the report as a person sees them, in Debian's Chromium; a blur stands in for the model."""
import http.client
import io
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import numpy
import pytest
from conftest import BIN
from PIL import Image
from playwright.sync_api import expect, sync_playwright

PROGRAM = BIN.parent / "tests" / "serve_program"
expect.set_options(timeout=20_000)


def photo(path, width=300, height=200, mode="L"):
    """Dark at the left and light at the right, with grain."""
    ramp = numpy.linspace(40, 215, width)[None, :] + numpy.random.default_rng(1).normal(0, 12, (height, width))
    pixels = ramp.clip(0, 255)
    image = Image.fromarray((pixels * 257).astype(numpy.uint16) if mode == "I;16" else pixels.astype(numpy.uint8))
    image.save(path)
    return path


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def serve(tmp_path):
    """serve(*options) -> the page's address; every server is ended and must have cleaned up behind itself."""
    running = []

    def start(*options):
        (tmp_path / "work").mkdir(exist_ok=True)
        server = subprocess.Popen([PROGRAM, *map(str, options)], stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, "TMPDIR": str(tmp_path / "work")})
        running.append(server)
        return server.stdout.readline().strip()

    yield start
    for server in running:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
        server.stdout.close()
    assert list((tmp_path / "work").iterdir()) == []


@pytest.fixture
def open_page(browser):
    """open_page(address) -> a page whose errors and foreign requests fail the test. With `refusals`, the program may
    refuse things, which a browser counts as errors."""
    contexts, wrong = [], []

    def open_it(address, refusals=False, **options):
        context = browser.new_context(viewport={"width": 1200, "height": 800}, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: None if refusals and "Failed to load" in message.text else wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((address.split("#")[0], "data:")) else wrong.append(request.url))
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert wrong == []


def restored(page, *photos):
    """Sends photographs and has them all restored."""
    page.set_input_files("#files", photos)
    expect(page.locator("#strip .badge:text('new')")).to_have_count(len(photos))
    page.locator("#restore-all" if len(photos) > 1 else "#restore").click()
    expect(page.locator("#summary")).to_contain_text(f"{len(photos)} restored")
    expect(page.locator(".viewer.has-after")).to_be_visible()
    settle(page)
    return page


def settle(page):
    """All pictures of the viewer are there and painted."""
    page.locator(".viewer-after").evaluate("(image) => image.decode().then(() => new Promise(requestAnimationFrame))")
    page.locator(".viewer-before").evaluate("(image) => image.decode().then(() => new Promise(requestAnimationFrame))")


def seen(page):
    """The stage as it is seen, without the line and what lies on it."""
    show_line = "(line, isShown) => { line.style.visibility = isShown ? '' : 'hidden'; }"
    page.locator(".viewer-line").evaluate(show_line, False)
    data = page.locator(".viewer-stage").screenshot()
    page.locator(".viewer-line").evaluate(show_line, True)
    return numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def grain(pixels):
    """How much neighbours differ in the middle of the stage: a blurred picture has little of it."""
    height, width = pixels.shape[:2]
    middle = pixels[height // 3:2 * height // 3, width // 4:3 * width // 4, 1]
    return abs(numpy.diff(middle)).mean()


def paint(page, *, x=0.5, y=0.5):
    """A short stroke around a point of the stage."""
    box = page.locator(".viewer-stage").bounding_box()
    left, top = box["x"] + x * box["width"], box["y"] + y * box["height"]
    page.mouse.move(left - 20, top)
    page.mouse.down()
    page.mouse.move(left + 20, top, steps=4)
    page.mouse.up()


def ask(address, method="GET", path="", headers=None, body=None):
    url = urlsplit(address)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
    connection.request(method, path if path.startswith("/") else url.path + path, body, headers or {})
    response = connection.getresponse()
    return response, response.read()


def test_two_photographs_become_restored_and_are_compared(serve, open_page, tmp_path):
    page = restored(open_page(serve()), photo(tmp_path / "a.png"), photo(tmp_path / "b.tif", mode="I;16"))
    expect(page.locator("#strip li")).to_have_count(2)
    handle = page.locator(".viewer-handle")
    handle.press("End")
    assert handle.get_attribute("aria-valuenow") == "100"
    before = grain(seen(page))
    handle.press("Home")
    assert grain(seen(page)) < before / 2
    box = page.locator(".viewer-stage").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert int(handle.get_attribute("aria-valuenow")) == 100
    assert grain(seen(page)) > before / 2


def test_damage_is_laid_over_the_picture_and_zoom_enlarges(serve, open_page, tmp_path):
    page = restored(open_page(serve()), photo(tmp_path / "a.png"))
    assert reddish(page) == 0
    page.get_by_role("button", name="Damage").click()
    page.locator(".viewer-damage").evaluate("(image) => image.decode()")
    share = reddish(page)
    assert 0.03 < share < 0.2
    page.locator(".viewer-stage").hover()
    page.mouse.wheel(0, -400)
    expect(page.locator(".viewer.is-zoomed")).to_be_visible()
    assert reddish(page) > 1.5 * share
    page.get_by_role("button", name="Fit").click()
    page.get_by_role("button", name="Damage").click()
    assert reddish(page) == 0


def reddish(page):
    pixels = seen(page)
    return (pixels[..., 0] - pixels[..., 1] > 60).mean()


def test_damage_is_shown_before_anything_is_restored_and_follows_the_slider(serve, open_page, tmp_path):
    page = open_page(serve())
    page.set_input_files("#files", photo(tmp_path / "a.png", 200, 200))
    expect(page.locator("#found")).to_contain_text("12% of the picture. So much is seldom damage")
    usual = reddish(page)
    assert usual > 0.03
    slider = page.get_by_label("How much is taken for damage")
    slider.press("End")
    expect(page.locator("#found")).to_contain_text("28% of the picture. So much is seldom damage")
    assert reddish(page) > 1.7 * usual
    slider.press("Home")
    expect(page.locator("#found")).to_have_text("3.1% of the picture")
    assert slider.get_attribute("aria-valuetext") == "-2, 3.1% of the picture"
    assert 0 < reddish(page) < usual / 2
    page.get_by_role("button", name="Damage").click()
    assert reddish(page) == 0
    slider.press("ArrowRight")  # who moves it wants to see what it does
    assert reddish(page) > 0
    page.get_by_label("Repair scratches").uncheck()
    expect(slider).to_be_disabled()
    assert reddish(page) == 0


def test_the_sensitivity_goes_into_the_result_which_shows_its_own_damage(serve, open_page, tmp_path):
    page = open_page(serve("--sensitivity", "0.5"))
    page.set_input_files("#files", photo(tmp_path / "a.png"))
    expect(page.locator("#found")).to_contain_text("of the picture")
    slider = page.get_by_label("How much is taken for damage")
    assert slider.input_value() == "0.5"
    slider.press("ArrowRight")
    page.locator("#restore").click()
    expect(page.locator("#facts")).to_contain_text("+0.75: more was taken for damage")
    settle(page)
    assert reddish(page) == 0  # the result is seen first
    page.get_by_role("button", name="Damage").click()
    expect(page.locator("img.viewer-damage")).to_be_visible()
    slider.press("Home")
    expect(page.locator("canvas.viewer-damage")).to_be_visible()
    expect(page.locator("img.viewer-damage")).to_be_hidden()
    page.get_by_label("Repair scratches").uncheck()
    with page.expect_request(re.compile("/restore\\?")) as request:
        page.get_by_role("button", name="Restore again").click()
    assert "sensitivity" not in request.value.url
    expect(page.locator("#facts")).to_contain_text("grain and fading removed")


def test_damage_of_the_photograph_that_is_chosen_is_shown(serve, open_page, tmp_path):
    page = open_page(serve())
    page.set_input_files("#files", [photo(tmp_path / "a.png"), photo(tmp_path / "b.png", 200, 200)])
    expect(page.locator("#found")).to_have_text("8.3% of the picture")
    page.get_by_role("button", name="b.png").click()
    expect(page.locator("#found")).to_contain_text("12% of the picture")
    assert page.locator("canvas.viewer-damage").evaluate("(canvas) => canvas.width") == 200


def test_painted_damage_changes_the_result(serve, open_page, tmp_path):
    page = restored(open_page(serve()), photo(tmp_path / "a.png", 900, 600))
    page.get_by_role("button", name="Mark").click()
    paint(page, x=0.3)
    paint(page, x=0.7)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Restore again").click()
    expect(page.locator("#facts")).to_contain_text("by a person")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    result = numpy.asarray(Image.open(download.value.path()).convert("L"))
    assert result.shape == (600, 900)
    where = numpy.argwhere(result == 0)  # the stand-in paints black what was marked
    assert len(where) > 500
    assert abs(where.mean(0) - [300, 0.3 * 900]).max() < 60  # the stage is wider than the picture
    assert where[:, 1].max() < 450  # undone


def test_marks_of_all_photographs_are_sent_and_leave_the_view(serve, open_page, tmp_path):
    page = open_page(serve())
    page.set_input_files("#files", [photo(tmp_path / "a.png"), photo(tmp_path / "b.png")])
    expect(page.locator("#strip .badge:text('new')")).to_have_count(2)
    page.get_by_role("button", name="Mark").click()
    paint(page)
    expect(page.locator(".brush-canvas")).to_be_visible()
    page.get_by_role("button", name="b.png").click()
    page.locator("#restore-all").click()
    expect(page.locator("#summary")).to_contain_text("2 restored")
    expect(page.locator("#facts")).not_to_contain_text("by a person")
    page.get_by_role("button", name="a.png").click()
    expect(page.locator("#facts")).to_contain_text("by a person")
    expect(page.locator(".brush-canvas")).to_be_hidden()
    expect(page.locator("#marks")).to_have_text("1 mark goes into the next result.")


def test_result_has_the_photographs_name_and_delete_forgets_it(serve, open_page, tmp_path):
    page = restored(open_page(serve()), photo(tmp_path / "Großmutter <b>1931.jpg"))
    expect(page.locator("#name")).to_have_text("Großmutter <b>1931.jpg")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "Großmutter _b_1931.restored.png"  # what the browser makes of "<b>"
    with Image.open(download.value.path()) as result:
        assert (result.size, result.format) == ((300, 200), "PNG")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#welcome")).to_be_visible()
    assert list((tmp_path / "work").glob("*/*")) == []


def test_what_runs_can_be_cancelled_and_chosen_options_are_used(serve, open_page, tmp_path):
    page = open_page(serve("--seconds", 60))
    page.set_input_files("#files", photo(tmp_path / "a.png"))
    page.get_by_label("Repair scratches").uncheck()
    page.get_by_label("Strength in percent").fill("35")
    with page.expect_request(re.compile("/restore\\?")) as request:
        page.locator("#restore").click()
    assert "tasks=denoise&strength=0.35&" in request.value.url
    expect(page.locator("#state")).to_contain_text("Restoring")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#strip .badge")).to_have_text("cancelled")


def test_wrong_files_are_refused_with_a_sentence(serve, open_page, tmp_path):
    address = serve("--max-upload", 100_000, "--max-photos", 1)
    page = open_page(address, refusals=True)
    (tmp_path / "letter.png").write_text("Dear all")
    with page.expect_response(re.compile("/photos\\?")):
        page.set_input_files("#files", tmp_path / "letter.png")
    expect(page.locator("#messages")).to_contain_text("letter.png is not a JPEG, PNG, TIFF or WebP picture")
    page.set_input_files("#files", photo(tmp_path / "large.png", 900, 600))
    expect(page.locator("#messages")).to_contain_text("large.png is larger than the 98 kB that are taken")
    response, body = ask(address, "POST", "photos?name=large.png", body=b"x" * 200_000)
    assert (response.status, "larger" in body.decode()) == (413, True)
    page.set_input_files("#files", [photo(tmp_path / "a.png"), photo(tmp_path / "b.png")])
    expect(page.locator("#messages")).to_contain_text("at most 1 photographs at a time")
    expect(page.locator("#strip li")).to_have_count(1)


def test_only_this_page_is_answered(serve):
    address = serve()
    url = urlsplit(address)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", address)
    response, body = ask(address)
    assert response.status == 200 and b"<title>Restore</title>" in body
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for name, value in {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}.items():
        assert response.headers[name] == value
    for path in ["/", "/favicon.ico", "/" + "0" * 32 + "/", f"{url.path[:-2]}/", "/photos", url.path + "../../etc/passwd", url.path + "%2e%2e/%2e%2e/etc/passwd",
                 url.path + "photos/1/../../x", url.path + "photos/1%2fbefore.jpg%00", url.path + "photos/x/before.jpg", url.path + "/etc/passwd"]:
        assert ask(address, path=path)[0].status == 404, path
    for host in ["evil.example", f"evil.example:{url.port}", "127.0.0.1", f"localhost:{url.port + 1}"]:
        assert ask(address, headers={"Host": host})[0].status == 403, host
    assert ask(address, headers={"Host": f"localhost:{url.port}"})[0].status == 200
    for origin in ["null", "http://evil.example", f"https://127.0.0.1:{url.port}"]:
        assert ask(address, "POST", "photos/1/delete", {"Origin": origin}, b"")[0].status == 403, origin
    assert ask(address, "POST", "photos/1/delete", {"Origin": f"http://127.0.0.1:{url.port}"}, b"")[0].status == 400  # is gone
    for method in ["PUT", "DELETE", "OPTIONS"]:
        assert ask(address, method, "photos")[0].status == 405, method


def test_listens_on_this_machine_alone(serve):
    port = urlsplit(serve()).port
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    addresses = [line[1].split(":")[0] for line in listening if line[3] == "0A" and int(line[1].split(":")[1], 16) == port]
    assert addresses == ["0100007F"]


def test_interrupted_in_the_middle_of_a_photograph_leaves_nothing(serve, tmp_path):
    address = serve("--seconds", 60)
    assert ask(address, "POST", "photos?name=a.png", body=photo(tmp_path / "a.png").read_bytes())[0].status == 201
    assert ask(address, "POST", "photos/1/restore?tasks=inpaint", body=b"")[0].status == 200
    # The fixture sends SIGTERM, and looks whether the folder is empty.


def test_report_needs_nothing_but_itself(open_page, tmp_path):
    photos = [photo(tmp_path / "<script>alert(1)<script>.png"), photo(tmp_path / "b.tif", mode="I;16")]
    subprocess.run([PROGRAM, "--report", tmp_path / "page.html", *photos], check=True)
    (tmp_path / "elsewhere").mkdir()
    shutil.move(tmp_path / "page.html", tmp_path / "elsewhere" / "page.html")
    page = open_page(f"file://{tmp_path}/elsewhere/page.html")
    expect(page.locator("h2")).to_have_text(["<script>alert(1)<script>.png", "b.tif"])
    expect(page.locator(".viewer.is-live.has-after.has-damage")).to_have_count(2)
    page.get_by_role("link", name="b.tif").click()
    handle = page.locator(".viewer-handle").nth(1)
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    assert handle.get_attribute("aria-valuetext") == "54% before, 46% after"
    handle.press("d")
    expect(page.locator(".viewer-damage").nth(1)).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text("3.7% of the picture")


def test_report_shows_both_pictures_without_a_script(open_page, tmp_path):
    subprocess.run([PROGRAM, "--report", tmp_path / "page.html", photo(tmp_path / "a.png")], check=True)
    page = open_page(f"file://{tmp_path}/page.html", java_script_enabled=False)
    for name in ["before", "after"]:
        assert page.locator(f".viewer-{name}").bounding_box()["width"] > 200
