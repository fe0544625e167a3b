/** The keys that open the search. They can be switched off in the settings (see storage.ts) and never act in a field. */

/** Whether this press is "/" alone, Ctrl-K or ⌘K. */
export function isSearchKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>,
): boolean {
  if (event.isComposing || event.altKey) return false;
  const withControl = event.ctrlKey || event.metaKey;
  // On many keyboards "/" itself needs Shift
  return withControl ? event.key.toLowerCase() === 'k' && !event.shiftKey : event.key === '/';
}

/** Inputs that take no text. */
const NO_TEXT = new Set([
  'button',
  'checkbox',
  'color',
  'file',
  'image',
  'radio',
  'range',
  'reset',
  'submit',
]);

/** Whether the key goes into a field: text inputs, text areas, selects (which search by letter) and editable text. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as (Partial<HTMLInputElement> & { tagName?: string }) | null;
  if (element?.isContentEditable) return true;
  const tag = element?.tagName?.toLowerCase();
  if (tag === 'textarea' || tag === 'select') return true;
  return tag === 'input' && !NO_TEXT.has(element?.type ?? 'text');
}

/** What a reader has typed once this key is added to it: for keys that come before there is a field. Undefined where the key types nothing. */
export function typeAhead(
  typed: string,
  {
    key,
    ctrlKey,
    metaKey,
    altKey,
    isComposing,
  }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>,
): string | undefined {
  if (ctrlKey || metaKey || altKey || isComposing) return undefined;
  const letters = Array.from(typed);
  if (key === 'Backspace') return letters.slice(0, -1).join('');
  return Array.from(key).length === 1 ? typed + key : undefined;
}
