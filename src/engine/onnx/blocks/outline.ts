/** The tree of parts, before anything is measured: by module paths where the file has them, by structure where it has none. */
import type { FlowNode } from './flow.ts';
import { kindOf } from './kind.ts';
import type { BoxKind } from './kind.ts';
import { branchesOf, cutIntoSegments } from './segments.ts';

export interface Part {
  readonly id: string;
  readonly label: string;
  readonly kind: BoxKind;
  /** In the order in which they run. */
  readonly nodes: readonly FlowNode[];
  readonly children: readonly Part[];
  /** A run of single steps, which is no block of its own. */
  readonly isChain?: boolean;
}

export interface Named extends FlowNode {
  readonly path: readonly string[];
}

/** The parts of a list of nodes: one for each module at a depth of the path, one for each node without a deeper one. */
export function partsByPath(nodes: readonly Named[], depth: number): readonly Part[] {
  const groups = new Map<string, Named[]>();
  for (const node of nodes) {
    const key = node.path.length > depth ? `/${node.path[depth]}` : `#${node.at}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [node]);
    else list.push(node);
  }
  return [...groups].map(([key, list]) =>
    key.startsWith('/') ? modulePart(list, depth) : operatorPart(list[0]),
  );
}

/** A module and what is in it; levels that hold a single module are left out. */
function modulePart(nodes: readonly Named[], depth: number): Part {
  let inner = depth + 1;
  while (
    nodes.length > 1 &&
    nodes.every(({ path }) => path.length > inner && path[inner] === nodes[0].path[inner])
  )
    inner++;
  const id = nodes[0].path.slice(0, inner).join('.');
  const label = labelOf(nodes[0].path.slice(0, depth + 1));
  if (nodes.length === 1) return { ...operatorPart(nodes[0]), id, label };
  const kind = kindOf(nodes.map(({ node }) => node));
  const branches = kind === 'inception' ? branchParts(nodes, id, depth) : [];
  // a dense block also ends in a joint, but its layers feed one another
  const apart = branches.filter((branch) => branch.kind === 'branch').length > 1;
  if (apart) return { id, label, kind, nodes, children: branches };
  const children = partsByPath(nodes, inner);
  const blocks = children.filter((child) => child.kind === 'residual' || child.kind === 'layer').length;
  const isStage = blocks > 1 || (['group', 'inception'].includes(kind) && isStageName(label));
  return { id, label, kind: isStage ? 'stage' : kind === 'inception' ? 'group' : kind, nodes, children };
}

/** Whoever calls a module so means a stage: stage1, stages.0, layer3. */
function isStageName(label: string): boolean {
  return /^(stages?|layers?)\.?\d+$/.test(label);
}

/** A number says little without the name before it. */
function labelOf(path: readonly string[]): string {
  const word = path.findLastIndex((part) => !/^\d+$/.test(part));
  return path.slice(Math.max(word, 0)).join('.');
}

/** One operator. */
export function operatorPart(node: FlowNode): Part {
  const { name, opType, outputs } = node.node;
  return {
    id: name === '' ? `${opType}:${outputs[0] ?? ''}` : name,
    label: opType,
    kind: 'operator',
    nodes: [node],
    children: [],
  };
}

/** The paths that run side by side in an Inception module, and the node that joins them. */
function branchParts(nodes: readonly FlowNode[], id: string, depth: number): readonly Part[] {
  const end = nodes.findLastIndex(({ node }) => /Concat$/.test(node.opType));
  const branches = branchesOf(nodes.slice(0, end + 1)).map((branch, at): Part => {
    if (branch.length === 1) return operatorPart(branch[0]);
    const children = branch.some((node) => 'path' in node && (node as Named).path.length > depth)
      ? partsByPath(branch as readonly Named[], depth + 1)
      : branch.map(operatorPart);
    return {
      id: `${id}.branch${at + 1}`,
      label: `branch ${at + 1}`,
      kind: 'branch',
      nodes: branch,
      children,
    };
  });
  return [...branches, ...nodes.slice(end).map(operatorPart)];
}

/** The parts of a network without names: segments between cuts; attention and what follows it make a layer. */
export function partsByStructure(nodes: readonly FlowNode[], prefix: string): readonly Part[] {
  const segments = joinLayers(cutIntoSegments(nodes));
  if (segments.length === 1) return nodes.map(operatorPart);
  const counts = new Map<BoxKind, number>();
  return segments.map((segment, at): Part => {
    if (segment.length === 1) return operatorPart(segment[0]);
    const kind = kindOf(segment.map(({ node }) => node));
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const id = `${prefix}${at + 1}`;
    return { id, label: `${kind} ${count}`, kind, nodes: segment, children: innerParts(segment, id, kind) };
  });
}

function innerParts(segment: readonly FlowNode[], id: string, kind: BoxKind): readonly Part[] {
  if (kind === 'inception') return branchParts(segment, id, 0);
  if (kind !== 'layer') return segment.map(operatorPart);
  return cutIntoSegments(segment).flatMap((part, at): readonly Part[] => {
    if (part.length === 1) return [operatorPart(part[0])];
    const inner = kindOf(part.map(({ node }) => node));
    return [
      { id: `${id}.${at + 1}`, label: inner, kind: inner, nodes: part, children: part.map(operatorPart) },
    ];
  });
}

/** Puts a segment with attention together with the next block of several nodes, and a normalisation that follows each. */
function joinLayers(segments: readonly (readonly FlowNode[])[]): readonly (readonly FlowNode[])[] {
  const joined: (readonly FlowNode[])[] = [];
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at];
    if (kindOf(segment.map(({ node }) => node)) !== 'attention') {
      joined.push(segment);
      continue;
    }
    const normFirst = segment.some(({ node }) => /Normalization$/.test(node.opType));
    let end = at + 1;
    while (end < segments.length && segments[end].length === 1 && !normFirst && isNorm(segments[end])) end++;
    if (end < segments.length && kindOf(segments[end].map(({ node }) => node)) === 'residual') end++;
    while (end < segments.length && !normFirst && isNorm(segments[end])) end++;
    joined.push(segments.slice(at, end).flat());
    at = end - 1;
  }
  return joined;
}

function isNorm(segment: readonly FlowNode[]): boolean {
  return segment.length === 1 && /Normalization$/.test(segment[0].node.opType);
}
