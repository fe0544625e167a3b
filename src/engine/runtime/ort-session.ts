import { wrapAnySession, type AnyTensors, type OrtLibrary, type OrtSessionLike } from './any-session.ts';
import type { NamedTensors } from './types.ts';

/** A session of whichever onnxruntime, reduced to what we use of it. */
export interface OrtSession {
  /** Runs the graph; returns the named outputs with arrays of their own. */
  run: (inputs: AnyTensors, outputs: readonly string[]) => Promise<NamedTensors>;
  release: () => Promise<void>;
}

/** Makes a session of a serialized ONNX model. */
export type CreateSession = (graph: Uint8Array<ArrayBuffer>) => Promise<OrtSession>;

/** Wraps a library session: plain tensors in, plain tensors out. Throws an Error for outputs that are not float32. */
export function wrapSession(library: OrtLibrary, session: OrtSessionLike): OrtSession {
  const any = wrapAnySession(library, session);
  return {
    async run(inputs, outputs) {
      const answer = await any.run(inputs, outputs);
      const named: NamedTensors = {};
      for (const name of outputs) {
        const { dtype, shape, data } = answer[name];
        if (!(data instanceof Float32Array)) throw new Error(`value ${name} is ${dtype}, not float32`);
        named[name] = { dtype: 'float32', shape, data };
      }
      return named;
    },
    release: () => any.release(),
  };
}
