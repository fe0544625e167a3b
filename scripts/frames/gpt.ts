/** The first frame of the GPT lens. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import { firstSettings, packFrame, unpackReading, type GptFrame } from '../../src/figures/gpt-lens/frame.ts';
import { samples } from '../../src/figures/gpt-lens/samples.ts';
import { describeDecoder } from '../../src/labs/gpt-lens/decoder.ts';
import { openGptReader } from '../../src/labs/gpt-lens/reader.ts';
import type { FrameMaker } from './frame-maker.ts';
import { isNear } from './is-near.ts';

const modelId = 'gpt-mini';

/** So many pieces are written behind the beginning. */
const steps = 4;

/** What the network makes of a beginning, and how it goes on. */
export const gptFrame: FrameMaker = {
  target: 'src/figures/gpt-lens/frame.json',
  make: makeFrame,
  isCurrent: async (committed) => {
    const [old, now] = [committed as GptFrame, await makeFrame()];
    const facts = ({ weights, decoder, layer, head, text, tokens }: GptFrame) =>
      JSON.stringify({ weights, decoder, layer, head, text, tokens });
    return (
      facts(old) === facts(now) &&
      isNear(unpackReading(old).attention, unpackReading(now).attention) &&
      isNear(unpackReading(old).ranked.probabilities, unpackReading(now).ranked.probabilities)
    );
  },
};

async function makeFrame(): Promise<GptFrame> {
  const { models } = await readCatalogue([modelId]);
  const [entry] = models;
  if (!entry) throw new Error(`The registry has no ${modelId}.`);
  const { manifest, manifestPath } = entry;
  const file = readFileSync(join('public', dirname(manifestPath), manifest.files.weights.path));
  const decoder = describeDecoder(new Uint8Array(file), modelId, manifest.title);
  const reader = await openGptReader(createNodeRuntime(models), decoder);
  const written: number[] = [];
  const read = async () => (await reader.read({ text: samples[0], written, place: -1 })).reading;
  let reading = await read();
  for (let step = 0; step < steps; step++) {
    const drawn = reader.draw(firstSettings);
    if ('end' in drawn) break;
    written.push(drawn.id);
    reading = await read();
  }
  const { barred, pieces } = reader;
  const weights = manifest.files.weights.sha256;
  const last = decoder.layers - 1;
  return packFrame(
    { madeBy: 'npm run frames', weights, decoder, layer: last, head: 0, barred, pieces },
    reading,
  );
}
