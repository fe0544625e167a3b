/** What a static host gets: files it accepts, icons, map, pictures for shared links, and pages that ask no one else. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { builtPages, dist, eachAtMost, openPage } from './harness.ts';

const base = (process.env.BASE_PATH ?? '').replace(/\/$/, '');
const read = (file: string) => readFileSync(join(dist, file), 'utf8');

test('no file is larger than static hosts accept', () => {
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
    assert.ok(statSync(join(dist, name)).size <= 25 * 1024 * 1024, name);
});

test('every page names its picture, icons and canonical address, and the files exist', async () => {
  for (const { path, html } of builtPages().filter(({ path }) => !path.startsWith('/404'))) {
    const content = (name: string) =>
      new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)"`).exec(html)?.[1] ?? '';
    for (const name of ['og:title', 'og:image:alt', 'twitter:card', 'description'])
      assert.ok(content(name), `${path} lacks ${name}`);
    const picture = new URL(content('og:image')).pathname.slice(base.length);
    const { width, height } = await sharp(join(dist, picture)).metadata();
    assert.deepEqual([width, height], [1200, 630], picture);
    for (const [, href = ''] of html.matchAll(
      /<link rel="(?:shortcut icon|icon|apple-touch-icon|manifest|preload)"[^>]* href="([^"]*)"/g,
    ))
      assert.ok(statSync(join(dist, href.slice(base.length))).isFile(), `${path} → ${href}`);
  }
});

test('robots and site map lead to every page under the site’s address', () => {
  const map = /Sitemap: (\S+)/.exec(read('robots.txt'))?.[1] ?? '';
  assert.ok(map.endsWith(`${base}/sitemap-index.xml`));
  const listed = [...read('sitemap-0.xml').matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, url = '']) =>
    new URL(url).pathname.slice(base.length),
  );
  for (const { path } of builtPages().filter(({ path }) => !path.startsWith('/404')))
    assert.ok(listed.includes(path), `${path} is not in the map`);
  assert.ok(!listed.some((path) => path.includes('404')));
});

test('the headers that hosts read are filled in', () => {
  const headers = read('_headers');
  assert.match(headers, /Cross-Origin-Embedder-Policy: require-corp/);
  assert.match(headers, /Content-Security-Policy: default-src 'self';.*frame-ancestors 'self'/);
  assert.doesNotMatch(headers, /\{|\}/);
});

test('reading any page to its end asks no other host, on a host that sends no headers', async (t) => {
  // openPage fails the test on a request to a third party, a console warning or a failed request
  await eachAtMost(builtPages(), 3, async ({ path }) => {
    const page = await openPage(t, path, {
      headers: false,
      expected: path.startsWith('/404') ? [/404/] : [],
    });
    await page.evaluate(async () => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      for (let top = 0; top < document.body.scrollHeight; top += innerHeight) {
        scrollTo(0, top);
        // A page behind others may get no frames
        await new Promise((done) => {
          requestAnimationFrame(done);
          setTimeout(done, 100);
        });
      }
    });
    await page.waitForLoadState('networkidle');
  });
});

test('the fonts that a page prints are ours', async (t) => {
  const page = await openPage(t, '/course/idea/', { headers: false });
  await page.evaluate(() => document.fonts.ready);
  const loaded = await page.evaluate(() =>
    [...document.fonts]
      .filter(({ status }) => status === 'loaded')
      .map(({ family }) => family.replaceAll('"', '')),
  );
  for (const family of ['Thaw Serif', 'Thaw Sans', 'Thaw Display'])
    assert.ok(loaded.includes(family), `${family} of ${loaded.join(', ')}`);
});
