import { describeNode } from '../graph-index.ts';
import { OnnxError } from '../onnx-error.ts';
import type { Graph, LocalFunction, Model, Node, ValueInfo } from '../types.ts';
import { mostItems } from './contents.ts';
import { bindReferences } from './bind-references.ts';
import { folds } from './folds/table.ts';
import type { ShapeRule } from './rule.ts';
import { shapeRules } from './rules/table.ts';
import { Scope } from './scope.ts';
import { filledType, tensorType, withoutSizes } from './value-type.ts';
import type { ValueType } from './value-type.ts';

/** Subgraphs in subgraphs, and functions that call functions: deeper than this is a mistake or a trap. */
const deepest = 24;

/** Nodes of subgraphs and functions that are visited, each call and each round anew. Real models need a third of it. */
const mostInnerNodes = 15_000;

/** What is believed of the type that a file notes for a value. */
type NoteOf = (value: ValueInfo) => ValueType;

/** Goes through a model's nodes once, in their order, and notes the type of every value. */
export class Walk {
  readonly unknown = new Set<string>();
  readonly problems = new Set<string>();
  private readonly functions: ReadonlyMap<string, LocalFunction>;
  private readonly model: Model;
  private innerNodes = 0;

  constructor(model: Model) {
    this.model = model;
    this.functions = new Map(
      (model.functions ?? []).map((one) => [operatorName(one.domain, one.name, one.overload), one]),
    );
  }

  /** Infers the main graph; its inputs have the types that the file gives them. */
  walkModel(): Scope {
    const { graph, opsets } = this.model;
    const scope = new Scope({ stored: graph.initializers, opsets, depth: 0 });
    this.enterGraph(graph, scope, [], declaredType);
    return scope;
  }

  /** Infers a node that an edit adds behind all that `scope` knows, and keeps what is known of its results' elements. */
  addNode(node: Node, scope: Scope): void {
    this.walkNodes([node], scope, new Map());
  }

  private enterGraph(graph: Graph, scope: Scope, given: readonly ValueType[], noteOf: NoteOf): void {
    for (const [name, { values, dims }] of graph.sparseInitializers ?? [])
      scope.values.set(name, { dtype: values.dtype, dims });
    graph.inputs.forEach((input, at) => {
      // old files list initializers as inputs too
      if (!graph.initializers.has(input.name))
        scope.values.set(input.name, filledType(given[at] ?? {}, noteOf(input)));
    });
    // what the exporter noted fills gaps only: it may be stale after an edit
    this.walkNodes(graph.nodes, scope, notesOf([...graph.valueInfos, ...graph.outputs], noteOf));
  }

  private walkNodes(nodes: readonly Node[], scope: Scope, notes: ReadonlyMap<string, ValueType>): void {
    for (const original of nodes) {
      if (scope.depth > 0 && ++this.innerNodes > mostInnerNodes) {
        this.problems.add(
          `The subgraphs and functions hold more than ${mostInnerNodes} steps; the rest is left out.`,
        );
        return;
      }
      const node = bindReferences(original, scope.bindings);
      const missing = node.inputs.find((input) => input !== '' && scope.typeOf(input) === undefined);
      if (missing !== undefined)
        this.problems.add(`${describeNode(node)} reads "${missing}", which nothing before it computes.`);
      const results = this.inferNode(node, original, scope);
      node.outputs.forEach((output, at) => {
        if (output !== '') scope.values.set(output, filledType(results?.[at] ?? {}, notes.get(output)));
      });
      // a node that contradicts its operator has been reported, and nothing can be computed from it
      if (node.domain === '' && results !== undefined) foldNode(node, scope);
    }
  }

  /** Types of the outputs; undefined when the operator is not known or its inputs contradict it. */
  private inferNode(node: Node, original: Node, scope: Scope): readonly ValueType[] | undefined {
    const operator = operatorName(node.domain, node.opType);
    const types = node.inputs.map((input) => scope.typeOf(input) ?? {});
    try {
      const called =
        this.functions.get(operatorName(node.domain, node.opType, node.overload)) ??
        this.functions.get(operator);
      if (called !== undefined) return this.callFunction(called, node, original, types, scope);
      const row = shapeRules.get(operator);
      if (row === undefined) {
        this.unknown.add(operator);
        return undefined;
      }
      const given = node.inputs.findLastIndex((input) => input !== '') + 1;
      if (given < row.leastInputs)
        throw new OnnxError(
          `${describeNode(node)} has ${given} inputs where at least ${row.leastInputs} belong.`,
        );
      return this.applyRule(row.rule, node, types, scope);
    } catch (error) {
      if (!(error instanceof OnnxError)) throw error;
      this.problems.add(error.message);
      return undefined;
    }
  }

  private applyRule(
    rule: ShapeRule,
    node: Node,
    types: readonly ValueType[],
    scope: Scope,
  ): readonly ValueType[] {
    const symbols = (position: number) => {
      const name = node.inputs[position];
      return name ? scope.contentsOf(name)?.items : undefined;
    };
    const results = rule({
      node,
      opset: scope.opsets.get(node.domain) ?? 1,
      types,
      has: (position) => (node.inputs[position] ?? '') !== '',
      symbols,
      numbers: (position) => {
        const items = symbols(position);
        return items?.every((item) => typeof item === 'number') ? items : undefined;
      },
      infer: (body, inputs, changes = false) =>
        this.inferSubgraph(body, inputs, changes ? sizelessType : declaredType, scope, node),
    });
    // also where an input has fewer axes than the rule reads
    const odd = results.find((type) => type.dims?.some((dim) => typeof dim !== 'string' && !isSize(dim)));
    if (odd !== undefined)
      throw new OnnxError(`${describeNode(node)} would make the shape [${odd.dims?.join(', ')}].`);
    return results;
  }

  private inferSubgraph(
    graph: Graph,
    given: readonly ValueType[],
    noteOf: NoteOf,
    outer: Scope,
    node: Node,
  ): readonly ValueType[] {
    this.refuseTooDeep(outer, node);
    const { opsets, bindings, depth } = outer;
    const scope = new Scope({ stored: graph.initializers, opsets, outer, bindings, depth: depth + 1 });
    this.enterGraph(graph, scope, given, noteOf);
    outer.inner.set(graph, scope);
    return graph.outputs.map((output) => filledType(scope.typeOf(output.name) ?? {}, noteOf(output)));
  }

  private callFunction(
    called: LocalFunction,
    node: Node,
    original: Node,
    types: readonly ValueType[],
    outer: Scope,
  ): readonly ValueType[] {
    this.refuseTooDeep(outer, node);
    const scope = new Scope({
      stored: new Map(),
      opsets: called.opsets,
      bindings: new Map([...called.attributeDefaults, ...node.attributes]),
      depth: outer.depth + 1,
    });
    called.inputs.forEach((name, at) => {
      scope.values.set(name, types[at] ?? {});
      const given = node.inputs[at];
      if (given) scope.contents.set(name, outer.contentsOf(given));
    });
    this.walkNodes(called.nodes, scope, notesOf(called.valueInfos, declaredType));
    outer.inner.set(original, scope);
    return called.outputs.map((name) => scope.typeOf(name) ?? {});
  }

  private refuseTooDeep({ depth }: Scope, node: Node): void {
    if (depth >= deepest)
      throw new OnnxError(
        `${describeNode(node)} is nested more than ${deepest} subgraphs or functions deep.`,
      );
  }
}

function isSize(dim: number): boolean {
  return Number.isSafeInteger(dim) && dim >= 0;
}

function operatorName(domain: string, name: string, overload = ''): string {
  return (domain === '' ? name : `${domain}.${name}`) + (overload === '' ? '' : `:${overload}`);
}

function declaredType({ dtype, dims, container }: ValueInfo): ValueType {
  return container === undefined ? tensorType(dtype, dims) : { container };
}

function sizelessType(value: ValueInfo): ValueType {
  return withoutSizes(declaredType(value));
}

function notesOf(values: readonly ValueInfo[], noteOf: NoteOf): ReadonlyMap<string, ValueType> {
  return new Map(values.map((value) => [value.name, noteOf(value)]));
}

/** Large results steer nothing; a result of unknown length may still turn out short (NonZero). */
function isSmall({ dims }: ValueType): boolean {
  let count = 1;
  for (const dim of dims ?? []) count *= typeof dim === 'number' ? dim : 1;
  return count <= mostItems && (dims?.length ?? 0) <= 4;
}

/** Keeps what is known of a small result's elements. */
function foldNode(node: Node, scope: Scope): void {
  const fold = folds.get(node.opType);
  if (fold === undefined) return;
  const results = node.outputs.map((output) => scope.values.get(output) ?? {});
  if (results.length === 0 || !isSmall(results[0])) return;
  const folded = fold({
    node,
    opset: scope.opsets.get('') ?? 1,
    inputs: node.inputs.map((input) => (input === '' ? undefined : scope.contentsOf(input))),
    types: node.inputs.map((input) => scope.typeOf(input) ?? {}),
    results,
  });
  if (folded === undefined) return;
  const list = 'items' in folded ? [folded] : folded;
  list.forEach((contents, at) => {
    if (contents !== undefined && node.outputs[at]) scope.contents.set(node.outputs[at], contents);
  });
}
