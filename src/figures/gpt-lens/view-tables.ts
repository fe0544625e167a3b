/** The figure's numbers as tables, and as a file for a spreadsheet. */
import { t } from '../../site/strings.ts';
import { csvText } from '../kit/csv.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { formatCount, formatPercent } from '../kit/format.ts';
import { drawCaption, type Part } from '../bert-lens/panels.ts';
import { shownRow } from '../bert-lens/model.ts';
import { attentionOf, nextPieces, type GptState } from './model.ts';

/** Draws the tokens with surprise and attention, and what may come next. */
export function drawTables(part: Part, state: GptState): void {
  const { tokens, surprises, written, place } = state.reading;
  const { row } = shownRow(attentionOf(state));
  const begins = tokens.length - written.length;
  drawCaption(
    part('table-tokens'),
    t('gpt.table.tokens', { piece: tokens[Math.min(state.from, tokens.length - 1)]?.piece ?? '' }),
  );
  drawDataTable(
    part('table-tokens'),
    [
      { heading: t('bert.table.token'), text: ({ token }) => token.piece },
      { heading: t('bert.table.id'), isNumber: true, text: ({ token }) => String(token.id) },
      { heading: t('bert.table.place'), isNumber: true, text: ({ at }) => String(at) },
      { heading: t('gpt.table.by'), text: ({ at }) => byWords(at, begins) },
      {
        heading: t('gpt.table.probability'),
        isNumber: true,
        text: ({ at }) => (surprises[at] ? formatPercent(surprises[at].probability) : '–'),
      },
      {
        heading: t('gpt.table.bits'),
        isNumber: true,
        text: ({ at }) => surprises[at]?.bits.toFixed(2) ?? '–',
      },
      {
        heading: t('bert.table.rank'),
        isNumber: true,
        text: ({ at }) => (surprises[at] ? formatCount(surprises[at].rank) : '–'),
      },
      { heading: t('bert.table.attention'), isNumber: true, text: ({ at }) => (row[at] ?? 0).toFixed(3) },
    ],
    tokens.map((token, at) => ({ token, at })),
  );
  drawCaption(part('table-next'), t('gpt.table.next', { piece: tokens[place]?.piece ?? '' }));
  drawDataTable(
    part('table-next'),
    [
      { heading: t('bert.table.token'), text: ({ piece }) => piece },
      { heading: t('bert.table.id'), isNumber: true, text: ({ id }) => String(id) },
      { heading: t('bert.table.rank'), isNumber: true, text: ({ rank }) => formatCount(rank) },
      { heading: t('gpt.key.own'), isNumber: true, text: ({ own }) => formatPercent(own, 2) },
      {
        heading: t('gpt.key.drawn'),
        isNumber: true,
        text: ({ chance }) => (chance === 0 ? t('gpt.out') : formatPercent(chance, 2)),
      },
    ],
    nextPieces(state),
  );
}

/** The same as a file: a row for each token, then one for each piece that may follow. */
export function gptCsv(state: GptState): string {
  const { tokens, surprises, written } = state.reading;
  const { row } = shownRow(attentionOf(state));
  const begins = tokens.length - written.length;
  const { temperature, topK, topP, seed } = state.settings;
  return csvText([
    ['place', 'piece', 'id', 'by', 'probability', 'bits', 'rank', 'attention', 'layer', 'head'],
    ...tokens.map(({ piece, id }, at) => [
      at,
      piece,
      id,
      byWords(at, begins),
      surprises[at]?.probability ?? '',
      surprises[at]?.bits ?? '',
      surprises[at]?.rank ?? '',
      row[at] ?? 0,
      state.layer,
      state.head,
    ]),
    [],
    ['next', 'id', 'rank', 'probability', 'drawn', 'temperature', 'top-k', 'top-p', 'seed'],
    ...nextPieces(state).map(({ piece, id, rank, own, chance }) => [
      piece,
      id,
      rank,
      own,
      chance,
      temperature,
      topK,
      topP,
      seed,
    ]),
  ]);
}

function byWords(at: number, begins: number): string {
  if (at === 0) return t('gpt.by.frame');
  return at >= begins ? t('gpt.by.network') : t('gpt.by.reader');
}
