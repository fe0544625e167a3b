/** The drawing of real files at every level of detail: nothing overlaps, and every edge joins what it says. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { AtlasNetwork } from '../../../../src/labs/atlas-network.ts';
import {
  arrange,
  boxAt,
  boxSize,
  endSize,
  keepArrangement,
  type Arrangement,
  type PlacedBox,
} from '../../../../src/figures/model-atlas/arrange.ts';
import { packDrawing, unpackDrawing } from '../../../../src/figures/model-atlas/layout-protocol.ts';
import { levels, openAtLevel } from '../../../../src/figures/model-atlas/model.ts';
import { step } from '../../../../src/figures/model-atlas/walk.ts';
import { fixturePaths, readNetwork, resnet } from './networks.ts';

const allOpen = arrange(resnet, openAtLevel(resnet, 'operators'));

describe('arrange', () => {
  for (const path of ['public/models/resnet-mixed/model.onnx', ...fixturePaths])
    it(`draws ${path}`, () => {
      const network = readNetwork(path);
      for (const level of levels) checkDrawing(network, arrange(network, openAtLevel(network, level)));
    });

  it('draws a box for each stage, then for each block, then for each operator', () => {
    const count = (level: (typeof levels)[number]) =>
      arrange(resnet, openAtLevel(resnet, level)).boxes.filter(({ isOpen }) => !isOpen).length;
    assert.deepEqual(levels.map(count), [7, 11, resnet.boxes.filter(({ op }) => op).length]);
  });

  it('leads the identity past the convolutions, and the projection through its own column', () => {
    const edge = (from: string, to: string) =>
      allOpen.edges.find((candidate) => candidate.from === from && candidate.to === to);
    const skip = edge('layer2.1', 'layer2.1.add');
    assert.equal(skip?.value, 'layer2.0.relu2');
    assert.ok(new Set(skip?.points.map(({ x }) => x)).size > 1, 'the skip runs through the boxes');
    const of = (id: string) => allOpen.boxes.find(({ box }) => box.id === id);
    assert.notEqual(of('layer2.0.downsample')?.headX, of('layer2.0.conv1')?.headX);
    assert.equal(of('layer2.0.conv1')?.headX, of('layer2.0.relu2')?.headX, 'the main way is not straight');
    assert.ok(edge('layer2.0', 'layer2.0.downsample') && edge('leave layer2.0.downsample', 'layer2.0.add'));
  });
});

describe('boxAt', () => {
  it('finds the innermost box at a place, open or closed', () => {
    const drawing = arrange(resnet, new Set(['layer2', 'layer2.0']));
    const at = (id: string, isOpen: boolean) => {
      const placed = drawing.boxes.find(({ box }) => box.id === id);
      assert.ok(placed);
      return boxAt(drawing, { x: placed.headX + 5, y: placed.y + 5 }, isOpen)?.box.id;
    };
    assert.equal(at('layer2.0.conv1', true), 'layer2.0');
    assert.equal(at('layer2.1', true), 'layer2');
    assert.equal(at('layer2.1', false), 'layer2.1');
    assert.equal(at('layer2.0.conv1', false), undefined, 'an operator opens to nothing');
    assert.equal(at('layer3', true), undefined);
  });
});

describe('step', () => {
  it('walks along edges, into frames and out of them, and to what stands beside', () => {
    assert.equal(step(allOpen, 'stem', 'down'), 'stem.conv');
    assert.equal(step(allOpen, 'stem.pool', 'down'), 'layer1');
    assert.equal(step(allOpen, 'layer1', 'up'), 'stem.pool');
    assert.equal(step(allOpen, 'layer2.0.conv1', 'right'), 'layer2.0.downsample');
    assert.equal(step(allOpen, 'layer2.0.downsample', 'left'), 'layer2.0.conv1');
    assert.equal(step(allOpen, 'stem', 'up'), 'stem', 'above the first box is none');
  });

  it('reaches every operator of the main way from the first box', () => {
    const seen = new Set<string>();
    for (let id = 'stem'; !seen.has(id); id = step(allOpen, id, 'down')) seen.add(id);
    assert.ok(seen.has('head') && seen.has('layer4.1.add'));
  });
});

function checkDrawing(network: AtlasNetwork, drawing: Arrangement): void {
  const { boxes, ends, edges, width, height } = drawing;
  const heads = [
    ...boxes.map(({ box, headX, y }) => ({ key: box.id, x: headX, y, ...boxSize })),
    ...ends.map((end) => ({ ...end, ...endSize })),
  ];
  for (const [at, a] of heads.entries()) {
    assert.ok(
      a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height,
      `${a.key} is outside`,
    );
    for (const b of heads.slice(at + 1))
      assert.ok(
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
        `${a.key} lies on ${b.key}`,
      );
  }
  const frames = new Map(boxes.map((placed) => [placed.box.id, placed]));
  for (const { box, x, y, width, height } of boxes) {
    const around = frames.get(box.parent ?? '');
    if (around) assert.ok(isInside({ x, y, width, height }, around), `${box.id} leaves its frame`);
  }
  for (const { key, from, to, points } of edges) {
    const start = heads.find((head) => head.key === from) ?? frames.get(from.replace(/^leave /, ''));
    assert.ok(start, `${key} starts nowhere`);
    assert.equal(points[0]?.y, start.y + start.height, `${key} starts beside its box`);
    const end = heads.find((head) => head.key === to);
    if (end) assert.equal(points.at(-1)?.y, end.y, `${key} ends beside its box`);
    for (const [at, point] of points.entries())
      assert.ok(at === 0 || point.y >= (points[at - 1]?.y ?? 0), `${key} leads up`);
  }
  // Whatever a box takes from another box or from outside, an edge brings it there
  const reached = new Set(edges.map(({ to }) => to));
  for (const { box } of boxes)
    if (box.inputs.length > 0) assert.ok(reached.has(box.id), `no edge leads to ${box.id} of ${network.id}`);
}

function isInside(inner: Pick<PlacedBox, 'x' | 'y' | 'width' | 'height'>, outer: PlacedBox): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

test('a drawing that crosses to the page and back is the same drawing, with the page’s own boxes', () => {
  const open = openAtLevel(resnet, 'operators');
  const drawing = arrange(resnet, open);
  const packed = structuredClone(packDrawing(drawing));
  assert.ok(JSON.stringify(packed).length < JSON.stringify(drawing).length / 2, 'boxes are repeated');
  const back = unpackDrawing(resnet, packed);
  assert.deepEqual(back, drawing);
  assert.equal(back.boxes[0].box, drawing.boxes[0].box);
  const other = new Set(open);
  keepArrangement(resnet, other, back);
  assert.equal(arrange(resnet, other), back, 'it was laid out again');
  assert.throws(() => unpackDrawing({ ...resnet, boxes: [] }, packed), /no box/);
});
