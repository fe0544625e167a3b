/**
 * Draws the atlas's state into its shell. The same function draws the first frame at build time and every frame in the
 * page; drawing the same state twice changes nothing.
 */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawDataTable, type Column } from '../kit/data-table.ts';
import { formatBytes, formatCount, formatShort } from '../kit/format.ts';
import { changesIn, keyed, setText, whenChanged } from '../kit/join.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import {
  columns,
  levelOf,
  outputOf,
  search,
  tableRows,
  type AtlasBox,
  type AtlasState,
  type ColumnName,
} from './model.ts';
import { drawDetails } from './view-details.ts';
import { drawLook } from './view-look.ts';
import { drawMap } from './view-map.ts';
import { drawSide } from './view-side.ts';
import { sayKind, sayShape } from './words.ts';

/** Tables of so many rows are there before they are opened. */
const fewRows = 300;

/** So many results of a search are listed. */
const mostFound = 8;

/** Draws everything below the figure's head into `root`, which holds the atlas's shell. */
export function drawAtlas(root: HTMLElement, state: AtlasState): void {
  const part = <E extends Element = HTMLElement>(name: string): E => {
    const element = root.querySelector<E>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The atlas's shell has no part "${name}".`);
    return element;
  };
  const changes = changesIn(root, state);
  const isOnly = (name: keyof AtlasState): boolean => changes?.size === 1 && changes.has(name);
  if (!isOnly('hover')) drawMap(part<SVGSVGElement>('map'), state);
  if (isOnly('strip')) return;
  drawDetails(part('details'), state);
  drawLook(part('look'), state);
  if (isOnly('hover')) return;
  const level = levelOf(state.network, state.open);
  select(part('levels'))
    .selectAll<HTMLInputElement, unknown>('input')
    .each(function () {
      const isChosen = this.value === level;
      this.toggleAttribute('checked', isChosen);
      if (this.checked !== isChosen) this.checked = isChosen;
    });
  drawFound(part('found'), state);
  drawLine(part('line'), state);
  drawSide(root, state.side);
  const { id, boxes } = state.network;
  const { column = '', isDescending } = state.sort;
  const table = part('table');
  // Thousands of rows weigh on every frame, shut away or not: they come when the reader opens them
  const isWanted = boxes.length <= fewRows || table.closest('details')?.hasAttribute('open') !== false;
  // A row for every operator: only when something in it changes
  if (isWanted)
    whenChanged(table, [id, boxes.length, column, isDescending].join(' '), () => drawTable(table, state));
}

function drawFound(box: HTMLElement, state: AtlasState): void {
  const found = search(state);
  const query = state.query.trim();
  box.toggleAttribute('hidden', !query);
  select(box)
    .selectAll<HTMLButtonElement, AtlasBox>('button')
    .data(
      found.slice(0, mostFound),
      keyed(({ id }) => id),
    )
    .join((enter) => enter.append('button').attr('type', 'button').attr('class', 'btn'))
    .attr('data-key', ({ id }) => id)
    .order()
    .text(({ id, node }) => node ?? id)
    .append('small')
    .text(sayKind);
  const rest = found.length - mostFound;
  const words = query && found.length === 0 ? t('atlas.foundNothing', { query }) : '';
  select(box)
    .selectAll<HTMLElement, string>('p')
    .data([rest > 0 ? t('atlas.foundMore', { count: formatCount(rest) }) : words].filter(Boolean))
    .join('p')
    .attr('class', 'small')
    .text((text) => text)
    .raise();
}

function drawLine(line: HTMLElement, state: AtlasState): void {
  const { id, fileBytes, parameters, macs, activationBytes } = state.network;
  const total = {
    weights: formatCount(parameters),
    macs: formatShort(macs),
    bytes: formatBytes(activationBytes),
  };
  drawStatusLine(line, {
    status: state.status,
    word: t('atlas.line.computed'),
    facts: [t('atlas.line.file', { id, size: formatBytes(fileBytes) }), t('atlas.line.total', total)],
    aside: t('atlas.line.keys'),
  });
}

const headings: Record<ColumnName, string> = {
  name: t('atlas.table.name'),
  op: t('atlas.table.op'),
  block: t('atlas.table.block'),
  shape: t('atlas.table.shape'),
  parameters: t('atlas.cost.parameters'),
  macs: t('atlas.cost.macs'),
  activationBytes: t('atlas.cost.activationBytes.long'),
};

function drawTable(table: HTMLElement, state: AtlasState): void {
  const { network, sort } = state;
  const caption =
    table.querySelector('caption') ??
    table.insertBefore(table.ownerDocument.createElement('caption'), table.firstChild);
  setText(caption, t('atlas.table'));
  const texts: Partial<Record<ColumnName, (box: AtlasBox) => string>> = {
    name: (box) => box.node ?? box.label,
    op: (box) => box.op ?? '',
    block: (box) => box.parent ?? '',
    shape: (box) => sayShape(outputOf(network, box).shape),
  };
  drawDataTable<AtlasBox>(
    table,
    columns.map((column): Column<AtlasBox> => ({
      heading: headings[column],
      isNumber: !['name', 'op', 'block'].includes(column),
      sort: sort.column === column ? (sort.isDescending ? 'descending' : 'ascending') : 'none',
      text:
        texts[column] ?? ((box) => (column in box ? formatCount(Number(box[column as keyof AtlasBox])) : '')),
    })),
    tableRows(state),
  );
}
