/**
 * What an ONNX file says, as plain data. Start here.
 *
 *   readModel(bytes) → Model (reader.ts)      writeModel(model) → bytes (writer.ts)
 *   inferShapes(model) → type of every value (shapes.ts)
 *   measureCost(model, shapes) → parameters, MACs, bytes (cost.ts)
 *   findBlocks(model) → stem, 1.1 … 4.2, pool, head (blocks.ts)
 *   planTraining(blocks, approach) → frozen and trainable (trainable.ts)
 *   dequantizeWeights(model), quantizeActivations(model, ranges) → what a session runs
 *   addOutputs(bytes, values) → the same file that also returns those values
 *
 * A model is never changed in place: edits return a new Model that shares the weights' bytes.
 * `unread` holds protobuf fields that we do not interpret (functions, sparse tensors, annotations …), byte for
 * byte; they are written back after the known ones. Only the doc strings of attributes and the denotations of dimensions are dropped.
 */

/** ONNX's element types with their number in TensorProto.DataType. */
export const dataTypeNumbers = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
  float4e2m1: 23,
  float8e8m0: 24,
  uint2: 25,
  int2: 26,
} as const;

export type DataType = keyof typeof dataTypeNumbers;

/** Element types by their number in TensorProto.DataType. */
export const dataTypesByNumber: ReadonlyMap<number, DataType> = new Map(
  Object.entries(dataTypeNumbers).map(([name, number]) => [number, name as DataType]),
);

/** Bits of one element; strings have no fixed size and count as 0. */
export const bitsPerElement: Readonly<Record<DataType, number>> = {
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  string: 0,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
};

/** A tensor stored in the file: an initializer or an attribute's value. */
export interface Tensor {
  readonly name: string;
  readonly dtype: DataType;
  readonly dims: readonly number[];
  /**
   * Elements in row-major order, little-endian, 4-bit elements two to a byte (low half first). A view of the file
   * wherever the file stores raw bytes: do not write to it. Empty for strings and for external data.
   */
  readonly bytes: Uint8Array;
  /** Elements of a string tensor, as stored (usually UTF-8). */
  readonly strings?: readonly Uint8Array[];
  /** Where the bytes are when they are in another file; keys as in the ONNX specification (location, offset, length). */
  readonly external?: ReadonlyMap<string, string>;
  readonly docString?: string;
  readonly unread?: Uint8Array;
}

/** A dimension: a size, the name of a size that is only known at run time, or '?' for one without a name. */
export type Dim = number | string;

/** A graph input, output or annotated value. */
export interface ValueInfo {
  readonly name: string;
  /** undefined when the file does not say, or when the value is no tensor (sequence, map, optional). */
  readonly dtype?: DataType;
  /** undefined when even the number of dimensions is unknown. */
  readonly dims?: readonly Dim[];
  readonly docString?: string;
  readonly unread?: Uint8Array;
  /** Parts of the type that we do not interpret. */
  readonly typeUnread?: Uint8Array;
}

/**
 * A node's attribute. Integers are numbers: exact up to 2^53, and the two ends of int64 (used as "to the end") survive
 * reading and writing; other integers beyond 2^53 are refused by the reader.
 */
export type Attribute =
  | { readonly type: 'float' | 'int'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  /** A string that is not UTF-8. */
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  /** Anything else (sparse tensors, types, lists of tensors or graphs, references): the whole message as stored. */
  | { readonly type: 'other'; readonly value: Uint8Array };

export interface Node {
  /** Name from the exporter; '' when it gave none. */
  readonly name: string;
  readonly opType: string;
  /** '' is the default domain, ai.onnx. */
  readonly domain: string;
  /** Value names; '' stands for an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly docString?: string;
  readonly unread?: Uint8Array;
}

export interface Graph {
  readonly name: string;
  /** In an order in which they can run. */
  readonly nodes: readonly Node[];
  /** Weights and other constants by value name, in the file's order. */
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Types that the exporter noted for values in between. */
  readonly valueInfos: readonly ValueInfo[];
  readonly docString?: string;
  readonly unread?: Uint8Array;
}

export interface Model {
  readonly irVersion: number;
  /** Version of the operators by domain; '' is the default domain, ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number;
  readonly docString: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: Graph;
  readonly unread?: Uint8Array;
}
