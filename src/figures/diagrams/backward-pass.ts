/** How far the gradient travels: from the loss to the lowest trainable block, no further. */
import { t } from '../../site/strings.ts';
import { arrow, drawBlock, type Pen } from './pen.ts';

type State = 'frozen' | 'trainable';

const row: [name: string, state: State][] = [
  ['stem', 'frozen'],
  ['1', 'frozen'],
  ['2', 'frozen'],
  ['3', 'trainable'],
  ['4', 'frozen'],
  ['head', 'trainable'],
];

/** Draws the blocks, the forward line above and the gradient below; returns the height. */
export function drawBackwardPass(pen: Pen): number {
  const { width, isNarrow } = pen;
  const lossWidth = 44;
  const step = (width - lossWidth) / row.length;
  const block = step - (isNarrow ? 12 : 26);
  const [top, height] = [46, 52];
  const middle = top + height / 2;
  const line = top + height + 62;
  const lowest = row.findIndex(([, state]) => state === 'trainable');
  pen.text(0, 14, t('diagram.backward.forward'), 'strong');
  pen.text(0, line + 40, t('diagram.backward.stops'), 'ember-word');
  row.forEach(([name, state], index) => {
    const x = index * step;
    drawBlock(pen, x, top, block, height, state);
    pen.text(
      x + block / 2,
      top - 10,
      isNarrow || name.length > 1 ? name : t('diagram.backward.stage', { name }),
      'mid',
    );
    pen.path(arrow(x + block + 2, middle, x + step - 2, middle), 'ink-line');
    if (state === 'trainable')
      pen.path(arrow(x + block / 2, line, x + block / 2, top + height + 6), 'gradient');
    else if (index > lowest) {
      pen.text(x + block / 2, line - 10, t('diagram.backward.passes'), 'quiet mid');
    }
  });
  const end = lowest * step + block / 2;
  const loss = width - lossWidth / 2;
  pen.circle(loss, middle, 20, 'chip');
  pen.text(loss, middle + 4.5, t('diagram.backward.loss'), 'mid');
  pen.path(`M${loss} ${middle + 22}V${line}H${end}M${end} ${line - 9}v18`, 'gradient');
  pen.text((loss + end) / 2, line + 18, t('diagram.backward.gradient'), 'ember-word mid');
  pen.text(end - 12, line + 4, t('diagram.backward.nothing'), 'quiet end');
  return line + 48;
}
