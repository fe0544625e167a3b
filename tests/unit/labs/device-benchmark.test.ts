import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ThawError, isThawError } from '../../../src/engine/errors.ts';
import type { BackendReport, LoadedModel, Runtime } from '../../../src/engine/runtime/types.ts';
import {
  benchmark,
  planTrials,
  quantile,
  type BenchmarkPorts,
  type BenchmarkRow,
} from '../../../src/labs/device-benchmark.ts';
import { buildManifest } from '../engine/registry/manifest-factory.ts';

interface Fake {
  /** What a load turns into; default: what was asked for. */
  report?: Partial<BackendReport>;
  loadError?: Error;
  /** Milliseconds of the runs, in order; the last one for all that follow. */
  runMs?: readonly number[];
}

/** Ports over a runtime that computes nothing; `log` tells what was opened and put away. */
function fakePorts(fake: Fake = {}, changes: Partial<BenchmarkPorts> = {}) {
  const log: string[] = [];
  const openRuntime = (threads: number) => {
    log.push(`open ${threads}`);
    let runs = 0;
    const model: Pick<LoadedModel, 'manifest' | 'report' | 'run'> = {
      manifest: buildManifest(),
      report: {
        backend: 'wasm',
        build: 'wasm',
        threads,
        precision: 'int8',
        note: '',
        ...fake.report,
      },
      run: (inputs, { signal } = {}) => {
        signal?.throwIfAborted();
        assert.deepEqual(inputs['input']?.shape, [1, 3, 64, 64]);
        const { runMs = [5] } = fake;
        const elapsedMs = runMs[Math.min(runs++, runMs.length - 1)] ?? 0;
        return Promise.resolve({ ...model.report, outputs: {}, elapsedMs });
      },
    };
    return {
      load: () => (fake.loadError ? Promise.reject(fake.loadError) : Promise.resolve(model)),
      dispose: () => log.push('dispose'),
    } as unknown as Runtime;
  };
  const ports: BenchmarkPorts = {
    openRuntime,
    whenSeen: () => Promise.resolve(),
    memory: () => Promise.resolve(undefined),
    now: () => 0,
    ...changes,
  };
  return { ports, log };
}

const one = planTrials(['test-net'], { backends: ['wasm'], cores: 1 }).slice(0, 1);

async function rowsOf(
  ports: BenchmarkPorts,
  trials = one,
  signal = new AbortController().signal,
): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for await (const step of benchmark(trials, ports, signal)) if (step.kind === 'row') rows.push(step.row);
  return rows;
}

describe('planTrials', () => {
  it('takes every backend, and threads as far as there are cores', () => {
    const trials = planTrials(['a', 'b'], { backends: ['wasm', 'webgpu'], cores: 2 });
    const words = trials.map(
      ({ modelId, backend, threads, precision }) => `${modelId} ${backend} ${threads} ${precision}`,
    );
    assert.deepEqual(words.slice(0, 5), [
      'a wasm 1 int8',
      'a wasm 1 fp32',
      'a wasm 2 int8',
      'a wasm 2 fp32',
      'a webgpu 1 fp32',
    ]);
    assert.equal(words.length, 10);
    assert.equal(planTrials(['a'], { backends: ['wasm'], cores: 8 }).length, 6);
    assert.equal(planTrials(['a'], { backends: ['webgpu'], cores: 8 }).length, 1);
  });
});

describe('benchmark', () => {
  it('tells median and 90th percentile of the runs after the warm-up', async () => {
    // The first answer and ten to warm up do not count
    const runMs = [
      900,
      ...Array.from({ length: 10 }, () => 500),
      ...Array.from({ length: 30 }, (_, i) => i + 1),
    ];
    const { ports, log } = fakePorts({ runMs }, { memory: () => Promise.resolve(7e6) });
    const [row] = await rowsOf(ports);
    assert.equal(row?.times?.runs, 30);
    assert.equal(row.times.medianMs, 15.5);
    assert.ok(Math.abs(row.times.p90Ms - 27.1) < 1e-9);
    assert.deepEqual([row.memoryBytes, row.remark], [7e6, '']);
    assert.deepEqual(log, ['open 1', 'dispose']);
  });

  it('stops early on a slow device, with five runs at least', async () => {
    const [row] = await rowsOf(fakePorts({ runMs: [3000] }).ports);
    assert.equal(row?.times?.runs, 5);
  });

  it('says why a trial could not be done, and goes on with the next', async () => {
    const trials = planTrials(['test-net'], { backends: ['wasm', 'webgpu'], cores: 2 });
    const { ports, log } = fakePorts({ report: { note: 'No adapter here.', threads: 1 } });
    const rows = await rowsOf(ports, trials);
    assert.deepEqual(
      rows.map(({ times, remark }) => (times ? 'times' : remark)),
      ['times', 'times', 'No adapter here.', 'No adapter here.', 'No adapter here.'],
    );
    assert.equal(log.filter((word) => word === 'dispose').length, 5);
    const lost = new ThawError({ code: 'network-lost', message: 'The connection broke.', advice: '' });
    assert.deepEqual(
      (await rowsOf(fakePorts({ loadError: lost }).ports)).map(({ times, remark }) => [times, remark]),
      [[undefined, 'The connection broke.']],
    );
  });

  it('ends when it is called off, and waits while nobody sees the page', async () => {
    const stop = new AbortController();
    let looks = 0;
    const { ports, log } = fakePorts(
      {},
      {
        whenSeen: (signal) => {
          looks += 1;
          if (looks === 3) stop.abort();
          return signal.aborted
            ? Promise.reject(new ThawError({ code: 'cancelled', message: '', advice: '' }))
            : Promise.resolve();
        },
      },
    );
    await assert.rejects(rowsOf(ports, one, stop.signal), (error) => isThawError(error, 'cancelled'));
    assert.deepEqual(log, ['open 1', 'dispose']);
  });
});

describe('quantile', () => {
  it('lies between neighbours', () => {
    assert.equal(quantile([1, 2, 3], 0.5), 2);
    assert.equal(quantile([1, 2], 0.9), 1.9);
    assert.equal(quantile([4], 0.9), 4);
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });
});
