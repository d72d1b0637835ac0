// Fetches the frames of a stack, four at a time, the ones around the slice in view first.
import { values } from "./stack_pixels.js";

const AT_ONCE = 4;
const RETRY_AFTER = 2000;
const MAX_BYTES = 512 * 1024 * 1024;

export class Loader {
  /** `told` is called after each frame that came or failed. */
  constructor(slices, told) {
    this.slices = slices;
    this.told = told;
    this.frames = new Map();
    this.failed = new Map();
    this.running = 0;
    this.bytes = 0;
    this.centre = 0;
    this.going = new Set();
    this.stopper = new AbortController();
  }

  /** Load around a slice from now on; what failed is tried again when it is in view. */
  around(index) {
    this.centre = index;
    if (!this.failed.get(index)?.final) this.failed.delete(index);
    while (this.running < AT_ONCE) {
      const next = this.#nearest();
      if (next === -1) break;
      this.#load(next);
    }
  }

  stop() {
    this.stopper.abort();
    this.frames.clear();
  }

  #nearest() {
    for (let away = 0; away < this.slices.length; away += 1) {
      for (const index of [this.centre + away, this.centre - away]) {
        const wanted = index >= 0 && index < this.slices.length && !this.going.has(index);
        if (wanted && !this.frames.has(index) && !this.failed.has(index)) {
          return this.bytes < MAX_BYTES || away < 8 ? index : -1;
        }
      }
    }
    return -1;
  }

  async #load(index) {
    const slice = this.slices[index];
    this.running += 1;
    this.going.add(index);
    try {
      const answer = await fetch(`/dashboard/documents/${slice.document_id}/frames/${slice.frame}`, { signal: this.stopper.signal });
      if (!answer.ok) throw Object.assign(new Error((await answer.json()).detail), { final: answer.status < 500 });
      const buffer = await answer.arrayBuffer();
      if (buffer.byteLength !== slice.rows * slice.columns * slice.samples * (slice.bits / 8)) throw new Error("size");
      this.#keep(index, values(buffer, slice));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed.set(index, { message: error.message, final: error.final });
      this.told(index);
      if (!error.final) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
    } finally {
      this.running -= 1;
      this.going.delete(index);
    }
    this.told(index);
    this.around(this.centre);
  }

  #keep(index, pixels) {
    this.frames.set(index, pixels);
    this.bytes += pixels.byteLength;
    while (this.bytes > MAX_BYTES) {
      const far = [...this.frames.keys()].reduce((a, b) => (Math.abs(b - this.centre) > Math.abs(a - this.centre) ? b : a));
      if (Math.abs(far - this.centre) < 8) return;
      this.bytes -= this.frames.get(far).byteLength;
      this.frames.delete(far);
    }
  }
}
