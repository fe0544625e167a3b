/**
 * Blocks far from the window are laid out when the reader comes near (styles/later.css), so that a long chapter opens as
 * fast as a short one. The mark `data-later` is set in ThemeProvider.astro, for readers who start at the top. Their jump
 * to a place takes it away first: a jump needs true heights, and not every browser mends a place that moves afterwards.
 */
const root = document.documentElement;

function layOutAll(): void {
  delete root.dataset['later'];
}

if ('later' in root.dataset) {
  // Before the browser follows the link
  const onClick = ({ target }: Event): void => {
    if (target instanceof Element && target.closest('a[href^="#"]')) layOutAll();
  };
  document.addEventListener('click', onClick, { capture: true });
  addEventListener('hashchange', layOutAll);
}
