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

/**
 * For `each` of a selection: sets the text of every mark, where it differs. d3's own `text` puts a new text in place of an equal one, and the
 * page is laid out again for nothing.
 */
export function saying<D>(
  words: (datum: D, index: number) => string | number,
): (this: unknown, datum: D, index: number) => void {
  return function (datum, index) {
    setText(this as Element | null, String(words(datum, index)));
  };
}

const inputsOf = new WeakMap<Element, readonly unknown[]>();

/** Calls `draw` only if one of these values is another than when this element was drawn last: what hangs on nothing else stays as it is. */
export function whenOther(element: Element, inputs: readonly unknown[], draw: () => void): void {
  const known = inputsOf.get(element);
  if (known?.length === inputs.length && inputs.every((input, at) => Object.is(input, known[at]))) return;
  inputsOf.set(element, inputs);
  draw();
}

const lastDrawn = new WeakMap<Element, object>();

/**
 * The names of what differs from the state that was drawn into this element before; undefined the first time. What a drawing
 * does not depend on need not be drawn again: a page that is dragged has no time for it.
 */
export function changesIn<S extends object>(element: Element, state: S): ReadonlySet<keyof S> | undefined {
  const before = lastDrawn.get(element) as S | undefined;
  lastDrawn.set(element, state);
  if (!before) return undefined;
  const names = Object.keys({ ...before, ...state }) as (keyof S)[];
  return new Set(names.filter((name) => before[name] !== state[name]));
}
