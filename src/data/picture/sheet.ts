/** Sheets of equal tiles: one file holds many small pictures, row by row. */
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';

/** How a sheet is divided. */
export interface SheetLayout {
  tileSizePx: number;
  /** Tiles in a row. */
  columns: number;
}

/** One tile of a decoded sheet, by its place from 0. Throws a RangeError outside the sheet. */
export function cutTile(
  sheet: RgbaPicture,
  { tileSizePx, columns }: SheetLayout,
  place: number,
): RgbaPicture {
  const left = (place % columns) * tileSizePx;
  const top = Math.floor(place / columns) * tileSizePx;
  if (place < 0 || left + tileSizePx > sheet.width || top + tileSizePx > sheet.height)
    throw new RangeError(`The sheet of ${sheet.width}×${sheet.height} pixels has no tile ${place}.`);
  const data = new Uint8ClampedArray(tileSizePx * tileSizePx * 4);
  for (let y = 0; y < tileSizePx; y++) {
    const start = ((top + y) * sheet.width + left) * 4;
    data.set(sheet.data.subarray(start, start + tileSizePx * 4), y * tileSizePx * 4);
  }
  return { width: tileSizePx, height: tileSizePx, data };
}
