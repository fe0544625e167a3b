/**
 * Numbers that prose asks for with <Value of="…" />, so that no number in the text can grow stale.
 *
 *   models.<id>.parameters, .macs, .classes         from the manifest
 *   models.<id>.sizeBytes                            the weight file, as in "2.9 MB"
 *   models.<id>.measured.<name>                      a measurement of the model card, to one decimal as there, with its unit
 *   models.<id>.headParameters, .backboneParameters  counted in model.onnx
 *   models.<id>.trainable.<approach>                 trainable parameters: feature-extractor, last-stage, fine-tuning, from-scratch
 *   sentences.count, .domains, .perLabel             the labelled sentences of src/data/sentences
 *   examples.<slug>.<name>                           a number of a chapter's worked examples, computed in examples/<slug>.ts
 */
import { formatBytes, formatCount } from '../../figures/kit/format.ts';
import { exampleValues } from './examples/index.ts';
import { countSentences } from './sentences.ts';
import { countTrainable } from './trainable.ts';
import { isTextManifest } from '../../engine/registry/manifest.ts';
import { listManifests } from './models.ts';

/** Returns every value that prose may ask for, formatted; empty while the site has no model. */
export async function readValues(): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>(exampleValues());
  for (const [name, count] of countSentences()) values.set(`sentences.${name}`, formatCount(count));
  for (const manifest of listManifests()) {
    const key = (name: string): string => `models.${manifest.id}.${name}`;
    values.set(key('parameters'), formatCount(manifest.parameters));
    values.set(key('macs'), formatCount(manifest.macs));
    values.set(key('classes'), formatCount(manifest.output.classes));
    values.set(key('sizeBytes'), formatBytes(manifest.files.weights.sizeBytes));
    for (const { name, value, unit } of manifest.measured)
      values.set(key(`measured.${name}`), `${value.toFixed(1)}${unit ? `\u202f${unit}` : ''}`);
    if (isTextManifest(manifest)) continue;
    for (const [name, count] of await countTrainable(manifest)) values.set(key(name), formatCount(count));
  }
  return values;
}
