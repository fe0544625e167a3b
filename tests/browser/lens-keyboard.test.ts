/** Everything that a pointer can do in the lens, keys can do: the whole figure without a mouse. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openPage, waitForStatus } from './harness.ts';
import { lensOf, lensPages, partOf, startButton } from './lens.ts';

const [path = ''] = lensPages();

test('the whole lens by keyboard alone', async (t) => {
  const page = await openPage(t, path);
  const lens = lensOf(page);

  await t.test('Tab reaches every control, in reading order, and shows where it is', async () => {
    const stops = await tabThrough(page, lens);
    const order = ['pictures', 'file', 'approach', 'run', 'backend', 'blocks', 'maps', 'summary'];
    const found = stops.map(({ where }) => where).filter((where, index, all) => where !== all[index - 1]);
    assert.deepEqual(
      found.filter((where) => order.includes(where)),
      order.filter((where) => found.includes(where)),
    );
    for (const needed of ['pictures', 'file', 'approach', 'run', 'backend', 'blocks', 'summary'])
      assert.ok(found.includes(needed), `${needed} cannot be reached: ${found.join(', ')}`);
    assert.deepEqual(
      stops.filter(({ isMarked }) => !isMarked).map(({ where }) => where),
      [],
      'focus cannot be seen',
    );
  });

  await t.test('Enter starts the network', async () => {
    await startButton(page).focus();
    await page.keyboard.press('Enter');
    await waitForStatus(lens, 'ready');
    assert.ok(
      await lens.evaluate((element) => element.contains(document.activeElement)),
      'focus was lost when the button changed',
    );
  });

  await t.test('arrows choose another picture, and it is run', async () => {
    const pictures = partOf(lens, 'pictures').locator('button');
    await pictures.and(page.locator('[tabindex="0"]')).focus();
    const before = await partOf(lens, 'picture').innerText();
    await page.keyboard.press('ArrowRight');
    await focusedIs(page, partOf(lens, 'pictures'));
    await page.keyboard.press('Enter');
    await lens.locator('[data-part="top"]:not(.is-empty)').waitFor();
    await waitForStatus(lens, 'ready');
    assert.notEqual(await partOf(lens, 'picture').innerText(), before);
  });

  await t.test('arrows change who learns', async () => {
    const before = await partOf(lens, 'count').innerText();
    await partOf(lens, 'approach').locator('input:checked').focus();
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await partOf(lens, 'count').innerText(), before);
  });

  await t.test('arrows walk the blocks and the channels', async () => {
    for (const part of ['blocks', 'maps']) {
      const buttons = partOf(lens, part).locator('button');
      await buttons.and(page.locator('[tabindex="0"]')).first().focus();
      const before = await pressed(buttons);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await focusedIs(page, partOf(lens, part));
      assert.notEqual(await pressed(buttons), before, `${part} did not move`);
    }
  });

  await t.test('arrows read single values of the enlarged channel', async () => {
    await partOf(lens, 'large').focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await partOf(lens, 'read').innerText(), /row 1, column \d+: /);
  });

  await t.test('keys choose the backend and open the table', async () => {
    await partOf(lens, 'backend').focus();
    await page.keyboard.press('w');
    await waitForStatus(lens, 'ready');
    const summary = lens.locator('details.lens-table > summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    assert.ok(await lens.locator('details.lens-table table').first().isVisible());
  });

  await t.test('what was chosen stands in the address and survives a reload', async () => {
    const count = await partOf(lens, 'count').innerText();
    assert.match(page.url(), /[?&]picture=.*approach=|[?&]approach=.*/);
    await page.reload();
    // the page shows its precomputed choice until its script reads the address
    await partOf(lensOf(page), 'count')
      .filter({ hasText: count.split('\n')[0] })
      .waitFor();
    assert.equal(await partOf(lensOf(page), 'count').innerText(), count);
  });
});

/** Every stop of the Tab key inside the lens. */
async function tabThrough(page: Page, lens: Locator): Promise<{ where: string; isMarked: boolean }[]> {
  const stops: { where: string; isMarked: boolean }[] = [];
  await lens.evaluate((element) => {
    // The last place before the lens that takes focus
    const before = [...document.querySelectorAll<HTMLElement>('a[href], button')].filter(
      (one) => one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    before.findLast((one) => one.checkVisibility())?.focus();
  });
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press('Tab');
    const stop = await lens.evaluate((element) => {
      const active = document.activeElement;
      if (!active || !element.contains(active)) return undefined;
      const marks = [active, active.closest('label'), active.nextElementSibling].filter(
        (one) => one !== null,
      );
      const isMarked = marks.some((one) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      });
      const where = active.closest<HTMLElement>('[data-action], [data-part]');
      return {
        where:
          active.tagName === 'SUMMARY'
            ? 'summary'
            : (where?.dataset.action ?? where?.dataset.part ?? active.tagName),
        isMarked,
      };
    });
    if (stop) stops.push(stop);
    else if (stops.length) break;
  }
  return stops;
}

async function focusedIs(page: Page, group: Locator): Promise<void> {
  assert.ok(
    await group.evaluate((element) => element.contains(document.activeElement)),
    `focus left the group on ${page.url()}`,
  );
}

async function pressed(buttons: Locator): Promise<number> {
  return buttons.evaluateAll((all) =>
    all.findIndex((button) => button.getAttribute('aria-pressed') === 'true'),
  );
}
