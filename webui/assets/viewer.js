// A photograph before and after: a line between them that is dragged, zoom, and the damage laid over it.
// The line and the zoom live on the stage (the window onto the picture); the pictures lie on a layer that moves.

const MAX_ENLARGEMENT = 8;

function make(tag, className, parent, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  return element;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class Viewer {
  /// Takes the pictures that `figure` holds already (img.viewer-before, ...), or waits for show().
  /// `wheelNeedsFocus`: on a page that scrolls, the wheel zooms once the picture was clicked, or with Ctrl.
  constructor(figure, { wheelNeedsFocus = false } = {}) {
    this.figure = figure;
    this.wheelNeedsFocus = wheelNeedsFocus;
    this.split = 0.5; // where the line is, as a share of the visible picture
    this.pointers = new Map();
    this.isDamageShown = false;
    this.laid = null; // see layOver
    this.toggled = null; // called with isDamageShown when a person has changed it
    this.brush = null; // what a pointer does instead of moving things, see brush.js
    this.#build();
    this.#listen();
    this.fit();
  }

  /// Other pictures; `after` and `damage` may be null. With `keepView`, zoom and line stay as they are.
  show({ before, after, damage, label }, { keepView = false } = {}) {
    const set = (image, source) => {
      if (source) image.setAttribute("src", source);
      else image.removeAttribute("src");
    };
    this.keepView = keepView;
    set(this.before, before);
    set(this.after, after);
    set(this.damage, damage);
    this.figure.setAttribute("aria-label", label);
    this.before.alt = `${label}, before`;
    this.after.alt = `${label}, after`;
    if (!keepView) this.split = 0.5;
    this.#place();
  }

  get size() {
    return { width: this.before.naturalWidth || 1, height: this.before.naturalHeight || 1 };
  }

  fit() {
    const { width, height } = this.#stageSize();
    this.scale = this.#fitScale();
    this.x = (width - this.size.width * this.scale) / 2;
    this.y = (height - this.size.height * this.scale) / 2;
    this.#place();
  }

  /// Enlarges by `factor` around a point of the stage.
  zoom(factor, x = this.#stageSize().width / 2, y = this.#stageSize().height / 2) {
    const fit = this.#fitScale();
    const scale = clamp(this.scale * factor, fit, Math.max(MAX_ENLARGEMENT, fit));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.#place();
  }

  moveLine(split) {
    this.split = clamp(split, 0, 1);
    this.#place();
  }

  showDamage(isShown) {
    this.isDamageShown = isShown;
    this.damage.hidden = !isShown || this.laid !== null;
    if (this.laid) this.laid.hidden = !isShown;
    this.damageButton.setAttribute("aria-pressed", String(isShown));
  }

  /// A canvas that shows the damage instead of its picture; null: the picture.
  layOver(canvas) {
    if (this.laid !== canvas) {
      this.laid?.remove();
      this.laid = canvas;
      canvas?.classList.add("viewer-damage");
      if (canvas) this.damage.after(canvas);
    }
    this.showDamage(this.isDamageShown);
    this.#place();
  }

  useBrush(brush) {
    this.brush = brush;
    this.#place();
  }

  /// A point of the window in pixels of the picture.
  toPicture(event) {
    const stage = this.stage.getBoundingClientRect();
    return { x: (event.clientX - stage.left - this.x) / this.scale, y: (event.clientY - stage.top - this.y) / this.scale };
  }

  #build() {
    const image = (name) => this.figure.querySelector(`img.viewer-${name}`) ?? make("img", `viewer-${name}`, this.figure, { alt: "" });
    [this.before, this.after, this.damage] = ["before", "after", "damage"].map(image);
    this.stage = make("div", "viewer-stage", this.figure);
    this.layer = make("div", "viewer-layer", this.stage);
    this.layer.append(this.before, this.after, this.damage);
    this.damage.hidden = true;
    this.labels = ["Before", "After"].map((text) => {
      const label = make("span", `viewer-label is-${text.toLowerCase()}`, this.stage, { "aria-hidden": "true" });
      label.textContent = text;
      return label;
    });
    this.line = make("div", "viewer-line", this.stage);
    this.handle = make("button", "viewer-handle", this.line, {
      type: "button", role: "slider", "aria-label": "Line between before and after", "aria-valuemin": "0", "aria-valuemax": "100",
      title: "Drag, or use the arrow keys",
    });
    this.bar = make("div", "viewer-bar", this.figure, { role: "toolbar", "aria-label": "View" });
    this.#button("−", "Make smaller", () => this.zoom(1 / 1.5));
    this.percent = this.#button("", "One pixel of the preview for one of the screen", () => this.zoom(1 / this.scale / devicePixelRatio));
    this.#button("+", "Enlarge", () => this.zoom(1.5));
    this.#button("Fit", "Show the whole picture", () => this.fit());
    this.damageButton = this.#button("Damage", "Lay the damage that was found over the picture", () => this.#toggleDamage());
    this.damageButton.setAttribute("aria-pressed", "false");
    this.damageButton.classList.add("viewer-damage-button");
    this.figure.classList.add("is-live");
  }

  #button(text, title, action) {
    const button = make("button", "viewer-button", this.bar, { type: "button", title });
    if (text === "−" || text === "+") button.setAttribute("aria-label", title);
    button.textContent = text;
    button.addEventListener("click", action);
    return button;
  }

  #listen() {
    for (const image of [this.before, this.after, this.damage]) {
      image.draggable = false;
      image.addEventListener("load", () => (image === this.before && !this.keepView ? this.fit() : this.#place()));
    }
    // The window's size changes: a picture that was whole stays whole.
    new ResizeObserver(() => (this.isZoomed ? this.#place() : this.fit())).observe(this.stage);
    this.stage.addEventListener("pointerdown", (event) => this.#press(event));
    this.stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, (event) => this.#release(event));
    this.stage.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
    this.stage.addEventListener("dblclick", (event) => this.#toggleZoom(event));
    this.handle.addEventListener("keydown", (event) => this.#key(event));
  }

  #toggleDamage() {
    this.showDamage(!this.isDamageShown);
    this.toggled?.(this.isDamageShown);
  }

  get isZoomed() {
    return this.scale > this.#fitScale() * 1.01;
  }

  #stageSize() {
    return { width: this.stage.clientWidth || 1, height: this.stage.clientHeight || 1 };
  }

  #fitScale() {
    const { width, height } = this.#stageSize();
    return Math.min(width / this.size.width, height / this.size.height, 2);
  }

  /// Puts everything where scale, x, y and split say.
  #place() {
    const stage = this.#stageSize();
    const width = this.size.width * this.scale, height = this.size.height * this.scale;
    this.x = width <= stage.width ? (stage.width - width) / 2 : clamp(this.x, stage.width - width, 0);
    this.y = height <= stage.height ? (stage.height - height) / 2 : clamp(this.y, stage.height - height, 0);
    this.layer.style.width = `${this.size.width}px`;
    this.layer.style.height = `${this.size.height}px`;
    this.layer.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.visible = { left: Math.max(0, this.x), right: Math.min(stage.width, this.x + width) };
    const line = this.visible.left + this.split * (this.visible.right - this.visible.left);
    this.line.style.left = `${line}px`;
    this.line.style.top = `${Math.max(0, this.y)}px`;
    this.line.style.height = `${Math.min(stage.height, height)}px`;
    this.after.style.clipPath = `inset(0 0 0 ${Math.max(0, (line - this.x) / this.scale)}px)`;
    this.#placeLabels(line, Math.max(0, stage.height - this.y - height));
    const shown = Math.round(this.split * 100);
    this.handle.setAttribute("aria-valuenow", String(shown));
    this.handle.setAttribute("aria-valuetext", `${shown}% before, ${100 - shown}% after`);
    this.percent.textContent = `${Math.round(this.scale * devicePixelRatio * 100)}%`;
    this.figure.classList.toggle("has-after", this.after.hasAttribute("src"));
    this.figure.classList.toggle("has-damage", this.laid !== null || this.damage.hasAttribute("src"));
    this.figure.classList.toggle("is-zoomed", this.isZoomed);
    this.figure.classList.toggle("is-painting", this.brush !== null);
    this.figure.style.setProperty("--width", this.size.width);
    this.figure.style.setProperty("--height", this.size.height);
    this.brush?.placed(this.scale);
  }

  #placeLabels(line, below) {
    const [before, after] = this.labels;
    before.style.left = `${this.visible.left + 10}px`;
    after.style.right = `${this.#stageSize().width - this.visible.right + 10}px`;
    before.style.bottom = after.style.bottom = `${below + 10}px`;
    before.classList.toggle("is-hidden", line - this.visible.left < 90);
    after.classList.toggle("is-hidden", this.visible.right - line < 90);
  }

  #press(event) {
    if (event.pointerType === "mouse" && event.button > 1) return;
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.pointers.size > 1) {
      this.brush?.stop();
      this.action = "pinch";
      return;
    }
    event.preventDefault(); // no text selection; the focus is set here
    const isOnHandle = this.handle.contains(event.target);
    const isMoving = event.button === 1 || event.altKey;
    if (isOnHandle) this.action = "line";
    else if (this.brush && !isMoving) this.action = "paint";
    else this.action = this.isZoomed || isMoving ? "pan" : "line";
    if (this.action !== "paint") this.handle.focus({ preventScroll: true, focusVisible: false });
    if (this.action === "paint") this.brush.start(this.toPicture(event));
    if (this.action === "line" && !isOnHandle) this.#lineTo(event.clientX);
  }

  #move(event) {
    if (this.brush) this.brush.hover(event.clientX - this.stage.getBoundingClientRect().left, event.clientY - this.stage.getBoundingClientRect().top);
    const from = this.pointers.get(event.pointerId);
    if (!from) return;
    if (this.action === "pinch") this.#pinch(event);
    if (this.action === "paint") for (const point of event.getCoalescedEvents?.() ?? [event]) this.brush.move(this.toPicture(point));
    if (this.action === "line") this.#lineTo(event.clientX);
    if (this.action === "pan") {
      this.x += event.clientX - from.x;
      this.y += event.clientY - from.y;
      this.#place();
    }
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  #release(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.action === "paint") this.brush.end();
    this.action = this.pointers.size > 0 ? "pan" : null;
  }

  #lineTo(clientX) {
    const { left, right } = this.visible;
    this.moveLine((clientX - this.stage.getBoundingClientRect().left - left) / (right - left));
  }

  #pinch(event) {
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    const from = this.pointers.get(event.pointerId);
    if (!other) return;
    const stage = this.stage.getBoundingClientRect();
    const distance = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const to = { x: event.clientX, y: event.clientY };
    this.x += (to.x - from.x) / 2;
    this.y += (to.y - from.y) / 2;
    this.zoom(distance(to) / distance(from), (to.x + other.x) / 2 - stage.left, (to.y + other.y) / 2 - stage.top);
  }

  #turn(event) {
    if (this.wheelNeedsFocus && !event.ctrlKey && document.activeElement !== this.handle) return;
    event.preventDefault();
    const stage = this.stage.getBoundingClientRect();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    this.zoom(Math.exp(clamp(-pixels, -240, 240) / (event.ctrlKey ? 100 : 400)), event.clientX - stage.left, event.clientY - stage.top);
  }

  #toggleZoom(event) {
    if (this.brush || this.handle.contains(event.target)) return;
    const stage = this.stage.getBoundingClientRect();
    if (this.isZoomed) this.fit();
    else this.zoom(Math.max(2, 1 / this.scale / devicePixelRatio), event.clientX - stage.left, event.clientY - stage.top);
  }

  #key(event) {
    const step = event.shiftKey ? 0.1 : 0.02;
    const actions = {
      ArrowLeft: () => this.moveLine(this.split - step),
      ArrowRight: () => this.moveLine(this.split + step),
      ArrowDown: () => this.moveLine(this.split - step),
      ArrowUp: () => this.moveLine(this.split + step),
      Home: () => this.moveLine(0),
      End: () => this.moveLine(1),
      "+": () => this.zoom(1.5),
      "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      0: () => this.fit(),
      d: () => this.figure.classList.contains("has-damage") && this.#toggleDamage(),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }
}
