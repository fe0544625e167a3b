/** The drawing itself: boxes with their cost bars, frames around what is open, edges with the tensors that travel on them. */
import { path, select, type Selection } from 'd3';
import { t } from '../../site/strings.ts';
import { drawGlyph, measureExtent, measureGlyph } from '../kit/glyph.ts';
import { keyed, whenChanged } from '../kit/join.ts';
import {
  arrange,
  boxSize,
  endSize,
  type Arrangement,
  type PlacedBox,
  type PlacedEdge,
  type PlacedEnd,
  type Point,
} from './arrange.ts';
import {
  canOpen,
  costs,
  markOf,
  search,
  shareOf,
  visibleBox,
  type AtlasState,
  type CostName,
} from './model.ts';
import { inView } from './in-view.ts';
import { sayBox, sayCost, sayLine, sayMark, sayShape, shorten } from './words.ts';
import { formatCount, formatMilliseconds } from '../kit/format.ts';

/** Around the drawing; above it stand the heads of the columns. */
const margin = { side: 10, top: 30, bottom: 10 };

/** Columns of costs inside a box, from its left edge. */
const column = { first: 146, pitch: 54, bar: 46 };

/** Below this size only names can be read. */
const farZoom = 0.7;

const round = (value: number): number => Math.round(value * 10) / 10;
const at = ({ x, y }: Point): string => `translate(${round(x)} ${round(y)})`;

/** Draws the network with what is open into an SVG. */
export function drawMap(svg: SVGSVGElement, state: AtlasState): void {
  const { network, open, zoom } = state;
  const drawing = arrange(network, open);
  const width = Math.ceil(drawing.width + 2 * margin.side);
  const height = Math.ceil(drawing.height + margin.top + margin.bottom);
  const root = select(svg)
    .attr('width', Math.round(width * zoom))
    .attr('height', Math.round(height * zoom))
    .attr('viewBox', `${-margin.side} ${-margin.top} ${width} ${height}`)
    .attr('data-far', zoom < farZoom ? '' : null)
    .attr('aria-label', t('atlas.map', { title: network.title, count: formatCount(drawing.boxes.length) }));
  const layer = (name: string) =>
    root.selectAll<SVGGElement, string>(`g.${name}`).data([name]).join('g').attr('class', name);
  drawHeads(layer('heads'), drawing);
  const seen = inView(drawing, state.strip);
  drawFrames(layer('frames'), seen);
  drawEdges(layer('edges'), seen);
  drawTensors(layer('tensors'), seen, state);
  drawEnds(layer('ends'), seen, state);
  drawBoxes(layer('boxes'), seen, state);
}

type Layer = Selection<SVGGElement, string, SVGSVGElement, unknown>;

function drawHeads(layer: Layer, { boxes }: Arrangement): void {
  const left = boxes[0]?.headX ?? 0;
  layer
    .selectAll<SVGTextElement, CostName>('text')
    .data(costs)
    .join('text')
    .attr('x', (_, index) => round(left + column.first + index * column.pitch))
    .attr('y', -12)
    .text((cost) => t(`atlas.cost.${cost}`));
}

function drawFrames(layer: Layer, { boxes }: Arrangement): void {
  layer
    .selectAll<SVGRectElement, PlacedBox>('rect')
    .data(
      boxes.filter(({ isOpen }) => isOpen),
      keyed(({ box }) => box.id),
    )
    .join('rect')
    .attr('data-key', ({ box }) => box.id)
    .attr('x', ({ x }) => round(x))
    .attr('y', ({ y }) => round(y))
    .attr('width', ({ width }) => round(width))
    .attr('height', ({ height }) => round(height))
    .order();
}

function drawEdges(layer: Layer, { edges }: Arrangement): void {
  layer
    .selectAll<SVGPathElement, PlacedEdge>('path')
    .data(
      edges,
      keyed(({ key }) => key),
    )
    .join('path')
    .attr('data-key', ({ key }) => key)
    .attr('d', ({ points, to }) => routeOf(points) + (to.startsWith('leave ') ? '' : headOf(points)));
}

/** Straight down, and around two corners where the edge changes its lane. */
function routeOf(points: readonly Point[]): string {
  const line = path();
  points.forEach((point, index) => {
    const [x, y] = [round(point.x), round(point.y)];
    const last = points[index - 1];
    if (!last) line.moveTo(x, y);
    else if (last.x === point.x) line.lineTo(x, y);
    else {
      const [from, middle] = [round(last.x), round((last.y + point.y) / 2)];
      const corner = Math.sign(x - from) * Math.min(y - middle, Math.abs(x - from) / 2);
      line.quadraticCurveTo(from, middle, round(from + corner), middle);
      line.lineTo(round(x - corner), middle);
      line.quadraticCurveTo(x, middle, x, y);
    }
  });
  return line.toString();
}

/** An arrow head at the end of an edge. */
function headOf(points: readonly Point[]): string {
  const end = points[points.length - 1];
  const [x, y] = [round(end.x), round(end.y)];
  return `M${round(x - 4)},${round(y - 5)}L${x},${round(y - 0.5)}L${round(x + 4)},${round(y - 5)}`;
}

/** What leaves a box: the tensor that most of its edges carry, and how many others there are. */
interface LeavingTensor {
  port: string;
  value: string;
  others: number;
  place: Point;
}

function leavingTensors({ edges }: Arrangement): LeavingTensor[] {
  return [...Map.groupBy(edges, ({ from }) => from)].flatMap(([port, group]) => {
    // The lower edge of a frame is a place, no maker: its value is told where it goes on
    const [first] = group.filter(({ to }) => !to.startsWith('leave '));
    const others = new Set(group.map(({ value }) => value)).size - 1;
    return first ? [{ port, value: first.value, others, place: first.points[0] }] : [];
  });
}

function drawTensors(layer: Layer, drawing: Arrangement, { network }: AtlasState): void {
  const marks = layer
    .selectAll<SVGGElement, LeavingTensor>('g.tensor')
    .data(
      leavingTensors(drawing),
      keyed(({ port }) => port),
    )
    .join((enter) => {
      const mark = enter.append('g').attr('class', 'tensor');
      mark.append('g');
      mark.append('text');
      return mark;
    })
    .attr('data-key', ({ port }) => port)
    .attr('transform', ({ place }) => at(place));
  marks.each(function ({ value, others }) {
    const shape = network.values[value]?.shape;
    const words = sayShape(shape) + (others > 0 ? ` +${others}` : '');
    whenChanged(this, words, () => {
      const [glyph, text] = this.children;
      const reach = drawTensor(glyph as SVGGElement, shape);
      select(text)
        .attr('x', round(reach + 7))
        .attr('y', 20)
        .text(words);
    });
  });
}

/** Height of the tensors on edges, in pixels. */
const tensorHeight = 21;

/** Draws a tensor with places as a small box on its edge; returns how far it reaches to the right. */
function drawTensor(group: SVGGElement, whole: readonly (number | string)[] = []): number {
  // A file may fix its batch to one example
  const shape = whole.length === 4 && whole[0] === 1 ? whole.slice(1) : whole;
  const sizes = shape.filter((size) => typeof size === 'number');
  if (sizes.length !== 3 || shape.length !== 3) {
    select(group).attr('class', null).attr('transform', null).selectAll('*').remove();
    return 0;
  }
  const full = measureExtent(measureGlyph(sizes));
  const size = measureGlyph(sizes, Math.min(0.26, tensorHeight / full.height));
  const { width, height } = measureExtent(size);
  drawGlyph(group, { size, state: 'plain', x: -width / 2, y: 4 + height });
  return width / 2;
}

function drawEnds(layer: Layer, { ends }: Arrangement, { network }: AtlasState): void {
  const marks = layer
    .selectAll<SVGGElement, PlacedEnd>('g.end')
    .data(
      ends,
      keyed(({ key }) => key),
    )
    .join((enter) => {
      const mark = enter.append('g').attr('class', 'end');
      mark.append('rect').attr('width', endSize.width).attr('height', endSize.height).attr('rx', 16);
      mark
        .append('text')
        .attr('x', endSize.width / 2)
        .attr('y', 21);
      return mark;
    })
    .attr('data-key', ({ key }) => key)
    .attr('transform', at);
  marks.select('text').text(({ value }) => shorten(`${value} ${sayShape(network.values[value]?.shape)}`, 28));
}

function drawBoxes(layer: Layer, { boxes }: Arrangement, state: AtlasState): void {
  const { network, open, box: chosen } = state;
  const hits = new Set(search(state).map(({ id }) => visibleBox(network, open, id)));
  const current = visibleBox(network, open, chosen);
  const marks = layer
    .selectAll<SVGGElement, PlacedBox>('g.box')
    .data(
      boxes,
      keyed(({ box }) => box.id),
    )
    .join((enter) => {
      const mark = enter.append('g').attr('role', 'button');
      mark.append('rect').attr('class', 'face').attr('width', boxSize.width).attr('height', boxSize.height);
      mark.append('text').attr('class', 'sign').attr('x', 17).attr('y', 20);
      mark.append('text').attr('class', 'label').attr('y', 20);
      mark.append('text').attr('class', 'kind').attr('y', 37);
      return mark;
    })
    .attr('class', ({ box, isOpen }) =>
      [
        'box',
        isOpen && 'is-open',
        canOpen(box) && 'can-open',
        hits.has(box.id) && 'is-hit',
        markOf(state, box),
      ]
        .filter(Boolean)
        .join(' '),
    )
    .attr('data-key', ({ box }) => box.id)
    .attr('transform', ({ headX, y }) => at({ x: headX, y }))
    .attr('aria-label', ({ box }) => sayBox(network, box) + sayMark(markOf(state, box)))
    .attr('aria-expanded', ({ box, isOpen }) => (canOpen(box) ? String(isOpen) : null))
    .attr('aria-current', ({ box }) => (box.id === current ? 'true' : null))
    .attr('tabindex', ({ box }) => (box.id === current ? 0 : -1))
    .order();
  // What stands in a box is drawn when it changes: a scroll through a large drawing redraws marks by the hundred
  const { parameters, macs, activationBytes } = network;
  const fresh = marks.filter(function ({ box, isOpen }) {
    const words = [isOpen, sayBox(network, box), sayUnderName(state, box), parameters, macs, activationBytes];
    let isNew = false;
    whenChanged(this, words.join('|'), () => (isNew = true));
    return isNew;
  });
  fresh.select('.sign').text(({ box, isOpen }) => (canOpen(box) ? (isOpen ? '−' : '+') : ''));
  const indent = ({ box }: PlacedBox): number => (canOpen(box) ? 30 : 10);
  fresh
    .select('.label')
    .attr('x', indent)
    .text(({ box }) => shorten(box.label, canOpen(box) ? 14 : 17));
  fresh
    .select('.kind')
    .attr('x', indent)
    .text(({ box }) => shorten(sayUnderName(state, box), canOpen(box) ? 16 : 20));
  const cells = fresh
    .selectAll<SVGGElement, { cost: CostName; share: number; text: string }>('g.cost')
    .data(({ box }) =>
      costs.map((cost) => ({
        cost,
        share: shareOf(network, box, cost),
        text: box[cost] === 0 ? '–' : sayCost(cost, box[cost]),
      })),
    )
    .join((enter) => {
      const cell = enter
        .append('g')
        .attr('class', 'cost')
        .attr('transform', (_, index) => `translate(${column.first + index * column.pitch} 0)`);
      cell.append('text').attr('y', 20);
      cell.append('rect').attr('class', 'track').attr('y', 28).attr('width', column.bar).attr('height', 8);
      cell.append('rect').attr('class', 'bar').attr('y', 28).attr('height', 8);
      return cell;
    });
  cells.select('text').text(({ text }) => text);
  cells.select('.bar').attr('width', ({ share }) => round(share * column.bar));
}

/** What is known best: the measured time, else how the box is marked, else what it is. */
function sayUnderName(state: AtlasState, box: PlacedBox['box']): string {
  const elapsedMs = state.look?.times.get(box.id);
  if (elapsedMs !== undefined) return formatMilliseconds(elapsedMs);
  return sayMark(markOf(state, box)).slice(2) || sayLine(box);
}
