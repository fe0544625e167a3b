/** The figures' first frames are what the committed network answers now: nothing in them is invented or stale. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

const needsSprites = existsSync('public/sprites/gallery.json')
  ? false
  : 'skipped: the sprite sheets are not built; run node scripts/build-assets.ts first';

test('npm run frames would write what is committed', { skip: needsSprites }, () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/frames.ts', '--check'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});
