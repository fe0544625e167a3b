/**
 * Where everything stands in the drawing: boxes that are closed, frames around those that are open, edges between.
 * Frames are laid out from the inside out; the box itself stays as the head of its frame, from which its inputs go on.
 */
import { placeInLanes, type LaneNode, type LaneSpacing, type Point } from '../../engine/layout/lanes.ts';
import type { AtlasBox, AtlasNetwork } from '../../labs/atlas-network.ts';

export type { Point };

/** Size of a box, in pixels of the drawing. */
export const boxSize = { width: 308, height: 46 };

/** Inputs and outputs of the network. */
export const endSize = { width: 200, height: 32 };

const spacing: LaneSpacing = { gap: 40, bend: 22, stub: 30, between: 26, thin: 30 };

/** Between a frame and what is in it. */
const padding = 14;

export interface PlacedBox {
  readonly box: AtlasBox;
  readonly x: number;
  readonly y: number;
  /** Size of the frame, for an open box. */
  readonly width: number;
  readonly height: number;
  /** Left edge of the box itself, which stands at the top of its frame. */
  readonly headX: number;
  readonly isOpen: boolean;
}

/** An input or output of the network. */
export interface PlacedEnd {
  readonly key: string;
  readonly value: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly key: string;
  /** A port: a box's or end's key; with `leave` in front the lower edge of an open box's frame. */
  readonly from: string;
  readonly to: string;
  readonly value: string;
  readonly points: readonly Point[];
}

export interface Arrangement {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly ends: readonly PlacedEnd[];
  readonly edges: readonly PlacedEdge[];
}

const enter = (value: string): string => `in ${value}`;
const exit = (value: string): string => `out ${value}`;

/** The port at the lower edge of an open box's frame. */
export function leave(box: string): string {
  return `leave ${box}`;
}

/** The innermost box that can be opened at a place of the drawing: one that is open, or one that is not. */
export function boxAt({ boxes }: Arrangement, { x, y }: Point, isOpen: boolean): PlacedBox | undefined {
  return boxes.findLast(
    (placed) =>
      placed.isOpen === isOpen &&
      placed.box.op === undefined &&
      x >= placed.x &&
      x <= placed.x + placed.width &&
      y >= placed.y &&
      y <= placed.y + placed.height,
  );
}

/** A part of the drawing with its left upper corner at (0, 0). */
interface Part extends Arrangement {
  /** The line on which edges come in and leave. */
  readonly axis: number;
}

/** One thing of a level: it takes room, takes values in and hands values on. */
interface Member {
  readonly key: string;
  readonly outKey: string;
  readonly takes: readonly string[];
  readonly gives: readonly string[];
  readonly size: LaneNode;
  readonly part?: Part;
}

/** By the set of open boxes, which is another object after every change. */
const known = new WeakMap<ReadonlySet<string>, { network: AtlasNetwork; drawing: Arrangement }>();

/** The drawing of a network in which these boxes are open. */
export function arrange(network: AtlasNetwork, open: ReadonlySet<string>): Arrangement {
  const before = known.get(open);
  if (before?.network === network) return before.drawing;
  const drawing = arrangeAnew(network, open);
  keepArrangement(network, open, drawing);
  return drawing;
}

/** Keeps a drawing that was arranged elsewhere, so that `arrange` finds it. */
export function keepArrangement(
  network: AtlasNetwork,
  open: ReadonlySet<string>,
  drawing: Arrangement,
): void {
  known.set(open, { network, drawing });
}

function arrangeAnew(network: AtlasNetwork, open: ReadonlySet<string>): Arrangement {
  const children = Map.groupBy(network.boxes, ({ parent }) => parent);
  const ends = (values: readonly string[], isInput: boolean): Member[] =>
    values.map((value) => {
      const key = isInput ? enter(value) : exit(value);
      const part: Part = {
        ...empty,
        ...endSize,
        axis: endSize.width / 2,
        ends: [{ key, value, x: 0, y: 0 }],
      };
      const [takes, gives] = isInput ? [[], [value]] : [[value], []];
      return { key, outKey: key, takes, gives, size: part, part };
    });
  return joinLevel([
    ...ends(network.inputs, true),
    ...(children.get(undefined) ?? []).map(member),
    ...ends(network.outputs, false),
  ]);

  function member(box: AtlasBox): Member {
    const part = open.has(box.id) && children.has(box.id) ? frame(box) : closed(box);
    const outKey = part.boxes[0].isOpen ? leave(box.id) : box.id;
    return { key: box.id, outKey, takes: box.inputs, gives: box.outputs, size: part, part };
  }

  function frame(box: AtlasBox): Part {
    const head: Member = {
      key: box.id,
      outKey: box.id,
      takes: [],
      gives: box.inputs,
      size: { ...boxSize, axis: boxSize.width / 2 },
    };
    const foot: Member = {
      key: leave(box.id),
      outKey: leave(box.id),
      takes: box.outputs,
      gives: [],
      size: { width: 0, height: 0, axis: 0 },
    };
    const inside = joinLevel([head, ...(children.get(box.id) ?? []).map(member), foot]);
    const moved = move(inside, padding, 0);
    const [width, height, axis] = [inside.width + 2 * padding, inside.height, inside.axis + padding];
    const own: PlacedBox = { box, x: 0, y: 0, width, height, headX: axis - boxSize.width / 2, isOpen: true };
    return { ...moved, width, height, axis, boxes: [own, ...moved.boxes] };
  }
}

const empty: Omit<Arrangement, 'width' | 'height'> = { boxes: [], ends: [], edges: [] };

function closed(box: AtlasBox): Part {
  const own: PlacedBox = { box, x: 0, y: 0, ...boxSize, headX: 0, isOpen: false };
  return { ...empty, ...boxSize, axis: boxSize.width / 2, boxes: [own] };
}

/** Lays out the members of a level; each must be able to run after those before it, else it is moved behind them. */
function joinLevel(unsorted: readonly Member[]): Part {
  const members = inRunningOrder(unsorted);
  const makers = new Map(members.flatMap(({ gives }, at) => gives.map((value) => [value, at] as const)));
  // One edge for each pair, whatever number of values it carries
  const links = new Map<string, { from: number; to: number; value: string }>();
  members.forEach(({ takes }, to) => {
    for (const value of takes) {
      const from = makers.get(value);
      if (from === undefined || from >= to || links.has(`${from} ${to}`)) continue;
      links.set(`${from} ${to}`, { from, to, value });
    }
  });
  const edges = [...links.values()];
  const layout = placeInLanes(
    members.map(({ size }) => size),
    edges,
    spacing,
  );
  const parts = members.map(({ part }, at) => {
    const { x, y } = layout.places[at];
    return part ? move(part, x, y) : undefined;
  });
  return {
    width: layout.width,
    height: layout.height,
    axis: layout.places[0].x + members[0].size.axis,
    boxes: parts.flatMap((part) => part?.boxes ?? []),
    ends: parts.flatMap((part) => part?.ends ?? []),
    edges: [
      ...edges.map(({ from, to, value }, at) => ({
        key: `${members[from].outKey} → ${members[to].key}`,
        from: members[from].outKey,
        to: members[to].key,
        value,
        points: layout.routes[at],
      })),
      ...parts.flatMap((part) => part?.edges ?? []),
    ],
  };
}

/** Members behind those whose values they take; where they wait for each other the order of the file decides. */
function inRunningOrder(members: readonly Member[]): readonly Member[] {
  const makers = new Map(members.flatMap((member) => member.gives.map((value) => [value, member] as const)));
  const sorted = new Set<Member>();
  const waiting = new Set<Member>();
  const visit = (member: Member): void => {
    if (sorted.has(member) || waiting.has(member)) return;
    waiting.add(member);
    for (const value of member.takes) {
      const maker = makers.get(value);
      if (maker && maker !== member) visit(maker);
    }
    sorted.add(member);
  };
  members.forEach(visit);
  return [...sorted];
}

function move(part: Part, dx: number, dy: number): Part {
  const by = <T extends Point>(place: T): T => ({ ...place, x: place.x + dx, y: place.y + dy });
  return {
    ...part,
    boxes: part.boxes.map((placed) => ({ ...by(placed), headX: placed.headX + dx })),
    ends: part.ends.map(by),
    edges: part.edges.map((edge) => ({ ...edge, points: edge.points.map(by) })),
  };
}
