/** Joins that take over marks drawn at build time: an element without data is known by its `data-key`. */
/** A key function for `selection.data`: the key of a datum, or the `data-key` of an element that has none yet. */
export function keyed<D>(keyOf: (datum: D) => string): (this: unknown, datum: D) => string {
  return function (datum) {
    // d3 hands marks that the build drew without a datum
    const known = datum as D | undefined;
    return known === undefined ? ((this as Element).getAttribute('data-key') ?? '') : keyOf(known);
  };
}

const drawn = new WeakMap<Element, string>();

/** Calls `draw` only if the element was not drawn with this signature before: expensive marks are redrawn when they change. */
export function whenChanged(element: Element, signature: string, draw: () => void): void {
  if (drawn.get(element) === signature) return;
  drawn.set(element, signature);
  draw();
}

/** Sets the text only where it differs, so that a live region is not announced again. */
export function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
