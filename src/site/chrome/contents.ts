/**
 * The contents follow the reader: the entry of the section under the header is marked, in the column and in the bar.
 * Only headings are watched, so that a long chapter costs no more than a short one.
 */
import { whenIdle } from './idle.ts';

const links = [...document.querySelectorAll<HTMLAnchorElement>(':is(.contents, .contents-bar) a')];
const bar = document.querySelector<HTMLDetailsElement>('.contents-bar details');
const here = bar?.querySelector('.here');
const headings = [...new Set(links.map(({ hash }) => decodeURIComponent(hash.slice(1))))].flatMap(
  (id) => document.getElementById(id) ?? [],
);

/** Headings that the reader has passed: above the line under the header. */
const passed = new Set<Element>();
let observer: IntersectionObserver | undefined;

function mark(): void {
  const current = headings.findLast((heading) => passed.has(heading)) ?? headings[0];
  for (const link of links) {
    if (link.hash !== `#${encodeURIComponent(current?.id ?? '')}`) link.removeAttribute('aria-current');
    else if (link.getAttribute('aria-current') !== 'true') {
      link.setAttribute('aria-current', 'true');
      if (here) here.textContent = link.textContent.trim();
    }
  }
}

function watch(): void {
  observer?.disconnect();
  // A heading that a link jumps to stops at the padding, and counts as passed there
  const line = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 4 || 0;
  observer = new IntersectionObserver(
    (entries) => {
      for (const { target, boundingClientRect } of entries)
        if (boundingClientRect.top < line) passed.add(target);
        else passed.delete(target);
      mark();
    },
    // Endless downwards: what lies below the window is not passed either
    { rootMargin: `-${line}px 0px 1000000px 0px`, threshold: [0, 1] },
  );
  for (const heading of headings) observer.observe(heading);
}

if (links.length > 0) {
  whenIdle(watch);
  addEventListener('resize', () => whenIdle(watch));
}

// ── The bar closes behind a link, a click elsewhere and Escape ──
if (bar) {
  document.addEventListener('click', ({ target }) => {
    const inside = target instanceof Node && bar.contains(target);
    if (!inside || (target instanceof Element && target.closest('a'))) bar.open = false;
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !bar.open) return;
    const hadFocus = bar.contains(document.activeElement);
    bar.open = false;
    if (hadFocus) bar.querySelector('summary')?.focus();
  });
}
