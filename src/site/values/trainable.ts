/** Parameter counts that only the graph knows. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBlocks } from '../../engine/onnx/blocks.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { planTraining } from '../../engine/onnx/trainable.ts';
import type { Manifest } from '../../engine/registry/manifest.ts';

const counted = new Map<string, Promise<Map<string, number>>>();

/** Returns counts of parameters by value name: head, backbone, and the trainable ones of each approach. Reads a weight file once. */
export function countTrainable(manifest: Manifest, folder = 'public/models'): Promise<Map<string, number>> {
  const key = manifest.files.weights.sha256;
  const known = counted.get(key) ?? count(join(folder, manifest.id, manifest.files.weights.path));
  counted.set(key, known);
  return known;
}

async function count(file: string): Promise<Map<string, number>> {
  const blocks = findBlocks(readModel(new Uint8Array(await readFile(file))));
  const plan = (
    ...choice: [approach: 'feature-extractor' | 'fine-tuning' | 'from-scratch', lowest?: string]
  ): number => planTraining(blocks, ...choice).trainableParameters;
  const all = plan('fine-tuning');
  const head = plan('feature-extractor');
  const lastStage = Math.max(...blocks.map(({ stage }) => stage ?? 0));
  const lowest = blocks.find(({ stage }) => stage === lastStage);
  return new Map([
    ['headParameters', head],
    ['backboneParameters', all - head],
    ['trainable.feature-extractor', head],
    ['trainable.fine-tuning', all],
    ['trainable.from-scratch', plan('from-scratch')],
    ...(lowest ? [['trainable.last-stage', plan('fine-tuning', lowest.id)] as const] : []),
  ]);
}
