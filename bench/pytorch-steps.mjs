// A PyTorch process that takes one training step when it is asked to: training/step_times.py.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const root = new URL('..', import.meta.url).pathname;

/** Starts it for a kind of network and its file; undefined where there is no Python with PyTorch and onnx. */
export async function startPytorch(kind, file) {
  const python = process.env.THAW_PYTHON ?? 'python3';
  const { status } = spawnSync(python, ['-c', 'import torch, onnx'], { cwd: root, stdio: 'ignore' });
  if (status !== 0) return undefined;
  const child = spawn(python, ['-m', 'training.step_times', kind, file], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async step() {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('training/step_times.py ended before it answered');
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}
