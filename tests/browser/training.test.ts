/** A training in the page's worker, under the site's own content policy: WASM, and WebGPU as far as software shows it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kernelCounter } from './kernel-counter.ts';
import { openRuntimePage, type RuntimePage } from './runtime-page.ts';

interface Seen {
  losses: number[];
  /** Steps that the kept training had taken when it was opened again. */
  resumedAt: number;
  kept: number;
  isCached: boolean;
  fileBytes: number;
  layers: string[];
  elapsedMs: number;
  /** Nodes of the step behind the forward pass. */
  ownNodes: number;
  /** WebGPU kernels of each step by their names, where `kernelCounter` counts them. */
  kernels: Record<string, number>[];
}

/** Trains some blocks on eight waves of two kinds; stops after five steps, opens the training again and goes on. */
function trainIn(
  { page, catalogue }: RuntimePage,
  backend: 'wasm' | 'webgpu',
  blocks: string[],
): Promise<Seen> {
  return page.evaluate(
    async ({ catalogue, backend, blocks }) => {
      const { createBrowserRuntime, parseCatalogue } = globalThis.doors;
      const runtime = createBrowserRuntime(parseCatalogue(catalogue), '/sub/', { threads: 1 });
      const model = await runtime.load('resnet-mixed', { backend });
      const area = 3 * 64 * 64;
      const labels = Int32Array.from({ length: 8 }, (_, at) => at % 2);
      const data = Float32Array.from({ length: 8 * area }, (_, at) =>
        Math.sin(at * (labels[Math.floor(at / area)] ? 0.7 : 0.3) + Math.floor(at / area)),
      );
      const set = { inputs: { input: { dtype: 'float32', shape: [8, 3, 64, 64], data } }, labels };
      const parts = ['conv1.weight', 'bn1.weight', 'bn1.bias', 'conv2.weight', 'bn2.weight', 'bn2.bias'];
      const weights = blocks.flatMap((block) =>
        (block === 'head' ? ['weight', 'bias'] : parts).map((part) => `${block}.${part}`),
      );
      const order = {
        task: { classes: ['slow', 'fast'], train: set, heldOut: set },
        settings: {
          phases: [{ groups: [{ id: 'top', weights, learningRate: 1e-3 }], epochs: 5 }],
          optimizer: 'adamw' as const,
          batchSize: 4,
        },
        keep: 'training test',
      };
      const losses: number[] = [];
      const kernels: Record<string, number>[] = [];
      const channel = new BroadcastChannel('kernels');
      channel.onmessage = ({ data }: MessageEvent<Record<string, number>>) => kernels.push(data);
      const seen = { isCached: false, layers: [] as string[], elapsedMs: 0, ownNodes: 0 };
      const listen = async (training: Awaited<ReturnType<typeof model.train>>, stopAt: number) => {
        const controller = new AbortController();
        return training.drive({
          signal: controller.signal,
          onNews(news) {
            if (news.kind === 'phase') {
              const { nodes, isCached } = news.facts;
              seen.isCached = isCached;
              seen.ownNodes = nodes.loss + nodes.backward + nodes.optimizer;
            } else if (news.kind === 'step') {
              losses.push(news.report.loss);
              seen.layers = news.report.layers.map(({ id }) => id);
              seen.elapsedMs = news.report.elapsedMs;
              if (news.report.step === stopAt) void training.steer('pause').then(() => controller.abort());
            }
          },
        });
      };
      const first = await model.train(order);
      await listen(first, 5).catch(() => undefined);
      await first.close();
      const second = await model.train(order);
      const end = await listen(second, -1);
      const file = await second.writeModel();
      runtime.dispose();
      channel.close();
      const [resumedAt, kept] = [second.step, end.keptStep];
      return { losses, kernels, resumedAt, kept, fileBytes: file.byteLength, ...seen };
    },
    { catalogue, backend, blocks },
  );
}

describe('training in the page', () => {
  it('learns on WASM, is kept through a reopening, and loads its code only then', async (t) => {
    const opened = await openRuntimePage(t);
    const trainerCode = () => opened.requests.filter((path) => /trainings.*\.js/.test(path));
    const seen = await trainIn(opened, 'wasm', ['layer4.1', 'head']);
    assert.equal(trainerCode().length, 1, 'one chunk, asked for once');
    assert.ok(
      opened.requests.findIndex((path) => path.includes('model.onnx')) <
        opened.requests.findIndex((path) => path.includes('trainings')),
      'the network comes first',
    );
    assert.ok(seen.resumedAt >= 5 && seen.resumedAt < 10, String(seen.resumedAt));
    assert.equal(seen.kept, 10);
    assert.equal(seen.losses.length >= 9, true);
    assert.ok(seen.losses.at(-1)! < 0.5 * seen.losses[0], seen.losses.join(' '));
    assert.equal(seen.isCached, true);
    assert.deepEqual(seen.layers, ['top']);
    // what is trained is float32 now, the rest still int8
    assert.ok(seen.fileBytes > 5e6 && seen.fileBytes < 9e6, String(seen.fileBytes));
    assert.deepEqual(opened.problems, []);
    t.diagnostic(`last block: ${seen.elapsedMs.toFixed(1)} ms a step of 4`);
  });

  it('takes the same steps on WebGPU, every one of them by kernels that run there', async (t) => {
    const wasm = await trainIn(await openRuntimePage(t), 'wasm', ['head']);
    const page = await openRuntimePage(t, { webgpu: true, inWorker: kernelCounter });
    const gpu = await trainIn(page, 'webgpu', ['head']);
    const count = Math.min(wasm.losses.length, gpu.losses.length, 5);
    for (let at = 0; at < count; at++)
      assert.ok(Math.abs(gpu.losses[at] - wasm.losses[at]) < 1e-4, `step ${at}: ${gpu.losses[at]}`);
    assert.equal(gpu.kept, 10);
    assert.deepEqual(wasm.kernels, []);
    assert.ok(gpu.kernels.length >= 9, `kernels of ${gpu.kernels.length} steps`);
    for (const kernels of gpu.kernels) {
      const say = `${JSON.stringify(kernels)} for ${gpu.ownNodes} nodes`;
      // the head forward and its gradient; the root in AdamW's update, which nothing else of the step takes
      assert.ok(kernels['Gemm'] >= 2 && kernels['Sqrt'] >= 1, say);
      const count = Object.values(kernels).reduce((sum, dispatches) => sum + dispatches, 0);
      assert.ok(count > 0.6 * gpu.ownNodes, say);
    }
  });
});
