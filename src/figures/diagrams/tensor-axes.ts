/** One, two and three axes: ids, a batch of one, and the states of an encoder. */
import { t } from '../../site/strings.ts';
import { arrow, type Pen } from './pen.ts';

const cell = 36;
const tokens = 3;
/** Layers drawn of the many features. */
const features = 5;
const shift = 7;

/** Draws the three tensors, on a phone one below the other; returns the height. */
export function drawTensorAxes(pen: Pen): number {
  const { width, isNarrow } = pen;
  const height = 150;
  const step = isNarrow ? 0 : width / 3;
  (['ids', 'batch', 'states'] as const).forEach((name, index) => {
    const x = index * step;
    const y = isNarrow ? index * (height + 24) : 0;
    pen.text(x, y + 14, t(`diagram.axes.${name}`), 'strong');
    pen.text(x, y + 34, t(`diagram.axes.${name}.shape`), 'quiet');
    drawTensor(pen, x + (name === 'ids' ? 2 : 26), y + 84, index);
  });
  return isNarrow ? 3 * height + 48 : height;
}

/** A row of cells; `more` axes beside the tokens: 1 adds the frame of a batch, 2 the layers of features behind it. */
function drawTensor(pen: Pen, x: number, y: number, more: number): void {
  const wide = tokens * cell;
  if (more === 2)
    for (let layer = features - 1; layer > 0; layer--)
      for (let token = 0; token < tokens; token++)
        pen.rect(x + token * cell + layer * shift, y - layer * shift, cell - 4, cell - 4, 'plain');
  for (let token = 0; token < tokens; token++) {
    pen.rect(x + token * cell, y, cell - 4, cell - 4, 'plain');
    if (more < 2) pen.text(x + token * cell + cell / 2 - 2, y + cell / 2 + 2.5, String(token), 'mid');
  }
  pen.path(arrow(x, y + cell + 10, x + wide - 4, y + cell + 10), 'ink-line');
  pen.text(x + wide - 4, y + cell + 28, t('diagram.axes.token'), 'quiet end');
  if (more === 0) return;
  pen.rect(x - 6, y - 6, wide + 8, cell + 8, 'axis');
  pen.path(arrow(x - 18, y - 6, x - 18, y + cell + 2), 'ink-line');
  pen.text(x - 24, y + cell + 28, t('diagram.axes.sentence'), 'quiet');
  if (more === 1) return;
  const right = x + wide + 4;
  const depth = (features - 1) * shift;
  pen.path(`M${right} ${y + cell - 8}l${depth} ${-depth}m-8.5 2.5l8.5 -2.5l-2.5 8.5`, 'ink-line');
  pen.text(right + depth - 8, y + cell + 6, t('diagram.axes.feature'), 'quiet');
}
