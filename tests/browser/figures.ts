/** Starting a figure as a reader does: by its own button. */
import type { Locator, Page } from 'playwright-core';
import { waitForStatus } from './harness.ts';

/** Every live figure of a page: whatever publishes a status. */
export function figuresOf(page: Page): Locator {
  return page.locator('[data-status]');
}

/** What offers a sample to a figure that waits for the reader's own file: it has nothing to draw before. */
export const sampleButton = '[data-part="sample"]';

/** What starts a figure. */
export const startButton = `[data-action="run"], ${sampleButton}`;

/** Presses the start button of one figure and waits until it has a result. */
export async function startFigure(figure: Locator, timeoutMs = 60_000): Promise<void> {
  if ((await figure.evaluate((element) => element.localName)) === 'thaw-data-race') await shortenRace(figure);
  if ((await figure.getAttribute('data-status')) === 'idle')
    await figure.locator(startButton).first().click();
  await waitForStatus(figure, 'ready', timeoutMs);
}

/** A whole race takes minutes; one training of a head says as much about the page. */
export async function shortenRace(race: Locator): Promise<void> {
  // Asleep a checkbox keeps its state until the figure's code is here
  await race.hover();
  await race.page().waitForFunction(() => customElements.get('thaw-data-race') !== undefined);
  for (const value of ['fine-tuning', 'from-scratch', '2', '5', '10', '20'])
    await race.locator(`input[data-choice][value="${value}"]`).uncheck();
  await race.locator('[data-part="seeds"]').selectOption('1');
}

/** Starts every figure of the page, one after the other; returns how many there are. */
export async function startFigures(page: Page): Promise<number> {
  const figures = await figuresOf(page).all();
  for (const figure of figures) await startFigure(figure);
  return figures.length;
}
