// Damage painted by hand on a viewer's picture: strokes on a canvas of the preview's size.

/// A stroke from its point number `first` on.
function drawStroke(context, stroke, first = 0) {
  context.globalCompositeOperation = stroke.isErasing ? "destination-out" : "source-over";
  context.strokeStyle = "rgb(255, 176, 32)"; // not the colour of what was found
  context.lineWidth = stroke.width;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  context.moveTo(stroke.points[first].x, stroke.points[first].y);
  for (const { x, y } of stroke.points.slice(first)) context.lineTo(x, y);
  context.stroke();
}

/// The strokes of one picture. `pictureSize` is known once there is one; `isUsed`: a result has them.
export function noStrokes() {
  return Object.assign([], { pictureSize: null, isUsed: false });
}

/// A PNG of the picture's size, white where there are strokes and black elsewhere; null without strokes.
export async function maskOf(strokes) {
  if (!strokes?.some((stroke) => !stroke.isErasing)) return null;
  const canvas = Object.assign(document.createElement("canvas"), strokes.pictureSize);
  const context = canvas.getContext("2d");
  for (const stroke of strokes) drawStroke(context, stroke);
  for (const [operation, colour] of [["source-in", "#fff"], ["destination-over", "#000"]]) {
    context.globalCompositeOperation = operation;
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export class Brush {
  /// `changed` is called whenever there are strokes more or fewer.
  constructor(viewer, changed) {
    this.viewer = viewer;
    this.changed = changed;
    this.size = 30; // of the screen's pixels, so that zooming in paints finer
    this.isErasing = false;
    this.strokes = noStrokes();
    this.canvas = document.createElement("canvas");
    this.canvas.className = "brush-canvas";
    viewer.layer.append(this.canvas);
    this.ring = document.createElement("div");
    this.ring.className = "brush-ring";
    viewer.stage.append(this.ring);
    viewer.stage.addEventListener("pointerleave", () => this.ring.classList.remove("is-near"));
  }

  /// Another photograph's strokes; they are changed in place.
  use(strokes) {
    this.stop();
    this.strokes = strokes;
    this.draw();
  }

  start(point) {
    this.stroke = { width: this.size / this.viewer.scale, isErasing: this.isErasing, points: [point] };
    this.strokes.push(this.stroke);
    this.strokes.pictureSize = this.viewer.size;
    this.strokes.isUsed = false;
    this.#prepare();
    drawStroke(this.canvas.getContext("2d"), this.stroke);
  }

  move(point) {
    if (!this.stroke) return;
    this.stroke.points.push(point);
    drawStroke(this.canvas.getContext("2d"), this.stroke, this.stroke.points.length - 2);
  }

  end() {
    this.stroke = null;
    this.changed();
  }

  /// A second finger has come: what the first one began was no stroke.
  stop() {
    if (!this.stroke) return;
    this.strokes.pop();
    this.stroke = null;
    this.draw();
  }

  undo() {
    this.strokes.isUsed = false; // what goes is seen to go
    this.strokes.pop();
    this.draw();
    this.changed();
  }

  clear() {
    this.strokes.length = 0;
    this.draw();
    this.changed();
  }

  hover(x, y) {
    this.ring.style.left = `${x}px`;
    this.ring.style.top = `${y}px`;
    this.ring.classList.add("is-near");
  }

  placed() {
    this.ring.style.width = this.ring.style.height = `${this.size}px`;
  }

  draw() {
    this.#prepare();
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.strokes) drawStroke(context, stroke);
  }

  #prepare() {
    const { width, height } = this.viewer.size;
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
  }
}
