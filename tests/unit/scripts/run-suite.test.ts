import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runTestsTwice } from '../../../scripts/run-suite.mjs';

// A runner inside a runner would report to its parent, and its report be taken for ours
const options = {
  concurrency: 1,
  env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  print: () => undefined,
};
const head = `import { test } from 'node:test'; import { existsSync, writeFileSync } from 'node:fs';\n`;
const fails = `throw new Error('it is broken');`;

/** Runs test files of these texts, which may use `seen`, the path of a file that is not there at first. */
function run(t: TestContext, texts: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-suite-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const seen = JSON.stringify(join(folder, 'seen'));
  for (const [name, text] of Object.entries(texts))
    writeFileSync(join(folder, name), `${head}const seen = ${seen};\n${text}`);
  const files = Object.keys(texts).filter((name) => name.endsWith('.test.ts'));
  return runTestsTwice(
    files.map((name) => join(folder, name)),
    options,
  );
}

test('what fails once and passes alone has passed, and its reason is told', async (t) => {
  const once = `test('a', () => { const had = existsSync(seen); writeFileSync(seen, ''); if (!had) ${fails} });`;
  const { passed, failed, reasons, unsteady } = await run(t, {
    'once.test.ts': once,
    'good.test.ts': `test('b', () => undefined);`,
  });
  assert.deepEqual([passed, failed, reasons], [2, 0, '']);
  assert.match(unsteady, /it is broken/);
});

test('what fails twice has failed', async (t) => {
  const { passed, failed, reasons, unsteady } = await run(t, {
    'bad.test.ts': `test('a', () => { ${fails} }); test('b', () => undefined);`,
  });
  assert.deepEqual([passed, failed, unsteady], [1, 1, '']);
  assert.match(reasons, /it is broken[^]*The second time:[^]*it is broken/);
});

test('a failure that stands in a file without tests of its own is not forgiven', async (t) => {
  const { failed, unsteady } = await run(t, {
    'shared.ts': `export const check = () => test('a', () => { const had = existsSync(seen); writeFileSync(seen, ''); if (!had) ${fails} });`,
    'uses.test.ts': `import { check } from './shared.ts'; check(); test('b', () => { ${fails} });`,
  });
  assert.deepEqual([failed, unsteady], [2, '']);
});
