// One stack on a canvas: which slice, through which window, where and how large; and lengths on it.
import { distance, fullRange, paint, table } from "./stack_pixels.js";

export class StackView {
  constructor(canvas, slices, loader) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.slices = slices;
    this.loader = loader;
    this.buffer = document.createElement("canvas");
    this.lengths = new Map();
    this.drawn = 0;
    this.reset();
  }

  reset() {
    this.index ??= 0;
    const [first] = this.slices[this.index].windows;
    this.window = first ? { centre: first[0], width: first[1] } : null;
    this.inverted = false;
    this.zoom = 1;
    this.shift = { x: 0, y: 0 };
    this.cross = null;
  }

  get slice() {
    return this.slices[this.index];
  }

  get pixels() {
    return this.loader.frames.get(this.index);
  }

  go(index) {
    this.index = Math.min(this.slices.length - 1, Math.max(0, index));
    this.loader.around(this.index);
    this.later();
  }

  /** Draw at the next frame of the screen, once, however often it is asked for. */
  later() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.draw();
    });
  }

  draw() {
    const { canvas, context, slice, pixels } = this;
    const density = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
    }
    context.setTransform(density, 0, 0, density, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    // Never another slice in the place of one that is not there yet.
    if (pixels) {
      this.window ??= slice.samples === 3 ? { centre: 128, width: 256 } : fullRange(pixels, slice);
      this.#fill(slice, pixels);
      const { left, top, across, down } = this.#place(width, height);
      context.imageSmoothingEnabled = across < 3;
      context.drawImage(this.buffer, left, top, slice.columns * across, slice.rows * down);
      this.#drawLengths(left, top, across, down);
    }
    this.drawn += 1;
    this.shown?.();
  }

  /** The point of the picture (columns, rows) under a point of the canvas. */
  under(x, y) {
    const { left, top, across, down } = this.#place(this.canvas.clientWidth, this.canvas.clientHeight);
    return { x: (x - left) / across, y: (y - top) / down };
  }

  /** The value at a point in the file's unit, or null outside of the picture. */
  valueAt({ x, y }) {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const { slice, pixels } = this;
    if (!pixels || slice.samples === 3 || column < 0 || row < 0 || column >= slice.columns || row >= slice.rows) return null;
    return pixels[row * slice.columns + column] * slice.slope + slice.intercept;
  }

  zoomBy(factor) {
    this.zoom = Math.min(16, Math.max(0.5, this.zoom * factor));
    if (this.zoom === 0.5 || this.zoom === 16) return this.later();
    this.shift.x *= factor;
    this.shift.y *= factor;
    this.later();
  }

  length() {
    return this.lengths.get(this.index);
  }

  /** Millimetres, or null when the file gives no spacing. */
  millimetres() {
    const found = this.length();
    return found?.b ? distance(found.a, found.b, this.slice) : null;
  }

  #fill(slice, pixels) {
    const key = [slice.bits, slice.signed, slice.inverted, slice.slope, slice.intercept, this.window.centre, this.window.width, this.inverted].join();
    if (key !== this.tableKey && slice.samples === 1) {
      this.colours = table(slice, this.window, this.inverted);
      this.tableKey = key;
    }
    const painted = `${this.index} ${key}`;
    if (painted === this.painted) return;
    if (this.buffer.width !== slice.columns || this.buffer.height !== slice.rows || !this.picture) {
      this.buffer.width = slice.columns;
      this.buffer.height = slice.rows;
      this.picture = new ImageData(slice.columns, slice.rows);
    }
    paint(this.picture, pixels, slice, this.colours);
    this.buffer.getContext("2d").putImageData(this.picture, 0, 0);
    this.painted = painted;
  }

  #place(width, height) {
    const { slice } = this;
    // Pixels that are not square keep the body's proportions.
    const tall = slice.spacing ? slice.spacing[0] / slice.spacing[1] : 1;
    const across = Math.min(width / slice.columns, height / (slice.rows * tall)) * this.zoom;
    const down = across * tall;
    return {
      across,
      down,
      left: (width - slice.columns * across) / 2 + this.shift.x,
      top: (height - slice.rows * down) / 2 + this.shift.y,
    };
  }

  #drawLengths(left, top, across, down) {
    const { context } = this;
    const at = ({ x, y }) => [left + x * across, top + y * down];
    context.lineWidth = 2;
    context.strokeStyle = "#ffd54a";
    const cross = (point, size) => {
      const [x, y] = at(point);
      context.beginPath();
      context.moveTo(x - size, y);
      context.lineTo(x + size, y);
      context.moveTo(x, y - size);
      context.lineTo(x, y + size);
      context.stroke();
    };
    const found = this.length();
    if (found) cross(found.a, 5);
    if (found?.b) {
      cross(found.b, 5);
      context.beginPath();
      context.moveTo(...at(found.a));
      context.lineTo(...at(found.b));
      context.stroke();
    }
    if (this.cross) cross(this.cross, 12);
  }
}
