/** The first frame of the BERT lens. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import { firstState, packFrame, unpackReading, type BertFrame } from '../../src/figures/bert-lens/frame.ts';
import { otherSample, samples } from '../../src/figures/bert-lens/samples.ts';
import { shownRow } from '../../src/figures/bert-lens/model.ts';
import { describeEncoder } from '../../src/labs/bert-lens/encoder.ts';
import { openReader } from '../../src/labs/bert-lens/reader.ts';
import type { FrameMaker } from './frame-maker.ts';
import { isNear } from './is-near.ts';

const modelId = 'bert-mini';

/** What the network makes of two sentences. */
export const bertFrame: FrameMaker = {
  target: 'src/figures/bert-lens/frame.json',
  make: makeFrame,
  isCurrent: async (committed) => {
    const [old, now] = [committed as BertFrame, await makeFrame()];
    const facts = ({ weights, encoder, layer, head, text, tokens }: BertFrame) =>
      JSON.stringify({ weights, encoder, layer, head, text, tokens });
    return (
      facts(old) === facts(now) &&
      isNear(unpackReading(old).attention, unpackReading(now).attention) &&
      isNear(old.guess, now.guess)
    );
  },
};

async function makeFrame(): Promise<BertFrame> {
  const { models } = await readCatalogue([modelId]);
  const [entry] = models;
  if (!entry) throw new Error(`The registry has no ${modelId}.`);
  const { manifest, manifestPath } = entry;
  const file = readFileSync(join('public', dirname(manifestPath), manifest.files.weights.path));
  const encoder = describeEncoder(new Uint8Array(file), modelId, manifest.title);
  const reader = await openReader(createNodeRuntime(models), encoder);
  const { reading } = await reader.read({ text: samples[0], other: otherSample, hidden: [], place: -1 });
  const { comparison } = reading;
  if (!comparison) throw new Error('The second sentence gave no comparison.');
  const facts = { madeBy: 'npm run frames', weights: manifest.files.weights.sha256, encoder };
  const frame = packFrame({ ...facts, layer: 0, head: 0 }, reading, comparison);
  return { ...frame, ...tellingHead(frame) };
}

/** The layer and head whose attention from the hidden word gathers most on words, so that the first drawing shows something. */
function tellingHead(frame: BertFrame): Pick<BertFrame, 'layer' | 'head'> {
  const { layers, heads } = frame.encoder;
  const state = firstState(frame, 0);
  const all = Array.from({ length: layers * heads }, (_, index) => {
    const choice = { layer: Math.floor(index / heads), head: index % heads };
    const { row, top } = shownRow({ ...state, ...choice });
    const onWords = top.filter((place) => place !== state.place && state.reading.tokens[place].word !== null);
    return { ...choice, share: onWords.reduce((sum, place) => sum + row[place], 0) };
  });
  const best = all.reduce((a, b) => (b.share > a.share ? b : a));
  return { layer: best.layer, head: best.head };
}
