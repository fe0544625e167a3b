/** The race's chart: accuracy over examples a class, a line for each method and a band for its spread over seeds. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { keyed } from '../kit/join.ts';
import { raceSizes, type Approach, type RacePoint } from './model.ts';

export interface ChartLine {
  method: Approach;
  points: readonly RacePoint[];
}

/** What the chart shows. */
export interface ChartData {
  lines: readonly ChartLine[];
  /** Share of right answers of somebody who guesses. */
  guessing: number;
  /** The number of examples that the table beside the chart is about. */
  at: number;
}

const height = 300;
const edge = { top: 14, bottom: 46, left: 44 };

/** Room for names behind the lines' ends. */
const nameRoom = { wide: 138, narrow: 22 };

/** Draws the chart twice, for wide and for narrow places; the style sheet shows the one that fits. */
export function drawRaceChart(place: HTMLElement, data: ChartData): void {
  for (const [form, width] of [
    ['wide', 600],
    ['narrow', 330],
  ] as const) {
    const svg = select(place)
      .selectAll<SVGSVGElement, string>(`svg.${form}`)
      .data([form])
      .join('svg')
      .attr('class', `chart race-chart ${form}`)
      .attr('viewBox', `0 0 ${width} ${height}`)
      .attr('role', 'img')
      .attr('aria-label', sayFinding(data));
    const node = svg.node();
    if (node) drawForm(node, data, width, form);
  }
}

/** The finding as a sentence: every method's accuracy at its ends. */
export function sayFinding({ lines }: ChartData): string {
  const parts = lines.flatMap(({ method, points }) => {
    const [first, last] = [points.at(0), points.at(-1)];
    if (!first || !last) return [];
    return t('race.say', {
      method: t(`race.method.${method}`),
      first: formatPercent(first.mean, 0),
      fewest: first.size,
      last: formatPercent(last.mean, 0),
      most: last.size,
    });
  });
  return parts.join(' ') || t('race.sayNothing');
}

function drawForm(svg: SVGSVGElement, data: ChartData, width: number, form: 'wide' | 'narrow'): void {
  const right = width - nameRoom[form];
  const [low, high] = [Math.log(raceSizes[0]), Math.log(raceSizes[raceSizes.length - 1])];
  const x = (size: number) =>
    round(edge.left + 10 + ((Math.log(size) - low) / (high - low)) * (right - edge.left - 20));
  const y = (share: number) => round(height - edge.bottom - share * (height - edge.bottom - edge.top));
  drawAxes(svg, x, y, width, right);
  drawRule(svg, 'guess', `M${edge.left} ${y(data.guessing)}H${right}`);
  drawRule(svg, 'at', `M${x(data.at)} ${y(0)}V${y(1)}`);
  texts(svg, 'guess-word', [
    { key: 'guess', x: right, y: y(data.guessing) + 16, words: t('race.guessing'), anchor: 'end' },
  ]);
  const drawn = data.lines.filter(({ points }) => points.length > 0);
  const middle = { x: (edge.left + right) / 2, y: y(0.5) - 8, anchor: 'middle' };
  texts(svg, 'none', drawn.length > 0 ? [] : [{ key: 'none', ...middle, words: t('race.sayNothing') }]);
  const lines = select(svg)
    .selectAll<SVGGElement, ChartLine>('g.line')
    .data(
      drawn,
      keyed(({ method }) => method),
    )
    .join((enter) => {
      const line = enter.append('g');
      line.append('path').attr('class', 'band');
      line.append('path').attr('class', 'mean');
      return line;
    })
    .attr('class', ({ method }) => `line ${method}`)
    .attr('data-key', ({ method }) => method);
  lines.select('path.band').attr('d', ({ points }) => bandPath(points, x, y));
  lines
    .select('path.mean')
    .attr('d', ({ points }) => `M${points.map(({ size, mean }) => `${x(size)} ${y(mean)}`).join('L')}`);
  lines.each(function ({ points }) {
    select(this)
      .selectAll<SVGCircleElement, RacePoint>('circle')
      .data(
        points,
        keyed(({ size }) => String(size)),
      )
      .join('circle')
      .attr('data-key', ({ size }) => size)
      .attr('r', 3.5)
      .attr('cx', ({ size }) => x(size))
      .attr('cy', ({ mean }) => y(mean));
  });
  const names = drawn.map(({ method, points }) => {
    const last = points[points.length - 1];
    return {
      key: method,
      x: x(last.size) + 10,
      y: y(last.mean) + 4.5,
      words: t(`race.method.${method}`),
      anchor: 'start',
    };
  });
  // On a phone there is no room behind the ends: the names stand above the line of guessing, where lines that rise leave the right half free
  if (form === 'narrow')
    names
      .toSorted((one, other) => one.y - other.y)
      .forEach((name, at, { length }) =>
        Object.assign(name, { x: right, anchor: 'end', y: y(data.guessing) - 8 - 17 * (length - 1 - at) }),
      );
  texts(svg, 'name', spread(names));
}

function drawAxes(
  svg: SVGSVGElement,
  x: (size: number) => number,
  y: (share: number) => number,
  width: number,
  right: number,
): void {
  for (const share of [0, 0.25, 0.5, 0.75, 1])
    drawRule(svg, `grid-${share * 100}`, `M${edge.left} ${y(share)}H${right}`, share === 0 ? 'axis' : 'grid');
  texts(
    svg,
    'tick-y',
    [0, 0.25, 0.5, 0.75, 1].map((share) => ({
      key: String(share),
      x: edge.left - 8,
      y: y(share) + 4.5,
      words: formatPercent(share, 0),
      anchor: 'end',
    })),
  );
  texts(
    svg,
    'tick-x',
    raceSizes.map((size) => ({
      key: String(size),
      x: x(size),
      y: height - edge.bottom + 19,
      words: String(size),
      anchor: 'middle',
    })),
  );
  texts(svg, 'x-name', [{ key: 'x', x: right, y: height - 6, words: t('race.axis'), anchor: 'end' }]);
  select(svg).attr('data-width', width);
}

/** One standard deviation up and down, within what a share can be. */
function bandPath(
  points: readonly RacePoint[],
  x: (size: number) => number,
  y: (share: number) => number,
): string {
  const up = points.map(({ size, mean, deviation }) => `${x(size)} ${y(Math.min(1, mean + deviation))}`);
  const down = points.map(({ size, mean, deviation }) => `${x(size)} ${y(Math.max(0, mean - deviation))}`);
  return `M${[...up, ...down.toReversed()].join('L')}Z`;
}

function drawRule(svg: SVGSVGElement, key: string, d: string, kind = key): void {
  select(svg)
    .selectAll<SVGPathElement, string>(`path[data-key="${key}"]`)
    .data([key])
    .join('path')
    .attr('data-key', key)
    .attr('class', kind)
    .attr('d', d);
}

interface Words {
  key: string;
  x: number;
  y: number;
  words: string;
  anchor: string;
}

function texts(svg: SVGSVGElement, kind: string, words: readonly Words[]): void {
  select(svg)
    .selectAll<SVGTextElement, Words>(`text.${kind}`)
    .data(
      words,
      keyed(({ key }) => key),
    )
    .join('text')
    .attr('class', ({ key }) => `${kind} ${key}`)
    .attr('data-key', ({ key }) => key)
    .attr('text-anchor', ({ anchor }) => anchor)
    .attr('x', ({ x }) => x)
    .attr('y', ({ y }) => round(y))
    .text((one) => one.words);
}

/** Names that would overlap move apart, from the top down. */
function spread(names: Words[]): Words[] {
  const byHeight = names.toSorted((a, b) => a.y - b.y);
  byHeight.forEach((name, at) => {
    const above = byHeight[at - 1] as Words | undefined;
    if (above && name.y < above.y + 17) name.y = above.y + 17;
  });
  return byHeight;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
