/** Curves of runs over their steps: the one under way in ink, earlier ones behind it, each named at its end. */
import { line, scaleLinear, select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawLevels, openPaper } from './chart-frame.ts';

export type Point = readonly [step: number, value: number];

/** Space round the plot, in pixels: numbers at the left, letters at the right. */
const frame = { width: 360, height: 190, top: 10, right: 34, bottom: 38, left: 42 };

export interface ChartLine {
  name: string;
  isNow: boolean;
  points: readonly Point[];
}

export interface RunChart {
  lines: readonly ChartLine[];
  most: number;
  ticks: readonly number[];
  format: (value: number) => string;
  hasDots: boolean;
  /** A level to compare with, and its name. */
  level?: { value: number; name: string };
  label: string;
}

/** Draws the chart into an svg element of the class `run-chart`; as wide as its place. */
export function drawRunChart(
  svg: SVGSVGElement,
  { lines, most, ticks, format, hasDots, level, label }: RunChart,
): void {
  const { height, top, right, bottom, left } = frame;
  const paper = openPaper(svg, frame, label);
  const { width, group } = paper;
  const steps = Math.max(10, ...lines.flatMap(({ points }) => points.map(([step]) => step)));
  const x = scaleLinear([0, steps], [left, width - right]);
  const y = scaleLinear([0, most], [height - bottom, top]).clamp(true);
  drawLevels(paper, frame, y, { levels: ticks, format });
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
    .text(t('runs.stepAxis'));
  const marked = group('level')
    .selectAll<SVGGElement, NonNullable<typeof level>>('g')
    .data(level ? [level] : [])
    .join((enter) => {
      const mark = enter.append('g');
      mark.append('path');
      mark.append('text');
      return mark;
    });
  marked.select('path').attr('d', ({ value }) => `M${left} ${y(value)}H${width - right}`);
  marked
    .select('text')
    .text(({ name }) => name)
    .each(function ({ value, name }) {
      const curves = lines.map(({ points }) => points.map(([step, at]): Place => [x(step), y(at)]));
      const { isLeft, at } = freeCorner(name, [left + 4, width - right - 4], y(value), curves);
      select(this as SVGTextElement)
        .attr('text-anchor', isLeft ? 'start' : 'end')
        .attr('x', isLeft ? left + 4 : width - right - 4)
        .attr('y', at);
    });
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

type Place = readonly [x: number, y: number];

/** Room of a letter, and of a line of them above its foot, in pixels. */
const letter = { width: 7.5, height: 13 };

/** Where a level's name lies under no curve: at the right or the left end, above or below its line; above at the right if all are taken. */
function freeCorner(
  name: string,
  [low, high]: readonly [number, number],
  level: number,
  curves: readonly (readonly Place[])[],
): { isLeft: boolean; at: number } {
  const wide = name.length * letter.width;
  const corners = [false, true].flatMap((isLeft) => [level - 5, level + 16].map((at) => ({ isLeft, at })));
  const isFree = ({ isLeft, at }: (typeof corners)[number]): boolean => {
    const [from, to] = isLeft ? [low, low + wide] : [high - wide, high];
    return !curves.some((places) =>
      placesAlong(places).some(([x, y]) => x >= from && x <= to && y >= at - letter.height && y <= at + 4),
    );
  };
  return corners.find(isFree) ?? corners[0];
}

/** Places on a curve, near enough to each other that none passes a name unseen. */
function placesAlong(places: readonly Place[]): Place[] {
  return places.flatMap(([x, y], index) => {
    const [nextX, nextY] = places[index + 1] ?? [x, y];
    const parts = Math.ceil(Math.hypot(nextX - x, nextY - y) / 4) || 1;
    return Array.from({ length: parts }, (_, part): Place => {
      const share = part / parts;
      return [x + (nextX - x) * share, y + (nextY - y) * share];
    });
  });
}
