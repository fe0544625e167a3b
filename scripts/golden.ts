/** `npm run golden`: remakes tests/golden/*.json from PyTorch. Look at the diff before you commit it. */
import { spawnSync } from 'node:child_process';

const needs = spawnSync('python3', ['-c', 'import torch, onnx, numpy, PIL'], { stdio: 'ignore' });
if (needs.status !== 0) {
  console.error(
    'Golden answers come from PyTorch, and python3 cannot import torch, onnx, numpy and PIL here.\n' +
      'Install them: python3 -m pip install -r training/requirements.txt',
  );
  process.exit(1);
}
const made = spawnSync('python3', ['-m', 'training.resnet', 'golden', '--source', 'mixed'], {
  stdio: 'inherit',
});
process.exit(made.status ?? 1);
