/** What the build writes into the lab's shell. */
import type { NetworkId } from '../../labs/freeze-lab/network.ts';
import type { FreezeState } from './model.ts';

/** Where a network is, and what a first run with it fetches. */
export interface NetworkPlace {
  id: NetworkId;
  /** Address of its catalogue. */
  catalogue: string;
  /** Address of its graph without weights. */
  skeleton: string;
  downloadBytes: number;
}

export interface LabData {
  /** The networks that can be chosen; the first is drawn. */
  networks: readonly NetworkPlace[];
  /** Folder of the drawings. */
  sprites: string;
  count: FreezeState['count'];
  countOfAll: FreezeState['countOfAll'];
}

/** The data in the figure's shell. Throws if it holds none. */
export function readLabData(host: HTMLElement): LabData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  return JSON.parse(text) as LabData;
}
