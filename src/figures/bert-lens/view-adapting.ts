/** What moves under each way of adapting the network: parts in the signs of frozen and trainable, with counts from the file. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent } from '../kit/format.ts';
import { iconMarkup } from '../kit/icons.ts';
import { saying, setText } from '../kit/join.ts';
import { countAdaptation, type AdaptedPart, type Adaptation, type BertState } from './model.ts';
import { choose, drawPanelTitle, type Part } from './panels.ts';
import { partWords } from './words.ts';

/** How far each amount goes. */
export const amountRanges = { last: [1, 4], adapters: [4, 128], lora: [1, 64] } as const;

/** Draws the choice of a way, its count in a sentence, and every part. */
export function drawAdapting(part: Part, state: BertState): void {
  const { encoder, way, amounts } = state;
  const adaptation = countAdaptation(encoder, way, amounts);
  drawPanelTitle(part('adapt-title'), t('bert.adapt'), t('bert.adaptNote'));
  select(part('way'))
    .selectAll<HTMLInputElement, unknown>('input')
    .each(function () {
      choose(this, 'checked', this.value === way);
    });
  drawAmount(part('amount'), part<HTMLInputElement>('amount-input'), state);
  setText(part('count'), sayCount(adaptation));
  drawParts(part('parts'), adaptation.parts);
}

/** The count in a sentence. */
export function sayCount({ moving, added, parameters }: Adaptation): string {
  const words = {
    moving: formatCount(moving),
    all: formatCount(parameters),
    share: formatPercent(moving / parameters),
  };
  return added > 0
    ? t('bert.adaptCount', { ...words, added: formatCount(added) })
    : t('bert.adaptCountPlain', words);
}

function drawAmount(label: HTMLElement, input: HTMLInputElement, { way, amounts, encoder }: BertState): void {
  const isThere = way === 'last' || way === 'adapters' || way === 'lora';
  label.toggleAttribute('hidden', !isThere);
  if (!isThere) return;
  const [min, most] = amountRanges[way];
  const max = way === 'last' ? encoder.layers : most;
  const value = String(amounts[way]);
  for (const [name, text] of [
    ['min', String(min)],
    ['max', String(max)],
    ['value', value],
  ])
    if (input.getAttribute(name) !== text) input.setAttribute(name, text);
  if (input.value !== value) input.value = value;
  input.setAttribute('style', `--at: ${((amounts[way] - min) / (max - min)) * 100}%`);
  setText(label.querySelector('span'), `${t(`bert.amount.${way}`)}: ${value}`);
}

function drawParts(list: HTMLElement, parts: readonly AdaptedPart[]): void {
  const items = select(list)
    .selectAll<HTMLLIElement, AdaptedPart>('li')
    .data(parts)
    .join((enter) => {
      const item = enter.append('li');
      for (const name of ['sign', 'name', 'state', 'bar', 'num']) item.append('span').attr('class', name);
      item.select('.bar').attr('aria-hidden', 'true').append('i');
      return item;
    })
    .attr('data-state', stateOf);
  items.select<HTMLElement>('.sign').each(function (part) {
    const icon = stateOf(part) === 'frozen' ? 'frozen' : 'trainable';
    if (this.getAttribute('data-icon') === icon) return;
    this.setAttribute('data-icon', icon);
    this.innerHTML = iconMarkup(icon);
  });
  items.select('.name').each(saying(({ id }) => partWords(id)));
  items.select('.state').each(saying(stateWords));
  items.select('.bar i').style('--v', ({ moving, parameters }) => (moving / parameters).toFixed(4));
  items.select('.num').each(saying(countWords));
}

function stateOf({ moving, parameters }: AdaptedPart): 'frozen' | 'mixed' | 'trainable' {
  if (moving === 0) return 'frozen';
  return moving === parameters ? 'trainable' : 'mixed';
}

/** The state of a part in words. */
export function stateWords(part: AdaptedPart): string {
  const state = stateOf(part);
  if (state === 'mixed') return t('bert.adaptMixed');
  return state === 'frozen' && part.added > 0 ? t('bert.adaptFrozenNew') : t(`state.${state}`);
}

function countWords({ moving, parameters, added }: AdaptedPart): string {
  const own = t('bert.adaptPart', { moving: formatCount(moving), all: formatCount(parameters) });
  return added > 0 ? `${own} ${t('bert.adaptAdded', { added: formatCount(added) })}` : own;
}
