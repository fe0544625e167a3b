/** The whole way in one picture: a mark for each step, arcs for tensors that pass steps by, the place where the reader is. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import { whenChanged } from '../kit/join.ts';
import { skipsOf, travelling, type ShapeWalk, type WalkState } from './model.ts';

/** Width of the drawing and height of the line in its own units. */
const way = { width: 1000, line: 52, top: 4 };

const round = (value: number): number => Math.round(value * 10) / 10;

/** Where a step stands. */
function placeOf({ steps }: ShapeWalk, at: number): number {
  return round(((at + 0.5) * way.width) / steps.length);
}

/** The step at a share of the drawing's width, 0 to 1. */
export function stepAtShare({ steps }: ShapeWalk, share: number): number {
  return Math.max(0, Math.min(steps.length - 1, Math.floor(share * steps.length)));
}

/** Draws the way into its SVG. */
export function drawPath(svg: SVGSVGElement, state: WalkState): void {
  const { walk, at } = state;
  const root = select(svg);
  const layers = ['skips', 'ticks', 'firsts', 'now', 'here'] as const;
  const marks = root
    .selectAll<SVGPathElement, (typeof layers)[number]>('path')
    .data(layers)
    .join('path')
    .attr('class', (layer) => layer);
  const [skips, ticks, firsts, now, here] = marks.nodes();
  whenChanged(svg, `${walk.id} ${walk.steps.length}`, () => {
    const list = skipsOf(walk);
    const count = walk.steps.length;
    root.attr(
      'aria-label',
      t('walk.path', { title: walk.title, count: formatCount(count), skips: formatCount(list.length) }),
    );
    skips.setAttribute('d', list.map(([from, to]) => arc(walk, from, to)).join(''));
    ticks.setAttribute('d', walk.steps.map((_, step) => tick(walk, step, 6)).join(''));
    firsts.setAttribute('d', walk.groups.map(({ first }) => tick(walk, first, 10)).join(''));
  });
  const step = walk.steps[at];
  const ways = travelling(step).flatMap(({ from = -1 }) => (from >= 0 && from < at - 1 ? [from] : []));
  now.setAttribute('d', ways.map((from) => arc(walk, from, at)).join(''));
  here.setAttribute('d', `M${placeOf(walk, at)} ${way.line - 12}v22`);
}

function tick(walk: ShapeWalk, at: number, height: number): string {
  return `M${placeOf(walk, at)} ${way.line - height / 2}v${height}`;
}

/** Higher the more steps it passes by. */
function arc(walk: ShapeWalk, from: number, to: number): string {
  const [x1, x2] = [placeOf(walk, from), placeOf(walk, to)];
  const height = Math.min(way.line - way.top - 6, 10 + Math.sqrt(to - from) * 5);
  const y = way.line - 6;
  return `M${x1} ${y}C${x1} ${round(y - height)} ${x2} ${round(y - height)} ${x2} ${y}`;
}
