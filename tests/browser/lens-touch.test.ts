/** A finger can do in the lens what a mouse can: start it, choose, and read single values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, waitForStatus } from './harness.ts';
import { lensOf, lensPages, partOf, startButton } from './lens.ts';

const [path = ''] = lensPages();

test('the lens by touch on a phone', async (t) => {
  const page = await openPage(t, path, { width: 390, height: 844, context: { hasTouch: true } });
  const lens = lensOf(page);

  await t.test('a tap starts the network', async () => {
    await startButton(page).tap();
    await waitForStatus(lens, 'ready');
  });

  await t.test('a tap chooses a picture, and it is run', async () => {
    const picture = partOf(lens, 'pictures').locator('button').nth(2);
    await picture.tap();
    await lens.locator('[data-part="top"]:not(.is-empty)').waitFor();
    await waitForStatus(lens, 'ready');
    assert.equal(await picture.getAttribute('aria-pressed'), 'true');
  });

  await t.test('a tap opens a block and chooses who learns', async () => {
    const block = partOf(lens, 'blocks').locator('button').nth(2);
    await block.tap();
    assert.equal(await block.getAttribute('aria-pressed'), 'true');
    const before = await partOf(lens, 'count').innerText();
    await partOf(lens, 'approach').getByText('Fine-tuning', { exact: true }).tap();
    assert.notEqual(await partOf(lens, 'count').innerText(), before);
  });

  await t.test('a tap reads a value of the enlarged channel', async () => {
    await partOf(lens, 'large').tap();
    assert.match(await partOf(lens, 'read').innerText(), /row \d+, column \d+: /);
  });
});
