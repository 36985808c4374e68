"""PSNR to the clean photograph, of luma, as it came and as restored (see strengths)."""
import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy
from PIL import Image
from timed_run import BUILD

NOISE = {"clean": 0, "grain 5": 5, "grain 15": 15}
AGED = ("scratches", "old-photo")  # tasks of restore-eval
ENDINGS = {".jpg", ".jpeg", ".png"}


def gray(file):
    with Image.open(file) as image:
        return numpy.asarray(image.convert("L")).astype(float)


def psnr(a, b):
    return 10 * numpy.log10(255**2 / max(((a - b) ** 2).mean(), 1e-3))


def write_inputs(photos, folder):
    """folder/SET/NAME.png for every set; names of the photographs."""
    random = numpy.random.default_rng(1)
    clean = folder / "originals"
    clean.mkdir()
    for photo in photos:
        levels = gray(photo)
        Image.fromarray(levels.astype("uint8")).save(clean / f"{photo.stem}.png")
        for name, sigma in NOISE.items():
            (folder / "in" / name).mkdir(parents=True, exist_ok=True)
            noisy = (levels + random.normal(0, sigma, levels.shape) if sigma else levels).clip(0, 255).round()
            Image.fromarray(noisy.astype("uint8")).save(folder / "in" / name / f"{photo.stem}.png")
    subprocess.run([BUILD / "bin" / "restore-eval", "none", "--photos", clean, "--task", ",".join(AGED), "--pictures",
                    "-o", folder / "aged"], check=True, stdout=subprocess.DEVNULL)
    for name in AGED:
        (folder / "in" / name).mkdir()
        for photo in photos:
            aged = folder / "aged" / name / f"{photo.stem}.png.aged.png"
            if not aged.exists():
                aged = folder / "aged" / name / f"{photo.stem}.aged.png"
            aged.rename(folder / "in" / name / f"{photo.stem}.png")
    return clean


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--model")
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    photos = sorted(file for file in chosen.folder.iterdir() if file.suffix.lower() in ENDINGS)[: chosen.limit]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        clean = write_inputs(photos, folder)
        print(f"PSNR in dB, means (and least) of {len(photos)} photographs\n")
        print("| | " + " | ".join([*NOISE, *AGED]) + " |\n" + "|---" * (1 + len(NOISE) + len(AGED)) + "|")
        for strength in (None, "auto", "1"):
            results = folder / "in"
            if strength:
                results = folder / f"out-{strength}"
                model = ["--model", chosen.model] if chosen.model else []
                subprocess.run([BUILD / "bin" / "restore", folder / "in", "-o", results, "--suffix", "", "--strength", strength,
                                *model], check=True, stdout=subprocess.DEVNULL)
            cells = []
            for name in (*NOISE, *AGED):
                figures = [psnr(gray(results / name / f"{photo.stem}.png"), gray(clean / f"{photo.stem}.png"))
                           for photo in photos]
                cells.append(f"{numpy.mean(figures):.1f} ({min(figures):.1f})")
            print(f"| {strength or 'as it was'} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
