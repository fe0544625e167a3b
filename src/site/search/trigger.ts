/** Opens the search: by its button, by "/" and by Ctrl-K or ⌘K. Fetches nothing before the reader shows that intent. */
import { readStored } from '../storage.ts';
import type * as Dialog from './dialog.ts';
import { isSearchKey, isTyping } from './keys.ts';

const openers = document.querySelectorAll<HTMLElement>('[data-search-open]');
const load = (): Promise<typeof Dialog> => import('./dialog.ts');

async function open(query = ''): Promise<void> {
  const { openSearch } = await load();
  await openSearch(query);
}

for (const opener of openers) {
  opener.addEventListener('click', () => void open());
  // The dialog arrives while the pointer is still on its way
  opener.addEventListener('pointerenter', () => void load(), { once: true });
}

document.addEventListener('keydown', (event) => {
  if (openers.length === 0 || event.defaultPrevented || event.repeat) return;
  if (!isSearchKey(event) || isTyping(event.target) || readStored('keys') === 'off') return;
  event.preventDefault();
  void open();
});
