// One run of Node's test runner, counted; what failed can be told again and run again.
import { spawn } from 'node:child_process';

/** With more failing files than this it is not the machine. */
const mostFiles = 4;

const toStdout = (text) => process.stdout.write(text);

/**
 * Runs these files (paths or patterns) and hands their report to `print` as it comes.
 * `failed` counts tests; `files` are those in which one was written down; `reasons` is the runner's own account of what failed.
 */
export async function runTests(files, { concurrency, env, print = toStdout }) {
  const args = [
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=600000',
    '--test-reporter=spec',
    ...files,
  ];
  const child = spawn('node', args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const counts = {};
  const reasons = [];
  const failing = new Set();
  let isAccount = false;
  let rest = '';
  for await (const chunk of child.stdout) {
    print(chunk);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      const [, word, number] = /^. (pass|fail|cancelled|skipped) (\d+)$/.exec(text) ?? [];
      if (word) counts[word] = Number(number);
      isAccount ||= /^. failing tests:$/.test(text);
      if (!isAccount) continue;
      reasons.push(text);
      const [, file] = /^test at (.+):\d+:\d+$/.exec(text) ?? [];
      if (file) failing.add(file);
    }
  }
  const code = await new Promise((done) =>
    child.exitCode === null ? child.once('close', done) : done(child.exitCode),
  );
  const count = (word) => counts[word] ?? 0;
  return {
    passed: count('pass'),
    // A runner that dies without counting is a failure as well
    failed: Math.max(count('fail') + count('cancelled'), code === 0 ? 0 : 1),
    skipped: count('skipped'),
    files: [...failing],
    reasons: reasons.slice(1).join('\n').trim(),
  };
}

/**
 * The same; where only a few files failed, these run once more, alone. A browser on a machine that does something else for a minute
 * fails tests that nothing is wrong with; what is broken fails twice. The first account is kept either way, under
 * `unsteady` where the second run passed. A failure whose file cannot be run by itself stands.
 */
export async function runTestsTwice(files, options) {
  const first = await runTests(files, options);
  const canRepeat = first.files.length > 0 && first.files.every((file) => file.endsWith('.test.ts'));
  if (!first.failed || !canRepeat || first.files.length > mostFiles) return { ...first, unsteady: '' };
  const { print = toStdout } = options;
  print(`\n— ${first.failed} failed; once more: ${first.files.join(', ')}\n`);
  const second = await runTests(first.files, options);
  return {
    ...first,
    passed: first.passed + Math.max(0, first.failed - second.failed),
    failed: second.failed,
    reasons: second.failed ? `${first.reasons}\n\nThe second time:\n${second.reasons}` : '',
    unsteady: second.failed ? '' : first.reasons,
  };
}
