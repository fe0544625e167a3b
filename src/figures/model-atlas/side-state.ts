/** The table of all networks, as the atlas's state. */
import type { SideBySide, SideColumn, SideNetwork, SideSort } from '../../labs/side-by-side.ts';

export { cellOf, sideCells, sideColumns, sortNetworks } from '../../labs/side-by-side.ts';
export type { SideBySide, SideColumn, SideNetwork, SideSort } from '../../labs/side-by-side.ts';

export interface SideState extends SideBySide {
  sort: SideSort;
  /** Median milliseconds of a run on this device, by network. */
  times: ReadonlyMap<string, number>;
  /** The network that is being measured, and how far, 0 to 1. */
  running?: { id: string; share: number } | undefined;
  /** Why not all could be measured. */
  problem: string;
}

/** Before anything has been measured. */
export function firstSide(content: SideBySide): SideState {
  return { ...content, sort: { column: undefined, isDescending: false }, times: new Map(), problem: '' };
}

/** The order after a press on a column's heading: up, down, and the third time as it was. */
export function nextSide({ column, isDescending }: SideSort, pressed: SideColumn | undefined): SideSort {
  if (column !== pressed) return { column: pressed, isDescending: false };
  return isDescending ? { column: undefined, isDescending: false } : { column, isDescending: true };
}

/** Those that can be measured in the page. */
export function measurable({ networks }: Pick<SideBySide, 'networks'>): SideNetwork[] {
  return networks.filter(({ catalogue }) => catalogue !== undefined);
}
