/** BatchNorm's two modes: which statistics normalise, and which are updated. */
import { t } from '../../site/strings.ts';
import { arrow, type Pen } from './pen.ts';

/** Draws training mode and evaluation mode side by side, on a phone one below the other; returns the height. */
export function drawBatchnormModes(pen: Pen): number {
  const { width, isNarrow } = pen;
  const gap = 32;
  const panel = isNarrow ? width : (width - gap) / 2;
  const height = 262;
  drawMode(pen, 0, 0, panel, true);
  const [x, y] = isNarrow ? [0, height + 22] : [panel + gap, 0];
  if (!isNarrow) pen.path(`M${panel + gap / 2} 0V${height - 8}`, 'hair');
  drawMode(pen, x, y, panel, false);
  return isNarrow ? 2 * height + 22 : height;
}

function drawMode(pen: Pen, x: number, y: number, w: number, isTraining: boolean): void {
  const half = (w - 14) / 2;
  const [left, right, middle] = [x + half / 2, x + w - half / 2, x + w / 2];
  pen.text(x, y + 14, t(isTraining ? 'diagram.norm.training' : 'diagram.norm.evaluation'), 'strong');
  box(pen, x, y + 28, w, 30, t('diagram.norm.batch'), '', 'plain');
  pen.path(arrow(left, y + 58, left, y + 82), isTraining ? 'ink-line' : 'faint-line');
  box(
    pen,
    x,
    y + 84,
    half,
    52,
    t('diagram.norm.ofBatch'),
    t('diagram.norm.statistics'),
    isTraining ? 'used' : 'faint',
  );
  box(
    pen,
    x + w - half,
    y + 84,
    half,
    52,
    t('diagram.norm.running'),
    t('diagram.norm.statistics'),
    isTraining ? 'plain' : 'used',
  );
  if (isTraining) {
    pen.path(arrow(x + half + 1, y + 110, x + w - half - 1, y + 110), 'ink-line');
    pen.text(right, y + 154, t('diagram.norm.updated'), 'mid quiet');
    pen.path(arrow(left, y + 136, left, y + 176), 'ink-line');
  } else {
    pen.text(left, y + 154, t('diagram.norm.ignored'), 'mid quiet');
    pen.path(arrow(right, y + 136, right, y + 176), 'ink-line');
  }
  box(pen, x, y + 178, w, 30, t('diagram.norm.normalise'), '', 'plain');
  pen.path(arrow(middle, y + 208, middle, y + 222), 'ink-line');
  pen.rect(x, y + 224, w, 30, 'ember', 8);
  pen.text(middle, y + 244, t('diagram.norm.scale'), 'mid ember-word');
}

function box(
  pen: Pen,
  x: number,
  y: number,
  w: number,
  h: number,
  words: string,
  formula: string,
  kind: string,
): void {
  pen.rect(x, y, w, h, kind);
  const words2 = kind === 'faint' ? 'mid quiet' : 'mid';
  pen.text(x + w / 2, y + (formula ? 21 : h / 2 + 4.5), words, words2);
  if (formula) pen.text(x + w / 2, y + 42, formula, words2);
}
