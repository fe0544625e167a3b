/**
 * The door to onnxruntime-web. Only two workers come through here, that of the page's networks (worker.ts) and that of a
 * reader's own file (src/labs/own-model): each build's script is a chunk of its own that loads with the first model that needs it.
 */
import type * as Ort from 'onnxruntime-web';
import { wrapAnySession, type AnySession } from './any-session.ts';
import { wrapSession, type CreateSession } from './ort-session.ts';
import type { Backend, Build } from './types.ts';

/** A build of the runtime, started. It cannot be stopped again other than with its worker. */
export interface OpenBuild {
  threads: number;
  createSession: (backend: Backend) => CreateSession;
  /** A session under WASM that takes and gives tensors of every type. */
  openSession: (graph: Uint8Array<ArrayBuffer>) => Promise<AnySession>;
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
  const create = async (graph: Uint8Array<ArrayBuffer>, backend: Backend): Promise<Ort.InferenceSession> => {
    const session = await ort.InferenceSession.create(graph, {
      executionProviders: [backend],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3, // errors only: warnings about nodes that stay on the processor are not for readers
    });
    // The runtime makes its device with the first session.
    if (backend === 'webgpu') {
      const device = await ort.env.webgpu.device;
      opened.adapter = nameAdapter(device.adapterInfo);
      void device.lost.then(({ message }) => lost.resolve(message));
    }
    return session;
  };
  const opened: OpenBuild = {
    threads,
    adapter: '',
    deviceLost: lost.promise,
    createSession: (backend) => async (graph) => wrapSession(ort, await create(graph, backend)),
    openSession: async (graph) => wrapAnySession(ort, await create(graph, 'wasm')),
  };
  return opened;
}

const nameAdapter = ({ vendor, architecture, description }: GPUAdapterInfo) =>
  [vendor, architecture, description].filter(Boolean).join(' ');

function importBuild(build: Exclude<Build, 'node'>): Promise<typeof Ort> {
  if (build === 'wasm') return import('onnxruntime-web/wasm');
  return build === 'jspi' ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}
