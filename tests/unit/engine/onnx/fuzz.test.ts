/** 10,000 damaged files, seed 20: each is read or refused by a sentence, within a second of processor time and without much memory. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ThawError } from '../../../../src/engine/errors.ts';
import { bytesSource } from '../../../../src/engine/onnx/byte-source.ts';
import { checkGraph } from '../../../../src/engine/onnx/check-graph.ts';
import { measureCost } from '../../../../src/engine/onnx/cost.ts';
import { inlineFunctions } from '../../../../src/engine/onnx/edits/inline-functions.ts';
import { openModel } from '../../../../src/engine/onnx/open-model.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { fixtureNames, readFixture } from '../../../fixtures/onnx/models.ts';
import { buildTrap, mutateBytes, mutateFields } from '../../../fixtures/onnx/mutate.ts';
import { seededRandom } from '../../../fixtures/onnx/random.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const seed = 20;
const counts = { bytes: 5200, fields: 4700, traps: 100 };
const sound = [
  ...fixtureNames.map((name) => readFixture(name)),
  writeModel(buildResnet({ widths: [1, 1, 1, 1], classes: 2 })),
];

interface Use {
  readonly wasRead: boolean;
  readonly error?: ThawError;
  /** What a reader would be told. */
  readonly sentences: readonly string[];
}

/** Everything that is done with a file that a reader drops on a page. */
function useFile(file: Uint8Array): Use {
  let wasRead = false;
  try {
    const model = readModel(file);
    wasRead = true;
    const problems = checkGraph(model).map(({ message }) => message);
    const shapes = inferShapes(model);
    measureCost(model, shapes);
    return { wasRead, sentences: [...problems, ...shapes.problems] };
  } catch (error) {
    if (!(error instanceof ThawError)) throw error;
    return { wasRead, error, sentences: [error.message] };
  }
}

/** What must be a sentence, whatever stands in the file. */
function assertSentence(sentence: string): void {
  assert.match(sentence, /^[^]{20,}\.$/);
  assert.ok(sentence.length < 2000, sentence.slice(0, 200));
  assert.doesNotMatch(sentence, /undefined|\[object|Cannot read|is not a function|Invalid (array|typed)/);
}

it(`${counts.bytes + counts.fields + counts.traps} damaged files (seed ${seed}) are read or refused by a sentence`, async (t) => {
  const random = seededRandom(seed);
  const outcomes = new Map<string, number>();
  let slowest = { ms: 0, what: '' };
  let lazily = 0;
  const before = process.memoryUsage().rss;
  for (const [kind, count] of Object.entries(counts)) {
    for (let index = 0; index < count; index++) {
      const base = sound[Math.floor(random() * sound.length)];
      const file =
        kind === 'bytes'
          ? mutateBytes(base, random)
          : kind === 'fields'
            ? mutateFields(base, random)
            : buildTrap(random);
      const what = `${kind} ${index}`;
      // processor time: other work on the machine must not decide
      const start = process.cpuUsage();
      let result: Use;
      try {
        result = useFile(file);
      } catch (error) {
        throw new Error(`${what} of seed ${seed}`, { cause: error });
      }
      const { user, system } = process.cpuUsage(start);
      if ((user + system) / 1000 > slowest.ms) slowest = { ms: (user + system) / 1000, what };
      for (const sentence of result.sentences) assertSentence(sentence);
      const outcome = result.error?.message.replaceAll(/"[^"]*"|\d+/g, '…').slice(0, 50) ?? 'read';
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (index % 10 > 0) continue;
      lazily++;
      const opened = await openModel(bytesSource(file)).catch((error: unknown) => error);
      if (opened instanceof Error) {
        assert.ok(opened instanceof ThawError, String(opened));
        assertSentence(opened.message);
        // external data is looked at when a file is opened, and not when it is read
        if (result.wasRead)
          assert.match(opened.message, /no file beside the model|external data|another file/, what);
        else assert.equal(opened.message, result.error?.message, what);
      } else assert.ok(result.wasRead, what);
    }
  }
  const grownMB = (process.memoryUsage().rss - before) / 2 ** 20;
  t.diagnostic(
    `seed ${seed}: ${JSON.stringify(counts)}, ${lazily} opened lazily too; ${outcomes.get('read')} read; ${outcomes.size} kinds of outcome; slowest ${slowest.ms.toFixed(0)} ms (${slowest.what}); memory grew by ${grownMB.toFixed(0)} MB`,
  );
  assert.ok(slowest.ms < 1000, `${slowest.what} took ${slowest.ms} ms`);
  assert.ok(grownMB < 400, `memory grew by ${grownMB} MB`);
  assert.ok((outcomes.get('read') ?? 0) > 1000, 'harmless damage is still read');
  assert.ok(outcomes.size > 60, `only ${outcomes.size} kinds of outcome`);
});

it('functions that would grow without end are refused when they are inlined', () => {
  const random = seededRandom(3);
  for (let index = 0; index < 20; index++) {
    const file = buildTrap(random);
    try {
      inlineFunctions(readModel(file));
    } catch (error) {
      assert.ok(error instanceof ThawError, String(error));
      assertSentence(error.message);
    }
  }
});
