/** Chapter 2: what training costs, counted from the layers of resnet-mixed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCount, formatShort } from '../../../figures/kit/format.ts';
import { describeNetwork } from '../../../labs/describe-network.ts';
import type { NetworkDescription } from '../../../labs/network-description.ts';
import { listDepths, measureStepCost } from '../../../labs/step-cost.ts';
import { listManifests } from '../models.ts';

/** The figures that the text states. */
export const stated = {
  model: 'resnet-mixed',
  /** Twelve kinds of mushroom, 40 pictures each, 100 epochs. */
  classes: 12,
  pictures: 480,
  epochs: 100,
  /** The source run of the break-even example. */
  sourcePictures: 100_000,
  sourceEpochs: 30,
  /** The laptop of the energy example: MACs a second, and watts. */
  macsPerSecond: 20e9,
  watts: 15,
} as const;

const described = new Map<string, NetworkDescription>();

/** Returns the chapter's numbers; none while the site has no model. */
export function whyExamples(): Readonly<Record<string, string>> {
  const network = readNetwork();
  if (!network) return {};
  const { pictures, epochs, macsPerSecond, watts } = stated;
  const [head, ...deeper] = listDepths(network).map((depth) =>
    measureStepCost(network, depth, stated.classes),
  );
  const everything = deeper.at(-1);
  if (!head || !everything) return {};
  const keptStep = 2 * head.weightGradients;
  const once = head.forward - head.weightGradients;
  const scratch = everything.total * pictures * epochs;
  const kept = once * pictures + keptStep * pictures * epochs;
  const source = everything.total * stated.sourcePictures * stated.sourceEpochs;
  const seconds = (macs: number) => macs / macsPerSecond;
  const wattHours = (macs: number) => (seconds(macs) * watts) / 3600;
  return {
    forward: formatShort(head.forward),
    everything: formatShort(everything.total),
    everythingRatio: (everything.total / everything.forward).toFixed(2),
    head: formatShort(head.total),
    kept: formatCount(keptStep),
    runScratch: formatLarge(scratch),
    runExtractor: formatLarge(head.total * pictures * epochs),
    runKept: formatLarge(kept),
    runRatio: formatCount(scratch / kept),
    source: formatLarge(source),
    breakEven: formatCount(Math.ceil(source / (scratch - kept))),
    scratchSeconds: formatCount(seconds(scratch)),
    keptSeconds: seconds(kept).toFixed(1),
    scratchWattHours: wattHours(scratch).toFixed(1),
    keptWattHours: wattHours(kept).toFixed(4),
  };
}

/** A count in words, three digits: 17.3 billion, 5.07 trillion. */
function formatLarge(count: number): string {
  const [divisor, word] = count < 1e12 ? [1e9, 'billion'] : [1e12, 'trillion'];
  return `${Number((count / divisor).toPrecision(3))}\u202f${word}`;
}

function readNetwork(): NetworkDescription | undefined {
  const manifest = listManifests().find(({ id }) => id === stated.model);
  if (!manifest) return undefined;
  const key = manifest.files.weights.sha256;
  const file = join('public/models', manifest.id, manifest.files.weights.path);
  const network =
    described.get(key) ?? describeNetwork(new Uint8Array(readFileSync(file)), manifest.id, manifest.title);
  described.set(key, network);
  return network;
}
