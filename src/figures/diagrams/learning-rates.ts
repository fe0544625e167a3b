/** Three schedules: one rate for all, a rate that falls towards the stem, groups thawed one after the other. */
import { t } from '../../site/strings.ts';
import { round, type Pen } from './pen.ts';

const groups = ['stem', '1', '2', '3', '4', 'head'] as const;

const everyGroup = groups.map((_, index) => index);

/** Factor from one group to the one below, as in ULMFiT (Howard and Ruder 2018). */
const falls = 2.6;

/** Draws the three schedules side by side, on a phone one below the other; returns the height. */
export function drawLearningRates(pen: Pen): number {
  const { width, isNarrow } = pen;
  const gap = 28;
  const panel = isNarrow ? width : (width - 2 * gap) / 3;
  const height = 168;
  (['one', 'falling', 'gradual'] as const).forEach((name, index) => {
    const x = isNarrow ? 0 : index * (panel + gap);
    const y = isNarrow ? index * (height + 26) : 0;
    pen.text(x, y + 14, t(`diagram.rates.${name}`), 'strong');
    if (name === 'gradual') drawThaw(pen, x, y + 26, panel, height - 26);
    else
      drawBars(
        pen,
        { x, y: y + 34, w: panel, h: height - 58 },
        (group) => (name === 'one' ? 1 : falls ** (group - 5)),
        everyGroup,
      );
    if (name === 'falling') pen.text(x, y + 46, t('diagram.rates.fallingNote'), 'quiet');
  });
  return isNarrow ? 3 * (height + 26) - 14 : height + 6;
}

interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

function drawBars(
  pen: Pen,
  { x, y, w, h }: Place,
  rate: (group: number) => number,
  names: readonly number[],
): void {
  const step = w / groups.length;
  pen.path(`M${round(x)} ${y + h}H${round(x + w)}`, 'axis');
  groups.forEach((name, index) => {
    const value = rate(index) * (h - 4);
    const [at, wide] = [x + index * step + 3, step - 6];
    if (value > 0) pen.rect(at, y + h - value, wide, value, 'rate', Math.min(3, value / 2));
    // A frozen group has rate zero: it lies flat on the axis
    else pen.path(`M${round(at)} ${y + h - 1.5}H${round(at + wide)}`, 'ice-flat');
    if (names.includes(index)) pen.text(at + wide / 2, y + h + 17, name, 'quiet mid');
  });
}

function drawThaw(pen: Pen, x: number, y: number, w: number, h: number): void {
  const rows = 3;
  const label = 62;
  const each = (h - 20) / rows;
  for (let row = 0; row < rows; row++) {
    const top = y + row * each;
    pen.text(x, top + each - 6, t('diagram.rates.epoch', { number: row + 1 }), 'quiet');
    const place = { x: x + label, y: top + 8, w: w - label, h: each - 12 };
    drawBars(
      pen,
      place,
      (group) => (group >= 5 - row ? 1 : 0),
      row === rows - 1 ? (pen.isNarrow ? everyGroup : [0, 5]) : [],
    );
  }
}
