/** Which scores count in an encoder and in a decoder: one grid each, padding hidden in both. */
import { t } from '../../site/strings.ts';
import { type Pen } from './pen.ts';

/** Draws the two grids, on a phone one below the other; returns the height. */
export function drawAttentionMasks(pen: Pen): number {
  const { width, isNarrow } = pen;
  const gap = 36;
  const panel = isNarrow ? width : (width - gap) / 2;
  const words = t('diagram.masks.tokens').split(',');
  const cell = Math.min(isNarrow ? 46 : 42, (panel - 50) / words.length);
  const height = 66 + words.length * cell + 16;
  drawGrid(pen, 0, 0, cell, words, false);
  drawGrid(pen, isNarrow ? 0 : panel + gap, isNarrow ? height + 14 : 0, cell, words, true);
  return isNarrow ? 2 * height + 14 : height;
}

function drawGrid(
  pen: Pen,
  x: number,
  y: number,
  cell: number,
  words: readonly string[],
  isCausal: boolean,
): void {
  const left = x + 50;
  const top = y + 62;
  const real = words.length - 1;
  pen.text(x, y + 14, t(isCausal ? 'diagram.masks.decoder' : 'diagram.masks.encoder'), 'strong');
  pen.text(x, y + 34, t(isCausal ? 'diagram.masks.decoderNote' : 'diagram.masks.encoderNote'), 'quiet');
  words.forEach((word, row) => {
    const isPadding = row === real;
    pen.text(left + (row + 0.5) * cell, top - 8, word, isPadding ? 'quiet mid' : 'mid');
    pen.text(left - 8, top + (row + 0.5) * cell + 4.5, word, isPadding ? 'quiet end' : 'end');
    words.forEach((_, column) => {
      const counts = column < real && !isPadding && (!isCausal || column <= row);
      const [cx, cy] = [left + (column + 0.5) * cell, top + (row + 0.5) * cell];
      pen.rect(cx - cell / 2 + 2, cy - cell / 2 + 2, cell - 4, cell - 4, counts ? 'plain' : 'faint');
      if (counts) pen.circle(cx, cy, 5, 'dot');
    });
  });
}
