/** Opens the search: by its button, by "/" and by Ctrl-K or ⌘K. Fetches nothing before the reader shows that intent. */
import { readStored } from '../storage.ts';
import type * as Dialog from './dialog.ts';
import { isSearchKey, isTyping, typeAhead } from './keys.ts';

const openers = document.querySelectorAll<HTMLElement>('[data-search-open]');
const load = (): Promise<typeof Dialog> => import('./dialog.ts');

/** What was typed since the key that opens; undefined while no dialog is on its way. */
let typed: string | undefined;

async function open(): Promise<void> {
  typed ??= '';
  try {
    const { openSearch } = await load();
    await openSearch(() => typed ?? '');
  } finally {
    typed = undefined;
  }
}

for (const opener of openers) {
  opener.addEventListener('click', () => void open());
  // The dialog arrives while the pointer is still on its way
  opener.addEventListener('pointerenter', () => void load(), { once: true });
}

document.addEventListener('keydown', (event) => {
  if (openers.length === 0 || event.defaultPrevented) return;
  if (typed !== undefined && !isTyping(event.target)) {
    const more = typeAhead(typed, event);
    if (more === undefined) return;
    typed = more;
    event.preventDefault();
    return;
  }
  if (event.repeat) return;
  if (!isSearchKey(event) || isTyping(event.target) || readStored('keys') === 'off') return;
  event.preventDefault();
  void open();
});
