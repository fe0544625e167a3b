/** Source and target: what may differ between them, row by row, and what is carried over. */
import { area, curveBasis, line } from 'd3';
import { t } from '../../site/strings.ts';
import { arrow, round, type Pen } from './pen.ts';

const rowHeight = 92;
const rowTop = 40;

/** Draws two columns of four rows with a band between them; returns the height. */
export function drawDomainsAndTasks(pen: Pen): number {
  const { width, isNarrow } = pen;
  const gap = isNarrow ? 104 : 150;
  const column = (width - gap) / 2;
  const right = column + gap;
  pen.text(column / 2, 16, t('diagram.domains.source'), 'strong mid');
  pen.text(right + column / 2, 16, t('diagram.domains.target'), 'strong mid');
  const bottom = rowTop + rowHeight * 4;
  const inset = isNarrow ? 8 : 18;
  pen.path(`M${column + inset} 30H${right - inset}V${bottom}H${column + inset}Z`, 'ice');
  const middle = (30 + bottom) / 2;
  pen.text(width / 2, middle - 20, t('diagram.domains.backbone'), 'ice-word mid');
  pen.path(arrow(column + inset + 10, middle, right - inset - 10, middle), 'ink-line');
  pen.text(width / 2, middle + 26, t('diagram.domains.carried'), 'mid');
  const rows = ['inputs', 'often', 'labels', 'rule'] as const;
  rows.forEach((row, index) => {
    const top = rowTop + index * rowHeight;
    pen.path(`M0 ${top - 10}H${column}M${right} ${top - 10}H${width}`, 'hair');
    for (const x of [0, right]) {
      pen.text(x, top + 8, t(`diagram.domains.${row}`));
      pen.text(x + column, top + 8, t(`diagram.domains.${row}.sign`), 'formula end');
    }
    const place = { x: 0, y: top + 20, w: column, h: rowHeight - 40 };
    marks[row](pen, place, 0);
    marks[row](pen, { ...place, x: right }, 1);
  });
  return bottom + 4;
}

interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

type Mark = (pen: Pen, place: Place, side: 0 | 1) => void;

const marks: Record<'inputs' | 'often' | 'labels' | 'rule', Mark> = {
  inputs: (pen, { x, y }, side) => {
    const { isNarrow } = pen;
    for (let channel = side ? 0 : 2; channel >= 0; channel--) {
      const at = x + 2 + channel * 7;
      pen.rect(at, y + 14 - channel * 6, 36, 36, 'plain');
      for (let i = 1; i < 4; i++)
        pen.path(
          `M${at + i * 9} ${y + 14 - channel * 6}v36M${at} ${y + 14 - channel * 6 + i * 9}h36`,
          'grid',
        );
    }
    const words = t(side ? 'diagram.domains.oneChannel' : 'diagram.domains.threeChannels');
    pen.text(x + (isNarrow ? 56 : 66), y + 38, words, 'quiet');
  },
  often: (pen, { x, y, w, h }, side) => {
    const centre = side ? 0.66 : 0.36;
    const spread = side ? 0.1 : 0.17;
    const points = Array.from({ length: 41 }, (_, i) => i / 40);
    const height = (u: number) => Math.exp(-(((u - centre) / spread) ** 2) / 2) * (h - 4);
    const base = y + h;
    const fill = area<number>()
      .x((u) => round(x + u * w))
      .y0(base)
      .y1((u) => round(base - height(u)))
      .curve(curveBasis);
    const edge = line<number>()
      .x((u) => round(x + u * w))
      .y((u) => round(base - height(u)))
      .curve(curveBasis);
    pen.path(fill(points) ?? '', 'plain-area');
    pen.path(edge(points) ?? '', 'ink-line');
    pen.path(`M${x} ${base}H${x + w}`, 'axis');
  },
  labels: (pen, { x, y, w }, side) => {
    const names = t(side ? 'diagram.domains.targetNames' : 'diagram.domains.sourceNames').split(',');
    let [at, row] = [x, 0];
    for (const name of names) {
      const wide = name.length * 6.6 + 14;
      if (at + wide > x + w) [at, row] = [x, row + 1];
      if (row > 1) break;
      pen.rect(at, y + row * 27, wide, 22, 'chip');
      pen.text(at + wide / 2, y + row * 27 + 15.5, name, 'mid');
      at += wide + 6;
    }
  },
  rule: (pen, { x, y, w, h }, side) => {
    const slope = side ? -0.35 : 0.45;
    const middle = y + h / 2;
    pen.path(
      `M${x} ${round(middle - slope * w * 0.3)}L${round(x + w)} ${round(middle + slope * w * 0.3)}`,
      'ink-line',
    );
    // Points of a low-discrepancy sequence: spread evenly without a grid; those on the border are left out
    for (let i = 1; i < 19; i++) {
      const px = x + 5 + ((i * 0.7549) % 1) * (w - 10);
      const py = y + 4 + ((i * 0.5698) % 1) * (h - 8);
      const above = middle + slope * (px - x - w / 2) * 0.6 - py;
      if (Math.abs(above) < 6) continue;
      if (above > 0) pen.circle(px, py, 3.5, 'dot');
      else pen.rect(px - 3.2, py - 3.2, 6.4, 6.4, 'ring');
    }
  },
};
