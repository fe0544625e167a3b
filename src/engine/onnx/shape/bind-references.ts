import type { Attribute, Node } from '../types.ts';

/** In a local function: the node with the caller's attributes in place of references; one without a value goes away. */
export function bindReferences(node: Node, bindings: ReadonlyMap<string, Attribute> | undefined): Node {
  if (bindings === undefined || ![...node.attributes.values()].some(({ type }) => type === 'reference'))
    return node;
  const attributes = new Map<string, Attribute>();
  for (const [name, attribute] of node.attributes) {
    const bound = attribute.type === 'reference' ? bindings.get(attribute.value) : attribute;
    if (bound !== undefined) attributes.set(name, bound);
  }
  return { ...node, attributes };
}
