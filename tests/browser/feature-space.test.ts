/** The feature space in the built site: read asleep, run, walked by keyboard, shared; moved between sources. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { axeViolations } from './axe.ts';
import frame from '../../src/figures/feature-space/frame.json' with { type: 'json' };
import { openPage, waitForStatus, type PageOptions } from './harness.ts';

const path = '/course/idea/';

async function openSpace(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const figure = page.locator('thaw-feature-space');
  await figure.scrollIntoViewIfNeeded();
  return { page, figure };
}

const part = (figure: Locator, name: string): Locator => figure.locator(`[data-part="${name}"]`);

test('without scripts the map and its numbers are there, and no dead controls', async (t) => {
  const { figure } = await openSpace(t, '', { context: { javaScriptEnabled: false } });
  assert.equal(await figure.locator('g.pt').count(), 48);
  assert.equal(await part(figure, 'accuracy').locator('tbody tr').count(), Object.keys(frame.maps).length);
  assert.equal(await figure.locator('input:visible').count(), 0);
  assert.match(await part(figure, 'line').innerText(), /precomputed/);
});

test('it runs by keyboard, gives what the first frame says, and shows the pictures', async (t) => {
  const { page, figure } = await openSpace(t);
  const accuracy = part(figure, 'accuracy');
  const precomputed = await accuracy.textContent();
  await figure.locator('[data-action="run"]').focus();
  await page.keyboard.press('Enter');
  await waitForStatus(figure, 'ready');
  assert.equal(await accuracy.textContent(), precomputed);
  assert.equal(await figure.locator('g.pictures image').count(), 48);
  assert.doesNotMatch(await part(figure, 'line').innerText(), /precomputed/);
  assert.deepEqual(await axeViolations(page), []);
  const before = await part(figure, 'things').innerText();
  await figure.locator('[data-action="other"]').click();
  await page.waitForFunction((old) => {
    const things = document.querySelector<HTMLElement>('thaw-feature-space [data-part="things"]');
    return things !== null && things.innerText !== old;
  }, before);
  assert.match(page.url(), /seed=2/);
});

// The lens above it is the first figure of the page, so this one's keys begin with 2-
test('arrow keys walk over drawings, a thing is picked out, a link carries the source', async (t) => {
  const { page, figure } = await openSpace(t, '?2-source=resnet-random');
  await part(figure, 'title').filter({ hasText: 'random weights' }).waitFor();
  const place = () => figure.locator('g.pt').nth(30).getAttribute('transform');
  const random = await place();
  await figure.locator('g.pt[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  assert.match(await part(figure, 'chosen').innerText(), /^1 chosen/);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-key')), '1');
  await part(figure, 'things').locator('button').first().click();
  assert.match(await part(figure, 'chosen').innerText(), /^\d+ chosen/);
  assert.equal(await part(figure, 'things').locator('[aria-pressed="true"]').count(), 1);
  await part(figure, 'source').locator('input').first().check({ force: true });
  assert.notEqual(await place(), random);
  assert.doesNotMatch(page.url(), /source=/);
});

/** Changes to the last source and looks at one mark: where it was, where it is half-way in time, and where it ends. */
function changeSource(figure: Locator): Promise<{ path: [x: number, y: number][]; moving: number }> {
  return figure.evaluate((element) => {
    const marks = [...element.querySelectorAll('g.pt')];
    const place = (): [number, number] => {
      const { x, y, width, height } = marks[30].getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    };
    const path = [place()];
    const sources = element.querySelectorAll<HTMLInputElement>('[data-part="source"] input');
    sources[sources.length - 1].click();
    const motions = marks.flatMap((mark) => mark.getAnimations());
    for (const motion of motions) motion.currentTime = Number(motion.effect?.getTiming().duration) / 2;
    path.push(place());
    for (const motion of motions) motion.finish();
    path.push(place());
    return { path, moving: motions.length };
  });
}

test('between two spaces every mark passes through the places in between; who wants less motion sees none', async (t) => {
  const awake = async (reducedMotion: 'no-preference' | 'reduce') => {
    const { page, figure } = await openSpace(t, '', { context: { reducedMotion } });
    await figure.hover();
    await page.waitForFunction(() => customElements.get('thaw-feature-space') !== undefined);
    return changeSource(figure);
  };
  const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const { path, moving } = await awake('no-preference');
  const [from, between, to] = path;
  assert.equal(moving, 48);
  const whole = distance(from, to);
  assert.ok(whole > 20, `${whole} px`);
  const halves = [distance(from, between), distance(between, to)];
  assert.ok(
    Math.min(...halves) > whole / 10,
    `neither at its start nor at its end: ${halves.join(' and ')} px`,
  );
  assert.ok(halves[0] + halves[1] < whole + 1, 'straight on');

  const still = await awake('reduce');
  assert.equal(still.moving, 0);
  assert.deepEqual(still.path[1], still.path[2], 'there at once');
  assert.ok(distance(still.path[2], to) < 1);
});

test('the pointer, the keyboard and a finger look at a drawing more closely', async (t) => {
  const { page, figure } = await openSpace(t, '', { context: { hasTouch: true } });
  const look = figure.locator('.space-look');
  await figure.locator('[data-action="run"]').click();
  await waitForStatus(figure, 'ready');
  const map = figure.locator('.space-map');
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox()) ?? { x: 0, y: 0 };
  const mark = figure.locator('g.pt[data-key="20"]');
  await mark.hover({ force: true });
  const name = (await mark.getAttribute('aria-label')) ?? '';
  assert.equal(`${await look.locator('b').innerText()}, ${await look.locator('span').innerText()}`, name);
  // the picture beside it is as large as what the network gets, on the page and not cut off
  const size = await look.locator('img').evaluate((img: HTMLImageElement) => [img.width, img.naturalWidth]);
  assert.ok(size[0] > 64 && size[1] === 64, size.join(' '));
  assert.equal(
    await look.locator('img').getAttribute('src'),
    await figure.locator('.pictures image').last().getAttribute('href'),
    'and lies above the others on the map',
  );
  await page.mouse.move(box.x + 3, box.y + 3);
  await look.waitFor({ state: 'detached' });

  await figure.locator('g.pt[tabindex="0"]').focus();
  await page.keyboard.press('End');
  assert.match(await look.innerText(), /a hand that no network saw/);
  assert.deepEqual(await axeViolations(page), []);
  await page.keyboard.press('Escape');
  assert.equal(await look.count(), 0);

  await mark.tap({ force: true });
  await look.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-key')), '20');
});

test('after a run UMAP comes on demand, a line chooses, and pictures of one’s own join', async (t) => {
  const { page, figure } = await openSpace(t);
  assert.equal(await part(figure, 'ways').isVisible(), false);
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(request.url()));
  await figure.locator('[data-action="run"]').click();
  await waitForStatus(figure, 'ready');
  assert.equal(scripts.filter((url) => /umap/.test(url)).length, 0);
  const place = () => figure.locator('g.pt').nth(30).getAttribute('transform');
  const before = await place();
  await part(figure, 'ways').locator('input[value="umap"]').focus();
  await page.keyboard.press('Space');
  await part(figure, 'title').filter({ hasText: 'arranged by UMAP' }).waitFor();
  assert.equal(scripts.filter((url) => /umap/.test(url)).length, 1);
  assert.notEqual(await place(), before);

  await figure.locator('.space-map').scrollIntoViewIfNeeded();
  const box = await figure.locator('.space-map').boundingBox();
  assert.ok(box);
  const corner = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...corner(0.01, 0.01));
  await page.mouse.down();
  for (const [x, y] of [
    [0.99, 0.01],
    [0.99, 0.99],
    [0.01, 0.99],
  ])
    await page.mouse.move(...corner(x, y), { steps: 4 });
  assert.equal(await figure.locator('path.lasso').count(), 1);
  await page.mouse.up();
  assert.match(await part(figure, 'chosen').innerText(), /^48 chosen/);
  assert.equal(await figure.locator('path.lasso').count(), 0);

  const picture = { name: '<i>mine</i>.png', mimeType: 'image/png', buffer: await page.screenshot() };
  const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') };
  const accuracy = await part(figure, 'accuracy').textContent();
  await part(figure, 'file').setInputFiles([picture, text]);
  await figure.locator('g.pt.own').waitFor();
  await figure.locator('.problem').waitFor();
  assert.equal(await figure.locator('g.pt').count(), 49);
  assert.equal(await part(figure, 'accuracy').textContent(), accuracy);
  await figure.locator('g.pt[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  assert.match(
    await part(figure, 'chosen').innerText(),
    /^1 chosen: <i>mine<\/i>\.png, whose neighbours say/,
  );
  assert.deepEqual(await axeViolations(page), []);
});
