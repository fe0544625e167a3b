import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';

interface PackageFile {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

const pack = JSON.parse(readFileSync('package.json', 'utf8')) as PackageFile;
// A source archive has no git; its own listing would hold build output, so the file checks say so and stop
const tracked = existsSync('.git')
  ? execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
      .split('\0')
      .filter((file) => file && existsSync(file))
  : [];
const skip = tracked.length === 0 ? 'skipped: this copy has no git history to list its files from' : false;

describe('repository', () => {
  it('pins every package to one exact version', () => {
    for (const [name, version] of Object.entries({
      ...pack.dependencies,
      ...pack.devDependencies,
      ...pack.optionalDependencies,
    }))
      assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned: ${version}`);
  });

  it('keeps the lock file free of download addresses', () => {
    assert.ok(!readFileSync('package-lock.json', 'utf8').includes('"resolved": "http'));
  });

  it('has one command each', () => {
    for (const command of [
      'start',
      'test',
      'dev',
      'build',
      'check',
      'lint',
      'format',
      'frames',
      'golden',
      'bench',
    ])
      assert.ok(pack.scripts[command], `npm run ${command} is missing`);
  });

  it('keeps code files to 300 lines and named after an idea', { skip }, () => {
    const isTable = (name: string) => name === 'src/site/strings.ts';
    for (const file of tracked.filter((name) => /\.(ts|mjs|astro|css|py)$/.test(name) && !isTable(name))) {
      const lines = readFileSync(file, 'utf8').split('\n').length - 1;
      assert.ok(lines <= 300, `${file} has ${lines} lines; look for the second idea`);
      assert.doesNotMatch(file, /(^|\/)(utils?|helpers?|common)\.\w+$/);
    }
  });

  it('tracks no file over 25 MiB, and models of 36 MiB at most together', { skip }, () => {
    const sizeOf = (file: string) => statSync(file).size;
    for (const file of tracked)
      assert.ok(sizeOf(file) <= 25 * 2 ** 20, `${file} is too large for some hosts`);
    const models = tracked.filter((file) => file.startsWith('public/models/'));
    assert.ok(models.reduce((sum, file) => sum + sizeOf(file), 0) <= 36 * 2 ** 20);
  });

  it('names every folder of the README map', { skip }, () => {
    const readme = readFileSync('README.md', 'utf8');
    for (const folder of [
      'content',
      'src/figures',
      'src/labs',
      'src/engine',
      'public/models',
      'training',
      'docs/decisions',
    ]) {
      assert.ok(readme.includes(`\`${folder}`), `README does not map ${folder}`);
      assert.ok(existsSync(folder), `README maps ${folder}, which does not exist`);
    }
  });
});
