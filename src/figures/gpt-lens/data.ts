/** What the lens starts from: the first frame, which comes with its code, and what the build writes into the page. */
import stored from './frame.json' with { type: 'json' };
import type { ShellData } from '../bert-lens/data.ts';
import type { GptFrame } from './frame.ts';

export interface GptData extends ShellData {
  frame: GptFrame;
}

/** The file is made by scripts/frames.ts, whose type this is. */
export const firstFrame = stored as unknown as GptFrame;

/** The first frame with the data in the figure's shell. Throws if the shell holds none. */
export function readGptData(host: HTMLElement): GptData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  return { frame: firstFrame, ...(JSON.parse(text) as ShellData) };
}
