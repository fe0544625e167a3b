/** The reliability diagram: what was said against what is true; on the diagonal a probability means what it says. */
import { scaleLinear } from 'd3';
import { t } from '../../site/strings.ts';
import { drawLevels, openPaper } from '../kit/chart-frame.ts';
import { formatPercent } from '../kit/format.ts';
import type { Bin } from './model.ts';

/** Space round the plot, in pixels. */
const frame = { width: 320, height: 220, top: 18, right: 12, bottom: 38, left: 46 };

/** Draws the diagram; discs are as large as their bins are full. */
export function drawCalibration(svg: SVGSVGElement, bins: readonly Bin[], error: string): void {
  const { height, top, right, bottom, left } = frame;
  const full = bins.filter(({ count }) => count > 0);
  const most = Math.max(1, ...full.map(({ count }) => count));
  const percent = (value: number) => formatPercent(value, 0);
  const spoken = full.map(({ said, true: is, count }) =>
    t('sentiment.bin', { said: percent(said), true: percent(is), count }),
  );
  const label = t('sentiment.calibrationChart', { error, bins: spoken.join(' ') });
  const paper = openPaper(svg, frame, label);
  const { width, group } = paper;
  const x = scaleLinear([0, 1], [left, width - right]);
  const y = scaleLinear([0, 1], [height - bottom, top]);
  drawLevels(paper, frame, y, { levels: [0, 0.5, 1], format: percent });
  const axis = [
    { at: x(0), anchor: 'start', row: height - bottom + 18, text: percent(0) },
    { at: x(0.5), anchor: 'middle', row: height - bottom + 18, text: percent(0.5) },
    { at: x(1), anchor: 'end', row: height - bottom + 18, text: percent(1) },
    { at: x(1), anchor: 'end', row: height - 4, text: t('sentiment.saidAxis') },
    { at: 0, anchor: 'start', row: 11, text: t('sentiment.trueAxis') },
  ];
  group('steps')
    .selectAll<SVGTextElement, (typeof axis)[number]>('text')
    .data(axis)
    .join('text')
    .attr('text-anchor', ({ anchor }) => anchor)
    .attr('x', ({ at }) => at)
    .attr('y', ({ row }) => row)
    .text(({ text }) => text);
  group('level')
    .selectAll<SVGPathElement, number>('path')
    .data([0])
    .join('path')
    .attr('d', `M${x(0)} ${y(0)}L${x(1)} ${y(1)}`);
  const marks = group('bins')
    .selectAll<SVGGElement, Bin>('g')
    .data(full, (bin) => String((bin as Bin | undefined)?.from))
    .join((enter) => {
      const mark = enter.append('g');
      mark.append('path');
      mark.append('circle');
      return mark;
    });
  marks.select('path').attr('d', ({ said, true: is }) => `M${x(said)} ${y(said)}V${y(is)}`);
  marks
    .select('circle')
    .attr('cx', ({ said }) => x(said))
    .attr('cy', ({ true: is }) => y(is))
    .attr('r', ({ count }) => 3 + 6 * Math.sqrt(count / most));
}
