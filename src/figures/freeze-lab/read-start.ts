/** What the build knows about the lab's network: read from its file, counted, and where the page finds the rest. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { readModel } from '../../engine/onnx/reader.ts';
import { writeModel } from '../../engine/onnx/writer.ts';
import type { Preset } from '../../labs/freeze-lab/choice.ts';
import { describeLab, withNewHead } from '../../labs/freeze-lab/describe-lab.ts';
import type { LabNetwork } from '../../labs/freeze-lab/network.ts';
import { firstSettings } from '../../labs/freeze-lab/settings.ts';
import { emptyWeights } from '../../labs/freeze-lab/skeleton.ts';
import { ways } from '../../labs/freeze-lab/task.ts';
import { address } from '../../site/content/address.ts';
import { readDownload } from '../kit/download-size.ts';
import { makeCounter } from './counting.ts';
import type { LabData } from './data.ts';

const modelId = 'resnet-mixed';

export interface LabStart {
  network: LabNetwork;
  data: LabData;
  /** Backward nodes of the feature extractor and of everything, for the caption. */
  headNodes: number;
  allNodes: number;
}

/** Reads and counts the network for a lab that begins with this preset. */
export async function readLabStart(start: Preset): Promise<LabStart> {
  const model = withNewHead(await readNetwork(), ways);
  const network = describeLab(model);
  const { count } = makeCounter(model, network);
  const [counts, head] = [start, 'head' as const].map((preset) => count(firstSettings(network, preset)));
  const { catalogue, sizes } = await readDownload(modelId);
  const { sheet } = JSON.parse(await readFile('public/sprites/targets.json', 'utf8')) as {
    sheet: { sizeBytes: number };
  };
  return {
    network,
    data: {
      catalogue,
      skeleton: address(`catalogue/${modelId}.graph.gz?${hashOf(await skeletonFile())}`),
      sprites: address('sprites/'),
      downloadBytes: sizes.wasm + sheet.sizeBytes,
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

/** The content of the file that `data.skeleton` points to: the network's graph without weights, packed. */
export async function skeletonFile(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(gzipSync(writeModel(emptyWeights(await readNetwork())), { level: 9 }));
}

async function readNetwork() {
  return readModel(new Uint8Array(await readFile(`public/models/${modelId}/model.onnx`)));
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}
