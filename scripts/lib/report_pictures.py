"""Pictures for the page: made small, cut to a detail at full resolution, encoded into the page itself."""
import base64
import io

from PIL import Image, ImageChops, ImageFilter, ImageOps

Image.MAX_IMAGE_PIXELS = None  # scans of a user's own folder
WIDE = 720  # pixels of a whole picture; the PNGs beside the page have all of them
DETAIL = 360  # pixels of a detail, shown one to one


def compared(table):
    """Of the rows that restore-eval wrote of one task: for each photograph, and in the mean, the figures of the aged
    picture beside those of the restored one, and where the pictures are."""
    if not table:
        return None
    aged, restored = (next(row for row in table["rows"] if row["method"] == method) for method in ("aged", "model"))

    def figures(before, after):
        return {f"{figure}_{name}": row[figure] for figure in ("psnr", "ssim")
                for name, row in (("aged", before), ("restored", after))}

    photos = [{"name": before["name"], **figures(before, after),
               "files": {"aged": before["file"], "restored": after["file"],
                         "original": before["file"].replace(".aged.", ".original.")}}
              for before, after in zip(aged["pictures"], restored["pictures"])]
    return {"photos": photos, "mean": figures(aged, restored)}


def triples(folder, results):
    """For each held-out photograph its row of results.json and the views of aged, restored and original."""
    for row in results["photos"]:
        aged, restored, original = (load(folder / row["files"][kind]) for kind in ("aged", "restored", "original"))
        corner = worst_corner(aged, original)
        yield row, [views(picture, corner) for picture in (aged, restored, original)]


def scan_pairs(scans, restored_folder):
    """For each restored picture its name and the views of (scan, restored); NAME.restored.png comes from the scan NAME.something."""
    originals = {name_of(file, scans): file for file in sorted(scans.rglob("*")) if file.is_file()}
    for file in sorted(restored_folder.rglob("*.restored.png")):
        name = name_of(file, restored_folder).removesuffix(".restored")
        if name not in originals:
            continue
        restored, scan = load(file), load(originals[name])
        if scan.size != restored.size:
            scan = scan.resize(restored.size, Image.Resampling.LANCZOS)
        corner = worst_corner(scan, restored)
        yield name, [views(scan, corner), views(restored, corner)]


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
