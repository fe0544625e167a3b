/** Axe finds nothing on any page, in either theme, wide or narrow, before and after its figures ran. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { axeViolations } from './axe.ts';
import { startFigures } from './figures.ts';
import { builtPages, openPage, themes } from './harness.ts';

const phone = { width: 390, height: 844 };

// Each page has its own time: a busy machine needs more than ten minutes for all of them
const whole = { concurrency: 2, timeout: Infinity };
const single = { timeout: 300_000 };

describe('axe finds no violation of WCAG 2.2 AA or of its best practices', whole, () => {
  for (const { path } of builtPages())
    for (const theme of themes)
      it(`${path} ${theme}`, single, async (t) => {
        const page = await openPage(t, path, { theme });
        assert.equal(
          await page.evaluate(() => document.documentElement.dataset.theme),
          theme,
          'the page took another theme',
        );
        const wide = await axeViolations(page);
        // Colours do not depend on the width: one theme is enough for the phone
        await page.setViewportSize(phone);
        const narrow = theme === 'light' ? await axeViolations(page) : [];
        await page.setViewportSize({ width: 1440, height: 900 });
        const live = (await startFigures(page)) > 0 ? await axeViolations(page) : [];
        const found = [
          ...label('1440 px', wide),
          ...label('390 px', narrow),
          ...label('figures started', live),
        ];
        assert.equal(found.length, 0, found.join('\n'));
      });
});

for (const theme of themes)
  it(`a button that changes its kind is readable at once, ${theme}`, async (t) => {
    const page = await openPage(t, '/course/approaches/', { theme });
    const [first, later] = await page
      .locator('thaw-resnet-lens button[data-action="run"]')
      .first()
      .evaluate(async (button: HTMLElement) => {
        const look = () => {
          const { color, backgroundColor } = getComputedStyle(button);
          return [color, backgroundColor];
        };
        look();
        button.className = 'btn';
        const first = look();
        await new Promise((resolve) => setTimeout(resolve, 500));
        return [first, look()];
      });
    assert.deepEqual(first, later, 'its words stood on the ground of the last one');
  });

function label(where: string, violations: string[]): string[] {
  return violations.map((violation) => `${where}: ${violation}`);
}
