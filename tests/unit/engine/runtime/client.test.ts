import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isThawError, type ThawErrorCode } from '../../../../src/engine/errors.ts';
import { createFakeRuntime, makeInput, totalBytes } from './fake-worker.ts';

const failsAs = (code: ThawErrorCode) => (error: unknown) => isThawError(error, code);

describe('loading', () => {
  it('fetches and starts nothing before it is asked to', async () => {
    const { runtime, requests, workers } = createFakeRuntime();
    const plan = await runtime.planDownload('test-net');
    assert.deepEqual([plan.totalBytes, plan.remainingBytes, plan.build], [totalBytes, totalBytes, 'wasm']);
    assert.deepEqual([requests.length, workers.length], [0, 0]);
  });

  it('reports bytes up to the total, and then needs no more', async () => {
    const { runtime, requests } = createFakeRuntime();
    const progress: number[] = [];
    const stages: string[] = [];
    await runtime.load('test-net', {
      onProgress: ({ receivedBytes }) => progress.push(receivedBytes),
      onStage: (stage) => stages.push(stage),
    });
    assert.equal(progress.at(-1), totalBytes);
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
      'never falls',
    );
    assert.deepEqual(stages, ['download', 'start', 'session']);
    assert.equal((await runtime.planDownload('test-net')).remainingBytes, 0);
    assert.match(
      requests.find((url) => url.includes('model.onnx')) ?? '',
      /\/sub\/models\/test-net\/model\.onnx\?v=/,
    );
  });

  it('is shared by two figures that start at once, and by later ones', async () => {
    const { runtime, requests, workers } = createFakeRuntime();
    const [first, second] = await Promise.all([runtime.load('test-net'), runtime.load('test-net')]);
    const third = await runtime.load('test-net');
    assert.deepEqual([requests.length, workers.length, workers[0]?.sessions], [3, 1, 1]);
    await first.dispose();
    await second.dispose();
    assert.equal(workers[0]?.released, 0, 'somebody still uses it');
    await third.dispose();
    assert.equal(workers[0]?.released, 1);
    await assert.rejects(third.run(makeInput()), failsAs('disposed'));
  });

  it('can be tried again after the network was away', async () => {
    let isOnline = false;
    const { runtime } = createFakeRuntime({ isOnline: () => isOnline });
    await assert.rejects(runtime.load('test-net'), failsAs('network-lost'));
    isOnline = true;
    assert.equal((await runtime.load('test-net')).labels.length, 4);
  });

  it('stops when its caller gives up, at once', async () => {
    const { runtime } = createFakeRuntime();
    const controller = new AbortController();
    const loading = runtime.load('test-net', {
      signal: controller.signal,
      onStage: () => controller.abort(),
    });
    await assert.rejects(loading, failsAs('cancelled'));
    await assert.rejects(runtime.load('test-net', { signal: AbortSignal.abort() }), failsAs('cancelled'));
    await runtime.load('test-net');
  });

  it('names unknown networks', async () => {
    await assert.rejects(createFakeRuntime().runtime.load('nothing'), failsAs('unknown-model'));
  });
});

describe('running', () => {
  it('returns the output, the values asked for, and how it ran', async () => {
    const { runtime, runs } = createFakeRuntime();
    const model = await runtime.load('test-net', { values: ['layer1.0.relu2'] });
    const result = await model.run(makeInput(), { outputs: ['logits', 'layer1.0.relu2'] });
    assert.deepEqual(Object.keys(result.outputs), ['logits', 'layer1.0.relu2']);
    assert.deepEqual(
      [result.backend, result.build, result.threads, result.precision],
      ['wasm', 'wasm', 1, 'fp32'],
    );
    assert.ok(result.elapsedMs >= 0);
    await model.run(makeInput());
    assert.deepEqual(runs, [['logits', 'layer1.0.relu2'], ['logits']]);
  });

  it('makes one more session for values that were not declared, and keeps it', async () => {
    const { runtime, workers } = createFakeRuntime();
    const model = await runtime.load('test-net');
    await model.run(makeInput(), { outputs: ['layer2.1.relu2'] });
    await model.run(makeInput(), { outputs: ['layer2.1.relu2'] });
    assert.equal(workers[0]?.sessions, 2);
  });

  it('transfers its input', async () => {
    const model = await createFakeRuntime().runtime.load('test-net');
    const inputs = makeInput();
    await model.run(inputs);
    assert.equal(inputs['input']?.data.length, 0);
  });

  it('refuses unknown values and inputs of another shape, and goes on', async () => {
    const model = await createFakeRuntime().runtime.load('test-net');
    await assert.rejects(model.run(makeInput(), { outputs: ['layer9'] }), failsAs('unknown-value'));
    const flat = { input: { dtype: 'float32' as const, shape: [1, 12288], data: new Float32Array(12288) } };
    await assert.rejects(
      model.run(flat),
      /expects float32 \[N, 3, 64, 64\] named "input"; \[1, 12288\] with 12288 numbers came/,
    );
    await model.run(makeInput());
  });

  it('runs one at a time, in order, and drops what was called off while it waited', async () => {
    const gates: (() => void)[] = [];
    const { runtime, runs } = createFakeRuntime({
      onRun: () => new Promise((resolve) => gates.push(resolve)),
    });
    const model = await runtime.load('test-net', { values: ['layer1.0.relu2', 'layer1.1.relu2'] });
    const controller = new AbortController();
    const first = model.run(makeInput());
    const second = model.run(makeInput(), { outputs: ['layer1.0.relu2'], signal: controller.signal });
    const third = model.run(makeInput(), { outputs: ['layer1.1.relu2'] });
    while (gates.length === 0) await Promise.resolve();
    controller.abort();
    await assert.rejects(second, failsAs('cancelled'));
    gates.shift()?.();
    await first;
    while (gates.length === 0) await new Promise(setImmediate);
    gates.shift()?.();
    await third;
    assert.deepEqual(runs, [['logits'], ['layer1.1.relu2']]);
  });
});

describe('a worker that dies', () => {
  it('fails open runs clearly and is replaced at the next one', async () => {
    let gate = Promise.withResolvers<undefined>();
    const { runtime, workers, requests } = createFakeRuntime({ onRun: () => gate.promise });
    const model = await runtime.load('test-net');
    const running = model.run(makeInput());
    workers[0]?.crash('killed');
    await assert.rejects(running, failsAs('worker-crashed'));
    gate = Promise.withResolvers();
    gate.resolve(undefined);
    assert.equal((await model.run(makeInput())).outputs['logits']?.data.length, 4);
    assert.deepEqual([workers.length, requests.length], [2, 3], 'its files come from the store');
  });

  it('is given up after a trap in the kernels, but not after an ordinary error', async () => {
    let reason = 'RuntimeError: memory access out of bounds';
    const { runtime, workers } = createFakeRuntime({
      onRun: () => (reason ? Promise.reject(new Error(reason)) : Promise.resolve()),
    });
    const model = await runtime.load('test-net');
    await assert.rejects(model.run(makeInput()), failsAs('run-failed'));
    assert.equal(workers[0]?.isTerminated, true);
    reason = 'invalid dimensions';
    await assert.rejects(model.run(makeInput()), failsAs('run-failed'));
    reason = '';
    await model.run(makeInput());
    assert.equal(workers.length, 2);
  });

  it('says when memory ran out', async () => {
    const { runtime } = createFakeRuntime({ onRun: () => Promise.reject(new Error('std::bad_alloc')) });
    const model = await runtime.load('test-net');
    await assert.rejects(model.run(makeInput()), failsAs('out-of-memory'));
  });

  it('stays away after dispose', async () => {
    const { runtime, workers } = createFakeRuntime();
    const model = await runtime.load('test-net');
    runtime.dispose();
    assert.equal(workers[0]?.isTerminated, true);
    await assert.rejects(model.run(makeInput()), failsAs('disposed'));
  });
});

describe('WebGPU', () => {
  it('runs with evidence from the adapter', async () => {
    const { runtime } = createFakeRuntime({ can: { gpu: 'hardware' } });
    const model = await runtime.load('test-net', { backend: 'webgpu' });
    const { backend, build, precision, gpu } = await model.run(makeInput());
    assert.deepEqual([backend, build, precision], ['webgpu', 'jspi', 'fp32']);
    assert.deepEqual(gpu, { dispatches: 3, kernels: { Conv: 3 }, adapter: 'fake adapter' });
  });

  it('falls back to WASM when it does not start, and says so', async () => {
    const { runtime } = createFakeRuntime({
      can: { gpu: 'hardware' },
      onOpen(build) {
        if (build !== 'wasm') throw new Error('no device');
      },
    });
    const model = await runtime.load('test-net', { backend: 'webgpu' });
    assert.equal(model.report.backend, 'wasm');
    assert.match(model.report.note, /WebGPU did not start/);
  });

  it('starts anew after the device was lost', async () => {
    const { runtime, workers, loseDevice } = createFakeRuntime({ can: { gpu: 'hardware' } });
    const model = await runtime.load('test-net', { backend: 'webgpu' });
    loseDevice[0]?.();
    await Promise.resolve();
    await assert.rejects(model.run(makeInput()), failsAs('device-lost'));
    assert.equal((await model.run(makeInput())).backend, 'webgpu');
    assert.equal(workers.length, 2);
  });
});
