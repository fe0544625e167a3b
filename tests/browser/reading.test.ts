/** The pages as people really read them: without scripts, on paper, in forced colours, without motion, without being watched. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { figuresOf, sampleButton, startButton } from './figures.ts';
import { builtPages, eachAtMost, openBlank, openPage, siteUrl, themes } from './harness.ts';

const pages = builtPages();
const chapters = pages.filter(({ path }) => /^\/course\/.+/.test(path));
const withFigures = pages.filter(({ html }) => html.includes('data-status='));

test('without JavaScript every page keeps its text and every figure its first frame', async (t) => {
  await eachAtMost(pages, 2, async ({ path, html }) => {
    const page = await openPage(t, path, { context: { javaScriptEnabled: false } });
    assert.ok(await page.locator('h1').first().isVisible(), `${path}: no heading`);
    const text = await page.locator('main').first().innerText();
    assert.ok(
      text.length > (/^\/(404|settings)/.test(path) ? 20 : 200),
      `${path}: only ${text.length} characters of text`,
    );
    if (!html.includes('data-status=')) return;
    for (const figure of await figuresOf(page).all()) {
      // What runs no network has its whole result from the file
      const status = (await figure.locator(startButton).count()) > 0 ? 'idle' : 'ready';
      assert.equal(await figure.getAttribute('data-status'), status, `${path}: a figure claims to run`);
      if ((await figure.locator(sampleButton).count()) > 0)
        assert.ok((await figure.innerText()).length > 200, `${path}: a figure says not what it waits for`);
      else {
        const marks = figure.locator('svg :is(rect, path, circle, line, text)');
        assert.ok((await marks.count()) > 10, `${path}: a figure has no first frame`);
        assert.ok((await figure.locator('svg:visible').count()) > 0, `${path}: a first frame is hidden`);
      }
      // A start button that does nothing is worse than none
      const dead = await figure.locator('[data-action]:visible:not([disabled])').allInnerTexts();
      assert.deepEqual(dead, [], `${path}: buttons that need a script are offered without one`);
      const choices = await figure.locator('.segmented label:visible:not(:has(:checked))').allInnerTexts();
      assert.deepEqual(choices, [], `${path}: choices that need a script are offered without one`);
    }
  });
});

test('on paper the answers are open and the chrome is gone', async (t) => {
  await eachAtMost(chapters, 2, async ({ path }) => {
    const page = await openPage(t, path);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.deepEqual(await settled(() => closedAnswers(page)), [], `${path}: closed on paper`);
    assert.deepEqual(await settled(() => shownChrome(page)), [], `${path}: navigation is printed`);
  });
});

/** The words on answers that cannot be read; on a busy machine a page takes a moment to become one for paper. */
function closedAnswers(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLDetailsElement>('main details.answer')]
      .filter(({ children }) => {
        const inside = [...children].find((child) => child.tagName !== 'SUMMARY');
        return !inside?.checkVisibility({ contentVisibilityAuto: true }) || inside.clientHeight === 0;
      })
      .map(
        (details) =>
          `${details.open ? 'open' : 'closed'}: ${details.closest('[id]')?.id ?? 'an answer without a place'}`,
      ),
  );
}

/** The parts of the frame around the text that are to be seen. */
function shownChrome(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    ['nav.sidebar', '.right-sidebar', 'site-search button', 'starlight-theme-select'].filter((selector) =>
      [...document.querySelectorAll(selector)].some(
        (part) => part.checkVisibility({ visibilityProperty: true }) && part.clientHeight > 0,
      ),
    ),
  );
}

/** What `list` gives once it is empty, or after ten seconds. */
async function settled(list: () => Promise<string[]>): Promise<string[]> {
  const until = performance.now() + 10_000;
  for (;;) {
    const found = await list();
    if (found.length === 0 || performance.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('with reduced motion nothing moves by itself', async (t) => {
  await eachAtMost(pages, 2, async ({ path }) => {
    const page = await openPage(t, path, { context: { reducedMotion: 'reduce' } });
    const moving = await page.evaluate(async () => {
      for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo(0, y);
        await new Promise((done) => {
          // A page behind others may get no frames
          requestAnimationFrame(() => requestAnimationFrame(done));
          setTimeout(done, 100);
        });
      }
      const smooth =
        getComputedStyle(document.documentElement).scrollBehavior === 'smooth' ? ['smooth scrolling'] : [];
      const running = document.getAnimations().filter((animation) => {
        const { activeDuration } = animation.effect?.getComputedTiming() ?? {};
        return animation.playState === 'running' && Number(activeDuration) > 50;
      });
      return [
        ...smooth,
        ...running.map(
          (animation) =>
            `${animation.constructor.name} ${'animationName' in animation ? String(animation.animationName) : ''}`,
        ),
      ];
    });
    assert.deepEqual(moving, [], path);
  });
});

test('in forced colours text, buttons and marks stay visible', async (t) => {
  await eachAtMost(withFigures.length ? [...withFigures] : pages.slice(0, 1), 2, async ({ path }) => {
    const page = await openPage(t, path, { context: { forcedColors: 'active' } });
    assert.deepEqual(await invisibleMarks(page), [], path);
  });
});

test('a reader who asks for more contrast gets ink in place of grey, with scripts and without', async (t) => {
  for (const theme of themes)
    for (const javaScriptEnabled of [true, false]) {
      const page = await openPage(t, '/course/', { theme, context: { contrast: 'more', javaScriptEnabled } });
      const [ink, ...greys] = await page.locator('html').evaluate((root) => {
        const style = getComputedStyle(root);
        return ['--ink', '--ink-2', '--ink-3', '--plain-line'].map((name) => style.getPropertyValue(name));
      });
      assert.deepEqual(greys, [ink, ink, ink], `${theme}, scripts ${javaScriptEnabled ? 'on' : 'off'}`);
    }
});

/** Shapes of figures that neither fill nor stroke sets off from the canvas, and buttons like it; icons have their button's colour. */
async function invisibleMarks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = getComputedStyle(document.body).backgroundColor;
    const isSeen = (colour: string) =>
      colour !== 'none' && colour !== canvas && !/^rgba\(.*, 0\)$|^transparent$/.test(colour);
    return [...document.querySelectorAll('[data-status]')].flatMap((figure) => {
      const shapes = [...figure.querySelectorAll('svg:not(.icon) :is(rect, path, circle)')].filter((shape) =>
        shape.checkVisibility(),
      );
      const seen = shapes.filter(
        (shape) => isSeen(getComputedStyle(shape).fill) || isSeen(getComputedStyle(shape).stroke),
      );
      const flat = [...figure.querySelectorAll('button, label.btn')].filter((button) => {
        const { color, backgroundColor } = getComputedStyle(button);
        return (
          button.checkVisibility() && (isSeen(backgroundColor) ? color === backgroundColor : color === canvas)
        );
      });
      return [
        ...(shapes.length > 0 && seen.length < shapes.length / 2
          ? [`${figure.tagName}: ${seen.length} of ${shapes.length} shapes can be seen`]
          : []),
        ...flat.map((button) => `${figure.tagName}: invisible button ${button.textContent}`),
      ];
    });
  });
}

test('reading the whole site sends nothing to anybody else and leaves no cookie', async (t) => {
  const site = await siteUrl();
  const page = await openBlank(t);
  for (const { path } of pages) {
    await page.goto(site + path, { waitUntil: 'networkidle' });
    await page.keyboard.press('End');
    const term = page.locator('thaw-term, [data-term]').first();
    if (await term.count()) await term.hover();
  }
  assert.deepEqual(page.problems, []);
  assert.deepEqual(await page.context().cookies(), []);
});
