/** What the race starts from: the first frame, which comes with its code, and what the build writes into the page. */
import firstFrame from './frame.json' with { type: 'json' };
import type { RaceFrame } from './frame.ts';

/** What stands in the figure's shell beside the drawing. */
export interface ShellData {
  /** Where the network's catalogue lies; only live.ts fetches it. */
  catalogue: string;
  /** Where the list of drawings lies; their sheet lies beside it. */
  drawings: string;
  /** Bytes of the first start: runtime, network, drawings. */
  downloadBytes: number;
}

export interface RaceData extends ShellData {
  frame: RaceFrame;
}

/** The first frame with the data in the figure's shell. Throws if the shell holds none. */
export function readRaceData(host: HTMLElement): RaceData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  // The file is made by scripts/frames.ts, whose type this is
  return { frame: firstFrame as unknown as RaceFrame, ...(JSON.parse(text) as ShellData) };
}
