"""Learning curves: what a chart shows and where. report.html draws it."""
import math


def loss_chart(rows):
    """Training loss against steps and minutes: every row faintly, a running mean over it; None without rows."""
    points = [(row["step"], row["loss"]) for row in rows if is_number(row.get("loss"))]
    if len(points) < 2:
        return None
    mean = running_mean(points, window=max(1, len(points) // 40))
    # The first steps are far above the rest and would flatten the curve: they are left out.
    values = sorted(value for _, value in points)
    top = values[int(0.98 * (len(values) - 1))]
    chart = Chart("Training loss against steps and minutes", "training loss", rows, y_range(min(values), top))
    chart.line([point for point in points if point[1] <= top], "faint")
    chart.line([point for point in mean if point[1] <= top], "first")
    return chart


def psnr_chart(rows):
    """PSNR of the restored validation patches, its best, and the PSNR of the aged ones to compare with."""
    points = [(row["step"], row["psnr"]) for row in rows if is_number(row.get("psnr"))]
    if len(points) < 2:
        return None
    aged = [(row["step"], row["aged_psnr"]) for row in rows if is_number(row.get("aged_psnr"))]
    values = [value for _, value in points + aged]
    chart = Chart("Validation PSNR against steps and minutes", "validation PSNR in dB", rows,
                  y_range(min(values), max(values)))
    chart.line(aged, "second dashed")
    chart.line(points, "first")
    step, best = max(points, key=lambda point: point[1])
    chart.mark(step, best, f"best {best:.2f} dB")
    if aged:
        chart.label(aged[0][0], aged[0][1], f"aged {aged[0][1]:.2f} dB")
    return chart


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
    """One plot in pixels, for the template to draw: x in steps, with the minutes below them."""

    width, height = 640, 330
    left, right, top, bottom = 58, 624, 14, 268  # of the area with the curves

    def __init__(self, title, y_title, rows, y_limits):
        self.title, self.y_title = title, y_title
        self.low, self.high = y_limits
        self.last_step = max(row["step"] for row in rows) or 1
        self.y_ticks = [{"value": value, "at": self.y(value)} for value in ticks(self.low, self.high)]
        self.x_ticks = [{"value": step, "at": self.x(step), "minutes": minutes_at(rows, step)}
                        for step in ticks(0, self.last_step)]
        self.curves, self.dots, self.labels = [], [], []

    def x(self, step):
        return self.left + (self.right - self.left) * step / self.last_step

    def y(self, value):
        value = min(max(value, self.low), self.high)
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)

    def line(self, points, style):
        self.curves.append({"style": style, "points": [(self.x(step), self.y(value)) for step, value in points]})

    def mark(self, step, value, text):
        self.dots.append((self.x(step), self.y(value)))
        self.label(step, value, text, below=18)

    def label(self, step, value, text, below=-7):
        x = self.x(step)
        anchor = "end" if x > self.width / 2 else "start"
        self.labels.append({"x": x, "y": self.y(value) + below, "anchor": anchor, "text": text})
