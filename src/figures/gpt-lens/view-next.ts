/** What may come next: the network's probabilities, what the settings make of them, and a search over all pieces. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent } from '../kit/format.ts';
import { saying, setText } from '../kit/join.ts';
import { drawPanelTitle, setField, type Part } from '../bert-lens/panels.ts';
import {
  canTake,
  findPieces,
  isExact,
  nextPieces,
  openDraw,
  ranges,
  type GptState,
  type NextPiece,
} from './model.ts';

/** Draws candidates, settings and search. */
export function drawNext(part: Part, state: GptState): void {
  const { reading, decoder, settings } = state;
  const { tokens, place } = reading;
  drawPanelTitle(
    part('next-title'),
    t('gpt.next', { piece: tokens[place]?.piece ?? '' }),
    t('gpt.nextNote', { count: formatCount(decoder.pieces) }),
  );
  const isOpen = canTake(state);
  drawList(part('next'), nextPieces(state), isOpen);
  drawPanelTitle(part('draw-title'), t('gpt.draw'), t('gpt.drawNote'));
  drawSlider(part, 'temperature', settings.temperature, settings.temperature.toFixed(2));
  drawSlider(part, 'topK', settings.topK, settings.topK === 0 ? t('gpt.all') : String(settings.topK));
  drawSlider(part, 'topP', settings.topP, settings.topP === 1 ? t('gpt.all') : settings.topP.toFixed(2));
  setField(part<HTMLInputElement>('seed'), String(settings.seed));
  setText(part('draw-note'), drawWords(state));
  const { found, count } = findPieces(state);
  drawList(part('found'), found, isOpen);
  setText(part('found-note'), foundWords(state, found.length, count));
}

function drawSlider(part: Part, name: keyof typeof ranges, value: number, words: string): void {
  const input = part<HTMLInputElement>(name);
  const { min, max } = ranges[name];
  setField(input, String(value));
  input.setAttribute('style', `--at: ${(((value - min) / (max - min)) * 100).toFixed(1)}%`);
  input.setAttribute('aria-valuetext', words);
  setText(part(`${name}-label`), `${t(`gpt.${name}`)}: ${words}`);
}

function drawWords(state: GptState): string {
  if (!isExact(state)) return t('gpt.inexact');
  const { ids } = openDraw(state);
  if (state.settings.temperature === 0) return t('gpt.greedy');
  return t('gpt.kept', { count: formatCount(ids.length), all: formatCount(state.decoder.pieces) });
}

function foundWords({ search, isPrecomputed }: GptState, shown: number, count: number): string {
  if (search.trim() === '') return '';
  if (isPrecomputed) return t('gpt.searchLater');
  if (count === 0) return t('gpt.foundNone', { text: search.trim().slice(0, 40) });
  return t('gpt.found', { shown: formatCount(shown), count: formatCount(count) });
}

function drawList(list: HTMLElement, pieces: readonly NextPiece[], isOpen: boolean): void {
  const items = select(list)
    .selectAll<HTMLLIElement, NextPiece>('li')
    .data(pieces)
    .join((enter) => {
      const item = enter.append('li');
      item.append('span').append('button').attr('type', 'button').attr('class', 'put');
      const bars = item.append('span').attr('class', 'bar').attr('aria-hidden', 'true');
      bars.append('i').attr('class', 'own');
      bars.append('i').attr('class', 'drawn');
      item.append('span').attr('class', 'num');
      item.append('span').attr('class', 'num');
      return item;
    })
    .attr('data-follows', ({ follows }) => (follows ? '' : null))
    .attr('data-out', ({ chance }) => (chance === 0 ? '' : null));
  items
    .select('button')
    .attr('data-take', ({ id }) => id)
    .attr('disabled', isOpen ? null : '')
    .attr('aria-label', ({ piece, rank, own, chance, follows }) =>
      [
        isOpen ? t('gpt.take', { piece }) : piece,
        t('gpt.takeFacts', {
          rank: formatCount(rank),
          own: formatPercent(own),
          drawn: chance === 0 ? t('gpt.out') : formatPercent(chance),
        }),
        follows ? t('gpt.follows') : '',
      ]
        .filter(Boolean)
        .join(', '),
    )
    .each(saying(({ piece }) => piece));
  items.select('.own').attr('style', ({ own }) => `--v:${own.toFixed(4)}`);
  items.select('.drawn').attr('style', ({ chance }) => `--v:${chance.toFixed(4)}`);
  items.select(':nth-child(3)').each(saying(({ own }) => formatPercent(own)));
  items
    .select(':nth-child(4)')
    .each(saying(({ chance }) => (chance === 0 ? t('gpt.out') : formatPercent(chance))));
}
