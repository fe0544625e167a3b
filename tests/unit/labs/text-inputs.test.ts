import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseTextManifest } from '../../../src/engine/registry/text-manifest.ts';
import { textInputs } from '../../../src/labs/text-inputs.ts';
import { readWordPiece } from '../../../src/text/wordpiece/tokenizer.ts';

const path = 'public/models/bert-mini/manifest.json';
const { input } = parseTextManifest(JSON.parse(readFileSync(path, 'utf8')), path);
const tokenizer = readWordPiece(readFileSync('public/models/bert-mini/vocab.txt'));
const idsOf = ({ inputs }: ReturnType<typeof textInputs>) => [...inputs[input.name].data].map(Number);

describe('textInputs', () => {
  it('frames a text as the manifest says', () => {
    const inputs = textInputs('A good film.', input, tokenizer);
    assert.deepEqual(
      idsOf(inputs),
      tokenizer.encode('A good film.').map(({ id }) => id),
    );
    assert.deepEqual([...inputs.inputs[input.mask!].data], Array(inputs.pieces).fill(1n));
    assert.equal(inputs.cut, 0);
  });

  it('begins only, for a network that goes on by itself', () => {
    const gpt = { ...input, wrap: { before: '[SEP]' } };
    delete (gpt as { mask?: string }).mask;
    const inputs = textInputs('A good film', gpt, tokenizer);
    assert.equal(idsOf(inputs)[0], tokenizer.idOf('[SEP]'));
    assert.equal(idsOf(inputs).at(-1), tokenizer.idOf('film'));
    assert.deepEqual(Object.keys(inputs.inputs), [input.name]);
  });

  it('cuts what is too long, says how much, and keeps the end of the frame', () => {
    const inputs = textInputs('film '.repeat(200), input, tokenizer);
    assert.deepEqual([inputs.pieces, inputs.cut], [input.longest, 200 - (input.longest - 2)]);
    assert.equal(idsOf(inputs).at(-1), tokenizer.idOf('[SEP]'));
    assert.equal(textInputs('film '.repeat(20_000), input, tokenizer).cut, -1);
  });
});
