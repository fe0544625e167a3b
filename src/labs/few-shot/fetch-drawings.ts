/** The drawings of few-shot tasks in the browser: fetched and decoded when a reader starts something. */
import { browserDecoder } from '../../data/picture/browser-decoder.ts';
import { ThawError } from '../../engine/errors.ts';
import { parseDrawingIndex } from './drawings.ts';
import type { DrawingSheet } from './read-pictures.ts';

/** The sheet whose list lies at this address. Throws a ThawError where a file does not come or is not what it should be. */
export async function fetchDrawings(list: string, signal: AbortSignal): Promise<DrawingSheet> {
  const index = parseDrawingIndex(await (await fetchFile(list, signal)).json());
  const { file, sha256 } = index.sheet;
  const sheet = new URL(`${file}?${sha256.slice(0, 8)}`, new URL(list, location.href));
  const answer = await fetchFile(sheet.href, signal);
  return { index, pixels: await browserDecoder.decodeRaster(await answer.blob(), undefined) };
}

async function fetchFile(address: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(address, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return undefined;
  });
  if (answer?.ok) return answer;
  throw new ThawError({
    code: 'network-lost',
    message: 'The drawings could not be fetched.',
    advice: 'Look whether you are online, then try again.',
  });
}
