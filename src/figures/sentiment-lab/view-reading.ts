/** What the trained network says of the reader's sentence, with the words that moved it. Words are text, never markup. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatPercent, formatValue } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { weighedWords, type SentenceAnswer, type SentimentState } from './model.ts';

/** Draws the reading, or why there is none. */
export function drawReading(root: HTMLElement, state: SentimentState): void {
  const { reading, threshold, sentence, canAsk } = state;
  const part = (name: string) => root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  const field = root.parentElement?.querySelector<HTMLTextAreaElement>('[data-part="sentence"]');
  if (field && field.value !== sentence && field !== field.ownerDocument.activeElement)
    field.value = sentence;
  field?.toggleAttribute('disabled', !canAsk);
  setText(part('verdict'), reading ? verdictOf(reading, threshold) : '');
  for (const name of ['verdict', 'words-title', 'words'])
    part(name)?.toggleAttribute('hidden', reading === undefined);
  const list = part('words');
  if (list && reading) drawWords(list, reading);
  select(part('notes'))
    .selectAll<HTMLElement, string>('p')
    .data(notesOn(state))
    .join('p')
    .attr('class', 'small')
    .text((text) => text);
}

/** The label and its probability. */
export function verdictOf({ probability }: SentenceAnswer, threshold: number): string {
  const label = probability >= threshold ? 1 : 0;
  const share = formatPercent(label === 1 ? probability : 1 - probability);
  return t('sentiment.verdict', { label: t(`sentiment.label.${label}`), share });
}

function drawWords(list: HTMLElement, reading: SentenceAnswer): void {
  const words = weighedWords(reading);
  const items = select(list)
    .selectAll<HTMLElement, (typeof words)[number]>('li')
    .data(words)
    .join((enter) => {
      const item = enter.append('li');
      item.append('span');
      item.append('small');
      return item;
    })
    .attr('class', ({ strength }) => (strength >= 0 ? 'pos' : 'neg'))
    .style('--v', ({ strength }) => Math.abs(strength).toFixed(2));
  items.select('span').text(({ text }) => text);
  items.select('small').text(({ influence }) => signed(influence));
}

function signed(value: number): string {
  return value > 0 ? `+${formatValue(value)}` : formatValue(value);
}

function notesOn({ reading, sentenceNotice }: SentimentState): string[] {
  if (!reading) return sentenceNotice ? [sentenceNotice] : [];
  const { frame, cut, unknown, pieces, words } = reading;
  return [
    t('sentiment.towards'),
    t('sentiment.frame', { influence: signed(frame) }),
    cut > 0 ? t('sentiment.cut', { count: cut, length: pieces + 2 }) : '',
    unknown > 0 && words.length > 0 ? t('sentiment.unknown', { count: unknown, pieces }) : '',
  ].filter(Boolean);
}
