/**
 * Fitting a picture into the network's square.
 *
 * The whole picture is scaled by one factor until its longer side is the square's edge, and centred on the background
 * colour. Each side of the result has round(side · factor) pixels, at least 1; an odd remainder puts the extra row or
 * column of background below or right. Transparent pixels are first laid on the background.
 *
 * Shrinking averages by area: an output pixel is the mean of the source rectangle it covers, source pixels at its rim
 * counting with the part that lies inside. (This is what Pillow calls BOX and OpenCV INTER_AREA.) It runs separably,
 * columns then rows, in float64, and rounds once at the end, halves up. Enlarging is bilinear between pixel centres,
 * edges repeated. A picture that already has the square's size passes through unchanged, byte for byte.
 */
import type { Rgb, RgbaPicture } from './rgba.ts';

/** uint8 [size, size, 3]: the picture contained in a square of this edge, in pixels. */
export function containOnBackground(picture: RgbaPicture, size: number, background: Rgb): Uint8Array {
  return placeOnBackground(picture, size, size, background);
}

/** uint8 [height, width, 3]: the whole picture, as large as it fits into this area, centred on the background. */
export function placeOnBackground(
  picture: RgbaPicture,
  width: number,
  height: number,
  background: Rgb,
): Uint8Array {
  const factor = Math.min(width / picture.width, height / picture.height);
  const ownWidth = Math.min(width, Math.max(1, Math.round(picture.width * factor)));
  const ownHeight = Math.min(height, Math.max(1, Math.round(picture.height * factor)));
  const left = Math.floor((width - ownWidth) / 2);
  const top = Math.floor((height - ownHeight) / 2);
  const fitted = resample(picture, ownWidth, ownHeight, background);

  const area = new Uint8Array(width * height * 3);
  for (let i = 0; i < area.length; i += 3) area.set(background, i);
  for (let y = 0; y < ownHeight; y++) {
    const row = fitted.subarray(y * ownWidth * 3, (y + 1) * ownWidth * 3);
    area.set(row, ((top + y) * width + left) * 3);
  }
  return area;
}

/** Source pixels and their weights (sum 1) that make one output pixel along one axis. */
interface Taps {
  first: number;
  weights: number[];
}

/** uint8 [height, width, 3]: the picture at another size, each side for itself. */
export function resample(picture: RgbaPicture, width: number, height: number, background: Rgb): Uint8Array {
  const columns = tapsOf(picture.width, width);
  const rows = tapsOf(picture.height, height);
  const result = new Uint8Array(width * height * 3);
  const sourceRow = new Float64Array(picture.width * 3);
  // Each source row is squeezed to the output width once; rows shared by two output rows are few.
  const squeezed = new Float64Array(width * 3);
  const sum = new Float64Array(width * 3);
  rows.forEach(({ first, weights }, y) => {
    sum.fill(0);
    weights.forEach((weight, dy) => {
      layRow(picture, first + dy, background, sourceRow);
      squeezeRow(sourceRow, columns, squeezed);
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (squeezed[i] ?? 0);
    });
    for (let i = 0; i < sum.length; i++)
      result[y * width * 3 + i] = Math.floor((sum[i] ?? 0) + 0.5 + ROUNDING_SLACK);
  });
  return result;
}

/** Sums of weights end a hair below the exact half; without this slack 127.5 would sometimes become 127. */
const ROUNDING_SLACK = 1e-9;

/** One row of the picture, laid on the background: float64 [width, 3]. */
function layRow({ data, width }: RgbaPicture, y: number, background: Rgb, row: Float64Array): void {
  const start = y * width * 4;
  for (let x = 0; x < width; x++) {
    const from = start + x * 4;
    const alpha = (data[from + 3] ?? 255) / 255;
    for (let c = 0; c < 3; c++) {
      const colour = data[from + c] ?? 0;
      row[x * 3 + c] = alpha === 1 ? colour : colour * alpha + (background[c] ?? 0) * (1 - alpha);
    }
  }
}

function squeezeRow(row: Float64Array, columns: readonly Taps[], squeezed: Float64Array): void {
  columns.forEach(({ first, weights }, x) => {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let dx = 0; dx < weights.length; dx++) {
      const weight = weights[dx] ?? 0;
      const from = (first + dx) * 3;
      red += weight * (row[from] ?? 0);
      green += weight * (row[from + 1] ?? 0);
      blue += weight * (row[from + 2] ?? 0);
    }
    squeezed[x * 3] = red;
    squeezed[x * 3 + 1] = green;
    squeezed[x * 3 + 2] = blue;
  });
}

function tapsOf(sourceLength: number, length: number): Taps[] {
  return Array.from({ length }, (_, i) =>
    length <= sourceLength
      ? areaTaps(i, sourceLength / length, sourceLength)
      : linearTaps(i, sourceLength / length, sourceLength),
  );
}

/** The source pixels under output pixel `i`, which covers [i·step, (i+1)·step). */
function areaTaps(i: number, step: number, sourceLength: number): Taps {
  const from = i * step;
  const to = Math.min(sourceLength, (i + 1) * step);
  const first = Math.floor(from);
  const last = Math.min(sourceLength, Math.ceil(to));
  const weights: number[] = [];
  for (let j = first; j < last; j++) weights.push((Math.min(to, j + 1) - Math.max(from, j)) / (to - from));
  return { first, weights };
}

/** The two source pixels whose centres enclose output pixel `i`'s centre. */
function linearTaps(i: number, step: number, sourceLength: number): Taps {
  const centre = Math.min(Math.max((i + 0.5) * step - 0.5, 0), sourceLength - 1);
  const first = Math.min(Math.floor(centre), Math.max(0, sourceLength - 2));
  const share = centre - first;
  return sourceLength === 1 ? { first: 0, weights: [1] } : { first, weights: [1 - share, share] };
}
