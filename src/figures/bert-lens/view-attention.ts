/** Tokens, and the attention of one of them as arcs: across where there is room, downwards where there is none. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { keyed, saying } from '../kit/join.ts';
import { placeIn, shownRow, type AttentionState } from './model.ts';
import { drawPanelTitle, type Part } from './panels.ts';
import { headWords, shareWords } from './words.ts';

/** More tokens than this stand below each other at any width. */
const mostAcross = 14;

/** Weaker arcs would be hairs. */
const leastShare = 0.005;

interface Arc {
  to: number;
  share: number;
  isStrong: boolean;
  across: string;
  down: string;
}

/** Draws title, arcs and tokens. */
export function drawAttention(part: Part, state: AttentionState): void {
  const { tokens } = state.reading;
  const count = tokens.length;
  const from = placeIn(state.from, count);
  const { row, top } = shownRow(state);
  drawTitle(part('attention-title'), state, tokens[from].piece);
  part('arcs').toggleAttribute('data-many', count > mostAcross);
  const arcs = Array.from(row, (share, to): Arc => ({
    to,
    share,
    isStrong: top.includes(to),
    ...arcOf(from, to),
  })).filter(({ share, to }) => to !== from && share >= leastShare);
  for (const [name, box] of [
    ['across', `0 0 ${count} 10`],
    ['down', `0 0 10 ${count}`],
  ] as const)
    select(part<SVGSVGElement>(name))
      .attr('viewBox', box)
      .selectAll<SVGPathElement, Arc>('path')
      .data(
        arcs,
        keyed(({ to }) => String(to)),
      )
      .join('path')
      .attr('data-key', ({ to }) => to)
      .attr('class', ({ isStrong }) => (isStrong ? 'strong' : null))
      .attr('d', (arc) => arc[name])
      .attr('stroke-width', ({ share }) => (0.6 + share * 9).toFixed(1));
  part('down').setAttribute('style', `--count: ${count}`);
  drawTokens(part('tokens'), state, from, row, top);
}

function drawTitle(title: HTMLElement, { layer, head }: AttentionState, piece: string): void {
  const isRollout = head === 'rollout';
  const texts = isRollout
    ? [t('bert.rolloutTitle', { layer, piece }), t('bert.rolloutNote')]
    : [t('bert.attention', { layer, head: headWords(head), piece }), t('bert.attentionNote')];
  drawPanelTitle(title, texts[0], texts[1]);
}

/** Arcs in units of tokens: above the row, and left of the column. Ten units high or wide. */
function arcOf(from: number, to: number): Pick<Arc, 'across' | 'down'> {
  const [a, b] = [from + 0.5, to + 0.5];
  const reach = Math.min(13, 2 + Math.abs(to - from) * 1.25);
  const high = (10 - reach).toFixed(1);
  return {
    across: `M${a} 10C${a} ${high} ${b} ${high} ${b} 10`,
    down: `M10 ${a}C${high} ${a} ${high} ${b} 10 ${b}`,
  };
}

function drawTokens(
  group: HTMLElement,
  { reading, place }: AttentionState,
  from: number,
  row: Float32Array,
  top: readonly number[],
): void {
  const marks = select(group)
    .selectAll<HTMLButtonElement, (typeof reading.tokens)[number]>('button')
    .data(reading.tokens)
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button').attr('class', 'token');
      for (const name of ['share', 'piece', 'id', 'at']) button.append('span').attr('class', name);
      return button;
    })
    .attr('aria-pressed', (_, at) => String(at === from))
    .attr('tabindex', (_, at) => (at === from ? 0 : -1))
    .attr('data-asked', (_, at) => (at === place ? '' : null))
    .attr('data-mask', ({ isMasked }) => (isMasked ? '' : null))
    .attr('aria-label', ({ piece, id }, at) =>
      t('bert.tokenAttention', { piece, id, place: at, share: shareWords(row[at]) }),
    );
  marks
    .select('.share')
    .each(saying((_, at) => (top.includes(at) && row[at] >= leastShare ? shareWords(row[at]) : '')));
  marks.select('.piece').each(saying(({ piece }) => piece));
  marks.select('.id').each(saying(({ id }) => id));
  marks.select('.at').each(saying((_, at) => at));
}

/** One sentence about the chosen token, for assistive technology. */
export function sayToken(state: AttentionState): string {
  const { tokens } = state.reading;
  const { row, top } = shownRow(state);
  return t('bert.announceToken', {
    from: tokens[placeIn(state.from, tokens.length)].piece,
    to: tokens[top[0]].piece,
    share: shareWords(row[top[0]]),
  });
}
