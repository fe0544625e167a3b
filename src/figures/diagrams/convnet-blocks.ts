/** A block of VGG, of ResNet and of Inception side by side; data flow upwards. */
import { t, type WordKey } from '../../site/strings.ts';
import { arrow, type Pen } from './pen.ts';

/** The words of this diagram, which take no arguments. */
type BlockWord = Extract<WordKey, `diagram.blocks.${string}`>;

const boxHeight = 30;
/** From the foot of one box to the foot of the next. */
const rise = 52;
/** The line on which all blocks receive their input. */
const ground = 250;

/** Draws the three blocks, on a phone Inception below the other two; returns the height. */
export function drawConvnetBlocks(pen: Pen): number {
  const { width, isNarrow } = pen;
  const gap = 26;
  const half = isNarrow ? (width - gap) / 2 : 128;
  drawVgg(pen, 0, 0, half);
  drawResnet(pen, half + gap, 0, half);
  const [x, y] = isNarrow ? [0, ground + 54] : [2 * (half + gap), 0];
  drawInception(pen, x, y, width - x);
  return y + ground + 32;
}

function drawVgg(pen: Pen, x: number, y: number, w: number): void {
  const middle = x + w / 2;
  const foot = head(pen, x, y, w, 'diagram.blocks.vgg');
  climb(pen, middle, w, foot, ['diagram.blocks.three', 'diagram.blocks.three', 'diagram.blocks.pool']);
  pen.path(arrow(middle, foot - 3 * rise, middle, y + 36), 'ink-line');
}

function drawResnet(pen: Pen, x: number, y: number, w: number): void {
  const middle = x + w / 2 + 14;
  const foot = head(pen, x, y, w, 'diagram.blocks.resnet', middle);
  climb(pen, middle, w - 28, foot, [
    'diagram.blocks.narrow',
    'diagram.blocks.threeAt64',
    'diagram.blocks.widen',
  ]);
  const plus = foot - 3 * rise - 12;
  pen.path(`M${middle} ${foot - 3 * rise + 8}V${plus + 11}`, 'ink-line');
  pen.circle(middle, plus, 11, 'chip');
  pen.text(middle, plus + 4.5, t('diagram.blocks.plus'), 'mid');
  pen.path(arrow(middle, plus - 11, middle, y + 36), 'ink-line');
  // The shortcut leaves below the first box and joins at the sum
  pen.path(`M${middle} ${foot - 6}H${x + 4}V${plus}`, 'ink-line');
  pen.path(arrow(x + 4, plus, middle - 12, plus), 'ink-line');
}

const branches: BlockWord[][] = [
  ['diagram.blocks.one'],
  ['diagram.blocks.one', 'diagram.blocks.three'],
  ['diagram.blocks.one', 'diagram.blocks.five'],
  ['diagram.blocks.pool', 'diagram.blocks.one'],
];

function drawInception(pen: Pen, x: number, y: number, w: number): void {
  const foot = head(pen, x, y, w, 'diagram.blocks.inception');
  const step = w / branches.length;
  // Room for the channels between the branches and the box that joins them
  const top = foot - 4 - 2 * rise - 46 - boxHeight;
  pen.path(`M${x + step / 2} ${foot - 8}H${x + w - step / 2}`, 'ink-line');
  branches.forEach((boxes, index) => {
    const middle = x + (index + 0.5) * step;
    climb(pen, middle, step - 8, foot - 4, boxes);
    pen.path(arrow(middle, foot - 4 - boxes.length * rise, middle, top + boxHeight + 2), 'ink-line');
    pen.text(middle + 6, top + 60, t('diagram.blocks.channels').split(',')[index] ?? '', 'quiet');
  });
  pen.rect(x, top, w, boxHeight, 'used');
  pen.text(x + w / 2, top + 19.5, t('diagram.blocks.concat'), 'mid');
  pen.path(arrow(x + w / 2, top, x + w / 2, y + 36), 'ink-line');
}

/** The name above, the input below and a short line up from it; returns where the boxes begin. */
function head(pen: Pen, x: number, y: number, w: number, name: BlockWord, middle = x + w / 2): number {
  pen.text(x + w / 2, y + 16, t(name), 'strong mid');
  pen.text(middle, y + ground + 22, t('diagram.blocks.input'), 'quiet mid');
  pen.path(`M${middle} ${y + ground + 6}V${y + ground - 14}`, 'ink-line');
  return y + ground - 8;
}

/** Boxes from the foot upwards, an arrow into each. */
function climb(pen: Pen, middle: number, w: number, foot: number, boxes: readonly BlockWord[]): void {
  boxes.forEach((words, index) => {
    const below = foot - index * rise;
    pen.path(arrow(middle, below, middle, below - rise + boxHeight), 'ink-line');
    pen.rect(middle - w / 2, below - rise, w, boxHeight, 'plain');
    pen.text(middle, below - rise + 19.5, t(words), 'mid');
  });
}
