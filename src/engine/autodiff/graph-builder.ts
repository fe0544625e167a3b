import { buildNode } from '../onnx/build.ts';
import type { AttributeInput } from '../onnx/build.ts';
import { describeNode } from '../onnx/graph-index.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import type { Scope } from '../onnx/shape/scope.ts';
import { Walk } from '../onnx/shape/walk.ts';
import { float32Tensor, float64Tensor, int64Tensor } from '../onnx/tensor-values.ts';
import { dataTypeNumbers } from '../onnx/types.ts';
import type { DataType, Model, Node, Tensor, ValueInfo } from '../onnx/types.ts';

/** What a node of a training step is there for. */
export type Phase = 'forward' | 'loss' | 'backward' | 'optimizer';

/** Where a node of a training step comes from. */
export interface NodeNote {
  readonly phase: Phase;
  /** The forward node that it computes, or whose gradient it belongs to; '' outside of both. */
  readonly origin: string;
}

/**
 * Collects the nodes of a graph and knows the type of every value as soon as its node is there. Value names that it makes up are
 * new; constants with the same elements are stored once. Sizes must be numbers: bind the batch first.
 */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly initializers: Map<string, Tensor>;
  readonly inputs: ValueInfo[];
  readonly notes = new Map<Node, NodeNote>();
  readonly opset: number;
  private note: NodeNote = { phase: 'forward', origin: '' };
  private readonly walk: Walk;
  private readonly scope: Scope;
  private readonly reserved: ReadonlySet<string>;
  private count = 0;

  /** Starts with a model's inputs and initializers, and none of its nodes; names of its values stay free for them. */
  constructor(model: Model) {
    const { graph } = model;
    this.initializers = new Map(graph.initializers);
    this.inputs = [...graph.inputs];
    this.opset = model.opsets.get('') ?? 1;
    this.reserved = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
    const empty = { ...graph, initializers: this.initializers, nodes: [], outputs: [], valueInfos: [] };
    this.walk = new Walk({ ...model, graph: empty });
    this.scope = this.walk.walkModel();
  }

  /** Runs `build`; what it pushes is noted as belonging to a phase and a forward node. */
  within<T>(phase: Phase, origin: string, build: () => T): T {
    const before = this.note;
    this.note = { phase, origin };
    try {
      return build();
    } finally {
      this.note = before;
    }
  }

  /** Appends a node as it is. @throws OnnxError when its inputs contradict its operator. */
  push(node: Node): void {
    this.walk.addNode(node, this.scope);
    const [problem] = this.walk.problems;
    if (problem !== undefined) throw new OnnxError(problem);
    this.nodes.push(node);
    this.notes.set(node, this.note);
  }

  /** Appends a node with one new output and returns the output's name. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeInput>> = {},
  ): string {
    const name = this.freshName(opType);
    this.push(buildNode(opType, name, inputs, [name], attributes));
    return name;
  }

  /** Appends an Identity, so that a value also has another name. */
  alias(value: string, name: string): string {
    this.push(buildNode('Identity', name, [value], [name]));
    return name;
  }

  /** Gives a value another name in the node that makes it and in all that read it; an Identity where no node of the graph makes it. */
  rename(value: string, name: string): string {
    if (!this.nodes.some(({ outputs }) => outputs.includes(value))) return this.alias(value, name);
    const other = (names: readonly string[]) => names.map((one) => (one === value ? name : one));
    this.nodes.forEach((node, at) => {
      if (!node.inputs.includes(value) && !node.outputs.includes(value)) return;
      const note = this.notes.get(node);
      this.nodes[at] = { ...node, inputs: other(node.inputs), outputs: other(node.outputs) };
      this.notes.delete(node);
      if (note) this.notes.set(this.nodes[at], note);
    });
    this.scope.values.set(name, this.scope.values.get(value) ?? {});
    return name;
  }

  /** A name that no value has, of the phase, the forward node and `part`. */
  freshName(part: string): string {
    const { phase, origin } = this.note;
    const stem = [phase, origin, part].filter(Boolean).join('/');
    let name: string;
    do name = `${stem}.${++this.count}`;
    while (this.reserved.has(name) || this.scope.values.has(name));
    return name;
  }

  /** Adds a graph input. */
  addInput(name: string, dtype: DataType, dims: readonly number[]): string {
    this.inputs.push({ name, dtype, dims });
    this.scope.values.set(name, { dtype, dims });
    return name;
  }

  /** Adds an initializer of its own. */
  addInitializer(tensor: Tensor): string {
    this.initializers.set(tensor.name, tensor);
    this.scope.values.set(tensor.name, { dtype: tensor.dtype, dims: tensor.dims });
    return tensor.name;
  }

  /** A constant int64 [items.length], as shapes and axes are given. */
  ints(items: readonly number[]): string {
    const name = `constant/int64[${items.join(' ')}]`;
    return this.initializers.has(name) ? name : this.addInitializer(int64Tensor(name, [items.length], items));
  }

  /** A constant without axes, of the element type of the value `like`. */
  scalar(value: number, like: string): string {
    const dtype = this.dtype(like);
    const name = `constant/${dtype}(${value})`;
    return this.initializers.has(name) ? name : this.addInitializer(scalarTensor(name, dtype, value));
  }

  /** A float constant of any shape, of the element type of the value `like`. */
  floats(values: readonly number[], dims: readonly number[], like: string): string {
    const name = this.freshName('constant');
    const build = this.dtype(like) === 'float64' ? float64Tensor : float32Tensor;
    return this.addInitializer(build(name, dims, values));
  }

  /** The sizes of a value. @throws OnnxError when one of them is not known as a number. */
  dims(name: string): readonly number[] {
    const { dims } = this.scope.typeOf(name) ?? {};
    if (dims?.every((dim) => typeof dim === 'number')) return dims;
    const found = dims === undefined ? 'is not known' : `is [${dims.join(', ')}]`;
    throw new OnnxError(
      `The shape of "${name}" ${found}; a training step needs the size of every axis as a number.`,
      {
        advice: 'Give sizes to the named dimensions of the inputs.',
      },
    );
  }

  /** The number of axes of a value. */
  rank(name: string): number {
    return this.dims(name).length;
  }

  /** The element type of a value; undefined where it is not known. */
  dtypeOf(name: string): DataType | undefined {
    return this.scope.typeOf(name)?.dtype;
  }

  /** The element type of a value. @throws OnnxError when it is not known. */
  dtype(name: string): DataType {
    const dtype = this.dtypeOf(name);
    if (dtype !== undefined) return dtype;
    const { nodes } = this;
    const maker = nodes.find(({ outputs }) => outputs.includes(name));
    throw new OnnxError(
      `The element type of "${name}"${maker ? ` from ${describeNode(maker)}` : ''} is not known.`,
    );
  }

  /** Elements of a small value that is known before anything runs, else undefined. */
  numbers(name: string): readonly number[] | undefined {
    const items = name === '' ? undefined : this.scope.contentsOf(name)?.items;
    return items?.every((item) => typeof item === 'number') ? items : undefined;
  }

  /** The value as another element type. */
  cast(value: string, dtype: DataType): string {
    return this.dtype(value) === dtype ? value : this.op('Cast', [value], { to: dataTypeNumbers[dtype] });
  }
}

function scalarTensor(name: string, dtype: DataType, value: number): Tensor {
  if (dtype === 'float64') return float64Tensor(name, [], [value]);
  if (dtype === 'float32') return float32Tensor(name, [], [value]);
  if (dtype === 'int64') return int64Tensor(name, [], [value]);
  throw new OnnxError(`Training computes in float32 or float64; a constant of ${dtype} was needed.`, {
    advice: 'Convert the model to float32.',
  });
}
