/** Where the drawings of few-shot tasks lie, read at build time from what scripts/build-sprites.ts made. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseDrawingIndex, type DrawingIndex } from '../../labs/few-shot/drawings.ts';
import { address } from '../../site/content/address.ts';

/** The list's address below the site's base, what it says, and the bytes of list and sheet together. */
export async function readDrawings(
  publicDir = 'public',
): Promise<{ list: string; index: DrawingIndex; sizeBytes: number }> {
  const text = await readFile(`${publicDir}/sprites/targets.json`, 'utf8').catch(() => {
    throw new Error('public/sprites/targets.json is missing: run node scripts/build-assets.ts first.');
  });
  const index = parseDrawingIndex(JSON.parse(text));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return {
    list: address(`sprites/targets.json?${hash}`),
    index,
    sizeBytes: text.length + index.sheet.sizeBytes,
  };
}
