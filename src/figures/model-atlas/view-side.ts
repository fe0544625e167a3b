/** Draws all networks side by side: a table to sort, and what was measured in this page. */
import { t } from '../../site/strings.ts';
import { drawDataTable, type Column } from '../kit/data-table.ts';
import {
  formatBytes,
  formatCount,
  formatMilliseconds,
  formatPercent,
  formatShort,
  thinSpace,
} from '../kit/format.ts';
import { setText, whenChanged } from '../kit/join.ts';
import {
  cellOf,
  sideColumns,
  sortNetworks,
  type SideColumn,
  type SideNetwork,
  type SideState,
} from './side-state.ts';

const numbers: readonly SideColumn[] = ['sizeBytes', 'parameters', 'macs', 'time', 'accuracy'];

/** Draws into the parts of a shell that has the table; others are left alone. */
export function drawSide(root: HTMLElement, side: SideState | undefined): void {
  const table = root.querySelector<HTMLElement>('[data-part="side-table"]');
  if (!table || !side) return;
  const { sort, times, running, problem } = side;
  const signature = [sort.column, sort.isDescending, ...times].join(' ');
  whenChanged(table, signature, () => drawTable(table, side));
  setText(
    root.querySelector('[data-part="side-measure"]'),
    running ? t('side.cancel') : t('side.measure', { size: formatBytes(side.downloadBytes) }),
  );
  const note = root.querySelector('[data-part="side-note"]');
  const words = running
    ? t('side.running', { id: running.id, share: formatPercent(running.share, 0) })
    : problem;
  setText(note, words);
}

function drawTable(table: HTMLElement, { networks, sort, times }: SideState): void {
  const caption =
    table.querySelector('caption') ??
    table.insertBefore(table.ownerDocument.createElement('caption'), table.firstChild);
  setText(caption, t('side.caption'));
  const says: Partial<Record<SideColumn, (network: SideNetwork) => string>> = {
    takes: ({ takes }) => t(`side.takes.${takes}`),
    weights: ({ weights }) => t(`side.weights.${weights}`),
    sizeBytes: ({ sizeBytes }) => (sizeBytes === undefined ? '–' : formatBytes(sizeBytes)),
    parameters: ({ parameters }) => formatCount(parameters),
    macs: ({ macs, pieces }) =>
      pieces === undefined ? formatShort(macs) : t('side.pieces', { macs: formatShort(macs), pieces }),
    time: ({ id }) => {
      const elapsedMs = times.get(id);
      return elapsedMs === undefined ? '–' : formatMilliseconds(elapsedMs);
    },
    accuracy: ({ accuracy }) => (accuracy ? sayMeasured(accuracy) : '–'),
  };
  drawDataTable<SideNetwork>(
    table,
    sideColumns.map((column): Column<SideNetwork> => ({
      heading: t(`side.column.${column}`),
      isNumber: numbers.includes(column),
      sort: sort.column === column ? (sort.isDescending ? 'descending' : 'ascending') : 'none',
      text: says[column] ?? ((network) => String(cellOf(network, column, times) ?? '–')),
    })),
    sortNetworks(networks, sort, times),
  );
}

/** Such as "41.14 %, photos"; a perplexity has no unit. */
function sayMeasured({ value, unit, name }: NonNullable<SideNetwork['accuracy']>): string {
  return `${value}${unit && thinSpace}${unit}, ${name}`;
}
