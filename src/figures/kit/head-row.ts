/** The head of a table whose columns change. */
import type { Selection } from 'd3';

/** The headings of a table's one head row, made or changed to these words; the caller writes them. */
export function headingsOf<E extends Element | null>(
  table: Selection<E, unknown, null, undefined>,
  words: readonly string[],
): Selection<HTMLElement, string, HTMLElement, number> {
  return table
    .selectAll<HTMLElement, number>('thead')
    .data([0])
    .join((enter) => {
      const head = enter.append<HTMLElement>('thead');
      head.append('tr');
      return head;
    })
    .select<HTMLElement>('tr')
    .selectAll<HTMLElement, string>('th')
    .data(words)
    .join('th')
    .attr('scope', 'col');
}
