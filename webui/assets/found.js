// What the program takes for damage before anything is restored: a canvas to lay over the photograph, drawn again at once
// as the sensitivity moves.

const COLOUR = [255, 46, 110]; // as that of a result's damage

export class FoundDamage {
  /// Of a gray picture whose level says how sure the program is of damage: `scale` is what it told of that.
  static async load(url, scale) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`The damage cannot be shown: the program answered ${response.status}.`);
    return new FoundDamage(await createImageBitmap(await response.blob(), { colorSpaceConversion: "none" }), scale);
  }

  constructor(bitmap, scale) {
    this.scale = scale;
    const { width, height } = bitmap;
    this.canvas = Object.assign(document.createElement("canvas"), { width, height });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.context.drawImage(bitmap, 0, 0);
    this.pixels = this.context.getImageData(0, 0, width, height);
    this.levels = new Uint8Array(width * height);
    this.counts = new Uint32Array(256);
    for (let i = 0; i < this.levels.length; i++) {
      this.counts[(this.levels[i] = this.pixels.data[4 * i])]++;
      this.pixels.data.set(COLOUR, 4 * i);
    }
  }

  /// The probability of damage at a level.
  #probability(level, sensitivity) {
    const logit = (level - this.scale.even_level) / this.scale.levels_per_logit + sensitivity * this.scale.logit_per_sensitivity;
    return 1 / (1 + Math.exp(-logit));
  }

  /// The share of the picture that is more likely damaged than not.
  share(sensitivity) {
    const damaged = this.counts.reduce((sum, count, level) => sum + (this.#probability(level, sensitivity) > 0.5 ? count : 0), 0);
    return damaged / this.levels.length;
  }

  draw(sensitivity) {
    if (this.drawn === sensitivity) return;
    this.drawn = sensitivity;
    const alpha = Uint8Array.from({ length: 256 }, (_, level) => Math.round(255 * this.#probability(level, sensitivity)));
    const { data } = this.pixels;
    for (let i = 0; i < this.levels.length; i++) data[4 * i + 3] = alpha[this.levels[i]];
    this.context.putImageData(this.pixels, 0, 0);
  }
}
