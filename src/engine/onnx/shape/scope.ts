import type { Attribute, Graph, Node, Tensor } from '../types.ts';
import { contentsOf } from './contents.ts';
import type { Contents } from './contents.ts';
import type { ValueType } from './value-type.ts';

/** Types of the values of one graph, and of the graphs inside it. */
export interface GraphTypes {
  readonly values: ReadonlyMap<string, ValueType>;
  /** By the subgraph of an If, Loop or Scan (the last round of a loop), or by the node that calls a local function. */
  readonly inner: ReadonlyMap<Graph | Node, GraphTypes>;
}

/** What is known by name in one graph; a subgraph also sees the values of the graphs around it. */
export class Scope implements GraphTypes {
  readonly inner = new Map<Graph | Node, GraphTypes>();
  readonly values = new Map<string, ValueType>();
  readonly contents = new Map<string, Contents | undefined>();
  private readonly stored: ReadonlyMap<string, Tensor>;
  private readonly outer: Scope | undefined;
  /** Versions of the operators by domain; a local function brings its own. */
  readonly opsets: ReadonlyMap<string, number>;
  /** In a local function: the attributes of the call, which its nodes may refer to. */
  readonly bindings: ReadonlyMap<string, Attribute> | undefined;
  /** Subgraphs and calls around this one. */
  readonly depth: number;

  constructor(options: {
    readonly stored: ReadonlyMap<string, Tensor>;
    readonly opsets: ReadonlyMap<string, number>;
    readonly outer?: Scope;
    readonly bindings?: ReadonlyMap<string, Attribute> | undefined;
    readonly depth: number;
  }) {
    this.stored = options.stored;
    this.outer = options.outer;
    this.opsets = options.opsets;
    this.bindings = options.bindings;
    this.depth = options.depth;
    for (const [name, { dtype, dims }] of options.stored) this.values.set(name, { dtype, dims });
  }

  /** The type of a value of this graph or of one around it; undefined for a name that nothing has made so far. */
  typeOf(name: string): ValueType | undefined {
    return this.values.get(name) ?? this.outer?.typeOf(name);
  }

  /** The elements of a small value, as far as they are known. Stored tensors are decoded when first asked for. */
  contentsOf(name: string): Contents | undefined {
    if (this.contents.has(name)) return this.contents.get(name);
    const tensor = this.stored.get(name);
    if (tensor === undefined) return this.values.has(name) ? undefined : this.outer?.contentsOf(name);
    const contents = contentsOf(tensor);
    this.contents.set(name, contents);
    return contents;
  }
}
