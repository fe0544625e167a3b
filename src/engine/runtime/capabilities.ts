import type { Capabilities } from './backend.ts';

/** A module with one SIMD instruction (i8x16.splat): it validates only where SIMD is there. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
);

/** The parts of a browser's global scope that are looked at. */
export interface BrowserScope {
  WebAssembly?: { validate: (bytes: BufferSource) => boolean };
  crossOriginIsolated?: boolean;
  navigator: {
    hardwareConcurrency?: number;
    gpu?: Pick<GPU, 'requestAdapter'>;
    /** Only in some browsers: https://wicg.github.io/savedata/ */
    connection?: { saveData?: boolean };
  };
}

/** Finds out what this browser can do; fetches nothing. `askAdapter`: whether to ask WebGPU for a graphics adapter. */
export async function detectCapabilities(scope: BrowserScope, askAdapter: boolean): Promise<Capabilities> {
  const { WebAssembly: wasm, navigator } = scope;
  return {
    webAssembly: isSimdThere(wasm),
    gpu: askAdapter ? await findAdapter(navigator.gpu) : 'unasked',
    jspi: wasm !== undefined && 'Suspending' in wasm,
    isolated: scope.crossOriginIsolated ?? false,
    cores: navigator.hardwareConcurrency ?? 1,
    savesData: navigator.connection?.saveData ?? false,
  };
}

function isSimdThere(wasm: BrowserScope['WebAssembly']): boolean {
  try {
    return wasm?.validate(SIMD_MODULE) ?? false;
  } catch {
    return false;
  }
}

async function findAdapter(gpu: Pick<GPU, 'requestAdapter'> | undefined): Promise<Capabilities['gpu']> {
  try {
    const adapter = await gpu?.requestAdapter();
    if (!adapter) return 'none';
    const isSoftware =
      adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(describe(adapter.info));
    return isSoftware ? 'software' : 'hardware';
  } catch {
    return 'none';
  }
}

const describe = ({ vendor, architecture, description }: GPUAdapterInfo) =>
  `${vendor} ${architecture} ${description}`;
