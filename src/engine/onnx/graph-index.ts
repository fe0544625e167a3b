import { namesReadBy } from './node-reads.ts';
import { OnnxError } from './onnx-error.ts';
import type { Graph, Node, Tensor } from './types.ts';

/** Who makes and who uses every value of a graph. */
export interface GraphIndex {
  /** The node that computes a value; initializers and graph inputs have none. */
  readonly producers: ReadonlyMap<string, Node>;
  /** The nodes that read a value, each once, also from inside their subgraphs. */
  readonly consumers: ReadonlyMap<string, readonly Node[]>;
  readonly outputNames: ReadonlySet<string>;
}

/** Looks up producers and consumers. @throws OnnxError when two nodes compute the same value. */
export function indexGraph(graph: Pick<Graph, 'nodes' | 'outputs'>): GraphIndex {
  const producers = new Map<string, Node>();
  const consumers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) {
      if (output === '') continue;
      const other = producers.get(output);
      if (other !== undefined)
        throw new OnnxError(
          `Two nodes compute the value "${showName(output)}", ${describeNode(other)} and ${describeNode(node)}; each value must have one source.`,
        );
      producers.set(output, node);
    }
    for (const input of namesReadBy(node)) {
      const users = consumers.get(input);
      if (users === undefined) consumers.set(input, [node]);
      else users.push(node);
    }
  }
  return { producers, consumers, outputNames: new Set(graph.outputs.map((output) => output.name)) };
}

/** Names of values that depend on no graph input, and so are the same in every run. */
export function constantValues(graph: Pick<Graph, 'nodes' | 'initializers'>): ReadonlySet<string> {
  const constants = new Set(graph.initializers.keys());
  for (const node of graph.nodes) {
    if ([...namesReadBy(node)].every((input) => constants.has(input))) {
      for (const output of node.outputs) constants.add(output);
    }
  }
  return constants;
}

/** A node's name, or its operator and first output when it has none: for sentences. */
export function describeNode(node: Node): string {
  const operator = showName(node.opType);
  return node.name === ''
    ? `${operator} → ${showName(node.outputs[0] ?? '')}`
    : `${showName(node.name)} (${operator})`;
}

/** A name as a sentence can hold it: files may name things by pages of text or control characters. */
function showName(name: string): string {
  const short = name.length > 100 ? `${name.slice(0, 99)}…` : name;
  return short.replaceAll(/\p{Cc}/gu, '·');
}

/** An integer attribute, or the operator's default. @throws OnnxError when it is there with another type. */
export function intAttribute(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return otherwise;
  if (attribute.type !== 'int') return wrongType(node, name, 'an integer');
  return attribute.value;
}

/** A float attribute, or the operator's default. @throws OnnxError when it is there with another type. */
export function floatAttributeOf(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return otherwise;
  if (attribute.type !== 'float') return wrongType(node, name, 'a float');
  return attribute.value;
}

/** A list-of-integers attribute, or undefined. @throws OnnxError when it is there with another type. */
export function intsAttribute(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return undefined;
  if (attribute.type !== 'ints') return wrongType(node, name, 'a list of integers');
  return attribute.value;
}

/** A text attribute, or the operator's default. @throws OnnxError when it is there with another type. */
export function stringAttribute(node: Node, name: string, otherwise: string): string {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return otherwise;
  if (attribute.type !== 'string') return wrongType(node, name, 'a text');
  return attribute.value;
}

/** A tensor attribute, or undefined. @throws OnnxError when it is there with another type. */
export function tensorAttribute(node: Node, name: string): Tensor | undefined {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return undefined;
  if (attribute.type !== 'tensor') return wrongType(node, name, 'a tensor');
  return attribute.value;
}

function wrongType(node: Node, name: string, expected: string): never {
  throw new OnnxError(`${describeNode(node)} has an attribute "${name}" that is not ${expected}.`);
}
