/** What the feature space starts from: the first frame, which comes with its code, and what the build writes into the page. */
import firstFrame from './frame.json' with { type: 'json' };
import type { SpaceFrame } from './frame.ts';

/** What stands in the figure's shell beside the drawing. */
export interface ShellData {
  /** Where each network's catalogue lies, by its id; only live.ts fetches them. */
  catalogues: Readonly<Record<string, string>>;
  /** Where the list of drawings lies. */
  drawings: string;
  /** Bytes of the first start: runtime, networks, drawings. */
  downloadBytes: number;
}

export interface SpaceData extends ShellData {
  frame: SpaceFrame;
}

/** The first frame with the data in the figure's shell. Throws if the shell holds none. */
export function readSpaceData(host: HTMLElement): SpaceData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  // The file is made by scripts/frames.ts, whose type this is
  return { frame: firstFrame as unknown as SpaceFrame, ...(JSON.parse(text) as ShellData) };
}
