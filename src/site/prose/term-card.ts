/**
 * The card that says what a term means. One card serves the page: it moves behind the term that asks for it, so that Tab goes
 * from the term into the card, and it stands in the top layer, so that nothing cuts it.
 *   pointer   opens after a moment over the term, stays while the pointer is on term or card
 *   keyboard  opens on focus, closes when focus leaves; Escape closes
 *   touch     the first tap opens, the second follows the link to the glossary
 */

/** Long enough not to flicker when the pointer crosses a line, milliseconds. */
const hoverDelayMs = 120;
const leaveDelayMs = 200;

let shown: HTMLAnchorElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let openedByTouch = false;

const card = document.createElement('span');
card.className = 'term-card not-content';
card.id = 'term-card';
card.popover = 'manual';
const title = document.createElement('b');
const text = document.createElement('span');
card.append(title, text);

function open(term: HTMLAnchorElement): void {
  clearTimeout(timer);
  if (shown === term) return;
  close();
  title.textContent = term.dataset['term'] ?? '';
  text.textContent = term.dataset['short'] ?? '';
  term.after(card);
  term.setAttribute('aria-describedby', card.id);
  card.showPopover();
  place(term);
  shown = term;
}

/** Below the term's first line, or above it where there is no room; always inside the window. */
function place(term: HTMLAnchorElement): void {
  const [line = term.getBoundingClientRect()] = term.getClientRects();
  const { width, height } = card.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const left = Math.max(16, Math.min(line.left, room - width - 16));
  const isBelow = line.bottom + height + 12 < innerHeight || line.top < height + 72;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${(isBelow ? line.bottom + 6 : line.top - height - 6) + scrollY}px`;
}

function close(): void {
  clearTimeout(timer);
  if (!shown) return;
  shown.removeAttribute('aria-describedby');
  shown = undefined;
  if (card.matches(':popover-open')) card.hidePopover();
  card.remove();
}

const closeSoon = (): void => {
  clearTimeout(timer);
  timer = setTimeout(close, leaveDelayMs);
};

card.addEventListener('pointerenter', () => clearTimeout(timer));
card.addEventListener('pointerleave', closeSoon);

for (const term of document.querySelectorAll<HTMLAnchorElement>('a.term')) {
  term.addEventListener('pointerenter', (event) => {
    if (event.pointerType === 'touch') return;
    clearTimeout(timer);
    timer = setTimeout(() => open(term), hoverDelayMs);
  });
  term.addEventListener('pointerleave', (event) => {
    if (event.pointerType !== 'touch') closeSoon();
  });
  term.addEventListener('pointerdown', (event) => {
    openedByTouch = event.pointerType === 'touch' && shown !== term;
  });
  term.addEventListener('focus', () => open(term));
  term.addEventListener('blur', closeSoon);
  term.addEventListener('click', (event) => {
    if (!openedByTouch) return;
    openedByTouch = false;
    event.preventDefault();
    open(term);
  });
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') close();
});
document.addEventListener('pointerdown', (event) => {
  if (shown && event.target instanceof Node && !card.contains(event.target) && !shown.contains(event.target))
    close();
});
addEventListener('resize', close);
