/**
 * What an ONNX file says, as plain data. Start here.
 *
 *   readModel(bytes) → Model (reader.ts)      writeModel(model) → bytes (writer.ts)
 *   openModel(source) → Model whose large weights stay in the file (open-model.ts); loadWeights brings them in
 *   inferShapes(model) → type of every value (shapes.ts)
 *   measureCost(model, shapes) → parameters, MACs, bytes (cost.ts)
 *   findBlocks(model) → stem, 1.1 … 4.2, pool, head (blocks.ts)
 *   findBoxes(model) → about ten boxes that open (blocks-tree.ts)
 *   planTraining(blocks, approach) → frozen and trainable (trainable.ts)
 *   dequantizeWeights(model), quantizeActivations(model, ranges) → what a session runs
 *   addOutputs(bytes, values) → the same file that also returns those values
 *
 * A model is never changed in place: edits return a new Model that shares the weights' bytes.
 * `unread` holds protobuf fields that we do not interpret (training information, annotations …), byte for byte; they are
 * written back with the known ones.
 */
import type { ByteSource } from './byte-source.ts';
import type { DataType } from './data-types.ts';

export { bitsPerElement, dataTypeNumbers, dataTypesByNumber } from './data-types.ts';
export type { DataType } from './data-types.ts';

/** A tensor stored in the file: an initializer or an attribute's value. */
export interface Tensor {
  readonly name: string;
  readonly dtype: DataType;
  readonly dims: readonly number[];
  /**
   * Elements in row-major order, little-endian, elements below 8 bits packed (low bits first). A view of the file
   * wherever the file stores raw bytes: do not write to it. Empty for strings, for external data and while `place` is set.
   */
  readonly bytes: Uint8Array;
  /** Elements of a string tensor, as stored (usually UTF-8). */
  readonly strings?: readonly Uint8Array[];
  /** Where the bytes are when they are in another file; keys as in the ONNX specification (location, offset, length). */
  readonly external?: ReadonlyMap<string, string>;
  /** Set while the elements are left where they are stored; `loadTensor` reads them. */
  readonly place?: BytePlace;
  /** The field of TensorProto that the elements came from, when it was a typed one and not raw_data: they go back there. */
  readonly dataField?: number;
  readonly docString?: string;
  readonly unread?: Uint8Array;
}

/** Elements of a tensor that have not been read yet. */
export interface BytePlace {
  readonly source: ByteSource;
  /** Ranges of the source in bytes, in order; nearly always one. */
  readonly ranges: readonly { readonly offset: number; readonly length: number }[];
  /** Whether the ranges hold the elements themselves or protobuf's variable-length integers. */
  readonly encoding: 'raw' | 'varints';
}

/** A tensor of which only the elements that are not zero are stored. */
export interface SparseTensor {
  /** 1-D, the elements that are not zero; its name is that of the whole tensor. */
  readonly values: Tensor;
  /** int64: positions in the flattened tensor [count], or one row of coordinates each [count, rank]. */
  readonly indices: Tensor;
  readonly dims: readonly number[];
  readonly unread?: Uint8Array;
}

/** A dimension: a size, the name of a size that is only known at run time, or '?' for one without a name. */
export type Dim = number | string;

/** The type of a value that is no plain tensor. */
export type ContainerType =
  | {
      readonly kind: 'sequence' | 'optional';
      readonly element: ElementType;
      /** Only while types are inferred: there are no elements, so that any others may join. */
      readonly isEmpty?: true;
    }
  | { readonly kind: 'map'; readonly key: DataType | undefined; readonly element: ElementType }
  | { readonly kind: 'sparse'; readonly dtype?: DataType; readonly dims?: readonly Dim[] };

/** What a container holds: a tensor type, or another container. */
export interface ElementType {
  readonly dtype?: DataType;
  readonly dims?: readonly Dim[];
  readonly container?: ContainerType;
}

/** A graph input, output or annotated value. */
export interface ValueInfo extends ElementType {
  readonly name: string;
  /** undefined when the file does not say, or when the value is no tensor: see `container`. */
  readonly dtype?: DataType;
  /** undefined when even the number of dimensions is unknown. */
  readonly dims?: readonly Dim[];
  readonly container?: ContainerType;
  readonly docString?: string;
  readonly metadata?: ReadonlyMap<string, string>;
  readonly unread?: Uint8Array;
  /** The TypeProto as stored; written back as long as it still says what the fields above say. */
  readonly storedType?: Uint8Array;
}

/**
 * A node's attribute. Integers are numbers: exact up to 2^53; where one is larger, `exact` holds them all as they are
 * (the two ends of int64, used as "to the end", need none).
 */
export type AttributeValue =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: number; readonly exact?: bigint }
  | { readonly type: 'string'; readonly value: string }
  /** A string that is not UTF-8. */
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'ints'; readonly value: readonly number[]; readonly exact?: readonly bigint[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'tensors'; readonly value: readonly Tensor[] }
  | { readonly type: 'graphs'; readonly value: readonly Graph[] }
  | { readonly type: 'sparse'; readonly value: SparseTensor }
  | { readonly type: 'valueType'; readonly value: ElementType; readonly stored: Uint8Array }
  /** In a local function: the value of the caller's attribute of that name. */
  | { readonly type: 'reference'; readonly value: string; readonly typeNumber: number }
  /** Anything else (lists of types or sparse tensors): the whole message as stored. */
  | { readonly type: 'other'; readonly value: Uint8Array };

export type Attribute = AttributeValue & { readonly docString?: string };

export interface Node {
  /** Name from the exporter; '' when it gave none. */
  readonly name: string;
  readonly opType: string;
  /** '' is the default domain, ai.onnx. */
  readonly domain: string;
  /** Which of several local functions of that name is meant; nearly always undefined. */
  readonly overload?: string;
  /** Value names; '' stands for an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly docString?: string;
  /** Notes of the exporter, such as the module path that a node comes from. */
  readonly metadata?: ReadonlyMap<string, string>;
  readonly unread?: Uint8Array;
}

export interface Graph {
  readonly name: string;
  /** In an order in which they can run. */
  readonly nodes: readonly Node[];
  /** Weights and other constants by value name, in the file's order. */
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** Constants that are mostly zero, by value name. */
  readonly sparseInitializers?: ReadonlyMap<string, SparseTensor>;
  /** Initializers that cannot be told apart: their name is taken by an earlier one, or missing. */
  readonly strayInitializers?: readonly Tensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Types that the exporter noted for values in between. */
  readonly valueInfos: readonly ValueInfo[];
  readonly docString?: string;
  readonly metadata?: ReadonlyMap<string, string>;
  readonly unread?: Uint8Array;
}

/** An operator that the file itself defines by a graph of other operators. */
export interface LocalFunction {
  readonly name: string;
  readonly domain: string;
  readonly overload?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that every call must give. */
  readonly attributeNames: readonly string[];
  /** Attributes that a call may leave out, with what they are then. */
  readonly attributeDefaults: ReadonlyMap<string, Attribute>;
  readonly nodes: readonly Node[];
  /** Versions of the operators that the nodes use, by domain. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly valueInfos: readonly ValueInfo[];
  readonly docString?: string;
  readonly metadata?: ReadonlyMap<string, string>;
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
  /** Operators that the file defines itself. */
  readonly functions?: readonly LocalFunction[];
  readonly unread?: Uint8Array;
}
