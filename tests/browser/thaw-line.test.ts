/** The landing page's thaw line, moved as a reader moves it: by keys and by pointer; what it says of the weights, and its address. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './harness.ts';

test('keys and pointer move the thaw line; the counts add up, and the address keeps it', async (t) => {
  const page = await openPage(t, '/');
  const figure = page.locator('thaw-backbone');
  const line = figure.locator('[data-part="cut"]');
  const sums = figure.locator('[data-part="sums"]');
  const counts = async () =>
    [...(await sums.innerText()).matchAll(/([\d,]{3,}|\b0\b)/g)].map(([text]) =>
      Number(text.replaceAll(',', '')),
    );
  await line.focus();
  await page.waitForFunction(() => customElements.get('thaw-backbone') !== undefined);
  await page.keyboard.press('Home');
  await sums.filter({ hasText: 'frozen: 0 weights stay' }).waitFor();
  const [, all] = await counts();
  assert.ok(all > 2_000_000, `${all} weights in all`);
  await page.keyboard.press('End');
  await sums.filter({ hasNotText: 'frozen: 0 weights stay' }).waitFor();
  const last = Number(await line.inputValue());
  const [stay, move] = await counts();
  assert.equal(stay + move, all);
  assert.ok(stay > move, 'most weights stay below the head');
  await page.keyboard.press('ArrowLeft');
  assert.equal(Number(await line.inputValue()), last - 1);
  assert.match(
    (await line.getAttribute('aria-valuetext')) ?? '',
    /^trainable from .+ up: [\d,]+ weights move/,
  );
  assert.match(page.url(), /cut=/);

  const box = await line.boundingBox();
  assert.ok(box);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const middle = Number(await line.inputValue());
  assert.ok(middle > 0 && middle < last - 1, `the pointer put it at ${middle} of ${last}`);
  const said = await sums.innerText();
  await page.reload();
  await line.hover();
  await page.waitForFunction(() => customElements.get('thaw-backbone') !== undefined);
  await sums.filter({ hasText: said.split('\n')[0] }).waitFor();
  assert.equal(Number(await line.inputValue()), middle);
});
