/** Placing a network in lanes: nothing overlaps, chains are straight, edges start and end at their nodes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { longestChains } from '../../../../src/engine/layout/chains.ts';
import { placeInLanes, type LaneEdge, type LaneSpacing } from '../../../../src/engine/layout/lanes.ts';

const spacing: LaneSpacing = { gap: 40, bend: 20, stub: 30, between: 10, thin: 30 };

/** Nodes of one size, and edges from pairs. */
function place(count: number, pairs: readonly (readonly [number, number])[]) {
  const nodes = Array.from({ length: count }, () => ({ width: 100, height: 50, axis: 50 }));
  const edges = pairs.map(([from, to]): LaneEdge => ({ from, to }));
  return placeInLanes(nodes, edges, spacing);
}

const residual = [
  [0, 1],
  [1, 2],
  [2, 3],
  [0, 3],
] as const;

describe('longestChains', () => {
  it('takes the longest way first, then what is left', () => {
    const edges = [...residual, [0, 4], [4, 3]].map(([from, to]) => ({ from, to }));
    assert.deepEqual(longestChains(5, edges), [[0, 1, 2, 3], [4]]);
  });

  it('gives every node one chain, also without edges', () => {
    assert.deepEqual(longestChains(2, []), [[0], [1]]);
  });
});

describe('placeInLanes', () => {
  it('draws a chain as one straight column', () => {
    const { places, routes, width, height } = place(3, [
      [0, 1],
      [1, 2],
    ]);
    assert.deepEqual(
      places.map(({ x, y }) => [x, y]),
      [
        [0, 0],
        [0, 90],
        [0, 180],
      ],
    );
    assert.deepEqual(routes[0], [
      { x: 50, y: 50 },
      { x: 50, y: 90 },
    ]);
    assert.deepEqual([width, height], [100, 230]);
  });

  it('leads a skip down a lane of its own beside the chain', () => {
    const { places, routes, width } = place(4, residual);
    assert.equal(new Set(places.map(({ x }) => x)).size, 1, 'the chain is not straight');
    const skip = routes[3] ?? [];
    assert.equal(width, 100 + spacing.between + spacing.thin);
    const lane = 100 + spacing.between + spacing.thin / 2;
    assert.ok(
      skip.some(({ x }) => x === lane),
      `the skip is drawn through the boxes: ${JSON.stringify(skip)}`,
    );
    assert.deepEqual(skip[0], { x: 50, y: 50 });
    assert.deepEqual(skip.at(-1), { x: 50, y: places[3]?.y });
  });

  it('spreads branches to both sides, and lets two share a lane where they do not meet', () => {
    const inception = [0, 7].flatMap((base) => [
      ...[1, 2, 3, 4].map((at) => [base, base + at] as const),
      ...[1, 2, 3, 4].map((at) => [base + at, base + 5] as const),
    ]);
    const { places } = place(13, [...inception, [5, 6], [6, 7]]);
    const rows = Map.groupBy(places, ({ y }) => y);
    const largest = Math.max(...[...rows.values()].map((row) => row.length));
    assert.equal(largest, 4);
    assert.equal(new Set(places.map(({ x }) => x)).size, 4, 'the second block has lanes of its own');
    const middle = places[0]?.x ?? 0;
    assert.ok(places.some(({ x }) => x < middle) && places.some(({ x }) => x > middle));
  });

  it('lets one lane carry all skips of a source', () => {
    const { width } = place(5, [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [0, 2],
      [0, 3],
      [0, 4],
    ]);
    assert.equal(width, 100 + spacing.between + spacing.thin);
  });

  it('puts what reads nothing just above its first reader', () => {
    const { places } = place(4, [
      [0, 1],
      [1, 3],
      [2, 3],
    ]);
    assert.ok((places[2]?.y ?? 0) >= (places[1]?.y ?? 0), 'a late input stands at the top');
  });

  it('refuses an edge that leads back', () => {
    assert.throws(() => place(2, [[1, 0]]), /RangeError|does not lead forward/);
  });

  it('is quick with thousands of nodes', () => {
    const count = 5000;
    const pairs = Array.from({ length: count - 1 }, (_, at) => [at, at + 1] as const);
    const skips = Array.from({ length: 1000 }, (_, at) => [at * 5, Math.min(count - 1, at * 5 + 3)] as const);
    const { places } = place(count, [...pairs, ...skips]);
    assert.equal(places.length, count);
  });
});
