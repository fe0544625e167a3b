import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import {
  chooseBackend,
  needsAdapter,
  wantsIsolation,
  type Capabilities,
} from '../../../../src/engine/runtime/backend.ts';
import { detectCapabilities } from '../../../../src/engine/runtime/capabilities.ts';
import { watchGpu } from '../../../../src/engine/runtime/gpu-watch.ts';
import { chooseThreads } from '../../../../src/engine/runtime/thread-probe.ts';

const able: Capabilities = { webAssembly: true, gpu: 'hardware', jspi: true, isolated: true, cores: 4 };
const small = { macs: 30e6, activationRanges: { input: [0, 1] as [number, number] } };
const large = { macs: 2e9 };

describe('chooseBackend', () => {
  it('runs small networks in int8 on WASM, and large ones on a real graphics card', () => {
    assert.deepEqual(chooseBackend('auto', able, small), {
      backend: 'wasm',
      build: 'wasm',
      precision: 'int8',
      note: '',
    });
    assert.equal(chooseBackend('auto', able, large).backend, 'webgpu');
    assert.equal(chooseBackend('auto', { ...able, gpu: 'software' }, large).backend, 'wasm');
    assert.equal(chooseBackend('wasm', able, large).precision, 'fp32', 'without activation ranges');
  });

  it('stays with the smallest build where traffic is to be spared, unless the reader wishes otherwise', () => {
    const sparing = { ...able, savesData: true };
    assert.equal(chooseBackend('auto', sparing, large).build, 'wasm');
    assert.equal(chooseBackend('webgpu', sparing, large).backend, 'webgpu');
  });

  it('keeps language networks on WASM: what a reader types is a tenth of their longest text', () => {
    const text = { ...large, task: 'masked-language-model' as const };
    assert.equal(chooseBackend('auto', able, text).backend, 'wasm');
    assert.equal(needsAdapter('auto', text), false);
    assert.equal(chooseBackend('webgpu', able, text).backend, 'webgpu');
  });

  it('takes the build that this browser can run', () => {
    assert.equal(chooseBackend('webgpu', able, small).build, 'jspi');
    assert.equal(chooseBackend('webgpu', { ...able, jspi: false }, small).build, 'asyncify');
  });

  it('says why a wish was not granted', () => {
    const choice = chooseBackend('webgpu', { ...able, gpu: 'none' }, small);
    assert.equal(choice.backend, 'wasm');
    assert.match(choice.note, /no WebGPU adapter/);
  });

  it('ends in a sentence without WebAssembly', () => {
    assert.throws(
      () => chooseBackend('auto', { ...able, webAssembly: false }, small),
      (error) => isThawError(error, 'no-webassembly'),
    );
  });

  it('asks for an adapter only where it matters', () => {
    assert.deepEqual(
      [needsAdapter('auto', small), needsAdapter('auto', large), needsAdapter('webgpu', small)],
      [false, true, true],
    );
  });

  it('wants isolation only where threads are to be had', () => {
    const plain = { ...able, isolated: false };
    assert.equal(wantsIsolation(plain, 'wasm'), true);
    assert.equal(wantsIsolation(plain, 'webgpu'), false);
    assert.equal(wantsIsolation({ ...plain, cores: 1 }, 'wasm'), false);
    assert.equal(wantsIsolation(able, 'wasm'), false);
  });
});

describe('detectCapabilities', () => {
  it('finds WebAssembly with SIMD here, and nothing where it is missing or forbidden', async () => {
    assert.equal((await detectCapabilities(globalThis, false)).webAssembly, true);
    assert.equal((await detectCapabilities({ navigator: {} }, true)).webAssembly, false);
    assert.equal((await detectCapabilities({ navigator: {} }, false)).savesData, false);
    const sparing = { navigator: { connection: { saveData: true } } };
    assert.equal((await detectCapabilities(sparing, false)).savesData, true);
    const forbidding = {
      validate() {
        throw new Error('blocked');
      },
    };
    assert.equal(
      (await detectCapabilities({ WebAssembly: forbidding, navigator: {} }, true)).webAssembly,
      false,
    );
  });

  it('does not ask for an adapter unless told to', async () => {
    let asked = 0;
    const gpu = {
      requestAdapter() {
        asked++;
        return Promise.resolve(null);
      },
    };
    assert.equal((await detectCapabilities({ navigator: { gpu } }, false)).gpu, 'unasked');
    assert.equal(asked, 0);
    assert.equal((await detectCapabilities({ navigator: { gpu } }, true)).gpu, 'none');
  });
});

describe('chooseThreads', () => {
  /** Threads that slow each other down as soon as more than `free` of them run. */
  const machine = (free: number) => {
    let running = 0;
    return async () => {
      running++;
      await Promise.resolve();
      const slowdown = Math.max(1, running / free);
      await Promise.resolve();
      running--;
      return 10 * slowdown;
    };
  };

  it('takes as many as do not hold each other up', async () => {
    assert.equal(await chooseThreads(8, true, machine(8)), 4);
    assert.equal(await chooseThreads(4, true, machine(2)), 2);
    assert.equal(await chooseThreads(2, true, machine(1)), 1, 'the second core is busy');
  });

  it('stays at one without isolation, on one core, and where threads do not start', async () => {
    assert.equal(await chooseThreads(8, false, machine(8)), 1);
    assert.equal(await chooseThreads(1, true, machine(1)), 1);
    assert.equal(await chooseThreads(8, true, () => Promise.reject(new Error('no workers'))), 1);
  });
});

describe('watchGpu', () => {
  it('counts dispatches by kernel, since the last look', () => {
    class Device {
      createComputePipeline(_descriptor: object): object {
        return {};
      }
    }
    class Pass {
      pipeline: object | undefined;
      setPipeline(pipeline: object): void {
        this.pipeline = pipeline;
      }
      dispatchWorkgroups(..._counts: number[]): void {
        assert.ok(this.pipeline, 'the call reaches the pass');
      }
    }
    const watch = watchGpu({ GPUDevice: Device, GPUComputePassEncoder: Pass });
    const [conv, add] = ['Conv', 'Add'].map((label) =>
      new Device().createComputePipeline({ label, compute: { module: {} } }),
    );
    const pass = new Pass();
    for (const pipeline of [conv, add, conv]) {
      pass.setPipeline(pipeline);
      pass.dispatchWorkgroups(1);
    }
    assert.deepEqual(watch.take(), { dispatches: 3, kernels: { Conv: 2, Add: 1 } });
    assert.deepEqual(watch.take(), { dispatches: 0, kernels: {} });
  });
});

describe('a network that runs as it is stored', () => {
  it('keeps its precision, and its 8-bit operators stay off the graphics card', () => {
    const int8 = { macs: 4e9, storedPrecision: 'int8' as const };
    assert.equal(needsAdapter('auto', int8), false);
    assert.deepEqual(
      [chooseBackend('auto', able, int8).backend, chooseBackend('auto', able, int8).precision],
      ['wasm', 'int8'],
    );
    assert.match(chooseBackend('webgpu', able, int8).note, /8-bit operators/);
    const fp32 = { macs: 2e9, storedPrecision: 'fp32' as const };
    assert.equal(chooseBackend('auto', able, fp32).backend, 'webgpu');
    assert.equal(chooseBackend('wasm', able, fp32).precision, 'fp32');
  });
});
