"""Pictures for the page: made small, cut to a detail at full resolution, encoded into the page itself."""
import base64
import io
import json

from PIL import Image, ImageChops, ImageFilter, ImageOps

Image.MAX_IMAGE_PIXELS = None  # scans of a user's own folder
WIDE = 720  # pixels of a whole picture; the PNGs beside the page have all of them
SHIPPED = "by the model that ships"
DETAIL = 360  # pixels of a detail, shown one to one


def compared(run):
    """What restore-eval wrote of one task: {"methods": [(name, title), ...], "mean": {name: row}, "photos": [...]} of the aged
    pictures, the run's restored ones and, if they are there, those of the model that ships; a photograph has its "name",
    {method: row} as "figures" and {method: picture file} as "files", the original's too."""
    if not (run / "pictures" / "results.json").is_file():
        return None
    tables = [("aged", "aged", "pictures", "aged"), ("restored", "restored", "pictures", "model"),
              ("shipped", SHIPPED, "pictures-shipped", "model")]
    rows = {name: (title, run / folder, row)
            for name, title, folder, method in tables if (run / folder / "results.json").is_file()
            for row in json.loads((run / folder / "results.json").read_text())["rows"] if row["method"] == method}
    photos = []
    for i, aged in enumerate(rows["aged"][2]["pictures"]):
        figures = {name: row["pictures"][i] for name, (_, _, row) in rows.items()}
        files = {name: rows[name][1] / row["file"] for name, row in figures.items()}
        files["original"] = run / "pictures" / aged["file"].replace(".aged.", ".original.")
        photos.append({"name": aged["name"], "figures": figures, "files": files})
    return {"methods": [(name, title) for name, (title, _, _) in rows.items()], "photos": photos,
            "mean": {name: row for name, (_, _, row) in rows.items()}}


def held_out(results):
    """For each held-out photograph its row of compared(), captions and views."""
    for photo in results["photos"]:
        shown = {name: load(file) for name, file in photo["files"].items()}
        corner = worst_corner(shown["aged"], shown["original"])
        captions = [f"{title}: {photo['figures'][name]['psnr']:.2f} dB, SSIM {photo['figures'][name]['ssim']:.3f}"
                    for name, title in results["methods"]]
        yield photo, [*captions, "original"], [views(picture, corner) for picture in shown.values()]


def restored_scans(scans, run):
    """For each scan that the run restored its name, captions and views; NAME.restored.png comes from the scan NAME.something."""
    restored_folder, shipped_folder = run / "scans", run / "scans-shipped"
    originals = {name_of(file, scans): file for file in sorted(scans.rglob("*")) if file.is_file()}
    for file in sorted(restored_folder.rglob("*.restored.png")):
        name = name_of(file, restored_folder).removesuffix(".restored")
        if name not in originals:
            continue
        restored, scan = load(file), load(originals[name])
        if scan.size != restored.size:
            scan = scan.resize(restored.size, Image.Resampling.LANCZOS)
        corner = worst_corner(scan, restored)
        shown = {"scan": scan, "restored": restored}
        if (shipped := shipped_folder / file.relative_to(restored_folder)).is_file():
            shown[SHIPPED] = load(shipped)
        yield name, list(shown), [views(picture, corner) for picture in shown.values()]


def name_of(file, folder):
    return file.relative_to(folder).with_suffix("").as_posix()


def load(path):
    picture = ImageOps.exif_transpose(Image.open(path))
    if picture.mode.startswith("I"):  # 16 bit
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture if picture.mode == "L" else picture.convert("RGB")


def worst_corner(damaged, better):
    """Top left corner of the detail that suffered most: there damage of middle size makes the two pictures differ."""
    width, height = better.size
    columns, rows = max(1, width // 90), max(1, height // 90)
    difference = ImageChops.difference(middle_sizes(damaged), middle_sizes(better))
    cells = difference.resize((columns, rows), Image.Resampling.BOX).tobytes()
    worst = max(range(len(cells)), key=cells.__getitem__)
    x = (worst % columns + 0.5) * width / columns - DETAIL / 2
    y = (worst // columns + 0.5) * height / rows - DETAIL / 2
    return int(min(max(x, 0), max(0, width - DETAIL))), int(min(max(y, 0), max(0, height - DETAIL)))


def middle_sizes(picture):
    """What is larger than grain and smaller than fading, both of which are everywhere."""
    gray = picture.convert("L").filter(ImageFilter.GaussianBlur(2))
    return ImageChops.subtract(gray, gray.filter(ImageFilter.GaussianBlur(40)), scale=1, offset=128)


def views(picture, corner):
    """The whole picture and its detail as data URLs."""
    x, y = corner
    whole = picture.copy()
    whole.thumbnail((WIDE, WIDE), Image.Resampling.LANCZOS)
    detail = picture.crop((x, y, min(x + DETAIL, picture.width), min(y + DETAIL, picture.height)))
    return {"whole": data_url(whole), "detail": data_url(detail)}


def data_url(picture):
    """JPEG of a quality at which its own noise cannot be seen beside what is shown."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
