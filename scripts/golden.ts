/** `npm run golden`: remakes tests/golden/*.json from PyTorch. Look at the diff before you commit it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const needs = spawnSync('python3', ['-c', 'import torch, onnx, numpy, PIL'], { stdio: 'ignore' });
if (needs.status !== 0) {
  console.error(
    'Golden answers come from PyTorch, and python3 cannot import torch, onnx, numpy and PIL here.\n' +
      'Install them: python3 -m pip install -r training/requirements.txt',
  );
  process.exit(1);
}
// Each file says which command made it, one command several; those that other programs made are theirs to remake
const files = readdirSync('tests/golden').filter((name) => name.endsWith('.json'));
const scripts = files.map((file) => {
  const { made } = JSON.parse(readFileSync(`tests/golden/${file}`, 'utf8')) as { made?: { script?: string } };
  return made?.script ?? '';
});
for (const script of new Set(scripts)) {
  const [program, ...args] = script.split(' ');
  if (program !== 'python') continue;
  const { status } = spawnSync('python3', args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
