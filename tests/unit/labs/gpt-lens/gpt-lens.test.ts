/** The GPT lens's experiment on a tiny decoder: remembered steps equal the whole pass, seeded draws, cuts, surprise, counts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { softmax } from '../../../../src/engine/preprocess/probabilities.ts';
import { countWays } from '../../../../src/labs/gpt-lens/adaptation.ts';
import { openMemory, rememberedValues } from '../../../../src/labs/gpt-lens/memory.ts';
import { openGptReader } from '../../../../src/labs/gpt-lens/reader.ts';
import {
  applySettings,
  drawPiece,
  numberFor,
  rankPieces,
  type RankedPieces,
} from '../../../../src/labs/gpt-lens/sampling.ts';
import { perplexityOf, surpriseOf } from '../../../../src/labs/gpt-lens/surprise.ts';
import { tinyPieces } from '../../../fixtures/onnx/encoder.ts';
import { tinyDecoder, tinyRuntime } from '../bert-lens/tiny-model.ts';

const settings = { temperature: 1, topK: 0, topP: 1, seed: 1 };
const ask = (text: string, written: number[] = [], place = -1) => ({ text, written, place });

describe('a decoder that remembers', () => {
  it('computes step by step what the whole pass computes', async () => {
    const runtime = tinyRuntime();
    const whole = await runtime.load('tiny-decoder');
    const reader = await openGptReader(runtime, tinyDecoder);
    const ids = [3, 5, 6, 7, 8, 9, 10, 11];
    const data = BigInt64Array.from(ids, BigInt);
    const { outputs } = await whole.run({ input_ids: { dtype: 'int64', shape: [1, ids.length], data } });
    for (let count = 0; count < ids.length; count++) {
      const { reading, report } = await reader.read(ask('', ids.slice(1, count + 1)));
      assert.equal(report.pieces, 1, 'one piece is run at a time');
      assert.equal(reading.tokens.length, count + 1);
      const row = outputs['logits'].data.subarray(count * tinyPieces.length, (count + 1) * tinyPieces.length);
      const own = softmax(row);
      Array.from(reading.ranked.ids).forEach((id, rank) =>
        assert.ok(Math.abs(reading.ranked.probabilities[rank] - own[id]) < 1e-5, `place ${count}, ${id}`),
      );
    }
  });

  it('reads anew only from where a text differs', async () => {
    const reader = await openGptReader(tinyRuntime(), tinyDecoder);
    const first = await reader.read(ask('the plot was thin.'));
    assert.equal(first.report.pieces, 6);
    const longer = await reader.read(ask('the plot was the land'));
    assert.equal(longer.report.pieces, 2);
    const again = await openGptReader(tinyRuntime(), tinyDecoder);
    const fresh = await again.read(ask('the plot was the land'));
    fresh.reading.attention.forEach((map, layer) =>
      map.forEach((value, cell) => assert.ok(Math.abs(value - longer.reading.attention[layer][cell]) < 1e-5)),
    );
    assert.deepEqual(
      longer.reading.tokens.map(({ piece }) => piece),
      ['[SEP]', 'the', 'plot', 'was', 'the', 'land'],
    );
  });

  it('looks back only, and its rows sum to 1', async () => {
    const reader = await openGptReader(tinyRuntime(), tinyDecoder);
    const { attention, tokens } = (await reader.read(ask('the plot was thin'))).reading;
    const count = tokens.length;
    for (const map of attention)
      for (let row = 0; row < 2 * count; row++) {
        const cells = map.subarray(row * count, (row + 1) * count);
        assert.ok(Math.abs(cells.reduce((a, b) => a + b, 0) - 1) < 1e-5);
        assert.ok(cells.subarray((row % count) + 1).every((value) => value === 0));
      }
  });

  it('refuses more pieces than it has places', async () => {
    const runtime = tinyRuntime();
    const model = await runtime.load('tiny-decoder', { remembers: true });
    const inputs = (count: number, texts = 1) => ({
      input_ids: {
        dtype: 'int64' as const,
        shape: [texts, count],
        data: new BigInt64Array(texts * count).fill(5n),
      },
    });
    await model.run(inputs(15));
    await model.run(inputs(16), { known: 15 });
    await assert.rejects(model.run(inputs(17), { known: 16 }), (error) => isThawError(error, 'bad-input'));
    await assert.rejects(model.run(inputs(4, 2)), (error) => isThawError(error, 'bad-input'));
  });

  it('keeps keys and values beside the session: pieces go in, attention and logits come out', async () => {
    const runtime = tinyRuntime();
    const model = await runtime.load('tiny-decoder', {
      values: rememberedValues(tinyDecoder),
      remembers: true,
    });
    const memory = openMemory(model, tinyDecoder);
    await memory.read([3, 5, 6]);
    await memory.read([3, 5, 6, 7]);
    assert.deepEqual(runtime.runs, [['input_ids'], ['input_ids']]);
    const data = BigInt64Array.from([3, 5, 6, 7, 8], BigInt);
    const { outputs } = await model.run({ input_ids: { dtype: 'int64', shape: [1, 5], data } }, { known: 4 });
    assert.deepEqual(Object.keys(outputs), ['logits']);
    assert.deepEqual(outputs['logits'].shape, [1, 1, tinyPieces.length]);
  });

  it('answers two that read in turn, after taking back, and from a session that has forgotten', async () => {
    const options = { values: rememberedValues(tinyDecoder), remembers: true };
    const model = await tinyRuntime().load('tiny-decoder', options);
    const texts = [
      [3, 5, 6, 7, 8, 9],
      [3, 5, 6, 11],
      [3, 7],
      [3, 5, 6, 7, 8, 9, 10, 11],
      [3, 5],
      [3, 5, 6, 7],
    ];
    const memories = [openMemory(model, tinyDecoder), openMemory(model, tinyDecoder)];
    // In a new session nothing is remembered, while the memory knows three pieces
    const moved = openMemory({ ...model, run: (...args) => sessions[turn].run(...args) }, tinyDecoder);
    const sessions = [model, await tinyRuntime().load('tiny-decoder', options)];
    let turn = 0;
    for (const text of texts) {
      const alone = openMemory(await tinyRuntime().load('tiny-decoder', options), tinyDecoder);
      const expected = (await alone.read(text)).pieces;
      turn = 1 - turn;
      for (const memory of [...memories, moved]) {
        const { pieces } = await memory.read(text);
        assert.deepEqual(
          pieces.map(({ id }) => id),
          text,
        );
        pieces.forEach((piece, place) => {
          near(piece.logits, expected[place].logits);
          piece.attention.forEach((rows, layer) => near(rows, expected[place].attention[layer]));
        });
      }
      memories.reverse();
    }
  });
});

/** Equal but for rounding. */
function near(actual: Float32Array, expected: Float32Array): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-5, `${at}: ${value}`));
}

describe('reading and writing', () => {
  it('draws the same pieces from the same seed, and others from another', async () => {
    const write = async (seed: number) => {
      const reader = await openGptReader(tinyRuntime(), tinyDecoder);
      const written: number[] = [];
      for (let step = 0; step < 8; step++) {
        await reader.read(ask('the', written));
        const drawn = reader.draw({ ...settings, temperature: 2, seed });
        if ('end' in drawn) break;
        written.push(drawn.id);
      }
      return written;
    };
    assert.deepEqual(await write(1), await write(1));
    assert.notDeepEqual(await write(1), await write(2));
  });

  it('stops where its places end, and keeps what fits', async () => {
    const reader = await openGptReader(tinyRuntime(), tinyDecoder);
    const { reading } = await reader.read(ask('the plot was', new Array<number>(40).fill(5)));
    assert.equal(reading.tokens.length, 16);
    assert.equal(reading.written.length, 12);
    assert.deepEqual(reader.draw(settings), { end: 'full' });
    const long = (await reader.read(ask('the plot '.repeat(20)))).reading;
    assert.deepEqual([long.tokens.length, long.cut], [16, 25]);
  });

  it('joins what was written to the text', async () => {
    const reader = await openGptReader(tinyRuntime(), tinyDecoder);
    const whole = async (written: number[]) => (await reader.read(ask('The plot', written))).reading.whole;
    assert.equal(await whole([]), 'The plot');
    assert.equal(await whole([7, 8, 9, 10]), 'The plot was thinner.');
    assert.equal(await whole([10]), 'The plot.');
    assert.equal(await whole([9]), 'The plotner');
  });

  it('survives nothing, emoji, right-to-left text, control characters and 100,000 letters', async () => {
    const reader = await openGptReader(tinyRuntime(), tinyDecoder);
    const read = async (text: string) => (await reader.read(ask(text))).reading;
    assert.deepEqual(
      (await read('')).tokens.map(({ piece }) => piece),
      ['[SEP]'],
    );
    assert.equal((await read('🙂🙃')).unknown, 1);
    assert.ok((await read('שלום עולם')).unknown > 0);
    assert.equal((await read('a\u0000\u0007 plot')).tokens.at(-1)?.piece, 'plot');
    assert.equal((await read('a'.repeat(100_000))).cut, -1);
  });
});

describe('settings', () => {
  const ranked: RankedPieces = { ids: [7, 3, 9, 1], probabilities: [0.5, 0.3, 0.15, 0.05] };
  const none = new Set<number>();
  const chances = (change: Partial<typeof settings>, barred = none) =>
    applySettings(ranked, { ...settings, ...change }, barred);
  const near = (actual: readonly number[], expected: readonly number[]) => {
    assert.equal(actual.length, expected.length);
    actual.forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-12, `${at}: ${value}`));
  };

  it('leave the network alone at temperature 1 without cuts', () =>
    near(chances({}).chances, [0.5, 0.3, 0.15, 0.05]));

  it('take the likeliest at temperature 0', () =>
    assert.deepEqual(chances({ temperature: 0 }), { ids: [7], chances: [1] }));

  it('sharpen and flatten as powers do', () => {
    const squares = [0.25, 0.09, 0.0225, 0.0025];
    const sum = squares.reduce((a, b) => a + b, 0);
    near(
      chances({ temperature: 0.5 }).chances,
      squares.map((value) => value / sum),
    );
    assert.ok(chances({ temperature: 2 }).chances[3] > 0.05);
  });

  it('cut by rank and by share, and scale what stays', () => {
    near(chances({ topK: 2 }).chances, [0.5 / 0.8, 0.3 / 0.8]);
    near(chances({ topP: 0.8 }).chances, [0.5 / 0.8, 0.3 / 0.8]);
    near(chances({ topP: 0.81 }).chances, [0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95]);
    near(chances({ topP: 0.01 }).chances, [1]);
    // top-p counts what top-k has left
    assert.equal(chances({ topK: 3, topP: 0.53 }).ids.length, 2);
  });

  it('never draw what is barred', () => assert.deepEqual(chances({ topK: 2 }, new Set([7])).ids, [3, 9]));

  it('draw by chance, and at the ends', () => {
    const open = { ids: [7, 3], chances: [0.6, 0.4] };
    assert.deepEqual(
      [0, 0.59, 0.61, 0.9999999999].map((at) => drawPiece(open, at)),
      [7, 7, 3, 3],
    );
    const draws = Array.from({ length: 4000 }, (_, place) => drawPiece(open, numberFor(1, place)));
    const share = draws.filter((id) => id === 7).length / draws.length;
    assert.ok(Math.abs(share - 0.6) < 0.03, `${share}`);
  });
});

describe('surprise', () => {
  const logits = Float32Array.from([0, Math.log(2), Math.log(4), -200]);

  it('is −log₂ of the probability, and finite for the least likely', () => {
    assert.ok(Math.abs(surpriseOf(logits, 2).bits - Math.log2(7 / 4)) < 1e-6);
    assert.deepEqual(
      [0, 1, 2, 3].map((id) => surpriseOf(logits, id).rank),
      [3, 2, 1, 4],
    );
    assert.ok(Math.abs(surpriseOf(logits, 3).bits - (200 / Math.LN2 + Math.log2(7))) < 1e-3);
  });

  it('gives perplexity: as surprised as by so many equal choices', () => {
    assert.deepEqual(perplexityOf([3, 3, 3]), { mean: 3, perplexity: 8 });
    assert.equal(perplexityOf([]), undefined);
  });

  it('is told of every piece but the first', async () => {
    const reader = await openGptReader(tinyRuntime(), tinyDecoder);
    const { surprises } = (await reader.read(ask('the plot'))).reading;
    const before = (await reader.read(ask(''))).reading.ranked;
    const at = Array.from(before.ids).indexOf(5);
    assert.equal(surprises[0], undefined);
    assert.ok(Math.abs((surprises[1]?.probability ?? 0) - before.probabilities[at]) < 1e-6);
    assert.equal(surprises[1]?.rank, at + 1);
  });
});

it('all pieces are ranked by probability, which sums to 1', () => {
  const { ids, probabilities } = rankPieces(Float32Array.from([1, 3, 2, 3]));
  assert.deepEqual([...Array.from(ids)], [1, 3, 2, 0]);
  assert.ok(Math.abs(Array.from(probabilities).reduce((a, b) => a + b, 0) - 1) < 1e-12);
});

it('ways to adapt a decoder are counted in its file', () => {
  const counted = countWays(tinyDecoder, { soft: 5, lora: 2, classes: 2 });
  const moving = Object.fromEntries(counted.map(({ way, moving }) => [way, moving]));
  assert.equal(moving['prompt'], 0);
  assert.equal(moving['soft'], 5 * 8);
  assert.equal(moving['head'], 2 * (8 + 1));
  // rank 2 on the matrices of queries and values, 8 by 8, in two layers
  assert.equal(moving['lora'], 2 * 2 * 2 * (8 + 8));
  assert.equal(moving['last'], 600);
  assert.equal(moving['all'], tinyDecoder.parameters);
  assert.equal(tinyDecoder.parameters, 12 * 8 + 16 * 8 + 2 * 600 + 16);
});
