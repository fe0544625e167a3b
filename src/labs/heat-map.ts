/** A map of numbers over a picture. */

/** A value for each cell of a grid over the network's input. */
export interface HeatMap {
  rows: number;
  columns: number;
  /** Left and upper edge of the first cell, and edge of every cell, in pixels of the input. */
  start: number;
  step: number;
  /** float32 [rows, columns]; NaN where nothing is known yet. */
  values: Float32Array;
}

/** The cell with the largest value; undefined while none is known. */
export function strongestCell({
  values,
  columns,
}: HeatMap): { row: number; column: number; value: number } | undefined {
  let best: { row: number; column: number; value: number } | undefined;
  values.forEach((value, index) => {
    if (!Number.isNaN(value) && value > (best?.value ?? -Infinity))
      best = { row: Math.floor(index / columns), column: index % columns, value };
  });
  return best;
}
