// Damage painted by hand on a viewer's picture: strokes on a canvas of the preview's size.

export class Brush {
  /// `changed` is called whenever there are strokes more or fewer.
  constructor(viewer, changed) {
    this.viewer = viewer;
    this.changed = changed;
    this.size = 30; // of the screen's pixels, so that zooming in paints finer
    this.isErasing = false;
    this.strokes = [];
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
    this.#prepare();
    this.#drawFrom(this.stroke, 0);
  }

  move(point) {
    if (!this.stroke) return;
    this.stroke.points.push(point);
    this.#drawFrom(this.stroke, this.stroke.points.length - 2);
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
    this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.strokes) this.#drawFrom(stroke, 0);
  }

  /// White on black, or null if nothing is painted.
  async mask() {
    if (!this.strokes.some((stroke) => !stroke.isErasing)) return null;
    const mask = document.createElement("canvas");
    mask.width = this.canvas.width;
    mask.height = this.canvas.height;
    const context = mask.getContext("2d");
    context.drawImage(this.canvas, 0, 0);
    context.globalCompositeOperation = "source-in"; // white where there is a stroke
    context.fillStyle = "#fff";
    context.fillRect(0, 0, mask.width, mask.height);
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "#000";
    context.fillRect(0, 0, mask.width, mask.height);
    return new Promise((resolve) => mask.toBlob(resolve, "image/png"));
  }

  #prepare() {
    const { width, height } = this.viewer.size;
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
  }

  #drawFrom(stroke, index) {
    const context = this.canvas.getContext("2d");
    context.globalCompositeOperation = stroke.isErasing ? "destination-out" : "source-over";
    context.strokeStyle = "rgb(255, 176, 32)"; // not the colour of what was found
    context.lineWidth = stroke.width;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(stroke.points[index].x, stroke.points[index].y);
    for (const { x, y } of stroke.points.slice(index)) context.lineTo(x, y);
    context.stroke();
  }
}
