"""The HTML of the report: sections as strings, put together by document()."""
from html import escape
from pathlib import Path

STYLE = (Path(__file__).parent / "report.css")


def headline(results):
    """The one sentence that a reader takes away."""
    mean = (results or {}).get("mean")
    if not mean:
        return "No held-out photographs were restored."
    gain = mean["psnr_restored"] - mean["psnr_aged"]
    return (f"{len(results['photos'])} held-out photographs: {mean['psnr_aged']:.2f} dB aged, "
            f"{mean['psnr_restored']:.2f} dB restored, {gain:+.2f} dB on average.")


def curves(loss, psnr):
    if not loss and not psnr:
        return ""
    figures = "".join(f"<figure>{chart}</figure>" for chart in (psnr, loss) if chart)
    return f'<section><h2>Learning</h2><div class="charts">{figures}</div></section>'


def held_out(results, triples):
    """The table of figures, then each photograph: whole, and the detail that suffered most."""
    rows = [table_row(row["name"], row) for row in results["photos"]]
    if results.get("mean"):
        rows.append(table_row("mean", results["mean"]))
    head = "".join(f"<th>{title}</th>" for title in ("photograph", "PSNR aged", "PSNR restored", "gain", "SSIM aged", "SSIM restored"))
    table = f'<div class="scroll"><table class="figures"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    return (f"<section><h2>Held-out photographs</h2><p>The network never saw them. PSNR in dB and SSIM of the "
            f"luma.</p>{table}{''.join(photo(row, views) for row, views in triples)}</section>")


def table_row(name, row):
    gain = row["psnr_restored"] - row["psnr_aged"]
    cells = (f"{row['psnr_aged']:.2f}", f"{row['psnr_restored']:.2f}", f"{gain:+.2f}", f"{row['ssim_aged']:.4f}", f"{row['ssim_restored']:.4f}")
    return f"<tr><th>{escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def photo(row, views):
    aged = f"aged: {row['psnr_aged']:.2f} dB, SSIM {row['ssim_aged']:.3f}"
    restored = f"restored: {row['psnr_restored']:.2f} dB, SSIM {row['ssim_restored']:.3f}"
    return f"<h3>{escape(row['name'])}</h3>{pictures(row['name'], (aged, restored, 'original'), views)}"


def scans(pairs):
    parts = [f"<h3>{escape(name)}</h3>{pictures(name, ('scan', 'restored'), views)}" for name, views in pairs]
    return f"<section><h2>Real scans</h2>{''.join(parts)}</section>" if parts else ""


def pictures(name, captions, views):
    """One row of whole pictures, one of their details at full resolution."""
    rows = []
    for index, kind in enumerate(("whole", "detail")):
        figures = "".join(
            f'<figure><img src="{view[index]}" alt="{escape(name)}, {kind}, {escape(caption)}" loading="lazy">'
            f"<figcaption>{escape(caption) if kind == 'whole' else 'detail'}</figcaption></figure>"
            for caption, view in zip(captions, views))
        rows.append(f'<div class="pictures {kind} of-{len(captions)}">{figures}</div>')
    return "".join(rows)


def summary(values, config):
    parts = []
    if values:
        rows = "".join(f"<tr><th>{escape(key)}</th><td>{escape(text)}</td></tr>" for key, text in flat(values))
        parts.append(f'<div class="scroll"><table class="plain"><tbody>{rows}</tbody></table></div>')
    if config:
        parts.append(f"<details><summary>Configuration</summary><pre>{escape(config)}</pre></details>")
    return f"<section><h2>The run</h2>{''.join(parts)}</section>" if parts else ""


def flat(values, prefix=""):
    """(key, text) of each value of a JSON object, inner keys joined with a dot."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, f"{value:.6g}" if isinstance(value, float) else str(value)


def document(name, sentence, body):
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Restore: {escape(name)}</title>
<style>
{STYLE.read_text()}</style>
</head>
<body>
<main>
<header><h1>{escape(name)}</h1><p>{escape(sentence)}</p></header>
{body}
</main>
</body>
</html>
"""
