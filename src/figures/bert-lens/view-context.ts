/** The same word in two sentences: how near its states stay from layer to layer, and where all tokens lie. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { saying, setText } from '../kit/join.ts';
import { type Comparison, type BertState } from './model.ts';
import { drawOptions, drawPanelTitle, type Part } from './panels.ts';
import { depthWords, shareWords } from './words.ts';

/** Coordinates of the map's drawing. */
const [width, height, margin] = [520, 300, 30];

interface Mark {
  x: number;
  y: number;
  piece: string;
  isSecond: boolean;
  isPair: boolean;
  /** Whether there is room for its name. */
  isNamed: boolean;
}

/** Draws the comparison, or says why there is none. */
export function drawContext(part: Part, state: BertState): void {
  const { comparison } = state.reading;
  drawPanelTitle(part('context-title'), t('bert.context'), t('bert.contextNote'));
  const problem = !comparison ? t('bert.noOther') : comparison.shared.length === 0 ? t('bert.noPair') : '';
  const note = part('context-note');
  note.toggleAttribute('hidden', problem === '');
  setText(note, problem);
  part('context').toggleAttribute('hidden', !comparison);
  if (!comparison) return;
  const pair = Math.min(state.pair, comparison.shared.length - 1);
  drawOptions(
    part('pair'),
    comparison.shared.map(({ piece }, index) => [String(index), piece]),
    String(pair),
  );
  drawCosines(part('cosines'), comparison.cosines[pair] ?? []);
  drawOptions(
    part('depth'),
    comparison.maps.map((_, depth) => [String(depth), depthWords(depth)]),
    String(state.depth),
  );
  drawStates(part<SVGSVGElement>('map'), part('map-note'), state, comparison, pair);
}

function drawCosines(list: HTMLElement, cosines: readonly number[]): void {
  const items = select(list)
    .selectAll<HTMLLIElement, number>('li')
    .data(cosines)
    .join((enter) => {
      const item = enter.append('li');
      item.append('span');
      item.append('span').attr('class', 'bar').attr('aria-hidden', 'true').append('i');
      item.append('span').attr('class', 'num');
      return item;
    });
  items.select('span').each(saying((_, depth) => depthWords(depth)));
  items.select('.bar i').style('--v', (value) => Math.max(0, value).toFixed(4));
  items.select('.num').each(saying((value) => shareWords(value).replace('-', '−')));
}

function drawStates(
  svg: SVGSVGElement,
  note: HTMLElement,
  { reading, depth }: BertState,
  comparison: Comparison,
  pair: number,
): void {
  const { points, shown } = comparison.maps[depth];
  const chosen = comparison.shared.at(pair);
  const first = reading.tokens.length;
  const places = [chosen?.first, chosen && chosen.second + first];
  const tokens = [...reading.tokens, ...comparison.tokens];
  const at = [0, 1].map((axis) => {
    const values = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = (axis ? height : width) - 2 * margin;
    return (value: number) => margin + (high > low ? ((value - low) / (high - low)) * room : room / 2);
  });
  const marks = nameWhereRoom(
    points.map(([x, y], index) => ({
      x: at[0](x),
      y: height - at[1](y),
      piece: tokens[index]?.piece ?? '',
      isSecond: index >= first,
      isPair: places.includes(index),
    })),
  );
  const root = select(svg).attr('viewBox', `0 0 ${width} ${height}`);
  root
    .selectAll<SVGLineElement, Mark[]>('line')
    .data(chosen ? [marks.filter(({ isPair }) => isPair)] : [])
    .join('line')
    .attr('x1', ([a]) => a.x.toFixed(1))
    .attr('y1', ([a]) => a.y.toFixed(1))
    .attr('x2', ([, b]) => b.x.toFixed(1))
    .attr('y2', ([, b]) => b.y.toFixed(1));
  const groups = root
    .selectAll<SVGGElement, Mark>('g')
    .data(marks)
    .join((enter) => {
      const group = enter.append('g');
      group.append('rect').attr('x', -4).attr('y', -4).attr('width', 8).attr('height', 8);
      group.append('title');
      group.append('text').attr('y', -8);
      return group;
    })
    .attr('class', ({ isSecond, isPair }) => `${isSecond ? 'second' : 'first'}${isPair ? ' pair' : ''}`)
    .attr('transform', ({ x, y }) => `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  groups.select('rect').attr('rx', ({ isSecond }) => (isSecond ? 0 : 4));
  groups
    .select('text')
    .attr('text-anchor', ({ x }) => (x > width - 70 ? 'end' : x < 70 ? 'start' : 'middle'))
    .each(saying(({ piece, isNamed }) => (isNamed ? piece : '')));
  groups.select('title').each(saying(({ piece }) => piece));
  const share = formatPercent(shown, 0);
  svg.setAttribute('aria-label', t('bert.mapAlt', { count: points.length, depth: depthWords(depth), share }));
  setText(note, t('bert.mapNote', { share }));
}

/** Names the compared word first, then every mark whose name covers no other. */
function nameWhereRoom(marks: readonly Omit<Mark, 'isNamed'>[]): Mark[] {
  const taken: { x: number; y: number; half: number }[] = [];
  const isFree = ({ x, y, piece }: Omit<Mark, 'isNamed'>): boolean => {
    const half = 2 + piece.length * 3.6;
    const isHidden = taken.some(
      (other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 15,
    );
    if (!isHidden) taken.push({ x, y, half });
    return !isHidden;
  };
  const named = new Map(
    [...marks].sort((a, b) => Number(b.isPair) - Number(a.isPair)).map((mark) => [mark, isFree(mark)]),
  );
  return marks.map((mark) => ({ ...mark, isNamed: mark.isPair || named.get(mark) === true }));
}
