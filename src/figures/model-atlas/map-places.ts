/** Where the drawing's boxes are on the screen, and how large it may be to stand there whole. */
import { arrange, boxAt } from './arrange.ts';
import type { Place } from './gestures.ts';
import type { AtlasState } from './model.ts';

/** The innermost box at a place on the screen that is open, or closed and can be opened. */
export function boxUnder(
  map: SVGSVGElement,
  { network, open, zoom }: Pick<AtlasState, 'network' | 'open' | 'zoom'>,
  { x, y }: Place,
  isOpen: boolean,
): string | undefined {
  const { left, top } = map.getBoundingClientRect();
  const { x: originX, y: originY } = map.viewBox.baseVal;
  const place = { x: (x - left) / zoom + originX, y: (y - top) / zoom + originY };
  return boxAt(arrange(network, open), place, isOpen)?.box.id;
}

/** The zoom with which the whole drawing stands in its window, at most 1; `zoom` is that of now. */
export function fittingZoom(scroll: Element, map: Element, zoom: number): number {
  const sizeOf = (side: string): number => Number(map.getAttribute(side)) / zoom;
  const least = Math.min(scroll.clientWidth / sizeOf('width'), scroll.clientHeight / sizeOf('height'), 1);
  return Math.floor(least * 100) / 100;
}
