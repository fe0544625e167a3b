/** The freeze lab in the built site: thawed by keyboard, trained, compared, shared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { builtPages, openPage, themes, waitForStatus, type PageOptions } from './harness.ts';

const path = builtPages().find(({ html }) => html.includes('<thaw-freeze-lab'))?.path ?? '';

/** Machines with two busy cores need their time. */
const patienceMs = 240_000;

async function openLab(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const lab = page.locator('thaw-freeze-lab');
  await lab.scrollIntoViewIfNeeded();
  return { page, lab };
}

const part = (lab: Locator, name: string): Locator => lab.locator(`[data-part="${name}"]`);
const toggle = (lab: Locator, id: string): Locator => lab.locator(`li.block[data-key="${id}"] button.toggle`);

async function choose(page: Page, lab: Locator, group: string, value: string): Promise<void> {
  await lab.locator(`[data-part="${group}"] input[value="${value}"]`).focus();
  await page.keyboard.press('Space');
}

/** Trains by the button and returns the share of right answers, 0 to 100. */
async function train(page: Page, lab: Locator): Promise<number> {
  const before = await lab.locator('[data-part="log"] tbody tr').count();
  await lab.locator('[data-action="run"]').focus();
  await page.keyboard.press('Enter');
  await lab.locator('[data-part="log"] tbody tr').nth(before).waitFor({ timeout: patienceMs });
  await waitForStatus(lab, 'ready', patienceMs);
  const cell = await lab.locator('[data-part="log"] tr.now .accuracy').innerText();
  return Number(/(\d+)\s*%/.exec(cell)?.[1]);
}

test('by keyboard alone: thaw, freeze, train, compare; transfer beats scratch by 20 points', async (t) => {
  const { page, lab } = await openLab(t);
  await toggle(lab, 'head').focus();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  assert.equal(await toggle(lab, '4.2').getAttribute('aria-pressed'), 'true');
  assert.match(await part(lab, 'sum').innerText(), /1,181,957 of 2,796,325/);
  assert.match(page.url(), /thaw=4\.2_head/);
  await page.keyboard.press('Enter');
  assert.equal(await toggle(lab, '4.2').getAttribute('aria-pressed'), 'false');
  assert.match(await part(lab, 'counts').innerText(), /\b2\b[^]*of 654/);

  const head = await train(page, lab);
  const said = await part(lab, 'said').innerText();
  assert.match(said, /The 9 frozen blocks hold 2,795,040 weights\. 0 of them changed/);
  const changes = await lab.locator('li.block[data-state="frozen"] .n-bar.w b').allInnerTexts();
  assert.deepEqual(changes, Array<string>(9).fill('0'));
  assert.ok(head >= 60, `the head has ${head} % right, guessing 20 %`);
  const headMs = await page.evaluate(() => performance.now());

  await choose(page, lab, 'presets', 'last-stage');
  const stage = await train(page, lab);
  assert.match(await part(lab, 'said').innerText(), /The 7 frozen blocks[^]*0 of them changed/);
  await choose(page, lab, 'presets', 'scratch');
  const scratch = await train(page, lab);
  assert.deepEqual(await lab.locator('[data-part="log"] tbody th').allInnerTexts(), ['C', 'B', 'A']);
  assert.ok(Math.max(head, stage) >= scratch + 20, `head ${head}, last stage ${stage}, scratch ${scratch}`);
  t.diagnostic(
    `head ${head} %, last stage ${stage} %, scratch ${scratch} %; page at ${Math.round(headMs)} ms`,
  );

  await page.reload();
  await page.locator('thaw-freeze-lab').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  assert.equal(await lab.locator('[data-part="presets"] input[value="scratch"]').isChecked(), true);
  assert.equal(await lab.getAttribute('data-status'), 'idle', 'a link starts nothing');
});

test('a run is paused, stepped and called off; the log is named, undone and saved', async (t) => {
  const { page, lab } = await openLab(t, '?2-thaw=4.2_head&2-steps=400');
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
  await lab.locator('[data-action="run"]').click();
  await lab.locator('[data-action="pause"]').click({ timeout: patienceMs });
  await lab.locator('[data-action="resume"]').waitFor();
  const stepOf = async () =>
    Number(/step (\d+)/.exec(await lab.locator('.freeze-steps').innerText())?.[1] ?? 0);
  const at = await stepOf();
  await lab.locator('[data-action="step"]').click();
  await page.waitForFunction((before) => {
    const text = document.querySelector('.freeze-steps')?.textContent ?? '';
    return Number(/step (\d+)/.exec(text)?.[1] ?? 0) > before;
  }, at);
  await lab.locator('[data-action="cancel"]').click();
  await waitForStatus(lab, 'idle', patienceMs);

  await lab.locator('.freeze-more summary').click();
  await choose(page, lab, 'presets', 'head');
  await lab.locator('[data-field="steps"]').fill('4');
  await lab.locator('[data-field="head"]').fill('fast');
  await lab.locator('[data-field="head"]').press('Tab');
  assert.match(await lab.locator('.notice').innerText(), /“fast” is no learning rate/);
  await lab.locator('[data-field="head"]').fill('100');
  await lab.locator('[data-field="steps"]').focus();
  await train(page, lab);
  assert.match(
    await lab.locator('.problem').innerText(),
    /diverged[^]*smaller learning rate than 100[^]*are kept/,
  );

  const name = lab.locator('[data-part="log"] input').first();
  await name.fill('<b>too fast</b>');
  await name.press('Tab');
  assert.equal(await name.inputValue(), '<b>too fast</b>');
  await lab.locator('button[data-log="remove"]').click();
  assert.equal(await lab.locator('[data-part="log"] tbody tr').count(), 0);
  await lab.locator('button[data-log="undo"]').click();
  assert.equal(await lab.locator('[data-part="log"] tbody tr').count(), 1);
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    lab.locator('button[data-log="csv"]').click(),
  ]);
  assert.equal(csv.suggestedFilename(), 'freeze-lab.csv');
  const [onnx] = await Promise.all([
    page.waitForEvent('download'),
    lab.locator('button[data-log="onnx"]').click(),
  ]);
  assert.match(onnx.suggestedFilename(), /\.onnx$/);
});

test('axe finds nothing after a run, and a phone does not scroll sideways', async (t) => {
  for (const theme of themes) {
    const { page, lab } = await openLab(t, '?2-steps=4', { theme, width: theme === 'dark' ? 390 : 1440 });
    await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
    await train(page, lab);
    await lab.locator('.freeze-more summary').click();
    assert.deepEqual(await axeViolations(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  }
});

test('without scripts the lab shows the network and no dead controls', async (t) => {
  const { lab } = await openLab(t, '', { context: { javaScriptEnabled: false } });
  assert.equal(await lab.locator('li.block').count(), 11);
  assert.equal(await lab.locator('[data-action="run"]:visible').count(), 0);
});
