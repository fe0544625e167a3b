// `npm test`: installs what is missing, checks, builds, runs every test, and ends with "N passed, N failed".
// `npm test -- unit golden` runs only the named parts: check, lint, unit, golden, browser, training.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { environment, installPackages } from './install.mjs';
import { findBrowsers } from './browsers.mjs';

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

// Types and the site both need the generated assets (fonts, runtime) and Astro's own types
if (wants('check') || wants('browser')) step('build', 'node', ['scripts/build.mjs']);
if (wants('check')) step('types', 'npm', ['run', '--silent', 'check']);
if (wants('lint')) step('lint and format', 'npm', ['run', '--silent', 'lint']);
if (wants('unit')) await suite('unit', 2);
if (wants('golden')) await suite('golden', 2);
if (wants('browser')) await suite('browser', 1, findBrowsers());
if (wants('training')) training();

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

/** Runs the test files of tests/<name> with Node's runner and adds its counts to the total. */
async function suite(name, concurrency, extra = {}) {
  if (!existsSync(`tests/${name}`)) return;
  const startedAt = performance.now();
  console.log(`\n— ${name} tests`);
  const args = [
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=600000',
    '--test-reporter=spec',
    `tests/${name}/**/*.test.ts`,
  ];
  const child = spawn('node', args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...env, ...extra } });
  const counts = {};
  let line = '';
  for await (const chunk of child.stdout) {
    process.stdout.write(chunk);
    const lines = (line + chunk).split('\n');
    line = lines.pop() ?? '';
    for (const text of lines) {
      const [, word, number] = /^. (pass|fail|cancelled|skipped) (\d+)$/.exec(text) ?? [];
      if (word) counts[word] = Number(number);
    }
  }
  const code = await new Promise((done) =>
    child.exitCode === null ? child.once('close', done) : done(child.exitCode),
  );
  const count = (word) => counts[word] ?? 0;
  total.passed += count('pass');
  total.skipped += count('skipped');
  // A runner that dies without counting is a failure as well
  total.failed += Math.max(count('fail') + count('cancelled'), code === 0 ? 0 : 1);
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
  step('training', 'python3', ['-m', 'unittest', 'discover', '-s', 'tests/training', '-t', '.', '-v']);
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}
