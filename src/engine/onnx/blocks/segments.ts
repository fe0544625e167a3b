/**
 * Cuts a flow where a single value passes: between two cuts lies one step of a chain, or a block with branches (a residual
 * block, an Inception module, attention with its skip). Needs no names.
 */
import type { FlowNode } from './flow.ts';

/** A value that lives longer than this share of the network (an attention mask, positions) does not hold a block together. */
const longest = 0.4;

/** Runs of nodes, each from a cut to the next: after the last one only its own value is still needed. */
export function cutIntoSegments(nodes: readonly FlowNode[]): readonly (readonly FlowNode[])[] {
  const limit = Math.max(12, nodes.length * longest);
  const segments: FlowNode[][] = [[]];
  let reach = -1;
  for (const node of nodes) {
    segments[segments.length - 1].push(node);
    // nothing made before this node is read behind it
    if (reach <= node.at) segments.push([]);
    if (node.lastReader - node.at <= limit) reach = Math.max(reach, node.lastReader);
  }
  return segments.filter((segment) => segment.length > 0);
}

/** The parallel paths of a block: parts that are connected without its last node, which joins them. */
export function branchesOf(block: readonly FlowNode[]): readonly (readonly FlowNode[])[] {
  const join = block.at(-1);
  const inside = block.slice(0, -1);
  const group = new Map<number, number>(inside.map(({ at }) => [at, at]));
  const root = (at: number): number => {
    let top = at;
    while (group.get(top) !== top) top = group.get(top) ?? top;
    return top;
  };
  for (const { at, sources } of inside)
    for (const source of sources) if (group.has(source)) group.set(root(at), root(source));
  const branches = new Map<number, FlowNode[]>();
  for (const node of inside) {
    const top = root(node.at);
    const list = branches.get(top);
    if (list === undefined) branches.set(top, [node]);
    else list.push(node);
  }
  return join === undefined ? [] : [...branches.values()];
}
