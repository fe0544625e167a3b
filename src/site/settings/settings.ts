/** The settings page: shows what is stored, changes it, erases it. Life cycle of each entry: src/site/storage.ts. */
import { chooseTheme, themeChoice, type ThemeChoice } from '../chrome/theme.ts';
import { readStored, readTicks, storageKeys, writeStored, type StorageKey } from '../storage.ts';

const page = document.querySelector('.settings');
const themes = page?.querySelectorAll<HTMLInputElement>('input[name="theme"]') ?? [];
const keys = page?.querySelector<HTMLInputElement>('input[name="keys"]');
const status = page?.querySelector<HTMLElement>('[role="status"]');
const nothing = status?.dataset['nothing'] ?? '';

/** Addresses of downloaded networks in the browser's caches; none where caches are refused. */
async function downloadedFiles(): Promise<string[]> {
  try {
    const names = await caches.keys();
    const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return lists.flat().flatMap(({ url }) => (/\.(onnx|wasm|gz)(\?|$)/.test(url) ? [url] : []));
  } catch {
    return [];
  }
}

async function show(): Promise<void> {
  for (const input of themes) input.checked = input.value === themeChoice();
  if (keys) keys.checked = readStored('keys') !== 'off';
  const put = (key: StorageKey | 'models', text: string | undefined): void => {
    const cell = page?.querySelector(`[data-stored="${key}"]`);
    if (cell) cell.textContent = text === undefined || text === '' ? nothing : text;
  };
  put('theme', readStored('theme'));
  put('keys', readStored('keys'));
  put('exercises', [...readTicks()].join(', '));
  const files = await downloadedFiles();
  put(
    'models',
    [
      ...new Set(
        files.map((url) => decodeURIComponent(new URL(url).pathname.split('/').slice(-2).join('/'))),
      ),
    ].join(', '),
  );
}

async function eraseEverything(): Promise<void> {
  for (const key of Object.keys(storageKeys) as StorageKey[]) writeStored(key, undefined);
  try {
    sessionStorage.clear();
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  } catch {
    // Refused storage holds nothing that could be erased
  }
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
      if (status) status.textContent = status.dataset['erased'] ?? '';
    });
});
addEventListener('storage', () => void show());

const probe = readStored('theme');
const isRefused = !writeStored('theme', probe);
page?.querySelector('[data-refused]')?.toggleAttribute('hidden', !isRefused);
void show();
