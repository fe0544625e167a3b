/** The atlas's state and everything that follows from it: plain data and pure functions. */
import type { AtlasBox, AtlasNetwork, AtlasValue, AtlasWeight, Size } from '../../labs/atlas-network.ts';
import type { Strip } from './in-view.ts';
import { firstLook, type LookKind, type LookState } from './look-state.ts';
import type { SideState } from './side-state.ts';
import { markParts, type TrainingMark } from '../../labs/atlas-training.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import { formatBytes } from '../kit/format.ts';
import { oneOf, type Field, type FieldTable } from '../kit/url-state.ts';

export type { AtlasBox, AtlasNetwork, AtlasWeight, Size } from '../../labs/atlas-network.ts';
export type { TrainingMark } from '../../labs/atlas-training.ts';
export type { TensorSummary } from '../../labs/tensor-summary.ts';
export { firstLook, lookKey } from './look-state.ts';
export type { LookAction, LookKind, LookState } from './look-state.ts';

/** How much is open: a box for each stage, each block, each operator. */
export const levels = ['stages', 'blocks', 'operators'] as const;

export type Level = (typeof levels)[number];

/** The costs that boxes compare, in the order of their columns. */
export const costs = ['parameters', 'macs', 'activationBytes'] as const;

export type CostName = (typeof costs)[number];

/** Columns of the table of operators. */
export const columns = ['name', 'op', 'block', 'shape', ...costs] as const;

export type ColumnName = (typeof columns)[number];

export interface AtlasState {
  status: FigureStatus;
  network: AtlasNetwork;
  /** Ids of the open boxes; those whose parent is closed are kept for when it opens again. */
  open: ReadonlySet<string>;
  /** Id of the box whose details stand beside the drawing. */
  box: string;
  /** Id of the box under the pointer, whose details stand there for as long. */
  hover: string | undefined;
  /** Size of the drawing; 1 is that in which text is 13 pixels high. */
  zoom: number;
  query: string;
  sort: { column: ColumnName | undefined; isDescending: boolean };
  /** Tensors that were read, where the figure can read some. */
  look?: LookState;
  /** The part of a large drawing that has marks. */
  strip?: Strip;
  /** All networks side by side, where the figure has the table. */
  side?: SideState;
  /** Operators whose weights training changes, where the reader marks them. */
  trainable?: ReadonlySet<string>;
}

/** The most tensors that are read for one box. */
const mostRead = 4;

/** Names of the tensors that a box stores, those of a closed one heaviest first, or of the values that it hands on. */
export function lookNames(network: AtlasNetwork, box: AtlasBox, kind: LookKind): string[] {
  if (kind === 'values') return box.outputs.slice(0, mostRead);
  if (box.op !== undefined)
    return [...new Set((box.weights ?? []).map(({ name }) => name))].slice(0, mostRead);
  const size = ({ shape }: AtlasWeight): number => shape.reduce((product, one) => product * one, 1);
  const heaviest = operatorsIn(network, box)
    .flatMap(({ weights = [] }) => weights)
    .sort((a, b) => size(b) - size(a));
  return [...new Set(heaviest.map(({ name }) => name))].slice(0, mostRead);
}

/** The operators in a box; an operator itself. */
export function operatorsIn(network: AtlasNetwork, box: AtlasBox): AtlasBox[] {
  if (!canOpen(box)) return [box];
  const inside = new Set([box.id]);
  // A box stands before what it opens to
  return network.boxes.filter((one) => {
    if (one.parent === undefined || !inside.has(one.parent)) return false;
    inside.add(one.id);
    return !canOpen(one);
  });
}

/** How training treats a box; undefined where nothing is marked or it has no weights. */
export function markOf({ network, trainable }: AtlasState, box: AtlasBox): TrainingMark | undefined {
  return trainable && markParts(operatorsIn(network, box), trainable);
}

/** What stands in the address. */
export type Shared = Pick<AtlasState, 'open' | 'box' | 'zoom'>;

/** Sizes of the drawing, and those at which zooming opens and closes what is under the pointer. */
export const zoomRange = { least: 0.4, most: 2, opens: 1.6, closes: 0.5 };

/** The state of the first frame: closed, the box with most weights chosen. */
export function firstState(network: AtlasNetwork, level: Level = 'stages'): AtlasState {
  const heaviest = topBoxes(network).reduce((a, b) => (b.parameters > a.parameters ? b : a));
  return {
    status: 'ready',
    network,
    open: openAtLevel(network, level),
    box: heaviest.id,
    hover: undefined,
    zoom: 1,
    query: '',
    sort: { column: undefined, isDescending: false },
    ...(network.source && {
      look: firstLook({
        weightsNote: formatBytes(network.source.sizeBytes),
        takesPicture: network.source.picture !== undefined,
        takesText: network.source.text !== undefined,
      }),
    }),
  };
}

/** The boxes of the first level. */
export function topBoxes(network: AtlasNetwork): AtlasBox[] {
  return network.boxes.filter(({ parent }) => parent === undefined);
}

/** The box with this id; throws a RangeError if there is none. */
export function boxOf(network: AtlasNetwork, id: string): AtlasBox {
  const found = network.boxes.find((box) => box.id === id);
  if (!found) throw new RangeError(`${network.id} has no box "${id}".`);
  return found;
}

/** Whether a box opens to others. */
export function canOpen(box: AtlasBox): boolean {
  return box.op === undefined;
}

/** The boxes around a box, from the outermost. */
export function pathTo(network: AtlasNetwork, id: string): AtlasBox[] {
  const { parent } = boxOf(network, id);
  return parent === undefined ? [] : [...pathTo(network, parent), boxOf(network, parent)];
}

/** What is open at a level of detail: nothing; what holds more than operators; everything. */
export function openAtLevel(network: AtlasNetwork, level: Level): ReadonlySet<string> {
  const openable = network.boxes.filter(canOpen);
  const holders = new Set(openable.map(({ parent }) => parent));
  const isOpen = {
    stages: () => false,
    blocks: ({ id, kind }: AtlasBox) => kind === 'stage' && holders.has(id),
    operators: () => true,
  }[level];
  return new Set(openable.filter(isOpen).map(({ id }) => id));
}

/** The level that is open exactly, if any. */
export function levelOf(network: AtlasNetwork, open: ReadonlySet<string>): Level | undefined {
  return levels.find((level) => {
    const set = openAtLevel(network, level);
    return set.size === open.size && [...set].every((id) => open.has(id));
  });
}

/** Opens or closes a box; the chosen box moves out of what is closed. */
export function toggle(state: AtlasState, id: string): Pick<AtlasState, 'open' | 'box'> {
  const open = new Set(state.open);
  if (!canOpen(boxOf(state.network, id))) return { open, box: id };
  if (!open.delete(id)) open.add(id);
  return { open, box: id };
}

/** Opens everything around a box, so that it can be seen, and chooses it. */
export function reveal(state: AtlasState, id: string): Pick<AtlasState, 'open' | 'box'> {
  return { open: new Set([...state.open, ...pathTo(state.network, id).map((box) => box.id)]), box: id };
}

/** The box that stands for `id` in the drawing: itself, or the outermost closed box around it. */
export function visibleBox(network: AtlasNetwork, open: ReadonlySet<string>, id: string): string {
  return pathTo(network, id).find((box) => !open.has(box.id))?.id ?? id;
}

/** Whose details are shown: the box under the pointer, or the chosen one. */
export function shownBox({ network, box, hover }: AtlasState): AtlasBox {
  return boxOf(network, hover ?? box);
}

/** A box's part of what the whole network costs, 0 to 1. */
export function shareOf(network: AtlasNetwork, box: AtlasBox, cost: CostName): number {
  return network[cost] === 0 ? 0 : box[cost] / network[cost];
}

/** Boxes whose name or operator contains the query, operators last; none for an empty query. */
export function search({ network, query }: AtlasState): AtlasBox[] {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return [];
  const found = network.boxes.filter((box) =>
    [box.id, box.label, box.op ?? '', box.node ?? ''].some((text) => text.toLowerCase().includes(wanted)),
  );
  return found.toSorted((a, b) => Number(!canOpen(a)) - Number(!canOpen(b)));
}

/** The value that a box mainly hands on. */
export function outputOf(network: AtlasNetwork, box: AtlasBox): AtlasValue {
  return network.values[box.outputs.at(-1) ?? ''] ?? {};
}

/** The operators of a network in the order in which they run, sorted by a column if one is chosen. */
export function tableRows({ network, sort }: Pick<AtlasState, 'network' | 'sort'>): AtlasBox[] {
  const rows = network.boxes.filter((box) => !canOpen(box));
  const { column, isDescending } = sort;
  if (!column) return rows;
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(cellOf(network, a, column), cellOf(network, b, column)));
}

/** What stands in a cell; shapes are sorted by the number of their elements. */
function cellOf(network: AtlasNetwork, box: AtlasBox, column: ColumnName): string | number {
  switch (column) {
    case 'name':
      return box.node ?? box.label;
    case 'op':
      return box.op ?? '';
    case 'block':
      return box.parent ?? '';
    case 'shape':
      return elementsOf(outputOf(network, box).shape);
    default:
      return box[column];
  }
}

function elementsOf(shape: readonly Size[] = []): number {
  return shape.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** The order after a press on a column's heading: up, down, and the third time as they run. */
export function nextSort(sort: AtlasState['sort'], column: ColumnName | undefined): AtlasState['sort'] {
  const isSame = sort.column === column;
  if (isSame && sort.isDescending) return { column: undefined, isDescending: false };
  return { column, isDescending: isSame };
}

/** The table of shareable values for a network. */
export function sharedFields(network: AtlasNetwork): FieldTable<Shared> {
  const ids = network.boxes.map(({ id }) => id);
  return {
    open: openField(network),
    box: oneOf(ids),
    zoom: {
      read: (text) => {
        const zoom = Number(text);
        return /^\d(\.\d{1,2})?$/.test(text) && zoom >= zoomRange.least && zoom <= zoomRange.most
          ? zoom
          : undefined;
      },
      write: (zoom) => String(Math.round(zoom * 100) / 100),
    },
  };
}

/** Open boxes by the word of their level, else by their ids. */
function openField(network: AtlasNetwork): Field<ReadonlySet<string>> {
  return {
    read: (text) => {
      const level = levels.find((word) => word === text);
      if (level) return openAtLevel(network, level);
      const ids = new Set(text.split(','));
      return new Set(network.boxes.filter((box) => canOpen(box) && ids.has(box.id)).map(({ id }) => id));
    },
    write: (open) => levelOf(network, open) ?? [...open].join(','),
  };
}
