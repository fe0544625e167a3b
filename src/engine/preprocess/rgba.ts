/** A decoded picture: four bytes a pixel (red, green, blue, alpha; alpha not multiplied in), rows from the top. */
export interface RgbaPicture {
  width: number;
  height: number;
  /** uint8 [height, width, 4]. */
  data: Uint8ClampedArray | Uint8Array;
}

/** Red, green, blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

/** The colour in "#rrggbb". */
export function parseHexColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
