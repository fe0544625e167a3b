/** Marginal, label and conditional shift on one feature: which part of the joint distribution moves, and what it costs. */
import { bestBoundary, errorAt, joints, shiftKinds, type ShiftKind } from '../../labs/shift-kinds.ts';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { round, type Pen } from './pen.ts';

/** The feature's range in the drawing, and the density that fills its height. */
const [lowest, highest, densest] = [-4, 4, 0.5];

/** Draws a row for each kind, the source first; returns the height. */
export function drawShiftKinds(pen: Pen): number {
  const { width, isNarrow } = pen;
  const plot = isNarrow ? width : 300;
  const [height, words] = [84, isNarrow ? 62 : 0];
  const row = height + words + 30;
  shiftKinds.forEach((kind, index) => {
    const y = index * row + 4;
    if (index) pen.path(`M0 ${y - 10}H${width}`, 'hair');
    if (isNarrow) drawWords(pen, kind, 0, y + 10);
    else drawWords(pen, kind, plot + 30, y + 22);
    drawDensities(pen, kind, { x: 0, y: y + words, w: plot, h: height });
  });
  return shiftKinds.length * row - 8;
}

interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

function drawDensities(pen: Pen, kind: ShiftKind, { x, y, w, h }: Place): void {
  const joint = joints[kind];
  const at = (value: number) => round(x + ((value - lowest) / (highest - lowest)) * w);
  const up = (value: number) => round(y + h - (value / densest) * h);
  const grid = Array.from({ length: 81 }, (_, i) => lowest + ((highest - lowest) * i) / 80);
  const edge = (side: 0 | 1) => grid.map((value) => `${at(value)} ${up(joint(value)[side])}`).join('L');
  pen.path(`M${at(lowest)} ${y + h}L${edge(0)}L${at(highest)} ${y + h}Z`, 'plain-area');
  pen.path(`M${edge(0)}`, 'ink-line');
  pen.path(`M${edge(1)}`, 'ink-line');
  pen.path(`M${x} ${y + h}H${x + w}`, 'axis');
  for (const side of [0, 1] as const) {
    const peak = grid.reduce((best, value) => (joint(value)[side] > joint(best)[side] ? value : best));
    const low = Math.min(y + h - 10, up(joint(peak)[side]) + 16);
    // Beside the peak, since a boundary may pass through it
    if (side) pen.rect(at(peak) + 5, low - 3.5, 7, 7, 'ring');
    else pen.circle(at(peak) - 9, low, 3.8, 'dot');
  }
  const best = bestBoundary(joint);
  if (Math.abs(best) > 0.01) pen.path(`M${at(best)} ${y}V${y + h + 5}`, 'boundary');
  pen.path(`M${at(0)} ${y}V${y + h + 5}`, 'boundary dashed');
}

function drawWords(pen: Pen, kind: ShiftKind, x: number, y: number): void {
  const joint = joints[kind];
  const [old, best] = [errorAt(joint, 0), errorAt(joint, bestBoundary(joint))];
  pen.text(x, y, t(`diagram.shifts.${kind}`), 'strong');
  pen.text(x, y + 20, t(`diagram.shifts.${kind}.what`));
  const numbers = { old: formatPercent(old), best: formatPercent(best) };
  pen.text(x, y + 40, t(best < old - 1e-6 ? 'diagram.shifts.both' : 'diagram.shifts.one', numbers), 'quiet');
}
