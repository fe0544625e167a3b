/** The course's text network, its sentences, and what the tests ask of them. */
import { readFileSync } from 'node:fs';
import { DOMAINS, readLabelled } from '../../../../src/data/sentences/labelled.ts';
import { readCatalogue } from '../../../../src/engine/registry/read-catalogue.ts';
import { createNodeRuntime } from '../../../../src/engine/runtime/node.ts';
import { describeTextNetwork } from '../../../../src/labs/sentiment/describe-network.ts';
import type { Library } from '../../../../src/labs/sentiment/examples.ts';
import { openTextReader } from '../../../../src/labs/sentiment/run.ts';

export const library: Library = Object.fromEntries(
  DOMAINS.map((domain) => [domain, readLabelled(readFileSync(`src/data/sentences/${domain}.csv`, 'utf8'))]),
);

export const file = new Uint8Array(readFileSync('public/models/bert-mini/model.onnx'));

export const network = describeTextNetwork(file);

/** The network in this process, with the reader of its texts. */
export async function openHere() {
  const { models } = await readCatalogue(['bert-mini']);
  const model = await createNodeRuntime(models).load('bert-mini');
  return { model, reader: openTextReader(model), network, library };
}
