/** The figure's numbers as tables. */
import { t } from '../../site/strings.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { formatCount } from '../kit/format.ts';
import { countAdaptation, placeIn, shownRow, type BertState } from './model.ts';
import { stateWords } from './view-adapting.ts';
import { drawCaption, type Part } from './panels.ts';
import { depthWords, partWords } from './words.ts';

/** Draws tokens with attention and, where the whole lens stands, cosines by layer and what moves. */
export function drawTables(part: Part, state: BertState, isWhole: boolean): void {
  drawTokenTable(part('table-tokens'), state);
  if (!isWhole) return;
  drawCosineTable(part('table-cosines'), state);
  drawPartTable(part('table-parts'), state);
}

function drawTokenTable(table: HTMLElement, state: BertState): void {
  const { tokens } = state.reading;
  const { row } = shownRow(state);
  drawCaption(table, t('bert.table.tokens', { piece: tokens[placeIn(state.from, tokens.length)].piece }));
  drawDataTable(
    table,
    [
      { heading: t('bert.table.token'), text: ({ token }) => token.piece },
      { heading: t('bert.table.id'), isNumber: true, text: ({ token }) => String(token.id) },
      { heading: t('bert.table.place'), isNumber: true, text: ({ place }) => String(place) },
      {
        heading: t('bert.table.offsets'),
        isNumber: true,
        text: ({ token }) => (token.word === null ? '–' : `${token.start}–${token.end}`),
      },
      { heading: t('bert.table.attention'), isNumber: true, text: ({ place }) => row[place].toFixed(3) },
    ],
    tokens.map((token, place) => ({ token, place })),
  );
}

function drawCosineTable(table: HTMLElement, state: BertState): void {
  const { comparison } = state.reading;
  const pair = comparison && Math.min(state.pair, comparison.shared.length - 1);
  const shared = pair === undefined ? undefined : comparison?.shared.at(pair);
  table.toggleAttribute('hidden', !shared);
  drawCaption(table, t('bert.table.cosines', { piece: shared?.piece ?? '' }));
  drawDataTable(
    table,
    [
      { heading: t('bert.table.depth'), text: ({ depth }) => depthWords(depth) },
      { heading: t('bert.table.cosine'), isNumber: true, text: ({ value }) => value.toFixed(3) },
    ],
    (shared && pair !== undefined ? (comparison?.cosines[pair] ?? []) : []).map((value, depth) => ({
      value,
      depth,
    })),
  );
}

function drawPartTable(table: HTMLElement, { encoder, way, amounts }: BertState): void {
  drawCaption(table, `${t('bert.adapt')}: ${t(`bert.way.${way}`)}`);
  drawDataTable(
    table,
    [
      { heading: t('bert.table.part'), text: ({ id }) => partWords(id) },
      { heading: t('bert.table.all'), isNumber: true, text: ({ parameters }) => formatCount(parameters) },
      { heading: t('bert.table.moving'), isNumber: true, text: ({ moving }) => formatCount(moving) },
      { heading: t('bert.table.added'), isNumber: true, text: ({ added }) => formatCount(added) },
      { heading: t('lens.table.state'), text: stateWords },
    ],
    countAdaptation(encoder, way, amounts).parts,
  );
}
