/** The lens's experiment on a tiny encoder: texts, states, attention, what the head says at every depth, counts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { measureCost } from '../../../../src/engine/onnx/cost.ts';
import { countAdaptation, ways } from '../../../../src/labs/bert-lens/adaptation.ts';
import { chosenMap, meanMap, rollout, strongest } from '../../../../src/labs/bert-lens/attention.ts';
import { sharedPieces } from '../../../../src/labs/bert-lens/compare.ts';
import { cosine, mapStates } from '../../../../src/labs/bert-lens/context.ts';
import { openReader } from '../../../../src/labs/bert-lens/reader.ts';
import { encodeText, guessPiece, lensValues } from '../../../../src/labs/bert-lens/run.ts';
import {
  firstPlace,
  inputsOf,
  openTokenizer,
  putPiece,
  readText,
} from '../../../../src/labs/bert-lens/text.ts';
import { buildEncoder, encoderManifest, tinyVocabulary } from '../../../fixtures/onnx/encoder.ts';
import { tinyEncoder, tinyRuntime } from './tiny-model.ts';

const manifest = encoderManifest();
const tokenizer = openTokenizer(manifest, tinyVocabulary);
const read = (text: string, hidden: number[] = []) =>
  readText(text, new Set(hidden), tokenizer, manifest.input);

describe('a text on its way in', () => {
  it('keeps offsets, hides words, and knows what stood there', () => {
    const { tokens } = read('The thinner plot.', [1]);
    assert.deepEqual(
      tokens.map(({ piece, original, start, end, word, isMasked }) => [
        piece,
        original,
        start,
        end,
        word,
        isMasked,
      ]),
      [
        ['[CLS]', '[CLS]', 0, 0, null, false],
        ['the', 'the', 0, 3, 0, false],
        ['[MASK]', 'thin', 4, 8, 1, true],
        ['[MASK]', '##ner', 8, 11, 1, true],
        ['plot', 'plot', 12, 16, 2, false],
        ['.', '.', 16, 17, 3, false],
        ['[SEP]', '[SEP]', 0, 0, null, false],
      ],
    );
    assert.equal(firstPlace(tokens), 2);
    assert.equal(firstPlace(read('').tokens), 1);
  });

  it('cuts what does not fit and keeps the end piece', () => {
    const { tokens, cut } = read('the plot '.repeat(10));
    assert.equal(tokens.length, manifest.input.longest);
    assert.equal(tokens.at(-1)?.piece, '[SEP]');
    assert.equal(cut, 22 - 16);
    assert.equal(read('a'.repeat(100_000)).cut, -1);
  });

  it('survives emoji, right-to-left text and control characters', () => {
    assert.equal(read('🙂🙃').unknown, 1);
    assert.ok(read('שלום עולם').unknown > 0);
    assert.deepEqual(
      read('\u0000\u0007the\u200b plot')
        .tokens.map(({ piece }) => piece)
        .slice(1, -1)
        .includes('plot'),
      true,
    );
    assert.deepEqual(
      read('').tokens.map(({ piece }) => piece),
      ['[CLS]', '[SEP]'],
    );
  });

  it('becomes int64 [1, T] and a mask of ones', () => {
    const inputs = inputsOf(read('the plot').tokens, manifest.input);
    assert.deepEqual(inputs['input_ids'], {
      dtype: 'int64',
      shape: [1, 4],
      data: BigInt64Array.of(2n, 5n, 6n, 3n),
    });
    assert.deepEqual(inputs['attention_mask'].data, BigInt64Array.of(1n, 1n, 1n, 1n));
  });

  it('takes candidates into the text', () => {
    const { tokens, text } = read('the [MASK] was thin');
    assert.equal(putPiece(text, tokens[2], 'plot'), 'the plot was thin');
    assert.equal(putPiece('thin [MASK] .', { start: 5, end: 11 }, '##ner'), 'thinner .');
  });
});

describe('the encoder', () => {
  it('is described from its file, to the last weight', () => {
    const { total } = measureCost(dequantizeWeights(buildEncoder()));
    assert.equal(tinyEncoder.parameters, total.parameters);
    const { layers, heads, width, pieces, positions } = tinyEncoder;
    assert.deepEqual([layers, heads, width, pieces, positions], [2, 2, 8, 12, 16]);
    const layer = tinyEncoder.parts.find(({ id }) => id === 'layer.1');
    assert.deepEqual(layer?.tensors.find(({ name }) => name === 'attention.probabilities')?.dims, [
      'N',
      2,
      'T',
      'T',
    ]);
  });

  it('gives states and attention, and the head alone says what the whole network says', async () => {
    const runtime = tinyRuntime();
    const model = await runtime.load('tiny-encoder', { values: lensValues(tinyEncoder) });
    const { tokens } = read('the plot was [MASK].');
    const encoded = await encodeText(model, tinyEncoder, tokens);
    assert.deepEqual([encoded.states.length, encoded.attention.length], [3, 2]);
    for (const attention of encoded.attention)
      for (let row = 0; row < 2 * tokens.length; row++) {
        const sum = attention
          .subarray(row * tokens.length, (row + 1) * tokens.length)
          .reduce((a, b) => a + b, 0);
        assert.ok(Math.abs(sum - 1) < 1e-5);
      }
    const guess = await guessPiece(model, tinyEncoder, encoded, 4, tokenizer, { count: 12 });
    assert.deepEqual(runtime.runs.at(-1), ['encoder.layer.1.feed_forward.norm']);
    const { outputs } = await model.run(inputsOf(tokens, manifest.input));
    const logits = [...outputs['logits'].data.subarray(4 * 12, 5 * 12)];
    const order = logits.map((_, id) => id).sort((a, b) => logits[b] - logits[a]);
    assert.deepEqual(
      guess.depths[2].map(({ id }) => id),
      order,
    );
    assert.notDeepEqual(guess.depths[0], guess.depths[2]);
    await assert.rejects(
      () => guessPiece(model, tinyEncoder, encoded, 99, tokenizer),
      (error) => isThawError(error, 'bad-input'),
    );
  });

  it('refuses texts that are too long, of another type, or values that it has not', async () => {
    const model = await tinyRuntime().load('tiny-encoder');
    const shape = [1, 17];
    const long = { dtype: 'int64' as const, shape, data: new BigInt64Array(17) };
    await assert.rejects(
      () => model.run({ input_ids: long, attention_mask: { ...long } }),
      (error) => isThawError(error, 'bad-input') && /T at most 16/.test(error.message),
    );
    const one = { dtype: 'int64' as const, shape: [1, 2], data: new BigInt64Array(2) };
    await assert.rejects(
      () => model.run({ input_ids: one }),
      (error) => isThawError(error, 'bad-input'),
    );
    const given = { dtype: 'float32' as const, shape: [1, 1, 8], data: new Float32Array(8) };
    await assert.rejects(
      () => model.run({ nowhere: given }),
      (error) => isThawError(error, 'unknown-value'),
    );
    await assert.rejects(
      () => model.run({ 'head.norm': given }, { outputs: ['head.norm'] }),
      (error) => isThawError(error, 'bad-model'),
    );
  });
});

describe('a reader of texts', () => {
  it('runs the network once for each text, and compares two', async () => {
    const runtime = tinyRuntime();
    const reader = await openReader(runtime, tinyEncoder);
    const question = { text: 'the plot was thin', other: 'the land', hidden: [3], place: -1 };
    const { reading } = await reader.read(question);
    assert.equal(reading.guess.place, 4);
    assert.deepEqual(
      reading.comparison?.shared.map(({ piece, first, second }) => [piece, first, second]),
      [['the', 1, 1]],
    );
    const whole = () => runtime.runs.filter(([name]) => name === 'input_ids').length;
    assert.equal(whole(), 2);
    await reader.read({ ...question, place: 2 });
    assert.equal(whole(), 2, 'another place asks the head alone');
    reader.forget();
    await reader.read(question);
    assert.equal(whole(), 4);
    assert.equal((await reader.read({ ...question, other: '  ' })).reading.comparison, undefined);
    // "the" at the same place of both: only what it attends to differs, so the cosine falls from exactly 1
    const [cosines] = reading.comparison?.cosines ?? [];
    assert.ok(Math.abs(cosines[0] - 1) < 1e-6 && cosines[2] < 1 - 1e-6, String(cosines));
  });

  it('shares no hidden pieces and no punctuation', () => {
    const shared = sharedPieces(read('the plot . thin', [1]).tokens, read('thin plot .').tokens);
    assert.deepEqual(
      shared.map(({ piece }) => piece),
      ['thin'],
    );
  });
});

describe('attention', () => {
  // two heads over two tokens
  const one = Float32Array.of(1, 0, 0.5, 0.5, 0, 1, 0.5, 0.5);

  it('averages heads and rolls layers out', () => {
    assert.deepEqual([...meanMap(one, 2)], [0.5, 0.5, 0.5, 0.5]);
    // Half straight through: rows (0.75, 0.25) and (0.25, 0.75); two layers multiply
    assert.deepEqual([...rollout([one], 2)], [0.75, 0.25, 0.25, 0.75]);
    assert.deepEqual([...rollout([one, one], 2)], [0.625, 0.375, 0.375, 0.625]);
    assert.deepEqual([...chosenMap([one, one], 2, 1, 1)], [0, 1, 0.5, 0.5]);
    assert.deepEqual([...chosenMap([one, one], 2, 0, 'rollout')], [0.75, 0.25, 0.25, 0.75]);
  });

  it('finds the strongest, equal ones in order', () => {
    assert.deepEqual(strongest([0.1, 0.4, 0.1, 0.4], 3), [1, 3, 0]);
  });
});

describe('states as points', () => {
  it('knows angles', () => {
    assert.equal(cosine([1, 0], [0, 2]), 0);
    assert.ok(Math.abs(cosine([1, 2], [-2, -4]) + 1) < 1e-12);
    assert.ok(Number.isNaN(cosine([0, 0], [1, 1])));
  });

  it('maps a plane onto itself, up to turning it', () => {
    const states = [
      [3, 0, 0],
      [-3, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
    ];
    const { points, shown } = mapStates(states);
    assert.ok(Math.abs(shown - 1) < 1e-9);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        const flat = Math.hypot(points[a][0] - points[b][0], points[a][1] - points[b][1]);
        const real = Math.hypot(...states[a].map((value, i) => value - states[b][i]));
        assert.ok(Math.abs(flat - real) < 1e-6, `${a} to ${b}`);
      }
    assert.ok(points[0][0] > 0);
    assert.deepEqual(mapStates([[1, 1]]), { points: [[0, 0]], shown: 0 });
    assert.deepEqual(
      mapStates([
        [1, 1],
        [1, 1],
      ]).shown,
      0,
    );
  });
});

describe('ways to adapt', () => {
  const amounts = { last: 1, adapters: 3, lora: 2 };
  const count = (way: (typeof ways)[number]) => countAdaptation(tinyEncoder, way, amounts);

  it('counts as by hand', () => {
    // head: 8·8 + 8 + 2·8 + 12 = 100; layer: 4·(64 + 8) + 2·16·8 + 16 + 8 + 4·8 = 600
    assert.equal(count('head').moving, 100);
    assert.equal(count('last').moving, 100 + 600);
    assert.equal(count('all').moving, tinyEncoder.parameters);
    // biases of a layer: 4·8 + 16 + 8 + 2·8 = 72; of the embeddings' norm 8
    assert.equal(count('bias').moving, 100 + 2 * 72 + 8);
    // two adapters a layer: 2·(2·8·3 + 3 + 8) = 118, and the layer's norms, 32
    assert.deepEqual([count('adapters').added, count('adapters').moving], [2 * 118, 100 + 2 * (118 + 32)]);
    // rank 2 on queries and values: 2·2·(8 + 8) = 64 a layer
    assert.deepEqual([count('lora').added, count('lora').moving], [128, 228]);
  });

  it('never moves more of a part than it has', () => {
    for (const way of ways)
      for (const { moving, parameters } of count(way).parts) assert.ok(moving <= parameters);
  });
});
