// Runs under any Node from 20, before anything is installed: plain JavaScript, Node's own modules only.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const STAMP = 'node_modules/.thaw-installed';
const LEAST_NODE = [22, 18];

/** The environment in which everything after the install runs: `node_modules/.bin` first, so that its Node 24 is found. */
export function environment() {
  return {
    ...process.env,
    PATH: join(process.cwd(), 'node_modules', '.bin') + delimiter + (process.env.PATH ?? ''),
    // onnxruntime-node's install script would download GPU libraries; the package already holds what the tests use
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    ASTRO_TELEMETRY_DISABLED: '1',
  };
}

/** Installs the locked packages unless this very lock file is installed already, and checks Node's version. */
export function installPackages() {
  const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== wanted) {
    console.log('Installing packages …');
    runOrExit('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    mkdirSync('node_modules', { recursive: true });
    writeFileSync(STAMP, wanted);
  }
  const version = execFileSync('node', ['--version'], { env: environment(), encoding: 'utf8' }).trim();
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    console.error(
      `Thaw builds with Node ${LEAST_NODE.join('.')} or later; this machine has ${version} and no Node 24 came through npm for ${process.platform}-${process.arch}.\n` +
        'Install Node 24 (https://nodejs.org) and run the command again.',
    );
    process.exit(1);
  }
}

/** Runs a command with our environment, its output shown; ends this process when it fails. */
export function runOrExit(command, args, extra = {}) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...environment(), ...extra },
    shell: process.platform === 'win32',
  });
  if (error) console.error(`Could not start ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
