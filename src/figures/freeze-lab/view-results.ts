/** What a run gives: curves of loss and accuracy, and what was found, in sentences. */
import { line, scaleLinear, select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent, formatValue } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { curvesOf, proofOf, type Curve, type FreezeState } from './model.ts';

type Point = readonly [step: number, value: number];

/** Space round the plot, in pixels: numbers at the left, letters at the right. */
const frame = { width: 360, height: 190, top: 10, right: 34, bottom: 38, left: 42 };

interface ChartLine {
  name: string;
  isNow: boolean;
  points: readonly Point[];
}

interface Chart {
  lines: readonly ChartLine[];
  most: number;
  ticks: readonly number[];
  format: (value: number) => string;
  hasDots: boolean;
  /** A level to compare with, and its name. */
  level?: { value: number; name: string };
  label: string;
}

/** Draws both charts and the sentences. */
export function drawResults(root: HTMLElement, state: FreezeState): void {
  const curves = curvesOf(state);
  const chart = (name: string) => root.querySelector<SVGSVGElement>(`svg[data-part="${name}"]`);
  const loss = chart('loss');
  const accuracy = chart('accuracy');
  if (loss) drawChart(loss, lossChart(curves));
  if (accuracy) drawChart(accuracy, accuracyChart(curves));
  const asked = curves.findLast((curve) => curve.isNow)?.accuracies.at(-1)?.accuracy.asked;
  setText(
    root.querySelector('[data-part="asked"]'),
    asked === undefined ? '' : t('freeze.accuracyMore', { count: asked }),
  );
  select(root)
    .select<HTMLElement>('[data-part="said"]')
    .selectAll<HTMLElement, string>('p')
    .data(sentencesOf(state))
    .join('p')
    .text((text) => text);
}

function sentencesOf(state: FreezeState): string[] {
  const { run, classes } = state;
  if (!run) return [];
  const last = run.accuracies.at(-1)?.accuracy;
  const proof = proofOf(state);
  const share = (value: number) => formatPercent(value, 0);
  return [
    last
      ? t('freeze.result', {
          right: last.correct,
          asked: last.asked,
          share: share(last.share),
          low: share(last.low),
          high: share(last.high),
        })
      : '',
    proof && proof.frozenBlocks > 0
      ? t('freeze.proof', {
          blocks: proof.frozenBlocks,
          weights: formatCount(proof.frozenWeights),
          moved: formatCount(proof.moved),
        })
      : '',
    proof && proof.frozenBlocks === 0 ? t('freeze.proofAll') : '',
    proof && proof.leaking > 0 ? t('freeze.leak', { blocks: proof.leaking }) : '',
    classes.length > 0 ? t('freeze.classes', { names: classes.join(', ') }) : '',
  ].filter(Boolean);
}

function lossChart(curves: readonly Curve[]): Chart {
  const lines = curves.map(({ letter, isNow, losses }) => ({
    name: letter,
    isNow,
    points: losses.flatMap((loss, at): Point[] => (Number.isFinite(loss) ? [[at + 1, loss]] : [])),
  }));
  // one step that shot up must not flatten all others
  const highest = Math.max(1, ...lines.flatMap(({ points }) => points.map(([, loss]) => loss)));
  const most = Math.min(highest, 6);
  const scale = scaleLinear().domain([0, most]).nice(4);
  return {
    lines,
    most: scale.domain()[1] ?? most,
    ticks: scale.ticks(4),
    format: (value) => String(value),
    hasDots: false,
    label: t('freeze.lossChart', { runs: describe(lines, formatValue) }),
  };
}

function accuracyChart(curves: readonly Curve[]): Chart {
  const lines = curves.map(({ letter, isNow, accuracies }) => ({
    name: letter,
    isNow,
    points: accuracies.map(({ step, accuracy }): Point => [step, accuracy.share]),
  }));
  const format = (value: number) => formatPercent(value, 0);
  return {
    lines,
    most: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    format,
    hasDots: true,
    level: { value: 0.2, name: t('freeze.guessing') },
    label: t('freeze.accuracyChart', { runs: describe(lines, format) }),
  };
}

function describe(lines: readonly ChartLine[], format: (value: number) => string): string {
  return lines
    .flatMap(({ name, points }) => {
      const last = points.at(-1);
      return last ? [t('freeze.chartRun', { letter: name || t('freeze.now'), value: format(last[1]) })] : [];
    })
    .join(' ');
}

function drawChart(svg: SVGSVGElement, { lines, most, ticks, format, hasDots, level, label }: Chart): void {
  const { height, top, right, bottom, left } = frame;
  // as wide as its place, so that the words in it keep their size; outside of a browser there is none
  const width = svg.clientWidth > 0 ? svg.clientWidth : frame.width;
  const steps = Math.max(10, ...lines.flatMap(({ points }) => points.map(([step]) => step)));
  const x = scaleLinear([0, steps], [left, width - right]);
  const y = scaleLinear([0, most], [height - bottom, top]).clamp(true);
  const root = select(svg).attr('viewBox', `0 0 ${width} ${height}`).attr('aria-label', label);
  const group = (name: string) =>
    root
      .selectAll<SVGGElement, number>(`g.${name}`)
      .data([0])
      .join((enter) => enter.append('g').attr('class', name));
  const grid = group('grid')
    .selectAll<SVGGElement, number>('g')
    .data([...ticks])
    .join((enter) => {
      const tick = enter.append('g');
      tick.append('path');
      tick.append('text').attr('text-anchor', 'end');
      return tick;
    });
  grid
    .select('path')
    .attr('class', (value) => (value === 0 ? 'base' : 'rule'))
    .attr('d', (value) => `M${left} ${y(value)}H${width - right}`);
  grid
    .select('text')
    .attr('x', left - 7)
    .attr('y', (value) => y(value) + 4.5)
    .text(format);
  group('steps')
    .selectAll<SVGTextElement, number>('text')
    .data(x.ticks(4))
    .join('text')
    .attr('text-anchor', 'middle')
    .attr('x', (value) => x(value))
    .attr('y', height - bottom + 18)
    .text(String);
  group('axis')
    .selectAll<SVGTextElement, number>('text')
    .data([0])
    .join('text')
    .attr('text-anchor', 'end')
    .attr('x', width - right)
    .attr('y', height - 4)
    .text(t('freeze.stepAxis'));
  const marked = group('level')
    .selectAll<SVGGElement, NonNullable<typeof level>>('g')
    .data(level ? [level] : [])
    .join((enter) => {
      const mark = enter.append('g');
      mark.append('path');
      mark.append('text').attr('text-anchor', 'end');
      return mark;
    });
  marked.select('path').attr('d', ({ value }) => `M${left} ${y(value)}H${width - right}`);
  marked
    .select('text')
    .attr('x', width - right - 4)
    .attr('y', ({ value }) => y(value) - 5)
    .text(({ name }) => name);
  const path = line<Point>(
    ([step]) => x(step),
    ([, value]) => y(value),
  );
  const drawn = group('lines')
    .selectAll<SVGGElement, ChartLine>('g.line')
    .data(
      lines.filter(({ points }) => points.length > 0),
      ({ name }) => name,
    )
    .join((enter) => {
      const mark = enter.append('g');
      mark.append('path');
      mark.append('text');
      return mark;
    })
    .order()
    .attr('class', ({ isNow }) => (isNow ? 'line now' : 'line'));
  drawn.select('path').attr('d', ({ points }) => path(points));
  drawn
    .select('text')
    .attr('x', ({ points }) => x(points.at(-1)?.[0] ?? 0) + 8)
    .attr('y', ({ points }) => y(points.at(-1)?.[1] ?? 0) + 4.5)
    .text(({ name }) => name);
  drawn
    .selectAll<SVGCircleElement, Point>('circle')
    .data(({ points }) => (hasDots ? points : points.slice(-1)))
    .join('circle')
    .attr('r', 3)
    .attr('cx', ([step]) => x(step))
    .attr('cy', ([, value]) => y(value));
}
