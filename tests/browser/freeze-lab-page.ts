/** The freeze lab in the built site, as its tests use it. */
import type { Locator, Page } from 'playwright-core';
import { builtPages, openPage, waitForStatus, type PageOptions } from './harness.ts';

/** The page that holds it. */
export const labPath = builtPages().find(({ html }) => html.includes('<thaw-freeze-lab'))?.path ?? '';

/** Machines with two busy cores need their time. */
export const patienceMs = 240_000;

/** Opens the page and scrolls to the lab. */
export async function openLab(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, labPath + query, options);
  const lab = page.locator('thaw-freeze-lab');
  await lab.scrollIntoViewIfNeeded();
  return { page, lab };
}

/** A part of its shell. */
export const part = (lab: Locator, name: string): Locator => lab.locator(`[data-part="${name}"]`);
/** The button that freezes and thaws a block. */
export const toggle = (lab: Locator, id: string): Locator =>
  lab.locator(`li.block[data-key="${id}"] button.toggle`);

/** Chooses a radio button by keyboard. */
export async function choose(page: Page, lab: Locator, group: string, value: string): Promise<void> {
  await lab.locator(`[data-part="${group}"] input[value="${value}"]`).focus();
  await page.keyboard.press('Space');
}

/** Trains by the button and returns the share of right answers, 0 to 100. */
export async function train(page: Page, lab: Locator): Promise<number> {
  const before = await lab.locator('[data-part="log"] tbody tr').count();
  await lab.locator('[data-action="run"]').focus();
  await page.keyboard.press('Enter');
  await lab.locator('[data-part="log"] tbody tr').nth(before).waitFor({ timeout: patienceMs });
  await waitForStatus(lab, 'ready', patienceMs);
  const cell = await lab.locator('[data-part="log"] tr.now .accuracy').innerText();
  return Number(/(\d+)\s*%/.exec(cell)?.[1]);
}
