/** Attention as maps in ink: a small one for every head, mean and rollout, and the chosen one large, cell by cell. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawInk, shadeMap } from '../kit/ink.ts';
import { setText, whenChanged } from '../kit/join.ts';
import { chosenMap, type AttentionState, type HeadChoice, shownMap } from './model.ts';
import { drawPanelTitle, type Part } from './panels.ts';
import { headWords, shareWords } from './words.ts';

/** Small maps have at most so many cells an edge; longer texts are gathered into that many. */
const mostSmall = 16;

interface HeadMark {
  layer: number;
  head: HeadChoice;
}

/** All choices of the group of small maps, in its order: layer by layer, the heads, their mean, the rollout. */
export function headMarks({ encoder }: Pick<AttentionState, 'encoder'>): HeadMark[] {
  const heads: HeadChoice[] = [
    ...Array.from({ length: encoder.heads }, (_, head) => head),
    'mean',
    'rollout',
  ];
  return Array.from({ length: encoder.layers }, (_, layer) => heads.map((head) => ({ layer, head }))).flat();
}

/** Draws the small maps and the large one. */
export function drawMaps(part: Part, state: AttentionState): void {
  const { encoder } = state;
  drawPanelTitle(
    part('heads-title'),
    t('bert.allHeads', { count: encoder.layers * encoder.heads }),
    t('bert.allHeadsNote'),
  );
  drawHeads(part('heads'), state);
  drawPanelTitle(part('matrix-title'), t('bert.matrix'), t('bert.matrixNote'));
  drawMatrix(part<SVGSVGElement>('matrix'), part('cell'), state);
}

function drawHeads(group: HTMLElement, state: AttentionState): void {
  const { encoder, reading, layer, head } = state;
  const marks = headMarks(state);
  const columns = encoder.heads + 2;
  if (!group.querySelector('button')) buildHeads(group, marks, columns);
  group.setAttribute('style', `--columns: ${columns}`);
  group.setAttribute('aria-label', t('bert.allHeads', { count: encoder.layers * encoder.heads }));
  const buttons = [...group.querySelectorAll('button')];
  marks.forEach((mark, index) => {
    const button = buttons[index];
    const isChosen = mark.layer === layer && mark.head === head;
    button.setAttribute('aria-pressed', String(isChosen));
    button.setAttribute('tabindex', isChosen ? '0' : '-1');
    const svg = button.querySelector('svg');
    if (!svg || state.isShort) return;
    const map = chosenMap(reading.attention, reading.tokens.length, mark.layer, mark.head);
    drawMap(svg, map, reading.tokens.length, mostSmall);
  });
}

function buildHeads(group: HTMLElement, marks: readonly HeadMark[], columns: number): void {
  const root = select(group);
  const heading = (text: string) =>
    root.append('span').attr('class', 'head-name').attr('aria-hidden', 'true').text(text);
  heading('');
  for (const { head } of marks.slice(0, columns))
    heading(
      typeof head === 'number'
        ? String(head)
        : head === 'mean'
          ? t('bert.meanShort')
          : t('bert.rolloutShort'),
    );
  marks.forEach(({ layer, head }, index) => {
    if (index % columns === 0) heading(t('bert.layer', { layer }));
    root
      .append('button')
      .attr('type', 'button')
      .attr('class', 'attention-head')
      .attr('aria-label', t('bert.headLabel', { layer, head: headWords(head) }))
      .append('svg')
      .attr('aria-hidden', 'true')
      .append('g')
      .attr('class', 'ink');
  });
}

function drawMatrix(svg: SVGSVGElement, line: HTMLElement, state: AttentionState): void {
  const { tokens } = state.reading;
  const count = tokens.length;
  const map = shownMap(state);
  const root = select(svg);
  root.selectAll<SVGGElement, number>('g').data([0]).join('g').attr('class', 'ink');
  drawMap(svg, map, count, count);
  const marked = state.cell ?? { row: Math.min(state.from, count - 1), column: -1 };
  root
    .selectAll<SVGRectElement, typeof marked>('rect')
    .data([marked])
    .join('rect')
    .attr('class', 'reading')
    .attr('x', ({ column }) => Math.max(0, column))
    .attr('y', ({ row }) => row)
    .attr('width', ({ column }) => (column < 0 ? count : 1))
    .attr('height', 1);
  root
    .selectAll<SVGPathElement, number>('path.unseen')
    .data(state.isCausal ? [count] : [])
    .join('path')
    .attr('class', 'unseen')
    .attr('d', hatching);
  const best = map.indexOf(map.reduce((a, b) => Math.max(a, b), 0));
  const named = (row: number, column: number) => ({
    from: tokens[row].piece,
    to: tokens[column].piece,
    share: shareWords(map[row * count + column]),
  });
  svg.setAttribute(
    'aria-label',
    t('bert.matrixAlt', { count, ...named(Math.floor(best / count), best % count) }),
  );
  const { cell } = state;
  const isThere = cell && cell.row < count && cell.column < count;
  setText(line, isThere ? t('bert.cell', named(cell.row, cell.column)) : t('bert.cellHint'));
}

/** Lines at so many places at most, or they run together. */
const mostHatched = 24;

/** Hatching of what lies above the diagonal of so many rows: lines along it, none of which enters a cell that may be seen. */
function hatching(count: number): string {
  const gap = Math.max(0.5, count / mostHatched);
  const lines = Array.from(
    { length: Math.max(0, Math.ceil((count - 1) / gap)) },
    (_, line) => 1 + line * gap,
  );
  return lines.map((from) => `M${from.toFixed(2)} 0L${count} ${(count - from).toFixed(2)}`).join('');
}

/** Draws a map [T, T] with at most so many cells an edge; longer ones show the largest value of each patch. */
function drawMap(svg: SVGSVGElement, map: Float32Array, length: number, most: number): void {
  const group = svg.querySelector('g');
  if (!group) return;
  const size = Math.min(length, most);
  const cells = size === length ? map : gather(map, length, size);
  whenChanged(svg, signature(cells), () => {
    svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
    const full = cells.reduce((a, b) => Math.max(a, b), 0);
    drawInk(group, shadeMap({ width: size, height: size, values: cells, full }));
  });
}

function gather(map: Float32Array, length: number, size: number): Float32Array {
  const small = new Float32Array(size * size);
  for (let row = 0; row < length; row++)
    for (let column = 0; column < length; column++) {
      const cell = Math.floor((row * size) / length) * size + Math.floor((column * size) / length);
      small[cell] = Math.max(small[cell], map[row * length + column]);
    }
  return small;
}

/** Tells maps apart to the shade that is drawn. */
function signature(cells: Float32Array): string {
  return `${cells.length} ${Array.from(cells, (value) => Math.round(value * 200)).join(',')}`;
}
