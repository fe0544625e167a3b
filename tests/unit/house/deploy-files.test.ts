/** The files that hosts and visitors of the repository read say what the code does. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

const read = (file: string) => readFileSync(file, 'utf8');
const pack = JSON.parse(read('package.json')) as { version: string; scripts: Record<string, string> };

interface Step {
  run?: string;
  uses?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
}

test('the Pages workflow installs from the lock file, builds for its address and publishes dist', () => {
  const { jobs } = parse(read('.github/workflows/pages.yml')) as { jobs: { build: { steps: Step[] } } };
  const steps = jobs.build.steps;
  assert.ok(steps.some(({ run }) => run === 'npm ci'));
  const build = steps.find(({ run }) => run === 'npm run build');
  const config = read('astro.config.mjs');
  for (const name of Object.keys(build?.env ?? {}))
    assert.ok(config.includes(`process.env.${name}`), `${name} is set, but nobody reads it`);
  assert.deepEqual(Object.keys(build?.env ?? {}).sort(), ['BASE_PATH', 'SITE_URL']);
  assert.equal(steps.find(({ uses }) => uses?.includes('upload-pages-artifact'))?.with?.['path'], 'dist');
});

test('the citation is of this version', () => {
  const citation = parse(read('CITATION.cff')) as Record<string, unknown>;
  assert.equal(citation['version'], pack.version);
  for (const field of ['cff-version', 'title', 'authors', 'license', 'date-released', 'message'])
    assert.ok(citation[field], `CITATION.cff lacks ${field}`);
});

test('every file and command that README and CONTRIBUTING name exists', () => {
  for (const page of ['README.md', 'CONTRIBUTING.md', 'training/README.md']) {
    const text = read(page);
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      assert.ok(existsSync(join(dirname(page), target)), `${page} → ${target}`);
    for (const [, script = ''] of text.matchAll(/npm run (?:--silent )?([\w:]+)/g))
      assert.ok(pack.scripts[script], `${page}: npm run ${script}`);
  }
});

test('the licence names code, text and weights', () => {
  const licence = read('LICENSE');
  for (const part of ['MIT License', 'Creative Commons Attribution 4.0', 'public/models'])
    assert.ok(licence.includes(part), part);
});
