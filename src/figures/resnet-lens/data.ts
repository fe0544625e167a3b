/** What the build writes into the page for the lens. */
import type { LensFrame } from './frame.ts';
import type { LensStart } from './model.ts';
import type { Gallery } from './run-state.ts';

export interface LensData {
  frame: LensFrame;
  gallery: Gallery;
  download: {
    /** A Catalogue of the engine; only live.ts reads it. */
    catalogue: unknown;
    sizes: { wasm: number; jspi: number; asyncify: number };
  };
  start: LensStart;
}

/** The data in the figure's shell. Throws if the shell holds none. */
export function readLensData(host: HTMLElement): LensData {
  const text = host.querySelector('script[data-part="data"]')?.textContent;
  if (!text) throw new Error(`<${host.localName}> has no data script in its shell.`);
  return JSON.parse(text) as LensData;
}

/** Whether the page reloaded for threads after the reader had pressed the button. */
export function wasInterrupted(): boolean {
  try {
    return sessionStorage.getItem('thaw.lens') !== null;
  } catch {
    return false;
  }
}
