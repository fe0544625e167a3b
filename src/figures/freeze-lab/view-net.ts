/** The row of blocks: output tensor, state, the gradient's way, and what moved. On a phone the same marks make a list. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatShape, formatValue } from '../kit/format.ts';
import { drawColumn, drawGlyph, measureExtent, measureGlyph } from '../kit/glyph.ts';
import { iconMarkup } from '../kit/icons.ts';
import { keyed, setText, whenChanged } from '../kit/join.ts';
import { showsRun, type BlockRow, type BlockState, type FreezeState, type LabBlock } from './model.ts';

/** Glyphs of the lab against those of the landing page. */
const glyphScale = 0.52;

/** The name of a block: an encoder's layers are numbers alone. */
export function blockName({ id }: Pick<LabBlock, 'id'>): string {
  return /^\d+$/.test(id) ? t('freeze.layer', { number: id }) : id;
}

/** The word for a block's state. */
export function stateWord(state: BlockState): string {
  return state === 'mixed' ? t('freeze.state.mixed') : t(`state.${state}`);
}

/**
 * Draws the blocks; those with weights are buttons that freeze and thaw. Tensors are drawn once the figure is awake: until then their
 * shapes stand there in words, since the page has to stay small.
 */
export function drawNet(
  list: HTMLElement,
  state: FreezeState,
  rows: readonly BlockRow[],
  isAwake: boolean,
): void {
  const isRun = showsRun(state);
  list.classList.toggle('has-run', isRun);
  if (isAwake) list.dataset['blocks'] = String(rows.length);
  drawLabels(list);
  const lowest = rows.find(({ backward }) => backward === 'end');
  const items = select(list)
    .selectAll<HTMLLIElement, BlockRow>('li.block')
    .data(
      rows,
      keyed(({ block }) => block.id),
    )
    .join((enter) => {
      const item = enter.append('li').attr('class', 'block');
      item.append('span').attr('class', 'n-glyph').append('svg').attr('aria-hidden', 'true').append('g');
      const text = item.append('span').attr('class', 'n-text');
      text.append('b');
      text.append('span');
      item.each(function ({ weights }) {
        const tag = weights > 0 ? 'button' : 'span';
        const toggle = this.appendChild(this.ownerDocument.createElement(tag));
        toggle.setAttribute('class', weights > 0 ? 'toggle' : 'toggle plain');
        if (weights > 0) toggle.setAttribute('type', 'button');
      });
      item.append('span').attr('class', 'n-back').attr('aria-hidden', 'true');
      return item;
    })
    .order()
    .attr('data-key', ({ block }) => block.id)
    .attr('data-state', ({ state: one }) => one)
    .attr('data-back', ({ backward }) => backward)
    .attr('style', (_, at) => `--i:${at + 2}`);
  items.select('.n-text b').text(({ block }) => blockName(block));
  items.select('.n-text span').text(({ block }) => formatShape(block.shape));
  items.each(function ({ block, state: one, backward }) {
    const svg = this.querySelector('svg');
    if (svg && isAwake) whenChanged(this, block.shape.join(), () => drawTensor(svg, block));
    const toggle = this.querySelector<HTMLElement>('.toggle');
    if (toggle) drawToggle(toggle, block, one);
    const back = this.querySelector<HTMLElement>('.n-back');
    const hasArrow = backward === 'update' || backward === 'end';
    if (back) whenChanged(back, String(hasArrow), () => (back.innerHTML = hasArrow ? arrow : ''));
  });
  drawBars(list, isRun, rows);
  const stop = list.querySelector<HTMLElement>('li.n-stop');
  const at = lowest ? rows.indexOf(lowest) : 0;
  // there is no room for the sentence left of the first blocks
  stop?.toggleAttribute('hidden', !lowest || at < 3);
  if (lowest && stop) stop.style.setProperty('grid-column', `2 / ${at + 2}`);
  setText(stop, t('freeze.stops', { name: lowest ? blockName(lowest.block) : '' }));
}

const arrow =
  '<svg viewBox="0 0 12 21"><path d="M6 20V3M1.5 7.5 6 2.5l4.5 5" fill="none" stroke="currentColor" stroke-width="2"/></svg>';

function drawLabels(list: HTMLElement): void {
  if (list.querySelector('.labels')) return;
  const labels = (['tensor', 'state', 'backward'] as const).map(
    (one) => `<span class="l-${one}">${t(`freeze.label.${one}`)}</span>`,
  );
  list.innerHTML = `<li class="labels" aria-hidden="true">${labels.join('')}</li><li class="n-stop" aria-hidden="true"></li>`;
}

function drawToggle(toggle: HTMLElement, block: LabBlock, state: BlockState): void {
  const word = stateWord(state);
  if (state === 'plain') {
    setText(toggle, word);
    return;
  }
  whenChanged(toggle, state, () => {
    const icon = iconMarkup(state === 'frozen' ? 'frozen' : 'trainable');
    toggle.innerHTML = `${icon}<span>${word}</span>`;
  });
  toggle.setAttribute('aria-pressed', String(state !== 'frozen'));
  toggle.setAttribute('aria-label', t('freeze.toggle', { name: blockName(block), state: word }));
}

function drawTensor(svg: SVGSVGElement, { id, shape }: LabBlock): void {
  const group = svg.querySelector('g');
  if (!group) return;
  const size = measureGlyph(shape, glyphScale);
  const isVector = shape.length < 3;
  const isMatrix = shape.length === 2;
  const extent = isVector ? { width: isMatrix ? 38 : 12, height: 44 } : measureExtent(size);
  const [width, height] = [Math.ceil(extent.width + 5), Math.ceil(extent.height + 4)];
  select(svg).attr('width', width).attr('height', height).attr('viewBox', `0 0 ${width} ${height}`);
  const corner = { x: 2, y: height - 2, state: 'plain' as const };
  if (isVector)
    drawColumn(group, {
      ...corner,
      cells: id === 'head' ? shape[0] : 9,
      width: isMatrix ? 34 : 8,
      height: 42,
    });
  else drawGlyph(group, { ...corner, size });
}

/** Two bars a block: what moved, and the gradient. What is frozen lies flat and says 0. */
function drawBars(list: HTMLElement, isRun: boolean, rows: readonly BlockRow[]): void {
  const bars = [
    { kind: 'w', label: t('freeze.label.change'), of: valueOf },
    { kind: 'g', label: t('freeze.label.gradient'), of: (row: BlockRow) => row.now?.gradientNorm ?? 0 },
  ];
  const labels = select(list)
    .select<HTMLElement>('.labels')
    .selectAll<HTMLElement, (typeof bars)[number]>('.l-bar')
    .data(isRun ? bars : []);
  labels
    .join('span')
    .attr('class', ({ kind }) => `l-bar l-${kind}`)
    .text(({ label }) => label);
  for (const { kind, of } of bars) {
    const most = Math.max(...rows.map(of), 1e-12);
    const marks = select(list)
      .selectAll<HTMLLIElement, BlockRow>('li.block')
      .selectAll<HTMLElement, BlockRow>(`.n-bar.${kind}`)
      .data((row) => (isRun ? [row] : []))
      .join((enter) => {
        const bar = enter.append('span').attr('class', `n-bar ${kind}`);
        bar.append('b');
        bar.append('i');
        return bar;
      })
      .attr('style', (row) => `--v:${(of(row) / most).toFixed(3)}`);
    marks.select('b').text((row) => (row.now ? formatValue(of(row)) : '–'));
    marks.select('i').attr('hidden', (row) => (row.now ? null : ''));
  }
}

/** The change as the files tell it, once they have been compared; before, as the steps do. */
function valueOf({ now, change }: BlockRow): number {
  return change?.change ?? now?.change ?? 0;
}
