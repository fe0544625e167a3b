/**
 * A layout for networks, which are chains with branches: the longest path is a straight column in the middle, every
 * branch a straight column beside it, and an edge that skips over others runs down a narrow lane of its own.
 *
 *   y: below everything that a node reads (longest path)    chains: the longest way first, then what is left
 *   lanes: short chains nearest to the middle, right and left in turn; two share a lane where they do not meet
 *
 * Layered drawing after Sugiyama, Tagawa and Toda 1981, with whole chains placed in place of single nodes.
 */
import { longestChains } from './chains.ts';

/** What is placed. Lengths are in pixels of the drawing. */
export interface LaneNode {
  readonly width: number;
  readonly height: number;
  /** From the left edge to the line on which edges come in and leave. */
  readonly axis: number;
}

/** Places in the list of nodes, which is in an order in which they can run: `from` is smaller than `to`. */
export interface LaneEdge {
  readonly from: number;
  readonly to: number;
}

export interface LaneSpacing {
  /** Between a node and the next below it. */
  readonly gap: number;
  /** What a sideways bend needs on top of that. */
  readonly bend: number;
  /** Straight part of an edge below a node, where the tensor is drawn. */
  readonly stub: number;
  /** Between two lanes. */
  readonly between: number;
  /** Width of a lane that holds nothing but an edge. */
  readonly thin: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LaneLayout {
  readonly width: number;
  readonly height: number;
  /** Left upper corner of every node. */
  readonly places: readonly Point[];
  /** Corners of every edge, from the lower edge of its source to the upper edge of its target. */
  readonly routes: readonly (readonly Point[])[];
}

/** Something that needs a lane for a stretch of the drawing: a chain of nodes, or skipping edges of one source. */
interface Tenant {
  readonly before: number;
  readonly after: number;
  top: number;
  bottom: number;
  lane: number;
}

/** Places nodes and routes edges. @throws RangeError when an edge does not lead forward. */
export function placeInLanes(
  nodes: readonly LaneNode[],
  edges: readonly LaneEdge[],
  spacing: LaneSpacing,
): LaneLayout {
  const wrong = edges.find(({ from, to }) => from >= to);
  if (wrong) throw new RangeError(`Edge ${wrong.from} → ${wrong.to} does not lead forward.`);
  const tops = stack(nodes, edges, spacing);
  const bottomOf = (at: number): number => tops[at] + nodes[at].height;
  const chains = longestChains(nodes.length, edges);
  const chainOf = new Map(chains.flatMap((chain) => chain.map((node) => [node, chain] as const)));
  const tenants = new Map<readonly number[] | number, Tenant>(
    chains.map((chain) => [
      chain,
      {
        before: Math.max(...chain.map((at) => nodes[at].axis)),
        after: Math.max(...chain.map((at) => nodes[at].width - nodes[at].axis)),
        top: tops[chain[0]],
        bottom: bottomOf(chain[chain.length - 1]),
        lane: 0,
      },
    ]),
  );
  const lanes = edges.map(({ from, to }) => {
    const target = chainOf.get(to) ?? [];
    const source = chainOf.get(from) ?? [];
    const isTail = source.at(-1) === from;
    const isNext = source === target && source.indexOf(to) === source.indexOf(from) + 1;
    const key = isNext || target[0] === to ? target : isTail ? source : from;
    const tenant = tenants.get(key) ?? {
      before: spacing.thin / 2,
      after: spacing.thin / 2,
      top: Infinity,
      bottom: -Infinity,
      lane: 0,
    };
    tenants.set(key, tenant);
    tenant.top = Math.min(tenant.top, bottomOf(from));
    tenant.bottom = Math.max(tenant.bottom, tops[to]);
    return tenant;
  });
  const axes = settle([...tenants.values()], spacing.between);
  const axisOf = (at: number): number => axes.of(tenants.get(chainOf.get(at) ?? [])?.lane ?? 0);
  const firstTop = Math.min(0, ...tops);
  const shift = (y: number): number => y - firstTop;
  return {
    width: axes.width,
    height: Math.max(0, ...nodes.map((_, at) => shift(bottomOf(at)))),
    places: nodes.map((node, at) => ({ x: axisOf(at) - node.axis, y: shift(tops[at]) })),
    routes: edges.map(({ from, to }, at) => {
      const [start, end, lane] = [axisOf(from), axisOf(to), axes.of(lanes[at].lane)];
      const [top, bottom] = [shift(bottomOf(from)), shift(tops[to])];
      const points = [{ x: start, y: top }];
      if (lane !== start) {
        const turn = top + spacing.stub;
        points.push({ x: start, y: turn }, { x: lane, y: turn + spacing.bend });
      }
      if (lane !== end) {
        const turn = bottom - (spacing.gap - spacing.stub);
        points.push({ x: lane, y: turn - spacing.bend }, { x: end, y: turn });
      }
      points.push({ x: end, y: bottom });
      return points;
    }),
  };
}

/** Upper edges: every node as high as what it reads allows; a node that reads nothing stands just above its first reader. */
function stack(nodes: readonly LaneNode[], edges: readonly LaneEdge[], { gap, bend }: LaneSpacing): number[] {
  const sources = nodes.map(() => new Set<number>());
  const targets = nodes.map(() => new Set<number>());
  for (const { from, to } of edges) {
    sources[to].add(from);
    targets[from].add(to);
  }
  const space = (from: number, to: number): number =>
    gap + (targets[from].size > 1 ? bend : 0) + (sources[to].size > 1 ? bend : 0);
  const tops = nodes.map(() => 0);
  nodes.forEach((_, at) => {
    for (const from of sources[at]) {
      tops[at] = Math.max(tops[at], tops[from] + nodes[from].height + space(from, at));
    }
  });
  nodes.forEach(({ height }, at) => {
    const readers = [...targets[at]];
    if (at === 0 || sources[at].size > 0 || readers.length === 0) return;
    tops[at] = Math.min(...readers.map((to) => tops[to] - space(at, to))) - height;
  });
  return tops;
}

/** Gives every tenant a lane (0 is the middle) and every lane its place; the first tenant is the longest chain. */
function settle(
  tenants: readonly Tenant[],
  between: number,
): { readonly width: number; readonly of: (lane: number) => number } {
  const [middle, ...others] = tenants;
  const lanes = new Map<number, Tenant[]>([[0, [middle]]]);
  const isFree = (lane: number, { top, bottom }: Tenant): boolean =>
    (lanes.get(lane) ?? []).every((other) => other.top >= bottom || other.bottom <= top);
  for (const tenant of others.toSorted((a, b) => a.bottom - a.top - (b.bottom - b.top))) {
    let step = 0;
    do {
      step += 1;
      tenant.lane = step % 2 ? (step + 1) / 2 : -step / 2;
    } while (!isFree(tenant.lane, tenant));
    lanes.set(tenant.lane, [...(lanes.get(tenant.lane) ?? []), tenant]);
  }
  const order = [...lanes.keys()].sort((a, b) => a - b);
  const places = new Map<number, number>();
  let edge = -between;
  for (const lane of order) {
    const residents = lanes.get(lane) ?? [];
    places.set(lane, edge + between + Math.max(...residents.map(({ before }) => before)));
    edge = (places.get(lane) ?? 0) + Math.max(...residents.map(({ after }) => after));
  }
  return { width: Math.max(0, edge), of: (lane) => places.get(lane) ?? 0 };
}
