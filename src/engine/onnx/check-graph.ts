/** What is wrong with a graph that could be read, without refusing what can still be shown. */
import { findCycle } from './find-cycle.ts';
import { describeNode } from './graph-index.ts';
import { namesReadBy, subgraphsOf } from './node-reads.ts';
import type { Graph, LocalFunction, Model, Node, ValueInfo } from './types.ts';

/** One thing that is wrong, as a sentence that names it. */
export interface GraphProblem {
  readonly kind:
    | 'duplicate-name'
    | 'missing-value'
    | 'wrong-order'
    | 'cycle'
    | 'unknown-type'
    | 'missing-name'
    | 'unknown-opset';
  readonly message: string;
  /** The value or node that the sentence is about. */
  readonly about: string;
}

/** The newest operators of the default domain when this was written; later ones may mean something else. */
const newestOpset = 28;
/** Nobody reads more. */
const mostProblems = 200;

/**
 * All problems of a model's graphs and local functions, at most 200: cycles, values that are computed twice or nowhere, nodes before
 * what they read, inputs without a type, operators of an unknown version. Empty for a sound model.
 */
export function checkGraph(model: Model): readonly GraphProblem[] {
  const problems: GraphProblem[] = [];
  const report = (kind: GraphProblem['kind'], about: string, message: string) => {
    if (problems.length < mostProblems) problems.push({ kind, about, message });
  };
  checkOpsets(model, report);
  checkNodes(model.graph, 'the graph', new Set(), report);
  for (const { name, dtype, container } of [...model.graph.inputs, ...model.graph.outputs]) {
    if (dtype === undefined && container === undefined)
      report(
        'unknown-type',
        name,
        `The file does not say of what type "${name}" is, or of one that is not known.`,
      );
  }
  for (const one of model.functions ?? [])
    checkNodes(asGraph(one), `the local function "${one.name}"`, new Set(), report);
  checkRecursion(model.functions ?? [], report);
  return problems;
}

type Report = (kind: GraphProblem['kind'], about: string, message: string) => void;

function checkOpsets({ opsets, graph }: Model, report: Report): void {
  const version = opsets.get('');
  if (version === undefined && graph.nodes.some(({ domain }) => domain === ''))
    report('unknown-opset', '', 'The file does not say which version of the ONNX operators it uses.');
  if (version !== undefined && (version < 1 || version > newestOpset))
    report(
      'unknown-opset',
      '',
      `The file uses version ${version} of the ONNX operators; versions 1 to ${newestOpset} are known.`,
    );
  for (const domain of new Set(graph.nodes.map((node) => node.domain)))
    if (domain !== '' && !opsets.has(domain))
      report(
        'unknown-opset',
        domain,
        `The file does not say which version of the operators of "${domain}" it uses.`,
      );
}

function checkNodes(graph: Graph, where: string, outer: ReadonlySet<string>, report: Report): void {
  const known = new Set(outer);
  const own = new Set<string>();
  const define = (name: string, what: string) => {
    if (own.has(name))
      report('duplicate-name', name, `In ${where}, ${what} has the name "${name}", which is taken.`);
    own.add(name);
    known.add(name);
  };
  for (const name of graph.initializers.keys()) define(name, 'an initializer');
  for (const name of graph.sparseInitializers?.keys() ?? []) define(name, 'a sparse initializer');
  for (const { name } of graph.strayInitializers ?? []) {
    if (name === '') report('missing-name', '', `In ${where}, an initializer has no name.`);
    else define(name, 'a second initializer');
  }
  // files from before IR version 4 list initializers as inputs too
  for (const { name } of graph.inputs) if (!graph.initializers.has(name)) define(name, 'an input');

  const computedBy = new Map<string, Node>();
  for (const node of graph.nodes)
    for (const name of node.outputs) if (name !== '' && !computedBy.has(name)) computedBy.set(name, node);
  for (const node of graph.nodes) {
    for (const name of namesReadBy(node)) {
      if (known.has(name)) continue;
      if (computedBy.has(name))
        report(
          'wrong-order',
          name,
          `In ${where}, ${describeNode(node)} stands before the node that computes "${name}".`,
        );
      else
        report(
          'missing-value',
          name,
          `In ${where}, ${describeNode(node)} reads "${name}", which nothing computes.`,
        );
    }
    for (const inner of subgraphsOf(node))
      checkNodes(inner, `a subgraph of ${describeNode(node)}`, known, report);
    for (const name of node.outputs) if (name !== '') define(name, `an output of ${describeNode(node)}`);
  }
  for (const { name } of graph.outputs)
    if (!known.has(name))
      report('missing-value', name, `In ${where}, the output "${name}" is computed by nothing.`);

  const cycle = findCycle(graph.nodes, (node) =>
    [...namesReadBy(node)].flatMap((name) => computedBy.get(name) ?? []),
  );
  if (cycle !== undefined)
    report(
      'cycle',
      cycle[0].outputs[0] ?? '',
      `In ${where}, ${nameChain(cycle.map(describeNode))} read one another in a circle.`,
    );
}

function checkRecursion(functions: readonly LocalFunction[], report: Report): void {
  const byName = new Map(functions.map((one) => [`${one.domain}.${one.name}`, one]));
  const cycle = findCycle(functions, (one) =>
    calledNames(one.nodes).flatMap((name) => byName.get(name) ?? []),
  );
  if (cycle === undefined) return;
  const names = nameChain(cycle.map(({ name }) => `"${name}"`));
  report('cycle', cycle[0].name, `The local functions ${names} call one another in a circle.`);
}

function calledNames(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => [
    `${node.domain}.${node.opType}`,
    ...subgraphsOf(node).flatMap((graph) => calledNames(graph.nodes)),
  ]);
}

/** A function's body, checked as a graph: its parameters have names and no types. */
function asGraph({ name, nodes, inputs, outputs, valueInfos }: LocalFunction): Graph {
  const values = (names: readonly string[]): ValueInfo[] => names.map((one) => ({ name: one }));
  return {
    name,
    nodes,
    initializers: new Map(),
    inputs: values(inputs),
    outputs: values(outputs),
    valueInfos,
  };
}

function nameChain(names: readonly string[]): string {
  const shown = names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} more`] : names;
  return shown.length === 1
    ? `${shown[0]} and itself`
    : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
