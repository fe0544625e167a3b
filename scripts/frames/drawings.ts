/** The drawings of few-shot tasks and a network, as frames need them. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeInNode } from '../../src/data/picture/node-decoder.ts';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import type { Runtime } from '../../src/engine/runtime/types.ts';
import { parseDrawingIndex } from '../../src/labs/few-shot/drawings.ts';
import type { DrawingSheet } from '../../src/labs/few-shot/read-pictures.ts';

/** The sheet that scripts/build-sprites.ts made. */
export async function readSheet(): Promise<DrawingSheet> {
  const index = parseDrawingIndex(JSON.parse(readFileSync('public/sprites/targets.json', 'utf8')));
  return { index, pixels: await decodeInNode(readFileSync(`public/sprites/${index.sheet.file}`)) };
}

/** A committed network: its file, the file's sha256, and a runtime that has it. Throws if the registry has no such network. */
export async function readNetwork(id: string): Promise<{ file: Buffer; sha256: string; runtime: Runtime }> {
  const { models } = await readCatalogue([id]);
  const entry = models.at(0);
  if (!entry) throw new Error(`The registry has no ${id}.`);
  const { path, sha256 } = entry.manifest.files.weights;
  const file = readFileSync(join('public', dirname(entry.manifestPath), path));
  return { file, sha256, runtime: createNodeRuntime(models) };
}
