/** Few-shot tasks use the drawings, labels and pixels of the recipes in training/. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeInNode } from '../../src/data/picture/node-decoder.ts';
import type { InputSpec } from '../../src/engine/registry/manifest.ts';
import { categoriesOf, listDrawings, parseDrawingIndex, stylesOf } from '../../src/labs/few-shot/drawings.ts';
import { cutDrawings, drawingTensor } from '../../src/labs/few-shot/read-pictures.ts';

interface Golden {
  made: { tolerance: number };
  concepts: string[];
  parts: Record<
    'trained' | 'unseen',
    { styles: string[]; labels: string; rgbSha256: string; firstInput: number[] }
  >;
}

const skip = !existsSync('public/sprites/targets.json') && 'the sprite sheets are not built';

test('the same drawings, labels and pixels as in PyTorch', { skip }, async () => {
  const golden = JSON.parse(readFileSync('tests/golden/drawings.json', 'utf8')) as Golden;
  const index = parseDrawingIndex(JSON.parse(readFileSync('public/sprites/targets.json', 'utf8')));
  const pixels = await decodeInNode(readFileSync(`public/sprites/${index.sheet.file}`));
  const { input } = JSON.parse(readFileSync('public/models/resnet-mixed/manifest.json', 'utf8')) as {
    input: InputSpec;
  };
  const concepts = categoriesOf(index).flatMap((category) =>
    index.concepts.filter((concept) => concept.category === category).slice(0, 8),
  );
  assert.deepEqual(
    concepts.map(({ name }) => name),
    golden.concepts,
  );
  for (const group of ['trained', 'unseen'] as const) {
    const { styles, labels, rgbSha256, firstInput } = golden.parts[group];
    assert.deepEqual(stylesOf(index, group), styles);
    const drawings = listDrawings(index, golden.concepts, styles);
    assert.equal(drawings.map(({ concept }) => golden.concepts.indexOf(concept)).join(' '), labels);
    const hash = createHash('sha256');
    for (const { data } of cutDrawings({ index, pixels }, drawings))
      hash.update(data.filter((_, i) => i % 4 < 3));
    assert.equal(hash.digest('hex'), rgbSha256, `pixels in ${group} styles`);
    const { data } = drawingTensor({ index, pixels }, drawings.slice(0, 1), input);
    const step = Math.floor(data.length / 16);
    firstInput.forEach((value, i) =>
      assert.ok(Math.abs(data[i * step] - value) <= golden.made.tolerance, `input ${i * step}`),
    );
  }
});
