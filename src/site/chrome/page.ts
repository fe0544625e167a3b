/** Small services to every page: answers open on paper, contents step aside for full figures, boxes that scroll take focus, code can be copied. */
import { whenIdle } from './idle.ts';

// ── Paper: what is folded is printed open, and folded again afterwards ──
const unfolded: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')) {
    details.open = true;
    unfolded.push(details);
  }
});
addEventListener('afterprint', () => {
  for (const details of unfolded.splice(0)) details.open = false;
});

// ── The contents fade out as a whole while a full figure passes over them ──
const contents = document.querySelector<HTMLElement>('.right-sidebar');
const wide = document.querySelectorAll('.fig-full');
if (contents && wide.length > 0) {
  const covering = new Set<Element>();
  let observer: IntersectionObserver | undefined;
  const watch = (): void => {
    observer?.disconnect();
    covering.clear();
    const bottom = contents.getBoundingClientRect().bottom;
    observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries)
          if (entry.isIntersecting) covering.add(entry.target);
          else covering.delete(entry.target);
        contents.classList.toggle('is-covered', covering.size > 0);
      },
      { rootMargin: `0px 0px ${Math.min(0, Math.round(bottom - innerHeight))}px 0px` },
    );
    for (const figure of wide) observer.observe(figure);
  };
  // Measuring at once would lay out the whole page a second time
  whenIdle(watch);
  addEventListener('resize', watch);
}

// ── A box that scrolls sideways can be scrolled by keyboard ──
// Its content is watched too: a font that arrives late widens a line, and the box stays as it was
const boxes = '.table-scroll, .katex-display, .expressive-code pre';
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const box = target.closest<HTMLElement>(boxes);
    if (box) settleFocus(box);
  }
});
for (const box of document.querySelectorAll<HTMLElement>(boxes)) {
  // A far box that is not laid out yet may scroll: the Tab key must not pass it by
  box.tabIndex = 0;
  for (const part of [box, ...box.children]) sizes.observe(part);
}

/** Takes a box out of the order of focus once it is known to fit; not while it has the focus. */
function settleFocus(box: HTMLElement): void {
  const isWaiting = box.firstElementChild?.checkVisibility({ contentVisibilityAuto: true }) === false;
  if (isWaiting || box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
  else if (box === document.activeElement)
    box.addEventListener('blur', () => settleFocus(box), { once: true });
  else box.removeAttribute('tabindex');
}

// ── Code goes to the clipboard without the marks beside its lines ──
for (const button of document.querySelectorAll<HTMLButtonElement>('.copy-code')) {
  const word = button.textContent;
  const status = button.nextElementSibling;
  button.addEventListener('click', () => {
    const block = button.closest('figure');
    const lines = [...(block?.querySelectorAll('.ec-line .code') ?? [])].map((line) =>
      line.textContent.replace(/\n$/, ''),
    );
    navigator.clipboard
      .writeText(`${lines.join('\n')}\n`)
      .then(() => {
        button.textContent = button.dataset['copied'] ?? '';
        if (status) status.textContent = button.textContent;
        setTimeout(() => {
          button.textContent = word;
          if (status) status.textContent = '';
        }, 2000);
      })
      .catch(() => {
        // The browser refuses the clipboard: select the code, so that Ctrl C is all that is left to do
        const code = block?.querySelector('code');
        if (code) getSelection()?.selectAllChildren(code);
      });
  });
}
