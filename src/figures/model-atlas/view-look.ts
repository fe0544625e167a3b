/** Tensors of the chosen box as they were read: statistics, a histogram, slices; and the buttons that read them. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent, formatValue } from '../kit/format.ts';
import { drawInk, shadeMap } from '../kit/ink.ts';
import { whenChanged } from '../kit/join.ts';
import {
  lookKey,
  lookNames,
  shownBox,
  type AtlasState,
  type LookAction,
  type LookKind,
  type LookState,
  type TensorSummary,
} from './model.ts';
import { sayShape } from './words.ts';

const histogramSize = { width: 256, height: 44 };
/** Side of a slice on the screen, in pixels: small ones are enlarged, so that filters of 3×3 can be seen. */
const sliceSide = 56;

interface LookButton {
  kind: LookAction;
  text: string;
  note: string;
}

/** Draws the buttons and what was read of the shown box. */
export function drawLook(panel: HTMLElement, state: AtlasState): void {
  const { look } = state;
  panel.toggleAttribute('hidden', !look);
  if (!look) return;
  const box = shownBox(state);
  const known = (kind: LookKind) => look.read.get(lookKey(kind, box.id));
  const has = (kind: LookKind) => lookNames(state.network, box, kind).length > 0;
  const buttons: LookButton[] = [
    ...(has('weights') && !known('weights')
      ? [{ kind: 'weights' as const, text: t('look.weights'), note: look.weightsNote }]
      : []),
    ...(look.hasValues && has('values') && !known('values')
      ? [{ kind: 'values' as const, text: t('look.values'), note: '' }]
      : []),
    ...(look.hasValues ? [{ kind: 'time' as const, text: t('look.time'), note: '' }] : []),
  ];
  const row = select(panel).selectAll<HTMLElement, number>('p.look-buttons').data([0]).join('p');
  row.attr('class', 'look-buttons').attr('data-needs', 'script');
  const marks = row
    .selectAll<HTMLButtonElement, LookButton>('button')
    .data(buttons)
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button').attr('class', 'btn');
      button.append('span');
      button.append('small');
      return button;
    })
    .attr('data-look', ({ kind }) => kind)
    .attr('aria-busy', ({ kind }) => (look.pending === kind ? 'true' : null));
  marks.select('span').text(({ text }) => text);
  marks.select('small').text(({ note }) => note);
  drawPictureButton(row.node(), look);
  drawTextField(panel, look);
  select(panel)
    .selectAll<HTMLElement, string>('p.look-ran')
    .data(look.ran ? [look.ran] : [])
    .join('p')
    .attr('class', 'look-ran small')
    .attr('role', 'status')
    .text((text) => text);
  select(panel)
    .selectAll<HTMLElement, string>('p.look-problem')
    .data(look.problem ? [look.problem] : [])
    .join('p')
    .attr('class', 'look-problem')
    .attr('role', 'alert')
    .text((text) => text);
  drawTensors(panel, [
    ...(known('values') ?? []).map((tensor) => ({ title: t('look.value'), tensor })),
    ...(known('weights') ?? []).map((tensor) => ({ title: t('look.weight'), tensor })),
  ]);
}

/** The way in for a picture, where the panel takes one. */
function drawPictureButton(row: HTMLElement | null, { takesPicture, pending }: LookState): void {
  if (!row) return;
  const label = select(row)
    .selectAll<HTMLLabelElement, number>('label')
    .data(takesPicture ? [0] : [])
    .join((enter) => {
      const made = enter.append('label').attr('class', 'btn');
      made.append('span').text(t('look.picture'));
      made
        .append('input')
        .attr('class', 'sr-only')
        .attr('type', 'file')
        .attr('accept', 'image/*')
        .attr('data-part', 'look-picture');
      return made;
    });
  label.attr('aria-busy', pending === 'run' ? 'true' : null);
}

/** The way in for a text, where the panel takes one. What the reader typed is theirs: it is never drawn over. */
function drawTextField(panel: HTMLElement, { takesText, pending }: LookState): void {
  const field = select(panel)
    .selectAll<HTMLElement, number>('div.look-text')
    .data(takesText ? [0] : [])
    .join((enter) => {
      const made = enter.append('div').attr('class', 'look-text').attr('data-needs', 'script');
      const label = made.append('label').attr('class', 'field');
      label.append('span').text(t('look.text'));
      label
        .append('textarea')
        .attr('class', 'text-input')
        .attr('data-part', 'look-text')
        .attr('rows', 2)
        .attr('dir', 'auto');
      made
        .append('button')
        .attr('type', 'button')
        .attr('class', 'btn')
        .attr('data-part', 'look-run')
        .text(t('look.runText'));
      return made;
    });
  field.select('button').attr('aria-busy', pending === 'run' ? 'true' : null);
}

interface Titled {
  title: string;
  tensor: TensorSummary;
}

/** Draws tensors one below the other. */
export function drawTensors(panel: HTMLElement, tensors: readonly Titled[]): void {
  const boxes = select(panel)
    .selectAll<HTMLElement, Titled>('section.look')
    .data(tensors)
    .join((enter) => {
      const box = enter.append('section').attr('class', 'look');
      const title = box.append('p').attr('class', 'panel-title');
      title.append('b');
      title.append('span');
      box.append('p').attr('class', 'look-warning').attr('role', 'status');
      box.append('p').attr('class', 'look-largest');
      box.append('p').attr('class', 'small look-facts');
      box.append('svg').attr('class', 'histogram').attr('role', 'img');
      box.append('p').attr('class', 'small look-range');
      box.append('div').attr('class', 'slices').attr('role', 'img');
      box.append('p').attr('class', 'small look-more');
      return box;
    });
  boxes.select('b').text(({ tensor }) => tensor.name);
  boxes.select('span').text(({ title, tensor }) => ` ${title}, ${sayShape(tensor.shape)} ${tensor.dtype}`);
  boxes
    .select('.look-warning')
    .text(({ tensor }) => sayWarning(tensor))
    .attr('hidden', ({ tensor }) => (sayWarning(tensor) ? null : ''));
  boxes
    .select('.look-largest')
    .text(({ tensor }) => sayLargest(tensor))
    .attr('hidden', ({ tensor }) => (sayLargest(tensor) ? null : ''));
  boxes.select('.look-facts').text(({ tensor }) => sayStatistics(tensor));
  boxes.select('.look-more').text(({ tensor }) => sayMaps(tensor));
  boxes.select('.look-range').text(({ tensor }) => sayRange(tensor));
  boxes.each(function ({ tensor }) {
    const signature = JSON.stringify([tensor.name, tensor.statistics, tensor.maps?.total]);
    whenChanged(this, signature, () => {
      drawHistogram(this.querySelector<SVGSVGElement>('.histogram'), tensor);
      drawSlices(this.querySelector<HTMLElement>('.slices'), tensor);
    });
  });
}

/** What is wrong with a tensor: values that are no numbers. */
export function sayWarning({ statistics }: TensorSummary): string {
  if (!statistics || statistics.notNumbers + statistics.infinite === 0) return '';
  return t('look.warning', {
    nan: formatCount(statistics.notNumbers),
    infinite: formatCount(statistics.infinite),
    count: formatCount(statistics.count),
  });
}

/** Mean, deviation and zeros; the first texts of a tensor of texts. */
export function sayStatistics({ statistics, first }: TensorSummary): string {
  if (!statistics) return first.join(', ');
  const { mean, deviation, zeroShare } = statistics;
  return t('look.statistics', {
    mean: formatValue(mean),
    deviation: formatValue(deviation),
    zeros: formatPercent(zeroShare),
  });
}

/** The largest elements of a row with their places; nothing for what is no row. */
function sayLargest({ largest }: TensorSummary): string {
  if (largest.length === 0) return '';
  return t('look.largest', {
    list: largest.map(({ index, value }) => `${index}: ${formatValue(value)}`).join(' · '),
  });
}

function sayRange({ statistics }: TensorSummary): string {
  if (!statistics) return '';
  return t('look.range', {
    least: formatValue(statistics.least),
    largest: formatValue(statistics.largest),
    count: formatCount(statistics.count),
  });
}

function sayMaps({ maps }: TensorSummary): string {
  if (!maps) return '';
  return t('look.slices', { shown: formatCount(maps.maps.length), total: formatCount(maps.total) });
}

function drawHistogram(svg: SVGSVGElement | null, { histogram, name }: TensorSummary): void {
  if (!svg) return;
  svg.toggleAttribute('hidden', !histogram);
  const { counts = [] } = histogram ?? {};
  const most = Math.max(1, ...counts);
  const step = histogramSize.width / Math.max(1, counts.length);
  // The root, so that a few far values can be seen beside many near zero
  const height = (count: number): number => Math.sqrt(count / most) * histogramSize.height;
  select(svg)
    .attr('viewBox', `0 0 ${histogramSize.width} ${histogramSize.height}`)
    .attr('aria-label', t('look.histogram', { name }))
    .selectAll<SVGRectElement, number>('rect')
    .data(counts)
    .join('rect')
    .attr('x', (_, index) => (index * step + 0.5).toFixed(1))
    .attr('width', (step - 1).toFixed(1))
    .attr('y', (count) => (histogramSize.height - height(count)).toFixed(1))
    .attr('height', (count) => height(count).toFixed(1));
}

function drawSlices(box: HTMLElement | null, { maps, statistics, name }: TensorSummary): void {
  if (!box) return;
  box.toggleAttribute('hidden', !maps);
  if (!maps) return;
  const { width, height } = maps;
  const scale = sliceSide / Math.max(width, height);
  const values = maps.maps.flat().filter(Number.isFinite);
  const least = Math.min(0, ...values);
  const largest = Math.max(...values, statistics?.least ?? 0);
  select(box)
    .attr('aria-label', t('look.slicesOf', { name }))
    .selectAll<SVGSVGElement, number[]>('svg')
    .data(maps.maps)
    .join((enter) => {
      const svg = enter.append('svg');
      svg.append('g').attr('class', 'ink');
      return svg;
    })
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('width', Math.max(8, Math.round(width * scale)))
    .attr('height', Math.max(8, Math.round(height * scale)))
    .each(function (map) {
      const group = this.querySelector('g');
      if (!group) return;
      const shifted = map.map((value) => (Number.isFinite(value) ? value - least : 0));
      drawInk(group, shadeMap({ width, height, values: shifted, full: largest - least }));
    });
}
