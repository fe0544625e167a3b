/** The matrix of transfers: a table whose cells carry a bar, with the middle marked where guessing stands. */
import { select } from 'd3';
import { headingsOf } from '../kit/head-row.ts';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { keyed, setText } from '../kit/join.ts';
import { matrixRows, type Accuracy, type MatrixRow, type SentimentState, type Subject } from './model.ts';

/** The word for a domain. */
export function subjectWord(subject: Subject): string {
  return t(`sentiment.subject.${subject}`);
}

/** Draws the table, and what it was made with into `made`. */
export function drawMatrix(table: HTMLElement, made: HTMLElement, state: SentimentState): void {
  const rows = matrixRows(state);
  const root = select(table);
  headingsOf(root, [t('sentiment.matrixCorner'), ...rows.map(({ row }) => subjectWord(row))]).text(
    (text) => text,
  );
  const lines = root
    .selectAll<HTMLElement, number>('tbody')
    .data([0])
    .join('tbody')
    .selectAll<HTMLTableRowElement, MatrixRow>('tr')
    .data(
      rows,
      keyed(({ row }) => row),
    )
    .join((enter) => {
      const line = enter.append('tr');
      line.append('th').attr('scope', 'row');
      return line;
    })
    .attr('data-key', ({ row }) => row)
    .attr('class', ({ row }) => (row === state.filling?.row ? 'is-filling' : null));
  lines.select('th').text(({ row }) => subjectWord(row));
  const cells = lines
    .selectAll<HTMLTableCellElement, MatrixRow['cells'][number]>('td')
    .data(({ cells }) => cells)
    .join((enter) => {
      const cell = enter.append('td');
      cell.append('b');
      cell.append('small');
      const bar = cell
        .append('svg')
        .attr('viewBox', '0 0 100 5')
        .attr('preserveAspectRatio', 'none')
        .attr('aria-hidden', 'true');
      bar.append('rect').attr('height', 5);
      bar.append('path').attr('d', 'M50 0V5');
      return cell;
    });
  lines.each(function ({ row }) {
    select(this)
      .selectAll<HTMLElement, MatrixRow['cells'][number]>('td')
      .attr('class', ({ column }) => (column === row ? 'same' : null));
  });
  cells.select('b').text(({ accuracy }) => (accuracy ? formatPercent(accuracy.share, 0) : '–'));
  cells.select('small').text(({ accuracy }) => (accuracy ? intervalOf(accuracy) : ''));
  cells.select('rect').attr('width', ({ accuracy }) => Math.round((accuracy?.share ?? 0) * 1000) / 10);
  const { start, way, shots, epochs, rate, seed } = state.matrixSettings;
  setText(
    made,
    t('sentiment.matrixOf', { start, way: t(`sentiment.way.${way}`), shots, epochs, rate, seed }),
  );
}

function intervalOf({ low, high }: Accuracy): string {
  return t('sentiment.cell', { low: formatPercent(low, 0), high: formatPercent(high, 0) });
}
