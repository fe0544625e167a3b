/** Fields beside the choice: they show the settings, and what is being typed stays until it is done. */
import type { FreezeState } from './model.ts';
import { toShared } from './share.ts';

/** Writes the settings into the fields. */
export function drawFields(root: HTMLElement, { network, settings, backend }: FreezeState): void {
  const shared = { ...toShared(network, settings), backend };
  for (const field of root.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[data-field]')) {
    const name = field.dataset['field'] as keyof typeof shared;
    if (field instanceof HTMLInputElement && field.type === 'checkbox') {
      field.checked = shared.pace === 'gradual';
      continue;
    }
    const value = String(shared[name]);
    if (field.value !== value && field !== field.ownerDocument.activeElement) field.value = value;
  }
}
