/** The scores of the ill and of the well, three thresholds between them, and the curve that all thresholds make. */
import { areaUnderCurve, rocPoint, separation } from '../../labs/roc-curve.ts';
import { density } from '../../labs/shift-kinds.ts';
import { t } from '../../site/strings.ts';
import { formatPercent, formatValue } from '../kit/format.ts';
import { round, type Pen } from './pen.ts';

/** The thresholds of the chapter's program. */
const thresholds = [0, 0.75, 1.5] as const;
const [lowest, highest, densest] = [-3, 4.5, 0.42];

/** Draws the scores beside the curve, or above it on a phone; returns the height. */
export function drawRocCurve(pen: Pen): number {
  const { width, isNarrow } = pen;
  const side = isNarrow ? 240 : 230;
  drawScores(pen, { x: 0, y: 0, w: isNarrow ? width : width - side - 86, h: isNarrow ? 150 : side - 14 });
  const top = isNarrow ? 236 : 0;
  drawCurve(pen, width - side, top, side);
  return top + side + 66;
}

function drawScores(pen: Pen, { x, y, w, h }: { x: number; y: number; w: number; h: number }): void {
  const top = y + 40;
  const at = (score: number) => round(x + ((score - lowest) / (highest - lowest)) * w);
  const up = (value: number) => round(top + h - (value / densest) * h);
  const grid = Array.from({ length: 76 }, (_, i) => lowest + ((highest - lowest) * i) / 75);
  const edge = (mean: number) => grid.map((score) => `${at(score)} ${up(density(score, mean, 1))}`).join('L');
  pen.text(x, y + 14, t('diagram.roc.scores'), 'strong');
  pen.path(`M${at(lowest)} ${top + h}L${edge(0)}L${at(highest)} ${top + h}Z`, 'plain-area');
  pen.path(`M${edge(0)}`, 'ink-line');
  pen.path(`M${edge(separation)}`, 'ink-line bold');
  pen.path(`M${x} ${top + h}H${x + w}`, 'axis');
  pen.text(at(-0.95), up(0.3), t('diagram.roc.well'), 'end');
  pen.text(at(separation + 0.95), up(0.3), t('diagram.roc.ill'), 'ink');
  thresholds.forEach((threshold, place) => {
    pen.path(`M${at(threshold)} ${top - 4}V${top + h + 5}`, 'faint-line');
    pen.text(at(threshold), top - 10, 'abc'[place], 'ink mid');
  });
  const [a, b, c] = thresholds.map((threshold) => formatValue(threshold));
  pen.text(x, top + h + 22, t('diagram.roc.thresholds', { a, b, c }), 'quiet');
}

function drawCurve(pen: Pen, x: number, y: number, side: number): void {
  const top = y + 26;
  const across = (falseAlarms: number) => round(x + falseAlarms * side);
  const up = (sensitivity: number) => round(top + (1 - sensitivity) * side);
  const points = Array.from({ length: 76 }, (_, i) => rocPoint(lowest + ((highest - lowest) * i) / 75));
  const line = points.map((point) => `${across(1 - point.specificity)} ${up(point.sensitivity)}`).join('L');
  pen.text(x, y + 14, t('diagram.roc.sensitivity'), 'strong');
  pen.path(`M${line}L${across(0)} ${up(0)}L${across(1)} ${up(0)}Z`, 'plain-area');
  for (const share of [0, 0.5, 1]) {
    pen.path(`M${x} ${up(share)}H${x + side}`, share ? 'grid' : 'axis');
    pen.text(x - 8, up(share) + 4.5, formatPercent(share, 0), 'quiet end');
    pen.text(Math.min(across(share), x + side - 14), top + side + 20, formatPercent(share, 0), 'quiet mid');
  }
  pen.path(`M${across(0)} ${up(0)}L${across(1)} ${up(1)}`, 'faint-line');
  pen.path(`M${line}`, 'ink-line bold');
  thresholds.forEach((threshold, place) => {
    const { sensitivity, specificity } = rocPoint(threshold);
    pen.circle(across(1 - specificity), up(sensitivity), 4, 'dot');
    pen.text(across(1 - specificity) + 9, up(sensitivity) + 14, 'abc'[place], 'ink');
  });
  pen.text(across(0.62), up(0.34), t('diagram.roc.area', { area: areaUnderCurve().toFixed(3) }), 'mid');
  pen.text(x + side, top + side + 38, t('diagram.roc.alarms'), 'strong end');
}
