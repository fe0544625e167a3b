/** What the page asks the worker that lays a drawing out, once, and what it answers: places that name their boxes by id. */
import type { AtlasNetwork } from '../../labs/atlas-network.ts';
import type { Arrangement, PlacedBox } from './arrange.ts';

export interface LayoutQuestion {
  network: AtlasNetwork;
  open: readonly string[];
}

/** A drawing whose boxes are named, not repeated. */
export type PackedDrawing = Omit<Arrangement, 'boxes'> & {
  readonly boxes: readonly (Omit<PlacedBox, 'box'> & { readonly box: string })[];
};

/** The drawing as it crosses to the page. */
export function packDrawing(drawing: Arrangement): PackedDrawing {
  return { ...drawing, boxes: drawing.boxes.map((placed) => ({ ...placed, box: placed.box.id })) };
}

/** The drawing with the page's own boxes in it. Throws a RangeError if one is missing. */
export function unpackDrawing({ boxes }: AtlasNetwork, drawing: PackedDrawing): Arrangement {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return {
    ...drawing,
    boxes: drawing.boxes.map((placed) => {
      const box = byId.get(placed.box);
      if (!box) throw new RangeError(`The network has no box "${placed.box}".`);
      return { ...placed, box };
    }),
  };
}
