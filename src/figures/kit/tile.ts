/** A picture of 64×64 pixels: one tile of a sheet, or the reader's own. The browser fetches the sheet when it comes near. */
import { select } from 'd3';

export type TileSource = { sheet: string; columns: number; index: number; count: number } | { url: string };

/** Shows the tile in `box`, filling it. The image is decorative: the box carries the name. */
export function drawTile(box: HTMLElement, source: TileSource): void {
  const image = select(box)
    .selectAll<HTMLImageElement, number>('img')
    .data([0])
    .join('img')
    .attr('alt', '')
    .attr('loading', 'lazy')
    .attr('draggable', 'false');
  const node = image.node();
  if (!node) return;
  const url = 'url' in source ? source.url : source.sheet;
  if (node.getAttribute('src') !== url) image.attr('src', url);
  if ('url' in source) {
    image.attr('class', 'own').attr('style', null);
    return;
  }
  const across = Math.min(source.columns, source.count);
  const [column, row] = [source.index % source.columns, Math.floor(source.index / source.columns)];
  image.attr('class', 'sheet').attr('style', `--across:${across};--column:${column};--row:${row}`);
}
