"""Learning curves as inline SVG. Colours are variables of the page's style sheet, so that they follow dark and light."""
import math
from html import escape

WIDTH, HEIGHT = 640, 330
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 14, 62


def loss_chart(rows):
    """Training loss against steps and minutes: every row faintly, a running mean over it; nothing without rows."""
    points = [(row["step"], row["loss"]) for row in rows if is_number(row.get("loss"))]
    if len(points) < 2:
        return ""
    mean = running_mean(points, window=max(1, len(points) // 40))
    # The first steps are far above the rest and would flatten the curve: they are left out.
    values = sorted(value for _, value in points)
    top = values[int(0.98 * (len(values) - 1))]
    chart = Chart(rows, y_range(min(values), top), "training loss")
    chart.line([point for point in points if point[1] <= top], "faint")
    chart.line([point for point in mean if point[1] <= top], "first")
    return chart.svg("Training loss against steps and minutes")


def psnr_chart(rows):
    """PSNR of the restored validation patches, its best, and the PSNR of the aged ones to compare with."""
    points = [(row["step"], row["psnr"]) for row in rows if is_number(row.get("psnr"))]
    if len(points) < 2:
        return ""
    aged = [(row["step"], row["aged_psnr"]) for row in rows if is_number(row.get("aged_psnr"))]
    values = [value for _, value in points + aged]
    chart = Chart(rows, y_range(min(values), max(values)), "validation PSNR in dB")
    chart.line(aged, "second dashed")
    chart.line(points, "first")
    step, best = max(points, key=lambda point: point[1])
    chart.mark(step, best, f"best {best:.2f} dB")
    if aged:
        chart.text(aged[0][0], aged[0][1], f"aged {aged[0][1]:.2f} dB")
    return chart.svg("Validation PSNR against steps and minutes")


def is_number(value):
    return isinstance(value, (int, float)) and math.isfinite(value)


def running_mean(points, window):
    mean, total = [], 0.0
    for index, (step, value) in enumerate(points):
        total += value
        if index >= window:
            total -= points[index - window][1]
        mean.append((step, total / min(index + 1, window)))
    return mean


def y_range(low, high):
    margin = 0.06 * (high - low) or 0.5 * abs(high) or 1.0
    return low - margin, high + margin


def ticks(low, high, count=5):
    """Round numbers between low and high, about `count` of them."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    size = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first = math.ceil(low / size - 1e-9)
    return [index * size for index in range(first, math.floor(high / size + 1e-9) + 1)]


def minutes_at(rows, step):
    """Minutes of training at a step, between the two rows around it."""
    before = (0, 0.0)
    for row in rows:
        if not is_number(row.get("seconds")):
            continue
        here = (row["step"], row["seconds"] / 60)
        if here[0] >= step:
            share = (step - before[0]) / (here[0] - before[0]) if here[0] > before[0] else 1.0
            return before[1] + share * (here[1] - before[1])
        before = here
    return before[1]


class Chart:
    """One plot: x in steps, with the minutes below them."""

    def __init__(self, rows, y_limits, y_title):
        self.low, self.high = y_limits
        self.last_step = max(row["step"] for row in rows) or 1
        self.parts = []
        for value in ticks(self.low, self.high):
            y = self.y(value)
            self.parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
                              f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.6g}</text>')
        for step in ticks(0, self.last_step):
            x = self.x(step)
            self.parts.append(f'<path class="axis" d="M{x:.1f} {HEIGHT - BOTTOM}v5"/>'
                              f'<text class="tick" x="{x:.1f}" y="{HEIGHT - BOTTOM + 19}" text-anchor="middle">{step:g}'
                              f'<tspan class="minutes" x="{x:.1f}" dy="15">{minutes_at(rows, step):.1f} min</tspan></text>')
        self.parts.append(f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'
                          f'<text class="tick" x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" text-anchor="middle">steps, minutes</text>'
                          f'<text class="tick" transform="translate(13 {(HEIGHT - BOTTOM + TOP) / 2}) rotate(-90)" '
                          f'text-anchor="middle">{escape(y_title)}</text>')

    def x(self, step):
        return LEFT + (WIDTH - LEFT - RIGHT) * step / self.last_step

    def y(self, value):
        value = min(max(value, self.low), self.high)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / (self.high - self.low)

    def line(self, points, style):
        path = " ".join(f"{self.x(step):.1f},{self.y(value):.1f}" for step, value in points)
        self.parts.append(f'<polyline class="curve {style}" points="{path}"/>')

    def mark(self, step, value, label):
        self.parts.append(f'<circle class="dot" cx="{self.x(step):.1f}" cy="{self.y(value):.1f}" r="4"/>')
        self.text(step, value, label, dy=18)

    def text(self, step, value, label, dy=-7):
        x = self.x(step)
        anchor = "end" if x > WIDTH / 2 else "start"
        self.parts.append(f'<text class="label" x="{x:.1f}" y="{self.y(value) + dy:.1f}" text-anchor="{anchor}">{escape(label)}</text>')

    def svg(self, title):
        return (f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
                f"<title>{escape(title)}</title>{''.join(self.parts)}</svg>")
