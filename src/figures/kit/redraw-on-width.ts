/** Draws a figure again when its body gets another width, such as when a phone is turned: charts keep the size of their words. */
export function redrawOnWidth(figure: HTMLElement, signal: AbortSignal, draw: () => void): void {
  let known: number | undefined;
  const observer = new ResizeObserver(([{ contentRect }]) => {
    const isOther = known !== undefined && contentRect.width !== known;
    known = contentRect.width;
    if (isOther) draw();
  });
  // the element itself lies in the line and has no width of its own
  observer.observe(figure.querySelector('.fig-body') ?? figure);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
