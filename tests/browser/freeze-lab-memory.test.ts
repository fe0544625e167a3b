/** What the freeze lab keeps across a closed tab, in the built site: the run under way, and the log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeViolations } from './axe.ts';
import { labPath as path, openLab, part, patienceMs, toggle, train } from './freeze-lab-page.ts';
import { openBlank, siteUrl, waitForStatus } from './harness.ts';

/** In the page: whether weights of a run are kept. */
async function keptTraining(): Promise<boolean> {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return all.flat().some(({ url }) => url.includes('training'));
}

test('a tab is closed in the middle of a run: the next one offers to go on, and the log is kept', async (t) => {
  const { page, lab } = await openLab(t, '?2-thaw=4.2_head&2-steps=60');
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  await lab.locator('[data-action="run"]').click();
  while (!(await page.evaluate(keptTraining))) await page.waitForTimeout(100);
  // no question at the address: the interrupted run alone wakes the lab
  await page.goto(page.url().split('?')[0]);
  const go = lab.locator('[data-action="continue"]');
  await go.waitFor({ state: 'attached', timeout: 60_000 });
  await lab.scrollIntoViewIfNeeded();
  assert.match((await lab.locator('.notice').textContent()) ?? '', /ResNet broke off at step \d+ of 60/);
  const at = Number(/step (\d+)/.exec((await go.textContent()) ?? '')?.[1]);
  assert.ok(at >= 1 && at < 60, String(at));
  assert.deepEqual(await axeViolations(page), []);
  await go.focus();
  await page.keyboard.press('Enter');
  await waitForStatus(lab, 'running', patienceMs);
  const resumed = await lab.locator('.run-steps').innerText();
  assert.equal(await toggle(lab, '4.2').getAttribute('aria-pressed'), 'true');
  await waitForStatus(lab, 'ready', patienceMs);
  assert.match(await part(lab, 'said').innerText(), /The 8 frozen blocks[^]*0 of them changed/);
  assert.match(resumed, /step [1-9]\d* of 60/);
  assert.equal(await lab.locator('.notice').count(), 0, 'the kept weights were found');
  assert.equal(await page.evaluate(() => localStorage.getItem('thaw-freeze-run')), null);
  assert.equal(await page.evaluate(keptTraining), false, 'what has ended is kept no longer');

  const name = lab.locator('[data-part="log"] input').first();
  await name.fill('resumed');
  await name.press('Tab');
  await page.reload();
  await lab.scrollIntoViewIfNeeded();
  await lab.hover();
  await lab.locator('[data-part="log"] tbody tr').waitFor();
  assert.equal(await name.inputValue(), 'resumed');
  assert.equal(await lab.locator('[data-action="continue"]').count(), 0);
  await lab.locator('button[data-log="clear"]').click();
  assert.equal(await lab.locator('[data-part="log"] tbody tr').count(), 0);
  await lab.locator('button[data-log="undo"]').click();
  await lab.locator('button[data-log="clear"]').click();
  await page.reload();
  await lab.scrollIntoViewIfNeeded();
  await lab.hover();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  assert.equal(await lab.locator('[data-part="log"] tbody tr').count(), 0);
});

test('a browser that stores nothing trains all the same, and the lab says what goes', async (t) => {
  const refuse = `Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });`;
  const page = await openBlank(t);
  await page.context().addInitScript(refuse);
  await page.goto(`${await siteUrl()}${path}?2-thaw=head&2-steps=4`);
  const lab = page.locator('thaw-freeze-lab');
  await lab.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  await train(page, lab);
  assert.match(await lab.locator('.notice').innerText(), /stores nothing for this site/);
});
