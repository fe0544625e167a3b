/** Axe finds nothing on any page, in either theme, wide or narrow, before and after its figures ran. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeViolations } from './axe.ts';
import { startFigures } from './figures.ts';
import { builtPages, eachAtMost, openPage, themes } from './harness.ts';

const phone = { width: 390, height: 844 };

test('axe finds no violation of WCAG 2.2 AA or of its best practices', async (t) => {
  const visits = builtPages().flatMap(({ path }) => themes.map((theme) => ({ path, theme })));
  await eachAtMost(visits, 2, async ({ path, theme }) => {
    await t.test(`${path} ${theme}`, async (t) => {
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
});

function label(where: string, violations: string[]): string[] {
  return violations.map((violation) => `${where}: ${violation}`);
}
