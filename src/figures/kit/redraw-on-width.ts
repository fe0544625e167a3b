/** Draws a figure again when its place gets another width, such as when a phone is turned: charts keep the size of their words. */
export function redrawOnWidth(figure: HTMLElement, signal: AbortSignal, draw: () => void): void {
  let width = figure.clientWidth;
  const observer = new ResizeObserver(() => {
    if (figure.clientWidth === width) return;
    width = figure.clientWidth;
    draw();
  });
  observer.observe(figure);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
