import { buildNode, withGraph } from '../build.ts';
import { describeNode } from '../graph-index.ts';
import { mapSubgraphs, namesInside, renameInNode } from '../node-reads.ts';
import { OnnxError } from '../onnx-error.ts';
import type { Attribute, LocalFunction, Model, Node } from '../types.ts';
import { prune } from './prune.ts';

/** Functions that call functions: more levels or nodes than this are a mistake or a trap. */
const deepest = 32;
const mostNodes = 50_000;

/**
 * The model with every call of a local function replaced by the function's nodes, whose values are named after the call. Calls of
 * functions written for another version of a domain's operators than the model's stay calls.
 * @throws OnnxError when functions call themselves or would grow beyond reason.
 */
export function inlineFunctions(model: Model): Model {
  if (model.functions === undefined) return model;
  const functions = new Map(model.functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]));
  const taken = new Set(namesInside(model.graph));
  let count = 0;
  return prune(withGraph(model, { nodes: expandAll(model.graph.nodes, 0) }));

  function expandAll(nodes: readonly Node[], depth: number): Node[] {
    return nodes.flatMap((node) => expand(node, depth));
  }

  function expand(node: Node, depth: number): Node[] {
    if (++count > mostNodes) throw new OnnxError(`The local functions hold more than ${mostNodes} nodes.`);
    if (depth > deepest)
      throw new OnnxError(`${describeNode(node)} is called more than ${deepest} local functions deep.`);
    const called = functions.get(keyOf(node.domain, node.opType, node.overload));
    if (called === undefined || !fits(called)) {
      return [mapSubgraphs(node, (graph) => ({ ...graph, nodes: expandAll(graph.nodes, depth) }))];
    }
    return expandAll(bodyOf(called, node), depth + 1);
  }

  function fits({ opsets }: LocalFunction): boolean {
    return [...opsets].every(([domain, version]) => (model.opsets.get(domain) ?? version) === version);
  }

  /** The nodes of a function with the call's values and attributes in them. */
  function bodyOf(called: LocalFunction, call: Node): Node[] {
    const prefix = call.name || call.outputs.find((name) => name !== '') || call.opType;
    const names = new Map<string, string>();
    called.inputs.forEach((name, at) => names.set(name, call.inputs[at] ?? ''));
    const copies: Node[] = [];
    called.outputs.forEach((name, at) => {
      const output = call.outputs[at] ?? '';
      if (output === '') return;
      // a value that goes straight through, or twice, needs a node that makes the second name
      if (names.has(name)) copies.push(buildNode('Identity', '', [name], [output]));
      else names.set(name, output);
    });
    const rename = (name: string) => {
      const known = names.get(name) ?? freshName(`${prefix}/${name}`);
      names.set(name, known);
      return known;
    };
    const bindings = new Map([...called.attributeDefaults, ...call.attributes]);
    const body = called.nodes.map((node) => {
      const named = node.name === '' ? '' : `${prefix}/${node.name}`;
      return { ...renameInNode(bindAttributes(node, bindings), rename), name: named };
    });
    const through = copies.map((node) => ({ ...node, inputs: node.inputs.map(rename) }));
    return [...body, ...through];
  }

  /** The wanted name, or one like it that nothing in the model has. */
  function freshName(wanted: string): string {
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}.${number}`;
    taken.add(name);
    return name;
  }
}

/** The node with the caller's attributes in place of references to them; one that the caller left out is left out here. */
function bindAttributes(node: Node, bindings: ReadonlyMap<string, Attribute>): Node {
  const attributes = new Map<string, Attribute>();
  for (const [name, attribute] of node.attributes) {
    const bound = attribute.type === 'reference' ? bindings.get(attribute.value) : attribute;
    if (bound !== undefined) attributes.set(name, bound);
  }
  return mapSubgraphs({ ...node, attributes }, (graph) => ({
    ...graph,
    nodes: graph.nodes.map((inner) => bindAttributes(inner, bindings)),
  }));
}

function keyOf(domain: string, name: string, overload = ''): string {
  return `${domain}\0${name}\0${overload}`;
}
