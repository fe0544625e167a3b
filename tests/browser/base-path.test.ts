/** The site built for a host where it stands below a path, and where nobody sets headers: everything still works. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { serve } from '../../scripts/serve.ts';
import { builtPages } from './built-site.ts';
import { brokenLinks } from './links.ts';
import { openBlank, waitForStatus } from './harness.ts';
import { lensOf, lensPages, startButton } from './lens.ts';

const base = '/below/here';
const root = fileURLToPath(new URL('../../', import.meta.url));

test('under a base path, on the plainest host', async (t) => {
  const outDir = mkdtempSync(join(tmpdir(), 'thaw-base-'));
  t.after(() => rmSync(outDir, { recursive: true, force: true }));
  const build = spawnSync(
    process.execPath,
    [join(root, 'node_modules/astro/bin/astro.mjs'), 'build', '--outDir', outDir],
    {
      cwd: root,
      env: { ...process.env, BASE_PATH: base },
      encoding: 'utf8',
    },
  );
  assert.equal(build.status, 0, build.stderr + build.stdout);
  const site = await serve({ root: outDir, base, headers: false });
  t.after(() => site.close());
  const pages = builtPages(outDir);

  await t.test('every link stays below the path and leads somewhere', () => {
    assert.ok(pages.length >= 5);
    assert.deepEqual(brokenLinks(pages, outDir, base), []);
  });

  await t.test('every page loads whole', async (t) => {
    const page = await openBlank(t, { site: site.url });
    for (const { path } of pages) await page.goto(site.url + path.slice(1), { waitUntil: 'networkidle' });
  });

  await t.test('a network runs', async (t) => {
    const [path = ''] = lensPages(pages);
    const page = await openBlank(t, { site: site.url });
    await page.goto(site.url + path.slice(1));
    await startButton(page).click();
    await waitForStatus(lensOf(page), 'ready');
  });

  await t.test('search finds a chapter and leads there', async (t) => {
    const page = await openBlank(t, { site: site.url });
    await page.goto(site.url);
    await page.keyboard.press('/');
    await page.locator('dialog[open] input').fill('negative transfer');
    const first = page.locator('dialog[open] a[href]').first();
    await first.waitFor();
    const href = (await first.getAttribute('href')) ?? '';
    assert.ok(href.startsWith(`${base}/`), href);
    await first.click();
    await page.waitForURL((url) => url.pathname.startsWith(`${base}/`) && url.pathname !== `${base}/`);
    assert.ok(await page.locator('h1').first().isVisible());
  });
});
