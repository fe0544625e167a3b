import { ThawError } from '../errors.ts';
import type { AnyManifest, Manifest } from '../registry/manifest.ts';
import type { Backend, BackendWish, Build, Precision } from './types.ts';

/** What this browser can do, found out before anything is fetched. */
export interface Capabilities {
  /** WebAssembly with SIMD, which every build of the runtime needs. */
  webAssembly: boolean;
  /** Whether WebGPU has an adapter here, and whether that is only software; 'unasked' where nothing depends on it. */
  gpu: 'unasked' | 'none' | 'software' | 'hardware';
  /** JavaScript promise integration: lets the smaller of the two WebGPU builds run. */
  jspi: boolean;
  /** Cross-origin isolation, without which there are no threads. */
  isolated: boolean;
  /** Logical processors. */
  cores: number;
  /** The reader asked for little traffic: `auto` then stays with the smallest build. */
  savesData?: boolean;
}

/** A choice of where a model runs. */
export interface BackendChoice {
  backend: Backend;
  build: Exclude<Build, 'node'>;
  precision: Precision;
  /** Why not what was wished for; empty when it was granted. */
  note: string;
}

/**
 * Networks with fewer multiply-accumulate operations than this stay on WASM when the wish is `auto`: they finish in
 * some tens of milliseconds there, less than a graphics card needs to compile their kernels, and the WebGPU build is the
 * larger download.
 */
const AUTO_WEBGPU_MACS = 300e6;

/** What the choice looks at in a manifest. */
export type RunnableFacts = Pick<AnyManifest, 'macs' | 'activationRanges'> &
  Partial<Pick<Manifest, 'storedPrecision'> & Pick<AnyManifest, 'task'>>;

/** Whether the choice depends on a graphics adapter. Asking for one makes some browsers warn in the console, so ask only then. */
export function needsAdapter(wish: BackendWish, model: RunnableFacts): boolean {
  if (model.storedPrecision === 'int8') return false;
  // A language network's MACs are those of its longest text; what readers type is a tenth of that
  const isText = model.task !== undefined && model.task !== 'image-classification';
  return wish === 'webgpu' || (wish === 'auto' && !isText && model.macs >= AUTO_WEBGPU_MACS);
}

/**
 * Where the model runs: what the reader wishes, if this browser can; `auto` takes WebGPU for large networks on a real
 * graphics card and a line that need not be spared, else WASM. Throws a ThawError 'no-webassembly' where neither can run.
 */
export function chooseBackend(wish: BackendWish, can: Capabilities, model: RunnableFacts): BackendChoice {
  if (!can.webAssembly)
    throw new ThawError({
      code: 'no-webassembly',
      message: 'This browser cannot run networks: WebAssembly with SIMD is missing or switched off.',
      advice:
        'Everything precomputed stays readable. To run networks, allow WebAssembly or use a browser from 2023 or later.',
    });
  const onGpu: BackendChoice = {
    backend: 'webgpu',
    build: can.jspi ? 'jspi' : 'asyncify',
    precision: 'fp32',
    note: '',
  };
  const onWasm: BackendChoice = {
    backend: 'wasm',
    build: 'wasm',
    precision: model.storedPrecision ?? (model.activationRanges ? 'int8' : 'fp32'),
    note: '',
  };
  if (wish === 'webgpu' && model.storedPrecision === 'int8')
    return { ...onWasm, note: 'WebGPU has no kernels for this network’s 8-bit operators, so WASM runs it.' };
  const isThere = can.gpu === 'software' || can.gpu === 'hardware';
  if (wish === 'webgpu' && !isThere)
    return { ...onWasm, note: 'This browser offers no WebGPU adapter, so WASM runs the network.' };
  if (wish === 'webgpu') return onGpu;
  return needsAdapter(wish, model) && can.gpu === 'hardware' && !can.savesData ? onGpu : onWasm;
}

/** Whether a reload under cross-origin isolation would let this browser use threads for the model. */
export function wantsIsolation(can: Capabilities, backend: Backend): boolean {
  return !can.isolated && can.cores > 1 && backend === 'wasm';
}
