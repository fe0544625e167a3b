/**
 * Maps of values drawn in ink: more ink is a larger value, in both themes. Each map becomes a handful of paths, one per
 * shade, whose fill is the text colour; so it needs no image, prints, and obeys forced colours.
 */
import { select } from 'd3';

/** Shades between paper and full ink; more cannot be told apart in a cell of a few pixels. */
const shadeCount = 10;

/** Small values are lifted a little, or the eye loses them on bright screens. */
const lift = 0.85;

/** A map of values: row-major, all at least 0. */
export interface InkMap {
  width: number;
  height: number;
  values: ArrayLike<number>;
  /** The value that gets full ink. */
  full: number;
}

/** One shade of a map: its opacity and the cells that have it. */
export interface InkShade {
  opacity: number;
  d: string;
}

/** The paths of a map in cell units, x to the right and y down, from (0, 0) to (width, height). */
export function shadeMap({ width, height, values, full }: InkMap): InkShade[] {
  const runs = new Map<number, string[]>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width;) {
      const shade = shadeOf(values[y * width + x] ?? 0, full);
      let end = x + 1;
      while (end < width && shadeOf(values[y * width + end] ?? 0, full) === shade) end++;
      if (shade > 0) {
        const cells = runs.get(shade) ?? [];
        // Back by the same step, not to a place: the text repeats, and compresses
        cells.push(`M${x} ${y}h${end - x}v1h${x - end}`);
        runs.set(shade, cells);
      }
      x = end;
    }
  }
  return [...runs]
    .sort(([a], [b]) => a - b)
    .map(([shade, cells]) => ({ opacity: shade / shadeCount, d: cells.join('') }));
}

/** Draws the shades as paths into a group whose coordinates are cells. */
export function drawInk(group: SVGGElement, shades: readonly InkShade[]): void {
  select(group)
    .selectAll<SVGPathElement, InkShade>('path')
    .data(shades)
    .join('path')
    .attr('d', (shade) => shade.d)
    .attr('fill-opacity', (shade) => shade.opacity.toFixed(2));
}

function shadeOf(value: number, full: number): number {
  if (value <= 0 || full <= 0) return 0;
  return Math.max(1, Math.round(Math.min(1, value / full) ** lift * shadeCount));
}
