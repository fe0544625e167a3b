/** The first frame of the sentiment figure: the whole matrix of transfers with a head over frozen layers. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DOMAINS, readLabelled } from '../../src/data/sentences/labelled.ts';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import type { SentimentFrame } from '../../src/figures/sentiment-lab/frame.ts';
import { describeTextNetwork } from '../../src/labs/sentiment/describe-network.ts';
import { runMatrix, withCell, type Matrix } from '../../src/labs/sentiment/matrix.ts';
import { openTextReader } from '../../src/labs/sentiment/run.ts';
import { firstSettings } from '../../src/labs/sentiment/settings.ts';
import type { FrameMaker } from './frame-maker.ts';

/** Answers of a cell that may differ: a processor's last digits, carried on by the steps to sentences that lie between both labels. */
const tolerance = 4;

export const sentimentFrame: FrameMaker = {
  target: 'src/figures/sentiment-lab/frame.json',
  make: makeFrame,
  async isCurrent(committed) {
    const [old, now] = [committed as SentimentFrame, await makeFrame()];
    const facts = ({ weights, network, settings }: SentimentFrame) => ({ weights, network, settings });
    return isDeepStrictEqual(facts(old), facts(now)) && isNear(old.matrix, now.matrix);
  },
};

async function makeFrame(): Promise<SentimentFrame> {
  const { start } = firstSettings;
  const { models } = await readCatalogue([start]);
  const [entry] = models;
  if (!entry) throw new Error(`The registry has no ${start}.`);
  const { manifest, manifestPath } = entry;
  const file = readFileSync(join('public', dirname(manifestPath), manifest.files.weights.path));
  const network = describeTextNetwork(new Uint8Array(file));
  const model = await createNodeRuntime(models).load(start);
  const library = Object.fromEntries(
    DOMAINS.map((domain) => [domain, readLabelled(readFileSync(`src/data/sentences/${domain}.csv`, 'utf8'))]),
  );
  const reader = openTextReader(model);
  const { signal } = new AbortController();
  let matrix: Matrix = {};
  const request = { model, reader, network, library, settings: firstSettings, signal };
  for await (const event of runMatrix(request))
    if (event.kind === 'cell') matrix = withCell(matrix, event.row, event.column, event.cell);
  const facts = { madeBy: 'npm run frames', weights: manifest.files.weights.sha256 };
  return { ...facts, network, settings: firstSettings, matrix };
}

function isNear(one: Matrix, other: Matrix): boolean {
  return DOMAINS.every((row) =>
    DOMAINS.every((column) => {
      const [a, b] = [one, other].map((matrix) => matrix[row]?.[column]);
      return a && b && a.asked === b.asked && Math.abs(a.correct - b.correct) <= tolerance;
    }),
  );
}
