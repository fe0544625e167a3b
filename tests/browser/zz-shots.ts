import { test } from 'node:test';
import { openPage } from './harness.ts';
for (const [theme,width,step] of [['light',1440,1],['dark',820,28],['light',390,28],['light',1440,28]] as const) test(`${theme} ${width}`, async (t) => {
  const page = await openPage(t, `/course/models/?step=${step}`.replace('?step=1&',''), { theme, width, watch: false });
  const fig = page.locator('thaw-shape-walk');
  await fig.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => customElements.get('thaw-shape-walk') !== undefined, null, {timeout: 20000});
  await page.waitForTimeout(500);
  console.log(page.url(), await fig.locator('[data-part="place"]').innerText());
  await page.locator('figure:has(thaw-shape-walk)').screenshot({ path: `/tmp/walk-${theme}-${width}-${step}.png` });
});
