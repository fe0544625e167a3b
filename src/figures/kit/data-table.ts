/** A table of a figure's numbers: rows and columns as data. */
import { select } from 'd3';
import { saying, setText } from './join.ts';

export interface Column<R> {
  heading: string;
  /** Numbers are set flush right. */
  isNumber?: boolean;
  /** The order of the rows by this column, if a press on the heading sorts them. */
  sort?: 'ascending' | 'descending' | 'none';
  text: (row: R) => string;
}

/** Draws heading and rows into a table element; the first column names its row. */
export function drawDataTable<R>(
  table: HTMLElement,
  columns: readonly Column<R>[],
  rows: readonly R[],
): void {
  const root = select(table).attr('class', 'data');
  const head = root.selectAll<HTMLElement, number>('thead').data([0]).join('thead');
  const headRow = head.selectAll<HTMLElement, number>('tr').data([0]).join('tr');
  headRow
    .selectAll<HTMLElement, Column<R>>('th')
    .data(columns)
    .join('th')
    .attr('scope', 'col')
    .attr('class', (column) => (column.isNumber ? 'num' : null))
    .attr('aria-sort', (column) => (column.sort === 'none' ? null : (column.sort ?? null)))
    .each(function (column) {
      drawHeading(this, column);
    });
  const body = root.selectAll<HTMLElement, number>('tbody').data([0]).join('tbody');
  const rowMarks = body
    .selectAll<HTMLElement, R>('tr')
    .data(rows)
    .join((enter) => {
      const row = enter.append('tr');
      columns.forEach((_, index) => row.append(index ? 'td' : 'th'));
      return row;
    });
  columns.forEach((column, index) => {
    rowMarks
      .select(`:nth-child(${index + 1})`)
      .attr('scope', index ? null : 'row')
      .attr('class', column.isNumber ? 'num' : null)
      .each(saying(column.text));
  });
}

function drawHeading<R>(cell: HTMLElement, { heading, sort }: Column<R>): void {
  if (sort === undefined) {
    setText(cell, heading);
    return;
  }
  const button = cell.querySelector('button') ?? cell.appendChild(cell.ownerDocument.createElement('button'));
  button.setAttribute('type', 'button');
  setText(button, heading);
}
