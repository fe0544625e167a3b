/** The row of blocks, and the nodes inside the open one. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatShape, formatShort } from '../kit/format.ts';
import { drawColumn, drawGlyph, measureExtent, measureGlyph, type WeightState } from '../kit/glyph.ts';
import { iconMarkup } from '../kit/icons.ts';
import { shadeMap } from '../kit/ink.ts';
import { keyed, whenChanged } from '../kit/join.ts';
import {
  channelOf,
  openBlock,
  shownResult,
  summarise,
  weightState,
  type ActivationStack,
  type BlockDescription,
  type LensState,
  type TensorDescription,
} from './model.ts';

/** Glyphs of the lens against those of the landing page. */
const glyphScale = 0.62;

/** Channels of the deepest box that has room. */
const deepest = 512;

/** Draws one button per block; the open one is pressed and the only tab stop. */
export function drawBlocks(row: HTMLElement, state: LensState): void {
  const { network, approach } = state;
  const faces = shownResult(state)?.faces ?? {};
  row.classList.toggle('is-few', network.blocks.length < 8);
  const buttons = select(row)
    .selectAll<HTMLButtonElement, BlockDescription>('button')
    .data(
      network.blocks,
      keyed((block) => block.id),
    )
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button').attr('class', 'blk');
      const glyph = button.append('span').attr('class', 'g');
      glyph.append('svg').attr('aria-hidden', 'true').append('g');
      button.append('b');
      button.append('span').attr('class', 'shape');
      button.append('span').attr('class', 'mark');
      return button;
    })
    .attr('data-key', (block) => block.id)
    .attr('data-state', (block) => weightState(network, approach, block))
    .attr('aria-pressed', (block) => String(block.id === state.block))
    .attr('tabindex', (block) => (block.id === state.block ? 0 : -1));
  buttons.select('b').text((block) => block.id);
  // The space keeps the parts of the button's name apart where it is read out
  buttons.select('.shape').text((block) => ` ${formatShape(block.shape)}`);
  buttons.each(function (block) {
    const weights = weightState(network, approach, block);
    const face = faces[block.id];
    whenChanged(this, `${weights} ${stackSignature(face)}`, () => {
      const mark = this.querySelector('.mark');
      if (mark) mark.innerHTML = markOf(weights);
      const svg = this.querySelector<SVGSVGElement>('svg');
      if (svg) drawBlockMark(svg, block, weights, face, glyphScale);
    });
  });
}

const signatures = new WeakMap<object, number>();
let signatureCount = 0;

/** A number that stays the same for the same stack; 0 for none. */
export function stackSignature(stack: ActivationStack | undefined): number {
  if (!stack) return 0;
  const known = signatures.get(stack) ?? ++signatureCount;
  signatures.set(stack, known);
  return known;
}

/** The state's sign, with its word for those who do not see it. */
export function markOf(state: WeightState): string {
  const icon = state === 'plain' ? '' : iconMarkup(state);
  return `${icon}<span class="sr-only"> ${t(`state.${state}`)}</span>`;
}

/** Draws a block's output tensor into an SVG that holds one group: a box with its front face, or a column of numbers. */
export function drawBlockMark(
  svg: SVGSVGElement,
  block: BlockDescription,
  state: WeightState,
  face: ActivationStack | undefined,
  scale: number,
): void {
  const group = svg.querySelector<SVGGElement>('g');
  if (!group) return;
  if (block.shape.length < 3) {
    const height = Math.round(74 * scale);
    setSize(svg, Math.round(18 * scale) + 8, height + 3);
    const cells = block.kind === 'head' ? 8 : 10;
    drawColumn(group, { cells, width: Math.round(18 * scale), height, x: 4, y: height + 1, state });
    return;
  }
  // Deeper boxes would stand before their neighbours; the shape below each tells the truth
  const [channels = 1, ...places] = block.shape;
  const size = measureGlyph([Math.min(deepest, channels), ...places], scale);
  const { width, height } = measureExtent(size);
  setSize(svg, Math.ceil(width + 5), Math.ceil(height + 4));
  const mark = { size, state, x: 2, y: Math.ceil(height) + 2 };
  if (!face) {
    drawGlyph(group, mark);
    return;
  }
  const values = channelOf(face, 0);
  const full = summarise(values).largest;
  const shades = shadeMap({ width: face.width, height: face.height, values, full });
  drawGlyph(group, { ...mark, ink: { cells: face.width, shades } });
}

function setSize(svg: SVGSVGElement, width: number, height: number): void {
  select(svg).attr('width', width).attr('height', height).attr('viewBox', `0 0 ${width} ${height}`);
}

/** Draws the open block's nodes in running order, each with its tensor's shape, weights and MACs. */
export function drawInside(title: HTMLElement, list: HTMLElement, state: LensState): void {
  const block = openBlock(state);
  select(title)
    .selectAll<HTMLElement, string>('b, span')
    .data([t('lens.inside', { name: block.id }), t('lens.insideHint')])
    .join((enter) => enter.append((_, index) => title.ownerDocument.createElement(index ? 'span' : 'b')))
    .text((text, index) => (index ? ` ${text}` : text));
  const blockState = weightState(state.network, state.approach, block);
  const items = select(list)
    .selectAll<HTMLLIElement, TensorDescription>('li')
    .data(
      block.tensors,
      keyed((tensor) => tensor.name),
    )
    .join((enter) => {
      const item = enter.append('li');
      for (const name of ['name', 'op', 'shape', 'cost']) item.append('span').attr('class', name);
      return item;
    })
    .attr('data-key', (tensor) => tensor.name)
    .attr('data-state', (tensor) => (tensor.parameters ? blockState : 'plain'));
  items.order();
  items.select('.name').text((tensor) => shortName(tensor.name));
  items.select('.op').text(operationName);
  items.select('.shape').text((tensor) => formatShape(tensor.shape));
  items
    .select('.cost')
    .text((tensor) =>
      [
        tensor.parameters ? t('lens.weights', { count: formatCount(tensor.parameters) }) : '',
        tensor.macs ? t('lens.macs', { count: formatShort(tensor.macs) }) : '',
      ]
        .filter(Boolean)
        .join(', '),
    );
}

/** `layer2.0.conv1` without the block's own part: `conv1`. */
function shortName(name: string): string {
  return name.replace(/^layer\d+\.\d+\./, '').replace(/^stem\./, '');
}

const plainOperations = [
  'Add',
  'BatchNormalization',
  'Relu',
  'GlobalAveragePool',
  'Flatten',
  'Gemm',
] as const;

/** The same as the name of a step, after which something stands: `addition`. */
export function stepName(tensor: TensorDescription): string {
  return /^(QLinear)?Add$/.test(tensor.op) ? t('lens.op.Add') : operationName(tensor);
}

/** What a node does, in words: `3×3 convolution, stride 2`. */
export function operationName(tensor: TensorDescription): string {
  const { kernel, stride = 1 } = tensor;
  // The same operators in 8 bits
  const op = tensor.op === 'QLinearMatMul' ? 'Gemm' : tensor.op.replace(/^QLinear/, '');
  const strideWords = stride > 1 ? t('lens.op.stride', { stride }) : '';
  if (op === 'Conv' && kernel) return t('lens.op.conv', { size: kernel }) + strideWords;
  if (op === 'MaxPool') return t('lens.op.MaxPool') + strideWords;
  if (op === 'Add') return t('lens.op.add');
  const known = plainOperations.find((name) => name === op);
  return known ? t(`lens.op.${known}`) : op;
}
