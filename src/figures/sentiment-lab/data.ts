/** What the figure starts from: the first frame, which comes with its code, and what the build writes into the page. */
import stored from './frame.json' with { type: 'json' };
import type { Start } from '../../labs/sentiment/settings.ts';
import type { SentimentFrame } from './frame.ts';

/** What stands in the figure's shell beside the drawing. */
export interface ShellData {
  networks: Record<Start, NetworkData>;
}

/** Where a network is, and what it costs to fetch. */
export interface NetworkData {
  /** Address of the network's catalogue. */
  catalogue: string;
  /** Bytes that the first run fetches. */
  downloadBytes: number;
}

export interface SentimentData extends ShellData {
  frame: SentimentFrame;
}

/** The file is made by scripts/frames.ts, whose type this is. */
export const firstFrame = stored as unknown as SentimentFrame;

/** The first frame with the data in the figure's shell. Throws if the shell holds none. */
export function readSentimentData(host: HTMLElement): SentimentData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  return { frame: firstFrame, ...(JSON.parse(text) as ShellData) };
}
