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
  if ((await figure.getAttribute('data-status')) === 'idle')
    await figure.locator(startButton).first().click();
  await waitForStatus(figure, 'ready', timeoutMs);
}

/** Starts every figure of the page, one after the other; returns how many there are. */
export async function startFigures(page: Page): Promise<number> {
  const figures = await figuresOf(page).all();
  for (const figure of figures) await startFigure(figure);
  return figures.length;
}
