/**
 * The door to onnxruntime-web. Only worker.ts comes through here: each build's script is a chunk of its own that loads
 * with the first model that needs it.
 */
import { ThawError } from '../errors.ts';
import { wrapSession, type CreateSession } from './ort-session.ts';
import type { Backend, Build } from './types.ts';

/** A build of the runtime, started. It cannot be stopped again other than with its worker. */
export interface OpenBuild {
  threads: number;
  createSession: (backend: Backend) => CreateSession;
  /** Name of the graphics adapter; empty under WASM. */
  adapter: string;
  /** Resolves when the graphics device is lost; never under WASM. */
  deviceLost: Promise<string>;
}

/** Starts a build: `wasm` is its unpacked WebAssembly module, `glueUrl` the absolute address of its glue script. */
export async function openBuild(
  build: Exclude<Build, 'node'>,
  wasm: Uint8Array<ArrayBuffer>,
  glueUrl: string,
  threads: number,
): Promise<OpenBuild> {
  const ort = await importBuild(build);
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmBinary = wasm.buffer;
  ort.env.wasm.wasmPaths = { mjs: glueUrl };
  const lost = Promise.withResolvers<string>();
  const opened: OpenBuild = {
    threads,
    adapter: '',
    deviceLost: lost.promise,
    createSession: (backend) => async (graph) => {
      const session = await ort.InferenceSession.create(graph, {
        executionProviders: [backend],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3, // errors only: warnings about nodes that stay on the processor are not for readers
      });
      // The runtime makes its device with the first session.
      if (backend === 'webgpu') void watchDevice(ort.env.webgpu.device, lost.resolve);
      return wrapSession(ort, session);
    },
  };
  if (build !== 'wasm') {
    const adapter = await navigator.gpu.requestAdapter();
    if (!adapter)
      throw new ThawError({
        code: 'no-webgpu',
        message: 'The graphics card is not available to this page.',
        advice: 'Choose WASM; it runs everywhere.',
      });
    ort.env.webgpu.adapter = adapter;
    const { vendor, architecture, description } = adapter.info;
    opened.adapter = [vendor, architecture, description].filter(Boolean).join(' ');
  }
  return opened;
}

async function watchDevice(
  device: Promise<GPUDevice> | GPUDevice,
  report: (reason: string) => void,
): Promise<void> {
  const { lost } = await device;
  report((await lost).message);
}

function importBuild(build: Exclude<Build, 'node'>): Promise<typeof import('onnxruntime-web')> {
  if (build === 'wasm') return import('onnxruntime-web/wasm');
  return build === 'jspi' ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}
