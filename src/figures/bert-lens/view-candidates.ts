/** The sentence word by word, to hide words in; what the network expects at a place; the same asked of every layer. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent } from '../kit/format.ts';
import { type Candidate, wordsOf, type BertState, type Word } from './model.ts';
import { drawPanelTitle, type Part } from './panels.ts';
import { depthWords } from './words.ts';
import { saying } from '../kit/join.ts';

/** Draws the three panels. */
export function drawCandidates(part: Part, state: BertState): void {
  const { reading, encoder } = state;
  const { guess, tokens } = reading;
  drawPanelTitle(part('words-title'), t('bert.words'), t('bert.wordsNote'));
  drawWords(part('words'), wordsOf(state));
  drawPanelTitle(
    part('candidates-title'),
    t('bert.candidates', { piece: tokens[guess.place]?.piece ?? '', place: guess.place }),
    t('bert.candidatesNote', { count: formatCount(encoder.pieces) }),
  );
  drawList(part('candidates'), guess.depths.at(-1) ?? []);
  drawPanelTitle(part('depths-title'), t('bert.depths'), t('bert.depthsNote'));
  drawDepths(part('depths'), guess.depths);
}

function drawWords(line: HTMLElement, words: readonly Word[]): void {
  const buttons = select(line)
    .selectAll<HTMLButtonElement, Word>('button')
    .data(words)
    .join('button')
    .attr('type', 'button')
    .attr('class', 'word')
    .attr('data-word', ({ word }) => word)
    .attr('data-asked', ({ isAsked }) => (isAsked ? '' : null))
    .attr('aria-pressed', ({ isHidden }) => String(isHidden))
    .attr('aria-label', ({ text, isHidden }) => (isHidden ? t('bert.wordHidden', { word: text }) : null));
  buttons.each(
    saying(({ text, isHidden, places }) => (isHidden ? places.map(() => '[MASK]').join(' ') : text)),
  );
}

function drawList(list: HTMLElement, candidates: readonly Candidate[]): void {
  const items = select(list)
    .selectAll<HTMLLIElement, Candidate>('li')
    .data(candidates)
    .join((enter) => {
      const item = enter.append('li');
      item.append('span').append('button').attr('type', 'button').attr('class', 'put');
      item.append('span').attr('class', 'bar').attr('aria-hidden', 'true').append('i');
      item.append('span').attr('class', 'num');
      return item;
    });
  items
    .select('button')
    .attr('data-put', ({ piece }) => piece)
    .attr('aria-label', ({ piece, probability }) =>
      t('bert.put', { piece, share: formatPercent(probability) }),
    )
    .each(saying(({ piece }) => piece));
  items.select('.bar i').style('--v', ({ probability }) => probability.toFixed(4));
  items.select('.num').each(saying(({ probability }) => formatPercent(probability)));
}

function drawDepths(table: HTMLElement, depths: readonly (readonly Candidate[])[]): void {
  const root = select(table).attr('class', 'data bert-depths');
  const head = root.selectAll<HTMLElement, number>('thead').data([0]).join('thead');
  head
    .selectAll<HTMLElement, number>('tr')
    .data([0])
    .join('tr')
    .selectAll<HTMLElement, string>('th')
    .data([t('bert.table.rank'), ...depths.map((_, depth) => depthWords(depth))])
    .join('th')
    .attr('scope', 'col')
    .each(saying((text) => text));
  const ranks = Array.from({ length: depths[0]?.length ?? 0 }, (_, rank) => rank);
  const rows = root
    .selectAll<HTMLElement, number>('tbody')
    .data([0])
    .join('tbody')
    .selectAll<HTMLElement, number>('tr')
    .data(ranks)
    .join('tr');
  rows
    .selectAll<HTMLElement, number>('th')
    .data((rank) => [rank])
    .join('th')
    .attr('scope', 'row')
    .each(saying((rank) => rank + 1));
  rows
    .selectAll<HTMLElement, Candidate>('td')
    .data((rank) => depths.map((best) => best[rank]))
    .join((enter) => {
      const cell = enter.append('td');
      cell.append('b');
      cell.append('span');
      return cell;
    })
    .call((cell) => cell.select('b').each(saying(({ piece }) => piece)))
    .call((cell) => cell.select('span').each(saying(({ probability }) => ` ${formatPercent(probability)}`)));
}
