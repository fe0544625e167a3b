/** Questions to a text, answered by a small network whose answers are known beforehand. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { parseTextManifest } from '../../../../src/engine/registry/text-manifest.ts';
import { openModelSessions } from '../../../../src/engine/runtime/model-sessions.ts';
import { nativeSessions } from '../../../../src/engine/runtime/node.ts';
import type { LoadedModel, Runtime } from '../../../../src/engine/runtime/types.ts';
import {
  openAnswerer,
  sentenceAt,
  type PageWords,
  type Reading,
} from '../../../../src/labs/page-answers/page-answers.ts';
import { smallNothing, smallSquadFile } from '../../../fixtures/onnx/small-squad.ts';

const path = 'public/full-size/bertsquad-12-int8/manifest.json';
const manifest = parseTextManifest(JSON.parse(readFileSync(path, 'utf8')), path);

/** A runtime that knows the small network alone. */
function smallRuntime(): Runtime {
  return {
    planDownload: () => Promise.reject(new Error('nothing to plan')),
    async load(): Promise<LoadedModel> {
      const want = { precision: 'int8' as const, values: [] };
      const file = smallSquadFile(manifest);
      const sessions = await openModelSessions(file, manifest, want, await nativeSessions(1), () => 0);
      const report = { backend: 'native', build: 'node', threads: 1, precision: 'int8', note: '' } as const;
      return {
        ...{ id: manifest.id, manifest, labels: [], report, storageRefused: false },
        vocabulary: new Uint8Array(readFileSync('public/models/bert-mini/vocab.txt')),
        run: async (inputs, { outputs = [], signal } = {}) => {
          signal?.throwIfAborted();
          return { ...report, ...(await sessions.run(inputs, outputs)) };
        },
        train: () => Promise.reject(new Error('no training here')),
        dispose: () => sessions.release(),
      };
    },
    dispose: () => undefined,
  };
}

/** Paragraphs as a page has them. */
function buildPage(...paragraphs: string[]): PageWords {
  let text = '';
  const blocks = paragraphs.map((words) => {
    const start = text.length;
    text += `${words}\n`;
    return { start, end: start + words.length };
  });
  return { text, blocks };
}

const filler = (count: number) =>
  Array.from({ length: count }, (_, i) => `The film number ${i} was long and people talked about it later.`);

async function ask(page: PageWords, question: string, signal?: AbortSignal): Promise<Reading[]> {
  const answerer = await openAnswerer(smallRuntime(), manifest.id, {});
  const readings: Reading[] = [];
  for await (const reading of answerer.ask(page, question, signal)) readings.push(reading);
  return readings;
}

const sentence =
  'Some say it is late. Yesterday Zanzibar opened the old theatre with a great comedy. All laughed.';
const question = 'Who opened the old theatre with a great comedy?';

describe('a question to a page', () => {
  const page = buildPage(...filler(60), sentence, ...filler(60));

  it('is answered by whole words of the text, with their sentence, wherever they stand', async () => {
    const readings = await ask(page, question);
    const { answers, isNothing, nothing, done, windows } = readings.at(-1)!;
    assert.equal(page.text.slice(answers[0].start, answers[0].end), 'Zanzibar');
    const { start, end } = answers[0].sentence;
    assert.equal(
      page.text.slice(start, end),
      'Yesterday Zanzibar opened the old theatre with a great comedy.',
    );
    assert.deepEqual([answers[0].score, nothing.score, isNothing], [12, smallNothing, false]);
    assert.ok(windows > 5 && done === windows && readings.length === windows);
    const shares = [...answers.map(({ share }) => share), nothing.share];
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share) - 1) < 1e-9);
    assert.ok(answers.every(({ score }, i) => i === 0 || score <= answers[i - 1].score));
  });

  it('finds the answer in the first window that it reads', async () => {
    const [{ answers }] = await ask(page, question);
    assert.equal(page.text.slice(answers[0].start, answers[0].end), 'Zanzibar');
  });

  it('says that there is none where the page has none', async () => {
    const { isNothing, answers } = (await ask(page, 'which dog barked under seven green bridges')).at(-1)!;
    assert.equal(isNothing, true);
    assert.ok(answers[0].score < smallNothing);
  });

  it('never reaches over the end of a paragraph', async () => {
    const { text, blocks } = page;
    const { answers } = (await ask(page, question)).at(-1)!;
    for (const { start, end } of answers)
      assert.ok(
        blocks.some((block) => block.start <= start && end <= block.end),
        text.slice(start, end),
      );
  });

  it('can be stopped between two windows', async () => {
    const stop = new AbortController();
    const answerer = await openAnswerer(smallRuntime(), manifest.id, {});
    let seen = 0;
    await assert.rejects(async () => {
      for await (const reading of answerer.ask(page, question, stop.signal)) {
        seen = reading.done;
        stop.abort();
      }
    });
    assert.equal(seen, 1);
  });

  it('refuses what has no word that it knows, and a page without text', async () => {
    const refused = (error: unknown) => isThawError(error, 'bad-input');
    await assert.rejects(ask(page, '🦜🎉'), refused);
    await assert.rejects(ask(buildPage(), question), refused);
  });

  it('cuts a question of 100,000 letters, and says so', async () => {
    const short = buildPage(sentence);
    const { isCut, answers } = (await ask(short, `${question} ${'x '.repeat(50_000)}`)).at(-1)!;
    assert.equal(isCut, true);
    assert.equal(short.text.slice(answers[0].start, answers[0].end), 'Zanzibar');
  });
});

describe('sentenceAt', () => {
  it('takes all sentences that an answer touches', () => {
    const text = ' One is here. Two is there. Three. ';
    const block = { start: 0, end: text.length };
    const of = (words: string) => {
      const start = text.indexOf(words);
      const found = sentenceAt(text, block, { start, end: start + words.length });
      return text.slice(found.start, found.end);
    };
    assert.equal(of('Two'), 'Two is there.');
    assert.equal(of('here. Two'), 'One is here. Two is there.');
    assert.equal(of('Three'), 'Three.');
  });
});
