/** One step: the tensors before it, the operator, the tensor after it, and its rule with numbers. */
import { select, type Selection } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import { drawGlyph, measureExtent, measureGlyph } from '../kit/glyph.ts';
import { whenChanged } from '../kit/join.ts';
import {
  batchOf,
  readersOf,
  setFormula,
  setSymbols,
  stored,
  travelling,
  withoutBatch,
  type AxisRule,
  type ShapeWalk,
  type WalkState,
  type WalkStep,
  type WalkTensor,
} from './model.ts';
import { sayAxes, sayCost, sayRule, saySizes, saySymbols } from './words.ts';

/** Glyphs stand in a field of this size. */
const field = { width: 132, height: 96 };

/** A tensor with what stands beside it: where it comes from or where it goes. */
interface Shown {
  key: string;
  tensor: WalkTensor;
  /** Words before the links. */
  about: string;
  /** Steps to jump to, and what the links say. */
  links: number[];
  say: (at: string, name: string) => string;
}

/** Draws the tensors around a step and the operator between them. */
export function drawStep(row: HTMLElement, state: WalkState): void {
  const { walk, at } = state;
  whenChanged(row, `${walk.id} ${walk.steps.length} ${at}`, () => {
    const step = walk.steps[at];
    const root = select(row);
    const part = (name: string) =>
      root.selectAll<HTMLElement, string>(`div.${name}`).data([name]).join('div').attr('class', name);
    drawSide(part('walk-before'), t('walk.before'), shownBefore(step), walk);
    const operator = part('walk-operator');
    const lines = [
      { name: 'walk-op', text: step.op },
      { name: 'walk-name', text: step.id },
      ...stored(step)
        .slice(0, 6)
        .map(({ name, shape }) => ({
          name: 'walk-stored',
          text: `${name} ${shape ? shape.map((size) => String(size)).join('×') || t('walk.scalar') : ''}`,
        })),
      { name: 'walk-cost', text: sayCost(step) },
    ];
    operator
      .selectAll<HTMLElement, (typeof lines)[number]>('p')
      .data(lines)
      .join('p')
      .attr('class', ({ name }) => name)
      .text(({ text }) => text);
    drawSide(part('walk-after'), t('walk.after'), shownAfter(walk, at), walk);
  });
}

function shownBefore(step: WalkStep): Shown[] {
  return travelling(step).map((tensor, index) => {
    const { from = -1 } = tensor;
    return {
      key: `${index} ${tensor.name}`,
      tensor,
      about: from < 0 ? t('walk.input') : '',
      links: from < 0 ? [] : [from],
      say: (at) => t('walk.from', { at }),
    };
  });
}

/** A value that many steps read names the first of them. */
const mostLinks = 3;

function shownAfter(walk: ShapeWalk, at: number): Shown[] {
  const [tensor] = walk.steps[at].outputs;
  const readers = readersOf(walk, at);
  const isEnd = walk.outputs.some(({ name }) => name === tensor.name);
  return [
    {
      key: `${at} ${tensor.name}`,
      tensor,
      about: isEnd ? t('walk.end') : readers.length > 0 ? t('walk.goes') : '',
      links: readers.slice(0, mostLinks),
      say: (place, name) => t('walk.to', { at: place, name }),
    },
  ];
}

type Part = Selection<HTMLElement, string, HTMLElement, unknown>;

function drawSide(side: Part, title: string, shown: readonly Shown[], walk: ShapeWalk): void {
  side
    .selectAll<HTMLElement, string>('p.walk-side')
    .data([title])
    .join((enter) => enter.insert('p', ':first-child'))
    .attr('class', 'walk-side')
    .text((text) => text);
  const items = side
    .selectAll<HTMLElement, Shown>('div.walk-tensor')
    .data(shown, function (one) {
      return (one as Shown | undefined)?.key ?? this.dataset['key'] ?? '';
    })
    .join((enter) => {
      const item = enter.append('div').attr('class', 'walk-tensor');
      item.append('svg').attr('aria-hidden', 'true').append('g');
      item.append('b');
      item.append('span').attr('class', 'walk-value');
      item.append('span').attr('class', 'walk-links');
      return item;
    })
    .attr('data-key', ({ key }) => key)
    .order();
  items.each(function ({ tensor, about, links, say }) {
    const svg = this.querySelector('svg');
    if (svg) drawTensor(svg, withoutBatch(walk, tensor.shape) ?? []);
    const item = select(this);
    item.select('b').text(saySizes(walk, tensor.shape));
    item.select('.walk-value').text(tensor.name);
    const words = item
      .select<HTMLElement>('.walk-links')
      .text(links.length > 0 && about ? `${about} ` : about);
    words
      .selectAll<HTMLButtonElement, number>('button')
      .data(links)
      .join('button')
      .attr('type', 'button')
      .attr('class', 'btn-link')
      .attr('data-step', (place) => place)
      .text((place) => say(formatCount(place + 1), walk.steps[place].id));
  });
}

/** A tensor as a box: [channels, height, width]; [tokens, features] is as high as its tokens and as deep as its features. */
function drawTensor(svg: SVGSVGElement, shape: readonly (number | string)[]): void {
  const known = shape.map((size) => (typeof size === 'number' ? size : 1));
  const box =
    known.length >= 3
      ? [known.slice(0, -2).reduce((product, size) => product * size, 1), known.at(-2) ?? 1]
      : [known.at(-1) ?? 1, known.length === 2 ? known[0] : 1];
  const full = measureExtent(measureGlyph(box));
  const scale = Math.min(1, field.width / full.width, field.height / full.height);
  const size = measureGlyph(box, scale);
  const { width, height } = measureExtent(size);
  svg.setAttribute('width', String(Math.ceil(width + 4)));
  svg.setAttribute('height', String(Math.ceil(height + 4)));
  const group = svg.querySelector('g');
  if (group) drawGlyph(group, { size, state: 'plain', x: 2, y: height + 2 });
}

/** Draws the rule in words, its formulas, and what the symbols stand for. */
export function drawRule(row: HTMLElement, walk: ShapeWalk, step: WalkStep): void {
  whenChanged(row, `${walk.id} ${walk.steps.length} ${step.id}`, () => {
    const root = select(row);
    const batch = batchOf(walk);
    const hasBatch = batch !== undefined && step.outputs[0]?.shape?.[0] === batch;
    root
      .selectAll<HTMLElement, string>('p.walk-words')
      .data([sayRule(walk, step)])
      .join('p')
      .attr('class', 'walk-words')
      .text((text) => text);
    const lines = root
      .selectAll<HTMLElement, number>('dl')
      .data([0])
      .join('dl')
      .selectAll<HTMLElement, AxisRule>('div')
      .data(step.axes)
      .join((enter) => {
        const line = enter.append('div');
        line.append('dt');
        for (const name of ['symbols', 'numbers', 'size']) line.append('dd').attr('class', name);
        return line;
      });
    lines.select('dt').text((line) => sayAxes(step, line));
    lines.select('.symbols').text(({ symbols }) => setSymbols(symbols));
    lines.select('.numbers').text(({ numbers }) => `= ${setFormula(numbers)}`);
    lines.select('.size').text(({ numbers, size }) => (numbers === String(size) ? '' : `= ${size}`));
    const notes = [
      saySymbols(step)
        .map(({ symbol, meaning }) => `${symbol}: ${meaning}`)
        .join(', '),
      hasBatch ? t('walk.oneByOne', { batch }) : '',
    ].filter(Boolean);
    root
      .selectAll<HTMLElement, string>('p.walk-note')
      .data(notes)
      .join('p')
      .attr('class', 'walk-note small')
      .text((text) => text)
      .raise();
  });
}
