/** The settings page: shows what is stored, changes it, erases it. Life cycle of each entry: src/site/storage.ts. */
import { deleteStoredFiles, listStoredFiles, type StoredFile } from '../../engine/download/cache-store.ts';
import { formatBytes } from '../../figures/kit/format.ts';
import { chooseTheme, themeChoice, type ThemeChoice } from '../chrome/theme.ts';
import { readStored, readTicks, storageKeys, writeStored, type StorageKey } from '../storage.ts';

const page = document.querySelector('.settings');
const themes = page?.querySelectorAll<HTMLInputElement>('input[name="theme"]') ?? [];
const keys = page?.querySelector<HTMLInputElement>('input[name="keys"]');
const status = page?.querySelector<HTMLElement>('[role="status"]');
const files = page?.querySelector<HTMLElement>('[data-files]');
const siteRoot = new URL(import.meta.env.BASE_URL.replace(/\/?$/, '/'), location.href).href;

/** The words that this script prints come with the page: in the table of UI words every page would carry them. */
const words = JSON.parse(page?.getAttribute('data-words') ?? '{}') as Record<string, string>;

function word(name: string, values: Record<string, string> = {}): string {
  return (words[name] ?? '').replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
}

function cacheStorage(): CacheStorage | undefined {
  return 'caches' in globalThis ? caches : undefined;
}

async function show(): Promise<void> {
  for (const input of themes) input.checked = input.value === themeChoice();
  if (keys) keys.checked = readStored('keys') !== 'off';
  const put = (key: StorageKey | 'models', text: string | undefined): void => {
    const cell = page?.querySelector(`[data-stored="${key}"]`);
    if (cell) cell.textContent = text === undefined || text === '' ? word('nothing') : text;
  };
  put('theme', readStored('theme'));
  put('keys', readStored('keys'));
  put('exercises', [...readTicks()].join(', '));
  for (const key of ['freezeLog', 'freezeRun'] as const) {
    const text = readStored(key);
    put(key, text && formatBytes(new TextEncoder().encode(text).byteLength));
  }
  const stored = await listStoredFiles(cacheStorage(), siteRoot);
  put('models', sumOf(stored));
  showFiles(stored);
}

function sumOf(stored: readonly StoredFile[]): string | undefined {
  if (stored.length === 0) return undefined;
  const size = formatBytes(stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  return word(stored.length === 1 ? 'file' : 'files', { count: String(stored.length), size });
}

/** One row a file; the row goes with the file, and the focus to the next. */
function showFiles(stored: readonly StoredFile[]): void {
  files?.toggleAttribute('hidden', stored.length === 0);
  const rows = stored.map(({ label, sizeBytes, isPartial }) => {
    const row = document.createElement('tr');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-quiet';
    button.textContent = word('delete');
    button.setAttribute('aria-label', word('deleteOne', { label }));
    button.addEventListener('click', () => void deleteFile(label));
    row.append(
      cell(isPartial ? word('part', { label }) : label),
      cell(formatBytes(sizeBytes), 'num'),
      cell(button),
    );
    return row;
  });
  files?.querySelector('tbody')?.replaceChildren(...rows);
}

function cell(content: string | Node, className = ''): HTMLTableCellElement {
  const cell = document.createElement('td');
  cell.className = className;
  cell.append(content);
  return cell;
}

async function deleteFile(label: string): Promise<void> {
  const buttons = [...(files?.querySelectorAll('button') ?? [])];
  const place = buttons.findIndex((button) => button === document.activeElement);
  await deleteStoredFiles(cacheStorage(), siteRoot, label);
  await show();
  const left = [...(files?.querySelectorAll('button') ?? [])];
  const next =
    left[Math.min(place, left.length - 1)] ?? page?.querySelector<HTMLButtonElement>('[data-erase]');
  next?.focus();
  if (status) status.textContent = word('deleted', { label });
}

async function eraseEverything(): Promise<void> {
  for (const key of Object.keys(storageKeys) as StorageKey[]) writeStored(key, undefined);
  try {
    sessionStorage.clear();
  } catch {
    // Refused storage holds nothing that could be erased
  }
  await deleteStoredFiles(cacheStorage(), siteRoot);
  chooseTheme('system');
}

for (const input of themes)
  input.addEventListener('change', () => {
    chooseTheme(input.value as ThemeChoice);
    void show();
  });
keys?.addEventListener('change', () => {
  writeStored('keys', keys.checked ? undefined : 'off');
  void show();
});
page?.querySelector('[data-erase]')?.addEventListener('click', () => {
  void eraseEverything()
    .then(show)
    .then(() => {
      if (status) status.textContent = word('erased');
    });
});
addEventListener('storage', () => void show());
// Another tab may have downloaded meanwhile
addEventListener('focus', () => void show());

const probe = readStored('theme');
const isRefused = !writeStored('theme', probe);
page?.querySelector('[data-refused]')?.toggleAttribute('hidden', !isRefused);
void show();
