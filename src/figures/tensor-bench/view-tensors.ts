/** Tensors as boxes: the last axis runs to the right, the one before it down, a third puts blocks side by side, a fourth rows of blocks. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { indicesOf, type BenchState, type Cell, type TensorPicture } from './model.ts';

const box = { height: 22, least: 26, perSign: 7.4, gap: 14, top: 20, line: 16, left: 46 };

interface Layout {
  width: number;
  height: number;
  boxWidth: number;
  /** Upper left corner of each element. */
  places: { x: number; y: number }[];
}

/** Where each element of a tensor stands. */
function arrange({ shape, values }: TensorPicture): Layout {
  const sizes = [...new Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape].slice(-4);
  const top = topOf(shape);
  const [, , rows, columns] = sizes;
  const boxWidth = Math.max(box.least, Math.max(1, ...values.map((value) => value.length)) * box.perSign + 8);
  const [blockWidth, blockHeight] = [columns * boxWidth + box.gap, rows * box.height + box.gap];
  const places = values.map((_, at) => {
    const [outer, block, row, column] = indicesOf(sizes, at);
    return {
      x: box.left + block * blockWidth + column * boxWidth,
      y: top + outer * blockHeight + row * box.height,
    };
  });
  const last = places.reduce((most, { x, y }) => ({ x: Math.max(most.x, x), y: Math.max(most.y, y) }), {
    x: box.left,
    y: top,
  });
  return {
    // Room for the words above, also where the boxes are few
    width: Math.max(last.x + boxWidth + 4, shape.length > 2 ? 300 : 130),
    height: last.y + box.height + 6,
    boxWidth,
    places,
  };
}

/** The first line of boxes; with blocks a line of words stands above the one that names the last axis. */
function topOf(shape: readonly number[]): number {
  return box.top + (shape.length > 2 ? box.line : 0);
}

interface AxisLabel {
  x: number;
  y: number;
  text: string;
}

/** What stands at the boxes of each axis: the last two at their arrows, the others in a line above. */
function labelAxes(shape: readonly number[]): AxisLabel[] {
  const rank = shape.length;
  const top = topOf(shape);
  const say = (key: 'right' | 'down' | 'blocks' | 'rows', fromEnd: number) =>
    t(`bench.axis.${key}Short`, { axis: rank - fromEnd, size: shape[rank - fromEnd] });
  const above = [...(rank >= 4 ? [say('rows', 4)] : []), ...(rank >= 3 ? [say('blocks', 3)] : [])];
  return [
    ...(rank >= 1 ? [{ x: box.left, y: top - 7, text: say('right', 1) }] : []),
    ...(rank >= 2 ? [{ x: 0, y: top + 15, text: say('down', 2) }] : []),
    ...(above.length ? [{ x: box.left, y: box.top - 7, text: above.join(', ') }] : []),
  ];
}

/** How the axes run, by their number and length. */
function sayAxes(shape: readonly number[]): string {
  const ways = [t('bench.axis.right'), t('bench.axis.down'), t('bench.axis.blocks'), t('bench.axis.rows')];
  return shape
    .map((size, axis) => t('bench.axis', { axis, size, way: ways[shape.length - 1 - axis] ?? '' }))
    .join(', ');
}

/** Draws the tensors of a cell. Those with more than four axes are told in words. */
export function drawTensors(
  root: HTMLElement | null,
  tensors: readonly TensorPicture[],
  cell: Cell,
  state: BenchState,
): void {
  if (!root) return;
  root.toggleAttribute('hidden', tensors.length === 0);
  const pick = state.pick?.cell === cell.id ? state.pick : undefined;
  select(root)
    .selectAll<HTMLElement, TensorPicture>('div.bench-tensor')
    .data(tensors)
    .join((enter) => {
      const item = enter.append('div').attr('class', 'bench-tensor');
      item.append('p').attr('class', 'small');
      item.append('svg');
      item.append('p').attr('class', 'bench-pick small');
      return item;
    })
    .each(function (tensor, index) {
      const item = select(this);
      const at = pick?.tensor === index ? pick.at : undefined;
      item.select('p.small').text(sayTensor(tensor));
      item
        .select('p.bench-pick')
        .text(
          at === undefined
            ? tensor.isCut
              ? t('bench.cut', { count: tensor.values.length })
              : ''
            : sayElement(tensor, at),
        );
      drawBoxes(item.select<SVGSVGElement>('svg').node(), tensor, index, at);
    });
}

/** A tensor in words: its name, what it is, and what is recorded of it. */
export function sayTensor({ name, kind, shape, dtype, state }: TensorPicture): string {
  return `${name} · ${kind} [${shape.join(', ')}] ${dtype}${state ? ` · ${state}` : ''}`;
}

/** An element in words: name[1, 2] = 5. */
export function sayElement({ name, shape, values }: TensorPicture, at: number): string {
  const index = indicesOf(shape, at).join(', ');
  return `${name}${shape.length ? `[${index}]` : ''} = ${values[at] ?? ''}`;
}

function drawBoxes(
  svg: SVGSVGElement | null,
  tensor: TensorPicture,
  index: number,
  at: number | undefined,
): void {
  if (!svg) return;
  const isDrawn = tensor.shape.length <= 4 && tensor.values.length > 0;
  svg.toggleAttribute('hidden', !isDrawn);
  if (!isDrawn) return;
  const { width, height, boxWidth, places } = arrange(tensor);
  const root = select(svg)
    .attr('class', 'bench-boxes')
    .attr('width', Math.round(width))
    .attr('height', Math.round(height))
    .attr('role', 'group')
    .attr('tabindex', 0)
    .attr('data-tensor', index)
    .attr(
      'aria-label',
      t('bench.tensor', {
        name: tensor.name,
        shape: `[${tensor.shape.join(', ')}]`,
        axes: sayAxes(tensor.shape),
      }),
    );
  const axes = labelAxes(tensor.shape);
  root
    .selectAll<SVGTextElement, AxisLabel>('text.axis')
    .data(axes)
    .join('text')
    .attr('class', 'axis')
    .attr('x', (axis) => axis.x)
    .attr('y', (axis) => axis.y)
    .text((axis) => axis.text);
  const cells = root
    .selectAll<SVGGElement, string>('g')
    .data(tensor.values)
    .join((enter) => {
      const group = enter.append('g');
      group.append('rect').attr('height', box.height);
      group.append('text').attr('y', 15.5);
      return group;
    })
    .attr('data-at', (_, place) => place)
    .attr('class', (_, place) => (place === at ? 'is-picked' : null))
    .attr('transform', (_, place) => `translate(${Math.round(places[place].x)} ${places[place].y})`);
  cells.select('rect').attr('width', Math.round(boxWidth));
  cells
    .select('text')
    .attr('x', Math.round(boxWidth / 2))
    .text((value) => value);
}
