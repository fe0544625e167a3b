/** What the lens starts from: the first frame, which comes with its code, and what the build writes into the page. */
import firstFrame from './frame.json' with { type: 'json' };
import type { NetworkDescription } from '../../labs/network-description.ts';
import type { LensFrame } from './frame.ts';
import type { LensStart } from './model.ts';
import type { Gallery } from './run-state.ts';

export interface LensData {
  frame: LensFrame;
  gallery: Gallery;
  download: {
    /** Where the network's catalogue lies; only live.ts fetches it. */
    catalogue: string;
    sizes: { wasm: number; jspi: number; asyncify: number };
  };
  start: LensStart;
  /** Networks of full size that may stand in the bundled one's place, as their manifests describe them. */
  published?: readonly PublishedNetwork[];
}

/** A network that is fetched from its public home when the reader asks for it. */
export interface PublishedNetwork {
  outline: NetworkDescription;
  /** Where its catalogue lies. */
  catalogue: string;
  /** What a first run fetches under WASM, runtime included. */
  sizeBytes: number;
}

/** What stands in the figure's shell beside the drawing: everything but the frame. */
export type ShellData = Omit<LensData, 'frame'>;

/** The first frame with the data in the figure's shell. Throws if the shell holds none. */
export function readLensData(host: HTMLElement): LensData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  // The file is made by scripts/frames.ts, whose type this is
  return { frame: firstFrame as unknown as LensFrame, ...(JSON.parse(text) as ShellData) };
}
