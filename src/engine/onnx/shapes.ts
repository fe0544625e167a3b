import type { Contents } from './shape/contents.ts';
import type { GraphTypes } from './shape/scope.ts';
import { Walk } from './shape/walk.ts';
import type { ValueType } from './shape/value-type.ts';
import type { Graph, Model, Node } from './types.ts';

export type { GraphTypes } from './shape/scope.ts';
export type { ValueType } from './shape/value-type.ts';

/** Types of all values of a model. */
export interface Shapes {
  /** By value name: graph inputs, initializers and every node output (with an empty type where nothing is known). */
  readonly values: ReadonlyMap<string, ValueType>;
  /** Elements of small values that are known before anything runs: shapes, axes, scales. */
  readonly contents: ReadonlyMap<string, Contents | undefined>;
  /** What is inside the subgraphs of If, Loop and Scan by graph, and inside local functions by the node that calls them. */
  readonly inner: ReadonlyMap<Graph | Node, GraphTypes>;
  /** Operators without a rule, each once, with their domain in front when it is not the default one. */
  readonly unknownOperators: readonly string[];
  /** Sentences about nodes whose inputs contradict their operator. */
  readonly problems: readonly string[];
}

/**
 * Infers dtype and dimensions of every value, in the order of the nodes. A dimension with a name in the graph's inputs (the
 * batch) stays a name, and sizes that follow from it are expressions ("2*N + 1"). Never throws: an unknown operator or a
 * contradiction leaves its outputs unknown and is reported.
 */
export function inferShapes(model: Model): Shapes {
  const walk = new Walk(model);
  const { values, contents, inner } = walk.walkModel();
  return {
    values,
    contents,
    inner,
    unknownOperators: [...walk.unknown],
    problems: [...walk.problems],
  };
}
