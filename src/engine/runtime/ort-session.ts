import type { NamedTensors } from './types.ts';

/** A session of whichever onnxruntime, reduced to what we use of it. */
export interface OrtSession {
  /** Runs the graph; returns the named outputs with arrays of their own. */
  run: (inputs: NamedTensors, outputs: readonly string[]) => Promise<NamedTensors>;
  release: () => Promise<void>;
}

/** Makes a session of a serialized ONNX model. */
export type CreateSession = (graph: Uint8Array<ArrayBuffer>) => Promise<OrtSession>;

/** The part of onnxruntime-common that both onnxruntime-web and onnxruntime-node offer. */
interface OrtLibrary {
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
}

interface OrtTensorLike {
  readonly type: string;
  readonly dims: readonly number[];
  getData: () => Promise<unknown>;
}

interface OrtSessionLike {
  run: (feeds: never, fetches: readonly string[]) => Promise<Record<string, unknown>>;
  release: () => Promise<void>;
}

/** Wraps a library session: plain tensors in, plain tensors out. Throws an Error for outputs that are not float32. */
export function wrapSession(library: OrtLibrary, session: OrtSessionLike): OrtSession {
  return {
    async run(inputs, outputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => [
          name,
          new library.Tensor('float32', data, shape),
        ]),
      );
      const answer = await session.run(feeds as never, outputs);
      const named: NamedTensors = {};
      for (const name of outputs) {
        const tensor = answer[name] as OrtTensorLike;
        const data = await tensor.getData();
        if (!(data instanceof Float32Array)) throw new Error(`value ${name} is ${tensor.type}, not float32`);
        named[name] = { dtype: 'float32', shape: [...tensor.dims], data };
      }
      return named;
    },
    release: () => session.release(),
  };
}
