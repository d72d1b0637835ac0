// Measured values to shades of grey: no page, no network.

/** The values of a frame as they were stored: rows × columns × samples. */
export function values(buffer, slice) {
  if (slice.bits === 8) return slice.signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  return slice.signed ? new Int16Array(buffer) : new Uint16Array(buffer);
}

/** A window over the whole range of a frame's values, as { centre, width }. */
export function fullRange(pixels, slice) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of pixels) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const [a, b] = [low * slice.slope + slice.intercept, high * slice.slope + slice.intercept].sort((x, y) => x - y);
  return { centre: (a + b + 1) / 2, width: Math.max(b - a + 1, 2) };
}

/** For each stored value, unsigned, its colour: the linear window of DICOM PS3.3 C.11.2.1.2.1. */
export function table(slice, { centre, width }, inverted) {
  const size = slice.bits === 8 ? 256 : 65536;
  const colours = new Uint32Array(size);
  const flip = inverted !== slice.inverted;
  const wide = Math.max(width, 2);
  for (let index = 0; index < size; index += 1) {
    const stored = slice.signed && index >= size / 2 ? index - size : index;
    const share = (stored * slice.slope + slice.intercept - (centre - 0.5)) / (wide - 1) + 0.5;
    const shade = Math.round(255 * Math.min(1, Math.max(0, share)));
    const grey = flip ? 255 - shade : shade;
    colours[index] = (0xff000000 | (grey << 16) | (grey << 8) | grey) >>> 0;
  }
  return colours;
}

/** Fill a picture from a frame: grey through a table, colour as it is. */
export function paint(picture, pixels, slice, colours) {
  const target = new Uint32Array(picture.data.buffer);
  if (slice.samples === 3) {
    const drop = slice.bits - 8;
    for (let at = 0, from = 0; at < target.length; at += 1, from += 3) {
      target[at] = (0xff000000 | ((pixels[from + 2] >> drop) << 16) | ((pixels[from + 1] >> drop) << 8) | (pixels[from] >> drop)) >>> 0;
    }
    return;
  }
  const unsigned = slice.bits === 8 ? new Uint8Array(pixels.buffer) : new Uint16Array(pixels.buffer);
  for (let at = 0; at < target.length; at += 1) target[at] = colours[unsigned[at]];
}

/** The distance of two points of a picture in mm, or null when the file gives no spacing. */
export function distance(a, b, slice) {
  if (!slice.spacing) return null;
  return Math.hypot((a.y - b.y) * slice.spacing[0], (a.x - b.x) * slice.spacing[1]);
}
