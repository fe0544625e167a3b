/** What the lens starts from: the first frame, which comes with its code, and what the build writes into the page. */
import stored from './frame.json' with { type: 'json' };
import type { Download } from '../kit/download-size.ts';
import type { BertFrame } from './frame.ts';

/** What stands in the figure's shell beside the drawing: everything but the frame. */
export interface ShellData {
  download: Download;
}

export interface BertData extends ShellData {
  frame: BertFrame;
}

/** The file is made by scripts/frames.ts, whose type this is. */
export const firstFrame = stored as unknown as BertFrame;

/** The first frame with the data in the figure's shell. Throws if the shell holds none. */
export function readBertData(host: HTMLElement): BertData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  return { frame: firstFrame, ...(JSON.parse(text) as ShellData) };
}
