// `npm test`: installs what is missing, checks, builds, runs every test, and ends with "N passed, N failed".
// `npm test -- unit golden` runs only the named parts: check, lint, unit, golden, browser, training.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { environment, installPackages } from './install.mjs';
import { findBrowsers } from './browsers.mjs';
import { runTests, runTestsTwice } from './run-suite.mjs';

installPackages();
const parts = ['check', 'lint', 'unit', 'golden', 'browser', 'training'];
const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !parts.includes(part));
if (unknown.length) {
  console.error(`Unknown part: ${unknown.join(', ')}. Parts are ${parts.join(', ')}.`);
  process.exit(2);
}
const wants = (part) => asked.length === 0 || asked.includes(part);
const env = { ...environment(), CI: process.env.CI ?? '' };
const total = { passed: 0, failed: 0, skipped: 0 };
/** What is told again at the end, where nobody has to look for it. */
const accounts = [];

// Types and the site both need the generated assets (fonts, runtime) and Astro's own types
if (wants('check') || wants('browser')) step('build', 'node', ['scripts/build.mjs']);
if (wants('check')) step('types', 'npm', ['run', '--silent', 'check']);
if (wants('lint')) step('lint and format', 'npm', ['run', '--silent', 'lint']);
if (wants('unit')) await suite('unit', 2);
if (wants('golden')) await suite('golden', 2);
if (wants('browser')) await suite('browser', 1, findBrowsers());
if (wants('training')) training();

for (const account of accounts) console.log(`\n${account}`);
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed ? 1 : 0);

/** One command that counts as one test. */
function step(name, command, args) {
  const startedAt = performance.now();
  console.log(`\n— ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  total[status === 0 ? 'passed' : 'failed'] += 1;
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name}, ${seconds(startedAt)}`);
}

/** Runs the test files of tests/<name> and adds their counts to the total; a browser's failures get a second try. */
async function suite(name, concurrency, extra = {}) {
  if (!existsSync(`tests/${name}`)) return;
  const startedAt = performance.now();
  console.log(`\n— ${name} tests`);
  const run = name === 'browser' ? runTestsTwice : runTests;
  const { passed, failed, skipped, reasons, unsteady } = await run([`tests/${name}/**/*.test.ts`], {
    concurrency,
    env: { ...env, ...extra },
  });
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  if (reasons) accounts.push(`— what failed in the ${name} tests\n\n${reasons}`);
  if (unsteady) accounts.push(`— failed once and passed alone in the ${name} tests\n\n${unsteady}`);
  console.log(`${name}: ${seconds(startedAt)}`);
}

/** The checks of training/: run where Python and PyTorch are, said to be skipped elsewhere. */
function training() {
  if (!existsSync('tests/training')) return;
  console.log('\n— training checks');
  const python = spawnSync('python3', ['-c', 'import torch, onnx, numpy, PIL'], { stdio: 'ignore' });
  if (python.status !== 0) {
    console.log(
      'skipped: training checks need Python 3 with training/requirements.txt (torch, onnx, numpy, pillow).',
    );
    total.skipped += 1;
    return;
  }
  step('training', 'python3', ['-m', 'unittest', 'discover', '-s', 'tests/training', '-t', '.']);
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}
