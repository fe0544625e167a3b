/** Of a large drawing only the strip around what the reader sees has marks. */
import type { Arrangement, PlacedEdge } from './arrange.ts';

/** A part of the drawing between two heights, in its own pixels. */
export interface Strip {
  readonly top: number;
  readonly bottom: number;
}

/** Drawings with fewer boxes are drawn whole: printed, saved and searched by the browser as they are. */
const manyBoxes = 300;

/** Drawn above and below the window, so that a scroll finds marks already there. */
const reach = 1000;

/** Where a large drawing begins. */
const beginning: Strip = { top: -reach, bottom: 2 * reach };

/** Whether only a strip of the drawing has marks. */
export function isLarge({ boxes }: Arrangement): boolean {
  return boxes.length > manyBoxes;
}

/** The strip around a window of the drawing. */
export function stripAround({ top, bottom }: Strip): Strip {
  return { top: top - reach, bottom: bottom + reach };
}

/** Whether a window lies in a strip with room to spare, so that nothing needs to be drawn yet. */
export function covers(strip: Strip = beginning, { top, bottom }: Strip): boolean {
  return strip.top <= top - reach / 4 && strip.bottom >= bottom + reach / 4;
}

/** What of a drawing has marks. */
export function inView(drawing: Arrangement, strip: Strip = beginning): Arrangement {
  if (!isLarge(drawing)) return drawing;
  const meets = (top: number, bottom: number): boolean => bottom >= strip.top && top <= strip.bottom;
  return {
    ...drawing,
    boxes: drawing.boxes.filter(({ y, height }) => meets(y, y + height)),
    ends: drawing.ends.filter(({ y }) => meets(y, y)),
    edges: drawing.edges.filter((edge) => meets(edge.points[0].y, endOf(edge))),
  };
}

const endOf = ({ points }: PlacedEdge): number => points[points.length - 1].y;
