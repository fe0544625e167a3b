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

  it('leaves its input to the caller', async () => {
    const model = await createFakeRuntime().runtime.load('test-net');
    const inputs = makeInput();
    await model.run(inputs);
    assert.deepEqual(inputs, makeInput());
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
  it('is replaced in the middle of a run, which comes to its end and says what happened', async () => {
    let gate = Promise.withResolvers<undefined>();
    const { runtime, workers, requests } = createFakeRuntime({ onRun: () => gate.promise });
    const model = await runtime.load('test-net');
    const runs = [model.run(makeInput()), model.run(makeInput())];
    await new Promise(setImmediate);
    gate = Promise.withResolvers();
    gate.resolve(undefined);
    workers[0]?.crash('killed');
    for (const { outputs, note } of await Promise.all(runs)) {
      assert.equal(outputs['logits']?.data.length, 4);
      assert.match(note, /stopped unexpectedly.*started anew by itself/);
    }
    assert.deepEqual([workers.length, workers[1]?.sessions, requests.length], [2, 1, 3], 'from the store');
    assert.equal((await model.run(makeInput())).note, '', 'told once');
  });

  it('while it loads, is replaced too', async () => {
    let opened = 0;
    const { runtime, workers } = createFakeRuntime({
      onOpen() {
        opened += 1;
        if (opened === 1) workers[0]?.crash('killed');
      },
    });
    const model = await runtime.load('test-net');
    assert.match(model.report.note, /started anew/);
    assert.equal(workers.length, 2);
  });

  it('is replaced once and not for ever', async () => {
    const { runtime, workers } = createFakeRuntime({
      onRun: () => {
        workers.at(-1)?.crash('killed');
        return new Promise(() => undefined);
      },
    });
    const model = await runtime.load('test-net');
    await assert.rejects(model.run(makeInput()), failsAs('worker-crashed'));
    assert.equal(workers.length, 2);
  });

  it('is not replaced for a run that its caller has called off, nor after dispose', async () => {
    const { runtime, workers } = createFakeRuntime({ onRun: () => new Promise(() => undefined) });
    const model = await runtime.load('test-net');
    const controller = new AbortController();
    const called = model.run(makeInput(), { signal: controller.signal });
    const open = model.run(makeInput());
    await new Promise(setImmediate);
    controller.abort();
    await assert.rejects(called, failsAs('cancelled'));
    runtime.dispose();
    await assert.rejects(open, failsAs('disposed'));
    assert.equal(workers.length, 1);
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

  it('runs on one thread when memory ran out, and gives up when it still does', async () => {
    let isShort = true;
    const { runtime, workers } = createFakeRuntime({
      onRun: () => (isShort ? Promise.reject(new Error('std::bad_alloc')) : Promise.resolve()),
    });
    const model = await runtime.load('test-net');
    await assert.rejects(model.run(makeInput()), failsAs('out-of-memory'));
    assert.deepEqual(
      workers.map(({ threads }) => threads),
      ['measure', 1],
    );
    isShort = false;
    await model.run(makeInput());
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

  it('starts anew when the device is lost, also in the middle of a run', async () => {
    let gate: Promise<void> | undefined = new Promise(() => undefined);
    const { runtime, workers, loseDevice } = createFakeRuntime({
      can: { gpu: 'hardware' },
      onRun: () => gate ?? Promise.resolve(),
    });
    const model = await runtime.load('test-net', { backend: 'webgpu' });
    const running = model.run(makeInput());
    await new Promise(setImmediate);
    gate = undefined;
    loseDevice[0]?.();
    const { backend, note } = await running;
    assert.equal(backend, 'webgpu');
    assert.match(note, /graphics card went away.*started anew/);
    loseDevice[1]?.();
    await Promise.resolve();
    assert.equal((await model.run(makeInput())).backend, 'webgpu');
    assert.equal(workers.length, 3);
  });

  it('goes over to WASM when the device is lost again, or memory runs out, and stays there', async () => {
    for (const reason of ['the device was lost', 'out of memory']) {
      let isGpu = true;
      const { runtime, workers } = createFakeRuntime({
        can: { gpu: 'hardware' },
        onOpen: (build) => {
          isGpu = build !== 'wasm';
        },
        onRun: () => (isGpu ? Promise.reject(new Error(reason)) : Promise.resolve()),
      });
      const model = await runtime.load('test-net', { backend: 'webgpu' });
      const { backend, note } = await model.run(makeInput());
      assert.equal(backend, 'wasm', reason);
      assert.match(note, /so WASM runs the network/);
      assert.equal(model.report.backend, 'wasm');
      assert.match((await model.run(makeInput())).note, /so WASM/, 'said as long as it holds');
      await model.dispose();
      assert.equal(workers.at(-1)?.released, reason === 'out of memory' ? 2 : 1);
    }
  });
});
