/** What the build writes into the lab's shell. */
import type { FreezeState } from './model.ts';

export interface LabData {
  /** Where the network's catalogue lies, and its graph without weights. */
  catalogue: string;
  skeleton: string;
  /** Folder of the drawings. */
  sprites: string;
  /** Bytes that the first run fetches. */
  downloadBytes: number;
  count: FreezeState['count'];
  countOfAll: FreezeState['countOfAll'];
}

/** The data in the figure's shell. Throws if it holds none. */
export function readLabData(host: HTMLElement): LabData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  return JSON.parse(text) as LabData;
}
