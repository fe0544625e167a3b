/** The feature space: principal components against known answers, pictures that no network saw, neighbours that vote. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { seedRandom } from '../../../../src/data/seeded-random.ts';
import { projectToPlane } from '../../../../src/labs/feature-space/pca.ts';
import { arrangeByUmap } from '../../../../src/labs/feature-space/umap.ts';
import { drawSpacePictures, mapEmbedding, thingsOnMap } from '../../../../src/labs/feature-space/space.ts';
import { parseDrawingIndex, stylesOf } from '../../../../src/labs/few-shot/drawings.ts';

const skip = !existsSync('public/sprites/targets.json') && 'the sprite sheets are not built';
const readIndex = () => parseDrawingIndex(JSON.parse(readFileSync('public/sprites/targets.json', 'utf8')));

test('points of a plane in many dimensions come back as that plane', () => {
  const random = seedRandom(1, 'pca test');
  const size = 20;
  // two perpendicular directions: the even places and the odd ones
  const flat = Array.from({ length: 12 }, () => [3 * random.normal(), random.normal()] as const);
  const data = Float32Array.from(
    { length: 12 * size },
    (_, i) => flat[Math.floor(i / size)][i % 2] / Math.sqrt(10) + 5,
  );
  const { points, shares } = projectToPlane({ count: 12, size, data });
  assert.ok(Math.abs(shares[0] + shares[1] - 1) < 1e-5);
  assert.ok(shares[0] > shares[1]);
  for (let i = 0; i < 12; i++)
    for (let j = 0; j < i; j++) {
      const truth = Math.hypot(flat[i][0] - flat[j][0], flat[i][1] - flat[j][1]);
      const seen = Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
      assert.ok(Math.abs(truth - seen) < 1e-4, `${i} ${j}: ${seen} for ${truth}`);
    }
});

test('equal pictures lie on one point, and nothing is no number', () => {
  const { points, shares } = projectToPlane({ count: 3, size: 4, data: new Float32Array(12).fill(7) });
  assert.deepEqual(points, [
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  assert.deepEqual(shares, [0, 0]);
});

test('six things by every hand; asked are those by hands that no network saw', { skip }, () => {
  const index = readIndex();
  const unseen = new Set(stylesOf(index, 'unseen'));
  for (const seed of [1, 2, 3]) {
    const { things, drawings, labels, firstAsked } = drawSpacePictures(index, seed);
    assert.equal(things.length, thingsOnMap);
    assert.equal(drawings.length, thingsOnMap * 8);
    drawings.forEach(({ style, concept }, at) => {
      assert.equal(unseen.has(style), at >= firstAsked);
      assert.equal(things[labels[at]], concept);
    });
  }
  assert.notDeepEqual(drawSpacePictures(index, 1).things, drawSpacePictures(index, 2).things);
});

test(
  'a space that keeps things apart names all of them, a space that keeps hands apart none',
  { skip },
  () => {
    const pictures = drawSpacePictures(readIndex(), 1);
    const embedBy = (keyOf: (at: number) => number) => ({
      count: 48,
      size: 8,
      data: Float32Array.from({ length: 48 * 8 }, (_, i) => (i % 8 === keyOf(Math.floor(i / 8)) ? 1 : 0)),
    });
    const apart = mapEmbedding(
      embedBy((at) => pictures.labels[at]),
      pictures,
    );
    assert.equal(apart.accuracy.correct, 18);
    const shuffled = mapEmbedding(
      embedBy((at) => (at < pictures.firstAsked ? pictures.labels[at] : (pictures.labels[at] + 1) % 6)),
      pictures,
    );
    assert.equal(shuffled.accuracy.correct, 0);
  },
);

test('UMAP keeps groups together, the same for the same seed', () => {
  const random = seedRandom(5, 'umap test');
  const [groups, each, size] = [3, 12, 16];
  const data = Float32Array.from({ length: groups * each * size }, (_, i) => {
    const group = Math.floor(i / (each * size));
    return (i % size) % groups === group ? 3 + random.normal() : 0.3 * random.normal();
  });
  const embedding = { count: groups * each, size, data };
  const points = arrangeByUmap(embedding, 1);
  assert.deepEqual(arrangeByUmap(embedding, 1), points);
  assert.notDeepEqual(arrangeByUmap(embedding, 2), points);
  for (const [at, [x, y]] of points.entries()) {
    const order = points
      .map(([u, v], other) => ({ other, distance: Math.hypot(u - x, v - y) }))
      .filter(({ other }) => other !== at)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 3);
    for (const { other } of order)
      assert.equal(Math.floor(other / each), Math.floor(at / each), `${at} beside ${other}`);
  }
  assert.deepEqual(arrangeByUmap({ count: 2, size, data: data.subarray(0, 2 * size) }, 1), [
    [0, 0],
    [1, 0],
  ]);
});

test('pictures of one’s own stand on the map and change no accuracy', () => {
  // two things, four drawings of each; the last two of all are asked about, and one picture more is the reader's
  const vectors = [1, 0, 0, 1, 1, 0.1, 0.1, 1, 1, 0.2, 0.2, 1, 0.9, 0.1, 0.1, 0.9];
  const pictures = { things: ['a', 'b'], drawings: [], labels: [0, 1, 0, 1, 0, 1, 0, 1], firstAsked: 6 };
  const without = mapEmbedding({ count: 8, size: 2, data: Float32Array.from(vectors) }, pictures);
  const data = Float32Array.from([...vectors, 0.05, 2]);
  const withOwn = mapEmbedding({ count: 9, size: 2, data }, pictures);
  assert.equal(without.own, undefined);
  assert.deepEqual(withOwn.own, [1]);
  assert.equal(withOwn.points.length, 9);
  assert.deepEqual(withOwn.accuracy, without.accuracy);
  assert.equal(withOwn.accuracy.correct, 2);
});
