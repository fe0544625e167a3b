// The competitors are large and nobody else needs them: they are installed at the bench's first run.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Installs bench/package-lock.json unless exactly that is there already. */
export function installCompetitors() {
  const folder = new URL('.', import.meta.url).pathname;
  const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  const isHere = ([name, version]) => {
    const manifest = `${folder}node_modules/${name}/package.json`;
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  };
  if (Object.entries(dependencies).every(isHere)) return;
  console.log('Installing what the bench compares with (once) …');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
