/** Sessions that take and give tensors of every type: what readers' own networks need beyond float32. */

/** Elements as the runtime holds them: float16 as bit patterns (or numbers, where the browser has such arrays), bool as bytes. */
export type AnyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** A dense, row-major tensor of any type. */
export interface AnyTensor {
  /** As ONNX writes it: `float32`, `int64`, `bool`, `string` … */
  dtype: string;
  /** Extent of each axis; the product is `data.length`. */
  shape: number[];
  data: AnyData;
}

/** Tensors of any type by the name of the graph value. */
export type AnyTensors = Record<string, AnyTensor>;

/** A session of whichever onnxruntime. */
export interface AnySession {
  /** Runs the graph; returns the named outputs with arrays of their own. Throws an Error for an output that is no tensor. */
  run: (inputs: AnyTensors, outputs: readonly string[]) => Promise<AnyTensors>;
  release: () => Promise<void>;
}

/** The part of onnxruntime-common that both onnxruntime-web and onnxruntime-node offer. */
export interface OrtLibrary {
  Tensor: new (type: never, data: never, dims: readonly number[]) => unknown;
}

interface OrtTensorLike {
  readonly type: string;
  readonly dims: readonly number[];
  getData: () => Promise<unknown>;
}

/** A session as the library makes it. */
export interface OrtSessionLike {
  run: (feeds: never, fetches: readonly string[]) => Promise<Record<string, unknown>>;
  release: () => Promise<void>;
}

/** Wraps a library session: plain tensors in, plain tensors out. */
export function wrapAnySession(library: OrtLibrary, session: OrtSessionLike): AnySession {
  return {
    async run(inputs, outputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { dtype, data, shape }]) => [
          name,
          new library.Tensor(dtype as never, data as never, shape),
        ]),
      );
      const answer = await session.run(feeds as never, outputs);
      const named: AnyTensors = {};
      for (const name of outputs) {
        const tensor = answer[name] as Partial<OrtTensorLike>;
        if (!tensor.getData || !tensor.dims)
          throw new Error(`value ${name} is a list or a map, not a tensor`);
        const data = (await tensor.getData()) as AnyData;
        named[name] = { dtype: tensor.type ?? '', shape: [...tensor.dims], data };
      }
      return named;
    },
    release: () => session.release(),
  };
}
