/** Fields beside the choice, and the reader's own table: they show the state, and what is being typed stays until it is done. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { choosable, type OwnTable, type Problem, type SentimentState } from './model.ts';
import { subjectWord } from './view-matrix.ts';

/** Writes the settings into the fields, and into the choice of what is asked about. */
export function drawFields(root: HTMLElement, state: SentimentState): void {
  const { settings, backend } = state;
  const values: Record<string, string> = {
    rate: String(settings.rate),
    epochs: String(settings.epochs),
    seed: String(settings.seed),
    backend,
    to: settings.target,
    start: settings.start,
  };
  const figure = root.closest('.fig-body') ?? root;
  const target = figure.querySelector<HTMLElement>('select[data-field="to"]');
  select(target)
    .selectAll<HTMLOptionElement, string>('option')
    .data(choosable(state))
    .join('option')
    .attr('value', (subject) => subject)
    .text(subjectWord);
  for (const field of figure.querySelectorAll<HTMLElement>('[data-field]')) {
    const value = values[field.dataset['field'] ?? ''] ?? '';
    if (field.localName === 'select') {
      for (const option of field.querySelectorAll('option')) {
        const isChosen = option.getAttribute('value') === value;
        if (option.selected !== isChosen) option.selected = isChosen;
      }
    } else type(field as HTMLInputElement, value);
  }
}

function type(field: HTMLInputElement, value: string): void {
  if (field.value !== value && field !== field.ownerDocument.activeElement) field.value = value;
}

/** Says what the table in use holds, and what is wrong with the last one that was offered. */
export function drawOwn(root: HTMLElement, { own, ownProblem }: SentimentState): void {
  const news = root.querySelector<HTMLElement>('[data-part="own-news"]');
  root.querySelector('[data-own="drop"]')?.toggleAttribute('hidden', own === undefined);
  select(news)
    .selectAll<HTMLElement, Problem>('.problem')
    .data(ownProblem ? [ownProblem] : [])
    .join((enter) => {
      const box = enter.append('div').attr('class', 'problem');
      const words = box.append('p');
      words.append('b');
      words.append('span');
      return box;
    })
    .call((box) => box.select('b').text(({ message }) => message))
    .call((box) =>
      box.select('span').text(({ advice, kept }) => ` ${[advice, kept].filter(Boolean).join(' ')}`),
    );
  select(news)
    .selectAll<HTMLElement, string>('p.good')
    .data(own ? sentencesOn(own) : [])
    .join('p')
    .attr('class', 'small good')
    .text((text) => text);
}

function sentencesOn({ sentences, counts, empty, surplus, isUnbalanced }: OwnTable): string[] {
  const { positive, negative } = counts;
  return [
    t('sentiment.tableGood', { count: sentences.length, positive, negative }),
    empty > 0 ? t('sentiment.tableEmpty', { count: empty }) : '',
    surplus > 0 ? t('sentiment.tableSurplus', { count: surplus }) : '',
    isUnbalanced
      ? t('sentiment.tableUnbalanced', {
          share: formatPercent(Math.max(positive, negative) / (positive + negative), 0),
        })
      : '',
  ].filter(Boolean);
}
