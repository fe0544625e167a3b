/**
 * Blocks far from the window are laid out when the reader comes near (styles/later.css), so that a long chapter opens as
 * fast as a short one. The mark `data-later` is set in ThemeProvider.astro, for readers who start at the top. Their jump
 * to a place takes it away first: a jump needs true heights, and not every browser mends a place that moves afterwards.
 */
const root = document.documentElement;

function layOutAll(): void {
  delete root.dataset['later'];
}

/** Whether following a link stays on this page. */
function isJump(link: HTMLAnchorElement): boolean {
  return link.hash !== '' && link.href.replace(/#.*$/, '') === location.href.replace(/#.*$/, '');
}

if ('later' in root.dataset) {
  // Before the browser follows the link
  const onClick = ({ target }: Event): void => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
    if (link && isJump(link)) layOutAll();
  };
  document.addEventListener('click', onClick, { capture: true });
  addEventListener('hashchange', () => {
    if (!('later' in root.dataset)) return;
    // A script jumped, or the reader typed: the browser has gone to where the section was before all was laid out
    layOutAll();
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });
}
