/** The open block's feature maps, and one channel enlarged with what can be said about it. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent, formatShort, formatValue } from '../kit/format.ts';
import { drawInk, shadeMap } from '../kit/ink.ts';
import { keyed, setText, whenChanged } from '../kit/join.ts';
import {
  channelOf,
  openBlock,
  openChannel,
  shownResult,
  summarise,
  type ActivationStack,
  type LensState,
} from './model.ts';
import { stackSignature, stepName } from './view-blocks.ts';

/** Maps shown before "Show all"; a multiple of the columns of every layout (12, 8, 6). */
export const firstMaps = 48;

interface MapParts {
  title: HTMLElement;
  absent: HTMLElement;
  maps: HTMLElement;
  more: HTMLElement;
}

/**
 * Draws the open block's channels as small maps in ink, or says why there are none yet. At most `most` maps get new ink;
 * true if some still show what was before.
 */
export function drawMaps(
  { title, absent, maps, more }: MapParts,
  state: LensState,
  most = Infinity,
): boolean {
  const block = openBlock(state);
  const stack = shownResult(state)?.stacks[block.id];
  drawTitle(title, state);
  absent.hidden = stack !== undefined;
  setText(absent, stack ? '' : t('lens.mapsAbsent'));
  const total = stack?.channels ?? 0;
  const count = state.showsAll ? total : Math.min(total, firstMaps);
  const chosen = openChannel(state);
  const tabStop = Math.min(chosen, count - 1);
  maps.classList.toggle('is-vector', isVector(stack));
  maps.classList.toggle('is-all', state.showsAll);
  maps.setAttribute('aria-label', title.textContent);
  const full = isVector(stack) ? strongestOf(stack) : undefined;
  let left = 0;
  let drawn = 0;
  maps.classList.toggle('is-signed', stack !== undefined && summarise(stack.data).smallest < 0);
  select(maps)
    .selectAll<HTMLButtonElement, number>('button')
    .data(Array.from({ length: count }, (_, channel) => channel))
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button').attr('class', 'map');
      button
        .append('svg')
        .attr('class', 'cell')
        .attr('aria-hidden', 'true')
        .attr('preserveAspectRatio', 'none')
        .attr('shape-rendering', 'crispEdges')
        .append('g');
      button.append('span');
      return button;
    })
    .attr('aria-pressed', (channel) => String(channel === chosen))
    .attr('tabindex', (channel) => (channel === tabStop ? 0 : -1))
    .each(function (channel) {
      if (!stack) return;
      const signature = `${channel} ${stackSignature(stack)}`;
      if (drawn >= most) left += 1;
      else
        whenChanged(this, signature, () => {
          drawn += 1;
          drawMap(this, stack, channel, full);
        });
    });
  more.hidden = total <= firstMaps;
  setText(more, state.showsAll ? t('lens.showFewer') : t('lens.showAll', { count: formatCount(total) }));
  more.setAttribute('aria-expanded', String(state.showsAll));
  return left > 0;
}

function drawTitle(title: HTMLElement, state: LensState): void {
  const block = openBlock(state);
  const [count = 1, height = 1, width = 1] = block.shape;
  const last = block.tensors.at(-1);
  const note =
    block.kind === 'head'
      ? t('lens.mapsLogits', { count: formatCount(count) })
      : height * width === 1
        ? t('lens.mapsVector', { count: formatCount(count) })
        : t('lens.mapsNote', { count, op: last ? stepName(last) : '', size: `${height}×${width}` });
  select(title)
    .selectAll<HTMLElement, string>('b, span')
    .data([t('lens.maps', { name: block.id }), note])
    .join((enter) => enter.append((_, index) => title.ownerDocument.createElement(index ? 'span' : 'b')))
    .text((text, index) => (index ? ` ${text}` : text));
}

function drawMap(button: HTMLButtonElement, stack: ActivationStack, channel: number, full?: number): void {
  const { mean } = summarise(channelOf(stack, channel));
  const isNegative = full !== undefined && mean < 0;
  const values = channelOf(stack, channel).map((value) => (isNegative ? -value : value));
  button.setAttribute('aria-label', t('lens.channelLabel', { channel, mean: formatValue(mean) }));
  const svg = select(button)
    .select<SVGSVGElement>('svg')
    .attr('viewBox', `0 0 ${stack.width} ${stack.height}`)
    .classed('negative', isNegative);
  drawPlaces(svg.node(), stack, values, full);
  setText(button.querySelector('span'), String(channel));
}

/** A channel's places in ink; where values lie on both sides of zero, each side has its colour and both have one scale. */
function drawPlaces(
  svg: SVGSVGElement | null,
  { width, height }: ActivationStack,
  values: Float32Array,
  scale?: number,
): void {
  const { smallest, largest } = summarise(values);
  const full = scale ?? Math.max(largest, -smallest);
  const root = select(svg);
  root.select<SVGGElement>('g').each(function () {
    drawInk(this, shadeMap({ width, height, values, full }));
  });
  root
    .selectAll<SVGGElement, number>('g.below')
    .data(smallest < 0 && scale === undefined ? [0] : [])
    .join('g')
    .attr('class', 'below')
    .each(function () {
      drawInk(this, shadeMap({ width, height, values: values.map((value) => -value), full }));
    });
}

/** Numbers without places: one cell a channel, all on one scale. */
function isVector(stack: ActivationStack | undefined): stack is ActivationStack {
  return stack !== undefined && stack.height * stack.width === 1;
}

function strongestOf(stack: ActivationStack): number {
  const { largest, smallest } = summarise(stack.data);
  return Math.max(largest, -smallest);
}

/** Draws the chosen channel enlarged, its ramp, and the facts about it and its block. */
export function drawChannel(side: HTMLElement, state: LensState): void {
  const block = openBlock(state);
  const stack = shownResult(state)?.stacks[block.id];
  const channel = openChannel(state);
  const root = select(side);
  const big = root
    .selectAll<HTMLElement, number>('.enlarged')
    .data(stack ? [channel] : [])
    .join((enter) => {
      const box = enter.insert('div', ':first-child').attr('class', 'enlarged');
      box.append('p').attr('class', 'panel-title').append('b');
      const map = box
        .append('div')
        .attr('class', 'map-large')
        .attr('data-part', 'large')
        .attr('tabindex', '0')
        .attr('role', 'group');
      map
        .append('svg')
        .attr('class', 'cell')
        .attr('aria-hidden', 'true')
        .attr('shape-rendering', 'crispEdges')
        .append('g');
      box.append('p').attr('class', 'small').attr('data-part', 'read').attr('aria-live', 'polite');
      return box;
    });
  const facts = root
    .selectAll<HTMLElement, number>('.channel-facts')
    .data([0])
    .join((enter) => {
      const box = enter.append('div').attr('class', 'channel-facts');
      box.append('div').attr('class', 'ramp');
      const ends = box.append('div').attr('class', 'ramp-ends');
      ends.append('span').attr('class', 'from');
      ends.append('span').attr('class', 'to');
      box.append('dl').attr('class', 'facts');
      return box;
    });
  const summary = stack && summarise(channelOf(stack, channel));
  const smallest = stack ? summarise(stack.data).smallest : 0;
  // A single number has no places to enlarge and no ramp
  const hasPlaces = summary !== undefined && !isVector(stack);
  big.selectAll('.map-large, .small').attr('hidden', hasPlaces ? null : '');
  facts.selectAll('.ramp, .ramp-ends').attr('hidden', hasPlaces ? null : '');
  const isSigned = hasPlaces && smallest < 0;
  const bound = summary && Math.max(summary.largest, -summary.smallest);
  side.classList.toggle('is-signed', isSigned);
  facts.select('.from').text(isSigned ? formatValue(-(bound ?? 0)) : summary ? formatValue(0) : '');
  facts.select('.to').text(formatValue((isSigned ? bound : summary?.largest) ?? 0));
  drawFacts(facts.select('dl').node() as HTMLElement, state, summary);
  if (!stack || !summary || big.empty()) return;
  const isClass = block.kind === 'head';
  const name = isClass ? state.result.classNames[channel] : undefined;
  big.select('.panel-title b').text(name ? t('lens.unit', { name }) : t('lens.channel', { channel }));
  const map = big.select<HTMLElement>('.map-large').attr('aria-label', t('lens.enlarged', { channel }));
  map.select('svg').attr('viewBox', `0 0 ${stack.width} ${stack.height}`);
  drawPlaces(map.select<SVGSVGElement>('svg').node(), stack, channelOf(stack, channel));
  const read = big.select<HTMLElement>('[data-part="read"]').node();
  if (read && !read.textContent) setText(read, t('lens.placeHint'));
}

function drawFacts(
  list: HTMLElement,
  state: LensState,
  summary: ReturnType<typeof summarise> | undefined,
): void {
  const block = openBlock(state);
  const isFlat = block.shape.length < 2;
  const [, inputHeight] = state.network.inputShape;
  const seesAll = block.receptiveField >= 2 * inputHeight || isFlat;
  const rows: [string, string][] = [];
  if (summary) rows.push([isFlat ? t('lens.value') : t('lens.mean'), formatValue(summary.mean)]);
  if (summary && !isFlat) rows.push([t('lens.zeros'), formatPercent(summary.zeroShare, 0)]);
  rows.push([
    t('lens.sees'),
    seesAll ? t('lens.seesAll') : t('lens.seesPixels', { size: block.receptiveField }),
  ]);
  rows.push([t('lens.weightsName'), block.parameters ? formatCount(block.parameters) : t('state.plain')]);
  rows.push([t('lens.macsName'), block.macs ? formatShort(block.macs) : '0']);
  const terms = select(list)
    .selectAll<HTMLElement, [string, string]>('div')
    .data(
      rows,
      keyed(([name]) => name),
    )
    .join((enter) => {
      const row = enter.append('div');
      row.append('dt');
      row.append('dd');
      return row;
    })
    .attr('data-key', ([name]) => name);
  terms.order();
  terms.select('dt').text(([name]) => name);
  terms.select('dd').text(([, value]) => value);
}
