/** The feature space: principal components against known answers, pictures that no network saw, neighbours that vote. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { seedRandom } from '../../../../src/data/seeded-random.ts';
import { projectToPlane } from '../../../../src/labs/feature-space/pca.ts';
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
