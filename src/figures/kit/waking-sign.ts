/** How a sleeping figure shows that it has heard the reader, while its code is still on the way. */

/**
 * Marks the control that was pressed and says in the figure's words, its `data-waking`, what is going on. Styles show
 * both a moment later, so that nobody sees them on a quick line. Returns what takes the sign away.
 */
export function showWaking(figure: HTMLElement, pressed: Element | undefined): () => void {
  const body = figure.querySelector('[data-part="drop"]');
  const live = figure.querySelector('[data-part="live"]');
  const text = figure.dataset['waking'] ?? '';
  pressed?.setAttribute('aria-busy', 'true');
  body?.setAttribute('aria-busy', 'true');
  const stage = figure.querySelector('[data-part="stage"]');
  if (stage && !stage.querySelector('.waking')) {
    const line = stage.appendChild(document.createElement('p'));
    line.className = 'waking small';
    line.textContent = text;
  }
  if (live && live.textContent !== text) live.textContent = text;
  return () => {
    pressed?.removeAttribute('aria-busy');
    body?.removeAttribute('aria-busy');
    stage?.querySelector('.waking')?.remove();
    if (live?.textContent === text) live.textContent = '';
  };
}
