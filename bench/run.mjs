// `npm run bench`: builds the site, measures it side by side with what it competes with, and writes bench/results/foundation.json,
// graph.json, language.json, runtime.json and training.json. `npm run bench -- speed` measures only the named parts: weight, speed, lens,
// lighthouse, graph, pan, text, text-outputs, language, runtime, training. The tokenizers and the outputs against PyTorch's are measured with
// the other rows of language; `text` and `text-outputs` measure them alone.
// A part that was not measured keeps its rows from the last run of the same commit, else they are left out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describeMachine, isQuiet } from './machine.mjs';
import { installCompetitors } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const results = {
  foundation: ['weight', 'speed', 'lens', 'lighthouse'],
  graph: ['graph', 'pan'],
  language: ['text', 'text-outputs', 'language'],
  runtime: ['runtime'],
  training: ['training'],
};
const parts = Object.values(results).flat();
const asked = process.argv.slice(2).flatMap((name) => (name === 'language' ? results.language : [name]));
const unknown = asked.filter((part) => !parts.includes(part));
if (unknown.length) {
  console.error(`Unknown part: ${unknown.join(', ')}. Parts are ${parts.join(', ')}.`);
  process.exit(2);
}
// the graph bench bundles what it measures itself; tokenizers, and outputs against PyTorch's, need no page
const withoutSite = ['graph', 'text', 'text-outputs'];
const needsSite = asked.length === 0 || asked.some((part) => !withoutSite.includes(part));
if (needsSite) installCompetitors();
if (needsSite && !process.env.THAW_DIST) mustRun('node', ['scripts/build.mjs']);
if (!isQuiet())
  console.log('Note: other work keeps this machine busy; ratios hold better than milliseconds.');

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim();
const commit =
  git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '-changed' : '');
let missed = 0;
for (const [name, own] of Object.entries(results)) {
  if (asked.length === 0 || own.some((part) => asked.includes(part))) missed += await measureAll(name, own);
}
process.exit(missed ? 1 : 0);

/** Measures the wanted parts of one file of results and writes it. The number of rows that miss their limit. */
async function measureAll(name, own) {
  const file = `bench/results/${name}.json`;
  const earlier = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const rows = new Map(earlier?.commit === commit ? earlier.rows.map((row) => [row.name, row]) : []);
  for (const part of own) {
    if (asked.length && !asked.includes(part)) continue;
    console.log(`\n— ${part}`);
    const { measure } = await import(`./${part}.mjs`);
    for (const row of await measure()) {
      rows.set(row.name, row);
      console.log(
        `${row.ok ? 'ok    ' : 'MISSED'} ${row.name}: ${row.value} ${row.unit} (${[row.limit === undefined ? '' : `limit ${row.limit}`, row.note].filter(Boolean).join('; ')})`,
      );
    }
  }
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ commit, machine: describeMachine(), rows: [...rows.values()] }, null, 2)}\n`,
  );
  const failed = [...rows.values()].filter((row) => !row.ok).length;
  console.log(`\n${rows.size - failed} of ${rows.size} rows within their limits; written to ${file}`);
  return failed;
}

function mustRun(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
