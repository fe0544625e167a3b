/** The sentiment figure's experiment on the course's own network: what moves, what it learns, what it can be asked. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { float32Values } from '../../../../src/engine/onnx/tensor-values.ts';
import { nativeSessions } from '../../../../src/engine/runtime/node.ts';
import { askSentence } from '../../../../src/labs/sentiment/ask-sentence.ts';
import { drawExamples, halve, type Example } from '../../../../src/labs/sentiment/examples.ts';
import { runMatrix, sumMatrix, withCell, type Matrix } from '../../../../src/labs/sentiment/matrix.ts';
import { countMoving, movingWeights, orderOf, exampleSet } from '../../../../src/labs/sentiment/order.ts';
import { answerAll, maskOf, runSentiment, type RunEvent } from '../../../../src/labs/sentiment/run.ts';
import { describeTextNetwork } from '../../../../src/labs/sentiment/describe-network.ts';
import {
  firstSettings,
  starts,
  usual,
  ways,
  withSource,
  withWay,
} from '../../../../src/labs/sentiment/settings.ts';
import { lengthFor, textBatch } from '../../../../src/labs/sentiment/text-batch.ts';
import { file, library, network, openHere } from './fixture.ts';

const never = new AbortController().signal;

test('what a way moves: the head, a layer more, everything', () => {
  const counts = ways.map((way) => countMoving(network, way));
  const width = 256;
  const layer = 4 * (width * width + width) + 2 * 4 * width * width + 5 * width + 4 * width;
  assert.equal(counts[0], 2 * (width + 1));
  assert.equal(counts[1], counts[0] + layer);
  assert.equal(counts[2], counts[3]);
  assert.ok(movingWeights(network, 'all').includes('embeddings.word.weight'));
  assert.ok(movingWeights(network, 'last').every((name) => name.startsWith('encoder.layer.3.')));
});

test('both encoders that a run can begin with are the same network with other weights', () => {
  const others = starts.map((start) =>
    describeTextNetwork(new Uint8Array(readFileSync(`public/models/${start}/model.onnx`))),
  );
  assert.equal(new Set(starts).size, 2);
  for (const other of others) assert.deepEqual(other, network);
});

test('rate and epochs follow the way until the reader chooses them; one source stays', () => {
  assert.deepEqual(withWay(firstSettings, 'all'), { ...firstSettings, way: 'all', ...usual.all });
  assert.equal(withWay({ ...firstSettings, epochs: 3 }, 'all').epochs, 3);
  assert.deepEqual(withSource(firstSettings, 'films', false).sources, ['films']);
  assert.deepEqual(withSource(firstSettings, 'phones', true).sources, ['films', 'phones']);
});

test('tasks are balanced, ask the same questions however many examples teach, and never ask what was taught', () => {
  const tasks = ([5, 40] as const).map((shots) =>
    drawExamples(library, { ...firstSettings, sources: ['films', 'phones'], target: 'phones', shots }),
  );
  assert.deepEqual(
    tasks.map(({ train }) => train.length),
    [20, 160],
  );
  assert.deepEqual(tasks[0].heldOut, tasks[1].heldOut);
  assert.equal(tasks[0].heldOut.length, 80);
  const positive = (list: readonly Example[]) => list.filter(({ label }) => label === 1).length;
  assert.deepEqual([positive(tasks[0].train), positive(tasks[0].heldOut)], [10, 40]);
  const taught = new Set(tasks[1].train.map(({ sentence }) => sentence));
  assert.equal(
    tasks[1].heldOut.some(({ sentence }) => taught.has(sentence)),
    false,
  );
  assert.notDeepEqual(halve(library, 'films', 1).ask, halve(library, 'films', 2).ask);
});

test('a head over frozen layers learns its sentences, nothing frozen moves, and padding changes no answer', async () => {
  const here = await openHere();
  const settings = { ...firstSettings, shots: 10 as const };
  const events: RunEvent[] = [];
  for await (const event of runSentiment({ ...here, settings, signal: never })) events.push(event);
  const [opened] = events;
  assert.ok(opened.kind === 'opened');
  const facts = events.find((event) => event.kind === 'phase')?.facts;
  assert.equal(facts?.isCached, true, 'frozen layers run once for each sentence');
  assert.equal(facts.trainableParameters, 514);
  const losses = events.flatMap((event) => (event.kind === 'step' ? [event.report.loss] : []));
  assert.ok((losses.at(-1) ?? 1) < 0.6 * losses[0], `${losses[0]} → ${losses.at(-1)}`);
  const finished = events.at(-1);
  assert.ok(finished?.kind === 'finished');
  assert.equal(finished.answers.length, 80);
  const report = events.findLast((event) => event.kind === 'step')?.report.heldOut;
  const right = finished.answers.filter(
    ({ example, probability }) => Number(probability >= 0.5) === example.label,
  ).length;
  assert.equal(right, report?.correct, 'the answers are those that were measured');

  const trained = dequantizeWeights(readModel(await opened.training.writeModel()));
  const before = dequantizeWeights(readModel(file));
  for (const { name } of network.weights)
    assert.deepEqual(
      float32Values(trained.graph.initializers.get(name)!),
      float32Values(before.graph.initializers.get(name)!),
      name,
    );

  // the exported file, at another length, answers as the page does
  const session = await (await nativeSessions(1))(await opened.training.writeModel());
  const sentence = finished.answers[0].example.sentence;
  const length = lengthFor(here.reader, [sentence]);
  assert.ok(length < opened.length);
  const { classifier } = await session.run(textBatch(here.reader, [sentence], length), ['classifier']);
  const [negative, positive] = classifier.data;
  assert.ok(Math.abs(1 / (1 + Math.exp(negative - positive)) - finished.answers[0].probability) < 1e-4);
  await session.release();
  await opened.training.close();
});

test('words that moved the decision: gradient × input, against differences of the network itself', async () => {
  const here = await openHere();
  const { train } = drawExamples(library, { ...firstSettings, shots: 5 });
  const length = 16;
  const order = orderOf(
    network,
    { ...firstSettings, epochs: 20 },
    { train: exampleSet(here.reader, train, length) },
    maskOf(here.reader),
  );
  const training = await here.model.train(order);
  await training.drive();
  const sentence = 'The battery died after two hours.';
  const answer = await askSentence({ training, length }, here.reader, sentence);
  assert.ok(answer);
  assert.deepEqual(
    answer.words.map(({ text }) => text),
    ['The', 'battery', 'died', 'after', 'two', 'hours', '.'],
  );
  const [said] = await answerAll({ training, length }, here.reader, [{ sentence, label: 0, subject: 'own' }]);
  assert.ok(Math.abs(said.probability - answer.probability) < 1e-6);

  // Σ over all pieces of gradient · embedding is how fast the lead grows when all word embeddings are stretched by 1 + ε
  const total = answer.frame + answer.words.reduce((sum, { influence }) => sum + influence, 0);
  const model = dequantizeWeights(readModel(await training.writeModel()));
  const create = await nativeSessions(1);
  const { writeModel } = await import('../../../../src/engine/onnx/writer.ts');
  const { withGraph } = await import('../../../../src/engine/onnx/build.ts');
  const { float32Tensor } = await import('../../../../src/engine/onnx/tensor-values.ts');
  const leadAt = async (factor: number): Promise<number> => {
    const name = 'embeddings.word.weight';
    const table = model.graph.initializers.get(name)!;
    const initializers = new Map(model.graph.initializers).set(
      name,
      float32Tensor(
        name,
        table.dims,
        float32Values(table).map((value) => value * factor),
      ),
    );
    const session = await create(writeModel(withGraph(model, { initializers })));
    const { classifier } = await session.run(textBatch(here.reader, [sentence], length), ['classifier']);
    await session.release();
    return classifier.data[1] - classifier.data[0];
  };
  const step = 1e-3;
  const slope = ((await leadAt(1 + step)) - (await leadAt(1 - step))) / (2 * step);
  assert.ok(Math.abs(slope - total) < 0.02 * Math.max(1, Math.abs(slope)), `${slope} against ${total}`);

  for (const nothing of ['', '   ', '\u0000\u0007\u200b'])
    assert.equal(await askSentence({ training, length }, here.reader, nothing), undefined);
  const emoji = await askSentence({ training, length }, here.reader, '🔋🔋 😡');
  assert.equal(emoji?.unknown, emoji?.pieces);
  const rtl = await askSentence({ training, length }, here.reader, 'הסוללה מתה');
  assert.ok(rtl && Number.isFinite(rtl.probability));
  const long = await askSentence({ training, length }, here.reader, 'good '.repeat(20_000));
  assert.ok(long && long.cut > 0 && long.words.length === length - 2);
  await training.close();
});

test('from scratch begins with other weights, by seed', async () => {
  const here = await openHere();
  const { train } = drawExamples(library, { ...firstSettings, shots: 2 });
  const length = 16;
  const open = (seed: number) =>
    here.model.train(
      orderOf(
        network,
        { ...firstSettings, ...usual.scratch, way: 'scratch', epochs: 1, seed },
        { train: exampleSet(here.reader, train, length) },
        maskOf(here.reader),
      ),
    );
  const weightsOf = async (seed: number): Promise<Float32Array> => {
    const training = await open(seed);
    const model = readModel(await training.writeModel());
    await training.close();
    return float32Values(model.graph.initializers.get('encoder.layer.0.attention.query.weight')!);
  };
  const [one, again, two] = [await weightsOf(1), await weightsOf(1), await weightsOf(2)];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, two);
  const deviation = Math.sqrt(one.reduce((sum, value) => sum + value * value, 0) / one.length);
  assert.ok(Math.abs(deviation / 0.02 - 1) < 0.02, String(deviation));
});

test('the matrix trains each row and asks every column; calling it off ends it', async () => {
  const here = await openHere();
  const settings = { ...firstSettings, shots: 2 as const, epochs: 3 };
  const small = { films: library.films?.slice(0, 12) ?? [], phones: library.phones?.slice(0, 8) ?? [] };
  let matrix: Matrix = {};
  for await (const event of runMatrix({ ...here, library: small, settings, signal: never }))
    if (event.kind === 'cell') matrix = withCell(matrix, event.row, event.column, event.cell);
  assert.deepEqual(Object.keys(matrix), ['films', 'phones']);
  assert.deepEqual([matrix.films?.films?.asked, matrix.films?.phones?.asked], [6, 4]);
  const { within, across } = sumMatrix(matrix);
  assert.deepEqual([within.asked, across.asked], [10, 10]);

  const job = new AbortController();
  const cells: string[] = [];
  await assert.rejects(async () => {
    for await (const event of runMatrix({ ...here, library: small, settings, signal: job.signal })) {
      if (event.kind === 'cell') cells.push(`${event.row} ${event.column}`);
      if (cells.length === 1) job.abort();
    }
  });
  assert.deepEqual(cells, ['films films']);
});
