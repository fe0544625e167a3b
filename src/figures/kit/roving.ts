/** One tab stop for a group of buttons: arrow keys move the choice inside it, Home and End go to its ends. */

/** The index that a key leads to from `index`, or undefined if the key is none of ours. `perRow` is the layout's width in buttons. */
export function rovingTarget(key: string, index: number, count: number, perRow: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const steps: Partial<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -perRow,
    ArrowDown: perRow,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const target = index + step;
  // A step down from the last row but one may have no button below: stay rather than jump sideways
  if (Math.abs(step) === perRow && perRow > 1 && (target < 0 || target >= count)) return index;
  return Math.max(0, Math.min(count - 1, target));
}

/** Handles the arrow keys inside `group`; `choose` draws the new choice, after which its button is focused. */
export function rove(group: HTMLElement, event: KeyboardEvent, choose: (index: number) => void): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const buttons = [...group.querySelectorAll<HTMLButtonElement>(':scope > button')].filter(
    (button) => button.offsetParent !== null,
  );
  const index = buttons.indexOf(event.target as HTMLButtonElement);
  if (index < 0) return;
  const top = buttons[0]?.offsetTop;
  const perRow = buttons.filter((button) => button.offsetTop === top).length;
  const target = rovingTarget(event.key, index, buttons.length, perRow);
  if (target === undefined) return;
  event.preventDefault();
  if (target === index) return;
  choose(target);
  buttons[target]?.focus();
}
