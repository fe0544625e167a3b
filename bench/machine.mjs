// What the numbers were measured on.
import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { chromiumPath } from '../tests/browser/built-site.ts';

/** Processor, memory, system, Node and Chromium, as one object of plain words and numbers. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    chromium: execFileSync(chromiumPath(), ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim(),
    loadBefore: Number(load.toFixed(2)),
  };
}

/** Whether hardly anything else was running when the bench began. */
export function isQuiet() {
  return load < 0.5 * availableParallelism();
}

const load = loadavg()[0] ?? 0;
