/** Fields beside the choice: they show the settings, and what is being typed stays until it is done. */
import type { FreezeState } from './model.ts';
import { toShared } from './share.ts';

/** Writes the settings into the fields. */
export function drawFields(root: HTMLElement, { network, settings, backend }: FreezeState): void {
  const shared = { ...toShared(network, settings), backend };
  for (const field of root.querySelectorAll<HTMLElement>('[data-field]')) {
    const name = field.dataset['field'] as keyof typeof shared;
    const value = String(shared[name]);
    if (name === 'pace') (field as HTMLInputElement).checked = value === 'gradual';
    else if (field.localName === 'select') select(field, value);
    else type(field as HTMLInputElement, value);
  }
}

function select(field: HTMLElement, value: string): void {
  for (const option of field.querySelectorAll('option')) {
    const isChosen = option.getAttribute('value') === value;
    if (option.selected !== isChosen) option.selected = isChosen;
  }
}

function type(field: HTMLInputElement, value: string): void {
  if (field.value !== value && field !== field.ownerDocument.activeElement) field.value = value;
}
