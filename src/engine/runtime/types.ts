import type { Label } from '../registry/labels.ts';
import type { AnyManifest } from '../registry/manifest.ts';
import type { RunningTraining, TrainingOrder } from '../trainer/types.ts';

/** Element types that tensors may have, with the array that holds them. */
export interface DataOf {
  float32: Float32Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  int8: Int8Array;
  bool: Uint8Array;
}

export type DType = keyof DataOf;

/** A dense, row-major tensor. Images are NCHW. */
export interface Tensor<D extends DType = 'float32'> {
  dtype: D;
  /** Extent of each axis; the product is `data.length`. */
  shape: number[];
  data: DataOf[D];
}

/** Tensors by the name of the graph value. */
export type NamedTensors = Record<string, Tensor>;

/** Tensors that go into a network, by the name of the graph value: pictures are float32, texts int64. */
export type InputTensors = Record<string, { [D in DType]: Tensor<D> }[DType]>;

/** Where kernels run. */
export type Backend = 'wasm' | 'webgpu';

/** What the reader asks for; `auto` takes WebGPU where there is an adapter, else WASM. */
export type BackendWish = Backend | 'auto';

/** Which compiled runtime is in use: plain for WASM, jspi or asyncify for WebGPU. */
export type Build = 'wasm' | 'jspi' | 'asyncify' | 'node';

/** Which graph runs: int8 weights and activations, or everything in float32. */
export type Precision = 'int8' | 'fp32';

/** How a model is being run. */
export interface BackendReport {
  /** `native`: Node, outside any browser. */
  backend: Backend | 'native';
  build: Build;
  /** Threads that the WASM kernels use; 1 without cross-origin isolation. */
  threads: number;
  precision: Precision;
  /** Why not what was wished for, in one sentence; empty when the wish was granted. */
  note: string;
}

/** Bytes on their way. All sizes come from the manifest, never from Content-Length. */
export interface DownloadProgress {
  /** Bytes here now, over all parts, cached ones counted from the start. */
  receivedBytes: number;
  totalBytes: number;
  /** The part that moved last. */
  part: DownloadPart['name'];
}

/** One file that a model needs before it runs. */
export interface DownloadPart {
  name: 'runtime' | 'weights' | 'labels' | 'vocabulary';
  /** Absolute address. */
  url: string;
  /** Bytes over the wire. */
  sizeBytes: number;
  sha256: string;
  /** Bytes already stored in this browser: 0, the part's size, or what arrived before the line broke. */
  storedBytes: number;
}

/** What pressing "Run this network" would fetch. */
export interface DownloadPlan {
  parts: DownloadPart[];
  totalBytes: number;
  /** Bytes still to fetch. */
  remainingBytes: number;
  backend: Backend;
  build: Build;
}

export interface LoadOptions {
  /** Default 'auto'. */
  backend?: BackendWish;
  /** Graph to run; default int8 under WASM where the manifest has activation ranges, else fp32. */
  precision?: Precision;
  /** Intermediate values that runs may ask for without a new session; default none. */
  values?: readonly string[];
  /** Run the graph with weights drawn from this seed in place of the stored ones, in fp32: the network before any training. */
  weightSeed?: number;
  /**
   * Run a decoder in the form that goes on where it stopped: its session keeps the keys and values of the text that it has read, so that
   * a new piece costs the same at any length. Runs take one text at a time. Default false.
   */
  remembers?: boolean;
  /**
   * Leave out of the session what none of `values` needs, such as a head: no run computes it for nothing. Runs may still ask for it, in a
   * session of its own. Default false.
   */
  stopsAtValues?: boolean;
  /** The network is wanted for trainings: the session that answers is made when a run first asks. Default false. */
  onlyTrains?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
  /** Called when loading moves from fetching bytes to making the session. */
  onStage?: (stage: LoadStage) => void;
}

/** Where a load stands: fetching bytes, unpacking and starting the runtime, building the session. */
export type LoadStage = 'download' | 'start' | 'session';

export interface RunOptions {
  /** Values to return, outputs or intermediate ones; default the graph's outputs. */
  outputs?: readonly string[];
  /**
   * Of a decoder that remembers: so many of the text's first pieces need no answer. The values are those of the pieces behind them, and of
   * some before where the session remembers fewer. Default 0.
   */
  known?: number;
  signal?: AbortSignal;
}

/** Proof of where the kernels ran, counted at the WebGPU interface itself. */
export interface GpuEvidence {
  /** Compute dispatches during this run. */
  dispatches: number;
  /** Dispatches by kernel name (the pipeline's label). */
  kernels: Record<string, number>;
  /** Name of the adapter, such as "swiftshader". */
  adapter: string;
}

export interface RunResult extends BackendReport {
  outputs: NamedTensors;
  /** Milliseconds that the session took, measured in the worker. */
  elapsedMs: number;
  /** Only under WebGPU. */
  gpu?: GpuEvidence;
}

/** A network that is ready to run. */
export interface LoadedModel {
  readonly id: string;
  readonly manifest: AnyManifest;
  /** In output order; empty for a network that names pieces of its vocabulary. */
  readonly labels: readonly Label[];
  /** The bytes of a language network's vocabulary file. */
  readonly vocabulary?: Uint8Array<ArrayBuffer> | undefined;
  readonly report: BackendReport;
  /** True if this browser refused to store the files, so that the next visit downloads them again. */
  readonly storageRefused: boolean;
  /**
   * Runs the network on a copy of `inputs`; leave them as they are until it has ended. Values from the middle of the graph may be given
   * in place of its inputs (float32): then only the part between them and the outputs runs.
   */
  run: (inputs: InputTensors, options?: RunOptions) => Promise<RunResult>;
  /**
   * Opens a training of the network with weights from its file; nothing runs before `drive`. It is another network: runs of this one
   * give the same answers as before. Throws ThawErrors 'bad-input' and 'bad-model' for trainings that cannot work.
   */
  train: (order: TrainingOrder) => Promise<RunningTraining>;
  /** Frees the sessions. The model must be loaded again before another run. */
  dispose: () => Promise<void>;
}

/** The one door to running networks. */
export interface Runtime {
  /** What loading would fetch, and how much of it is stored already. Fetches nothing. */
  planDownload: (modelId: string, wish?: BackendWish) => Promise<DownloadPlan>;
  /**
   * Downloads what is missing, starts the runtime and makes the session. Equal loads share one promise; a failed
   * one is forgotten, so that calling again retries.
   */
  load: (modelId: string, options?: LoadOptions) => Promise<LoadedModel>;
  /** Stops the worker and frees everything. */
  dispose: () => void;
}
