/** The course's own sentences: as many as promised, balanced, each written once, spelt as in Britain, copied from nowhere. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createSpeller } from '../../../../scripts/prose/spelling.ts';
import { DOMAINS, JUDGEMENTS, readLabelled } from '../../../../src/data/sentences/labelled.ts';
import { seedRandom } from '../../../../src/data/seeded-random.ts';

const shared = join(process.env['THAW_SHARED'] ?? '../shared', 'data');
const all = DOMAINS.flatMap((domain) =>
  readLabelled(readFileSync(`src/data/sentences/${domain}.csv`, 'utf8')).map((one) => ({ ...one, domain })),
);
const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\d]+(?:['’][\p{L}]+)*/gu) ?? [];

test('each domain has 80 sentences of either judgement, by turns', () => {
  for (const domain of DOMAINS) {
    const own = all.filter((one) => one.domain === domain);
    for (const label of JUDGEMENTS)
      assert.equal(own.filter((one) => one.label === label).length, 80, `${domain}, ${label}`);
    assert.ok(
      own.every(({ label }, at) => label !== own[at + 1]?.label),
      `${domain}: two of a kind follow each other`,
    );
  }
});

test('lengths vary, and the judgement cannot be read off the length', () => {
  const lengths = all.map(({ sentence }) => wordsOf(sentence).length);
  assert.ok(lengths.filter((length) => length <= 5).length >= 30, 'short ones');
  assert.ok(lengths.filter((length) => length >= 25).length >= 25, 'long ones');
  assert.ok(Math.max(...lengths) <= 45);
  for (const domain of DOMAINS) {
    const mean = (label: string) => {
      const own = all.filter((one) => one.domain === domain && one.label === label);
      return own.reduce((sum, { sentence }) => sum + wordsOf(sentence).length, 0) / own.length;
    };
    assert.ok(Math.abs(mean('positive') - mean('negative')) < 3, domain);
  }
});

test('no template: no two sentences are alike, and none shares its first three words with more than two others', () => {
  const parts = all.map(({ sentence }) => pairsOf(wordsOf(sentence)));
  const alike: string[] = [];
  parts.forEach((one, at) => {
    for (let other = at + 1; other < parts.length; other++)
      if (overlap(one, parts[other]) >= 0.3) alike.push(`${all[at]?.sentence} / ${all[other]?.sentence}`);
  });
  assert.deepEqual(alike, []);
  const openings = Map.groupBy(all, ({ sentence }) => wordsOf(sentence).slice(0, 3).join(' '));
  for (const [opening, { length }] of openings) assert.ok(length <= 3, `${length} begin with "${opening}"`);
});

test('the check for likeness sees a changed word', () => {
  const [one, two] = ['The soup was cold and dear.', 'The soup was cold and thin.'];
  assert.ok(overlap(pairsOf(wordsOf(one)), pairsOf(wordsOf(two))) >= 0.3);
});

test('difficulty: negation and contrast stand on both sides', () => {
  for (const label of JUDGEMENTS) {
    const own = all.filter((one) => one.label === label).map(({ sentence }) => sentence);
    const count = (pattern: RegExp) => own.filter((sentence) => pattern.test(sentence)).length;
    assert.ok(count(/\b(?:not|no|never|nothing|nobody|hardly|without)\b|n't\b/i) >= 60, `${label}: negation`);
    assert.ok(count(/\b(?:but|yet|though|although|while)\b/i) >= 15, `${label}: contrast`);
  }
});

test('each domain has words of its own', () => {
  const seen = new Map(
    DOMAINS.map((domain) => [
      domain,
      new Set(all.filter((one) => one.domain === domain).flatMap(({ sentence }) => wordsOf(sentence))),
    ]),
  );
  for (const [domain, word] of [
    ['films', 'gripping'],
    ['restaurants', 'undercooked'],
    ['phones', 'battery'],
    ['software', 'crashes'],
  ] as const)
    for (const [other, words] of seen) assert.equal(words.has(word), other === domain, `${word} in ${other}`);
});

test('plainly written: one line, ends as sentences do, straight quotes, nothing around it', () => {
  for (const { sentence } of all) {
    assert.match(sentence, /^[\p{Lu}\d].*[.?!]$/u, sentence);
    assert.doesNotMatch(sentence, /[“”‘’–—]|\s{2}|[\r\n]|["]/, sentence);
  }
});

test('every word is spelt as in Britain', () => {
  // Words of kitchens and telephones; content/words.txt is for the words of the field
  const own = [
    'autocorrect',
    'autofocus',
    'haptics',
    'nav',
    'petits',
    'ramen',
    'tagine',
    'undercooked',
    'Wi-Fi',
  ];
  const speller = createSpeller(own.join('\n'));
  assert.deepEqual(
    speller.check(all.map(({ sentence }) => sentence).join('\n\n')).map(({ word }) => word),
    [],
  );
});

test('none is copied from the texts that the networks learn from', (context) => {
  const files = {
    reviews: 'text/imdb-reviews.txt.xz',
    fiction: 'text/gutenberg-fiction.txt.xz',
    train: 'sst2/train.tsv.gz',
    dev: 'sst2/dev.tsv',
  };
  if (!Object.values(files).every((file) => existsSync(join(shared, file)))) {
    context.skip('skipped: the texts that the recipes train on are not beside this checkout');
    return;
  }
  // The beginning is the key: the first eight words as they stand, of what is not so short that anybody may have said it
  const keys = all
    .map(({ sentence }) =>
      sentence
        .replace(/[.?!]$/, '')
        .split(' ')
        .slice(0, 8),
    )
    .filter((words) => words.length >= 5)
    .map((words) => words.join(' '));
  assert.deepEqual(
    occurring(keys, `It began. ${keys[0]?.toUpperCase()}!`),
    [keys[0]?.toUpperCase()],
    'the search finds',
  );
  const found = Object.values(files).flatMap((file) => {
    const raw = readFileSync(join(shared, file));
    if (file.endsWith('.xz'))
      return occurring(keys, execFileSync('xz', ['-dc'], { input: raw, maxBuffer: 2 ** 30 }));
    const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString();
    // SST-2 parts its tokens: "do n't ," is "don't,"
    return occurring(keys, text.replaceAll(/ (?=n't|'|[.,;:?!])/g, ''));
  });
  assert.deepEqual(found, []);
});

test('the domains can be told apart by a reader of single words, the judgements too, but not easily', () => {
  const accuracy = (label: (one: (typeof all)[number]) => string) => {
    const order = seedRandom(1, 'sentences').shuffled(all);
    const [held, known] = [order.slice(0, 160), order.slice(160)];
    return held.filter((one) => naiveBayes(known, one.sentence, label) === label(one)).length / held.length;
  };
  const [domain, judgement] = [accuracy((one) => one.domain), accuracy((one) => one.label)];
  assert.ok(domain > 0.5, `domain ${domain}`);
  assert.ok(judgement > 0.5 && judgement < 0.85, `judgement ${judgement}`);
});

function pairsOf(words: readonly string[]): Set<string> {
  return new Set(words.map((word, at) => `${word} ${words[at + 1] ?? '.'}`));
}

/** Jaccard's measure: common pairs of words among all of them. */
function overlap(one: Set<string>, other: Set<string> | undefined): number {
  const common = [...one].filter((pair) => other?.has(pair)).length;
  return common / (one.size + (other?.size ?? 0) - common);
}

/** Which of the keys occur in a text, in any case. The texts hold 180 MB, so the search is left to grep. */
function occurring(keys: readonly string[], text: string | Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-sentences-'));
  try {
    writeFileSync(join(folder, 'keys'), `${keys.join('\n')}\n`);
    const { stdout, status, error } = spawnSync('grep', ['-aioFf', join(folder, 'keys')], {
      input: text,
      env: { ...process.env, LC_ALL: 'C' },
    });
    assert.ok(!error && status !== null && status <= 1, `grep ended with ${status ?? error?.message}`);
    return stdout.toString().split('\n').filter(Boolean);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function naiveBayes(
  known: typeof all,
  sentence: string,
  label: (one: (typeof all)[number]) => string,
): string | undefined {
  const groups = Map.groupBy(known, label);
  const scores = [...groups].map(([name, own]) => {
    const words = own.map((one) => new Set(wordsOf(one.sentence)));
    const score = wordsOf(sentence).reduce(
      (sum, word) => sum + Math.log((words.filter((set) => set.has(word)).length + 0.5) / (own.length + 1)),
      Math.log(own.length),
    );
    return { name, score };
  });
  return scores.toSorted((a, b) => b.score - a.score)[0]?.name;
}
