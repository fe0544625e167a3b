import type { ByteSource } from './byte-source.ts';
import { attachExternalData } from './external-data.ts';
import { readModelSteps } from './reader.ts';
import { refuseOtherFile } from './recognise.ts';
import { scanStructure } from './scan-structure.ts';
import type { Model } from './types.ts';

export interface OpenOptions {
  /** Files that hold weights outside the model's own, by the name that the model gives them (or its last part). */
  readonly files?: ReadonlyMap<string, ByteSource>;
  readonly signal?: AbortSignal;
}

/** How long a page may be kept from drawing, in milliseconds. Its limit for a smooth page is 50. */
const sliceMs = 12;

/**
 * Opens an .onnx file without reading its large weights: they get a `place` from which `loadTensor` reads them when they are
 * wanted. Works in slices of a few milliseconds, so it may run in a page's main thread.
 * @throws OnnxError naming the kind of a file that is no ONNX model, what is damaged and at which byte, or a place of external data
 * that no model may name. A missing file of external data is no error: its tensors keep `external` without a `place`.
 */
export async function openModel(source: ByteSource, options: OpenOptions = {}): Promise<Model> {
  refuseOtherFile(await source.read(0, Math.min(source.sizeBytes, 4096)));
  const pause = pauseBetweenSlices(options.signal);
  const steps = readModelSteps(await scanStructure(source, pause));
  for (let count = 1; ; count++) {
    const { done, value } = steps.next();
    if (done) return attachExternalData(value, options.files ?? new Map());
    if (count % 64 === 0) await pause();
  }
}

/** A function that lets others run when the current slice of time is used up. @throws the signal's reason once it is aborted. */
function pauseBetweenSlices(signal: AbortSignal | undefined): () => Promise<void> {
  let sliceEnd = performance.now() + sliceMs;
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() < sliceEnd) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    sliceEnd = performance.now() + sliceMs;
  };
}
