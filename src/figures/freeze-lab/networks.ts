/** The networks of the lab in the page: their graphs without weights come when they are chosen, a few kB each. */
import { unpackGzip } from '../../engine/download/gzip.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { prepareLab } from '../../labs/freeze-lab/describe-lab.ts';
import { makeCounter, type Counter } from './counting.ts';
import type { NetworkPlace } from './data.ts';
import type { LabNetwork } from './model.ts';

/** A network that can be drawn and counted. */
export interface KnownNetwork {
  readonly network: LabNetwork;
  readonly counter: Counter;
}

/** Fetches a network's graph and describes it. Rejects when it does not come. */
export async function fetchNetwork({ id, skeleton }: NetworkPlace): Promise<KnownNetwork> {
  const answer = await fetch(skeleton);
  if (!answer.ok) throw new Error(`The network's graph could not be fetched: ${answer.status}.`);
  const file = await unpackGzip(new Uint8Array(await answer.arrayBuffer()));
  const { model, network } = prepareLab(id, readModel(file));
  return { network, counter: makeCounter(model, network) };
}
