/** What the build knows about the lab's network: read from its file, counted, and where the page finds the rest. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { readModel } from '../../engine/onnx/reader.ts';
import { writeModel } from '../../engine/onnx/writer.ts';
import type { Preset } from '../../labs/freeze-lab/choice.ts';
import { prepareLab } from '../../labs/freeze-lab/describe-lab.ts';
import { networkIds, type LabNetwork, type NetworkId } from '../../labs/freeze-lab/network.ts';
import { firstSettings } from '../../labs/freeze-lab/settings.ts';
import { emptyWeights } from '../../labs/freeze-lab/skeleton.ts';
import { address } from '../../site/content/address.ts';
import { readDownload } from '../kit/download-size.ts';
import { makeCounter } from './counting.ts';
import type { LabData, NetworkPlace } from './data.ts';

export interface LabStart {
  network: LabNetwork;
  data: LabData;
  /** Backward nodes of the feature extractor and of everything, for the caption. */
  headNodes: number;
  allNodes: number;
}

/** Reads and counts the network for a lab that begins with this preset. */
export async function readLabStart(start: Preset): Promise<LabStart> {
  const [first] = networkIds;
  const { model, network } = prepareLab(first, await readNetwork(first));
  const { count } = makeCounter(model, network);
  const [counts, head] = [start, 'head' as const].map((preset) => count(firstSettings(network, preset)));
  const { sheet } = JSON.parse(await readFile('public/sprites/targets.json', 'utf8')) as {
    sheet: { sizeBytes: number };
  };
  const places = await Promise.all(networkIds.map(readPlace));
  // sentences come with the code, drawings do not
  places[0].downloadBytes += sheet.sizeBytes;
  return {
    network,
    data: {
      networks: places,
      sprites: address('sprites/'),
      count: counts.count,
      // the page carries what the drawing shows, no more
      countOfAll: counts.countOfAll && {
        nodes: counts.countOfAll.nodes,
        stepMacs: counts.countOfAll.stepMacs,
      },
    },
    headNodes: head.count?.nodes.backward ?? 0,
    allNodes: head.countOfAll?.nodes.backward ?? 0,
  };
}

async function readPlace(id: NetworkId): Promise<NetworkPlace> {
  const { catalogue, sizes } = await readDownload(id);
  const skeleton = address(`catalogue/${id}.graph.gz?${hashOf(await skeletonFile(id))}`);
  return { id, catalogue, skeleton, downloadBytes: sizes.wasm };
}

/** The content of the file that a place's `skeleton` points to: the network's graph without weights, packed. */
export async function skeletonFile(id: NetworkId): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(gzipSync(writeModel(emptyWeights(await readNetwork(id))), { level: 9 }));
}

async function readNetwork(id: NetworkId) {
  return readModel(new Uint8Array(await readFile(`public/models/${id}/model.onnx`)));
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}
