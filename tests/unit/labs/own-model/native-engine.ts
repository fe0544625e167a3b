/** A reader's network in Node: the worker's engine over onnxruntime-node, and files as a reader would hand them over. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { wrapAnySession } from '../../../../src/engine/runtime/any-session.ts';
import { createFileEngine, type FileEngine } from '../../../../src/labs/own-model/file-engine.ts';
import type { Answers, NamedFile, RequestKind, Requests } from '../../../../src/labs/own-model/protocol.ts';

/** A file of these bytes. */
export function named(name: string, bytes: Uint8Array): NamedFile {
  return { name, file: new Blob([new Uint8Array(bytes)]) };
}

/** What a run needs beside its inputs; nothing of it is used here. */
export const nativeRuntime: Omit<Requests['run'], 'inputs'> = {
  siteRoot: 'https://site.example/',
  runtime: {
    build: 'wasm',
    wasm: { label: 'runtime wasm', url: 'https://site.example/ort.wasm', sizeBytes: 1, sha256: '' },
    glueUrl: 'https://site.example/ort.mjs',
  },
};

/** Asks an engine that runs on the native kernels. */
export function nativeEngine(): <K extends RequestKind>(
  kind: K,
  request: Requests[K],
) => Promise<Answers[K]> {
  const engine: FileEngine = createFileEngine({
    now: () => performance.now(),
    openRuntime: () =>
      Promise.resolve({
        threads: 1,
        openSession: async (graph) => {
          const session = await InferenceSession.create(graph, { logSeverityLevel: 4 });
          return wrapAnySession({ Tensor }, session);
        },
      }),
  });
  return (kind, request) => engine.answer(kind, request, () => undefined);
}
