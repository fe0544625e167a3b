/** Where the arrow keys lead: down and up along edges, right and left to what stands beside. */
import { leave, type Arrangement, type PlacedBox } from './arrange.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The keys that lead in a direction. */
export const arrows: Partial<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The box that a step leads to; the same box where there is none. */
export function step(drawing: Arrangement, from: string, direction: Direction): string {
  if (direction === 'down') return along(drawing, from, 'from', 'to') ?? from;
  if (direction === 'up') return along(drawing, from, 'to', 'from') ?? from;
  return beside(drawing, from, direction === 'right' ? 1 : -1) ?? from;
}

/** The first box that an edge leads to, through the lower edges of frames, which are no boxes. */
function along(
  drawing: Arrangement,
  start: string,
  near: 'from' | 'to',
  far: 'from' | 'to',
): string | undefined {
  const boxes = new Set(drawing.boxes.map(({ box }) => box.id));
  const waiting = [start];
  for (const port of waiting) {
    for (const edge of drawing.edges) {
      if (edge[near] !== port) continue;
      if (boxes.has(edge[far])) return edge[far];
      waiting.push(edge[far]);
    }
  }
  return undefined;
}

/** The nearest box on one side whose middle is about as high. */
function beside(drawing: Arrangement, from: string, side: 1 | -1): string | undefined {
  const start = drawing.boxes.find(({ box }) => box.id === from);
  if (!start) return undefined;
  const distance = (other: PlacedBox): number => (other.headX - start.headX) * side;
  return drawing.boxes
    .filter((other) => distance(other) > 0 && Math.abs(other.y - start.y) < start.height + other.height)
    .reduce<PlacedBox | undefined>((best, other) => {
      const far = (one: PlacedBox): number => distance(one) + 2 * Math.abs(one.y - start.y);
      return best === undefined || far(other) < far(best) ? other : best;
    }, undefined)?.box.id;
}

export { leave };
