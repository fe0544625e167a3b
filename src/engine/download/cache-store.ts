/**
 * Downloaded files in the browser's Cache API.
 *
 * Life cycle. One cache, whose name carries the version of this layout. A whole file is an entry at
 * `<site>stored/<label>?sha256=<hash>`; the start of one that broke off is at the same address plus `&part`. Writing a
 * whole file deletes every other entry of its label, so an old version goes when the new one has arrived. Caches of
 * older layouts are deleted on opening. Nothing at these addresses is ever served: they are names only.
 */
import { createMemoryStore, type ByteStore, type StoreKey } from './byte-store.ts';

const CACHE_PREFIX = 'thaw-files-';
const CACHE_NAME = `${CACHE_PREFIX}1`;

/**
 * A store over the Cache API. Where it is missing, refused (private windows, policies) or full, files are kept in
 * memory for this visit and `isRefused` turns true.
 */
export function createCacheStore(caches: CacheStorage | undefined, siteRoot: string): ByteStore {
  const memory = createMemoryStore();
  let isRefused = caches === undefined;
  let opened: Promise<Cache | undefined> | undefined;

  const refuse = (): undefined => {
    isRefused = true;
  };
  const open = () => {
    opened ??= openCache(caches).catch(refuse);
    return opened;
  };
  const folder = (label: string) => `${folderOf(siteRoot)}${encodeURIComponent(label)}`;
  const address = (key: StoreKey, part = '') => `${folder(key.label)}?sha256=${key.sha256}${part}`;
  const find = async (url: string) => (await open())?.match(url).catch(refuse);
  const put = async (url: string, bytes: Uint8Array<ArrayBuffer>, etag: string): Promise<boolean> => {
    const cache = await open();
    if (!cache) return false;
    const headers = {
      'content-type': 'application/octet-stream',
      'x-size': String(bytes.byteLength),
      'x-etag': etag,
    };
    try {
      await cache.put(url, new Response(bytes, { headers }));
      return true;
    } catch {
      refuse();
      return false;
    }
  };

  return {
    get isRefused() {
      return isRefused;
    },
    async read(key) {
      const response = await find(address(key));
      if (!response) return memory.read(key);
      return new Uint8Array(await response.arrayBuffer());
    },
    async readPartial(key) {
      const response = await find(address(key, '&part'));
      if (!response) return memory.readPartial(key);
      return {
        bytes: new Uint8Array(await response.arrayBuffer()),
        etag: response.headers.get('x-etag') ?? '',
      };
    },
    async write(key, bytes) {
      if (!(await put(address(key), bytes, ''))) return memory.write(key, bytes);
      await memory.forget(key);
      const cache = await open();
      for (const request of (await cache?.keys()) ?? [])
        if (request.url.startsWith(`${folder(key.label)}?`) && request.url !== address(key))
          await cache?.delete(request);
    },
    async writePartial(key, partial) {
      if (partial.bytes.byteLength === 0) return;
      if (!(await put(address(key, '&part'), partial.bytes, partial.etag)))
        await memory.writePartial(key, partial);
    },
    async forget(key) {
      await memory.forget(key);
      const cache = await open();
      await cache?.delete(address(key)).catch(refuse);
      await cache?.delete(address(key, '&part')).catch(refuse);
    },
    async size(key) {
      const response = (await find(address(key))) ?? (await find(address(key, '&part')));
      return response ? Number(response.headers.get('x-size') ?? 0) : memory.size(key);
    },
  };
}

/** One label of the store: its bytes, whole or as far as they came. */
export interface StoredFile {
  /** Such as "weights resnet-mixed". */
  label: string;
  sizeBytes: number;
  /** The download broke off; the rest is fetched when the file is next needed. */
  isPartial: boolean;
}

/** What a site keeps in this browser, by label; nothing where the Cache API is missing or refused. Reads no file. */
export async function listStoredFiles(
  caches: CacheStorage | undefined,
  siteRoot: string,
): Promise<StoredFile[]> {
  const files = new Map<string, StoredFile>();
  for (const { label, request, cache } of await entriesOf(caches, siteRoot)) {
    const stored = await cache.match(request);
    const sizeBytes = Number(stored?.headers.get('x-size') ?? 0) + (files.get(label)?.sizeBytes ?? 0);
    const isPartial = request.url.endsWith('&part') || (files.get(label)?.isPartial ?? false);
    files.set(label, { label, sizeBytes, isPartial });
  }
  return [...files.values()].sort((a, b) => a.label.localeCompare(b.label));
}

/** Deletes what a site keeps under this label, or all that it keeps. Other sites of the same host keep theirs. */
export async function deleteStoredFiles(
  caches: CacheStorage | undefined,
  siteRoot: string,
  label?: string,
): Promise<void> {
  for (const entry of await entriesOf(caches, siteRoot))
    if (label === undefined || entry.label === label) await entry.cache.delete(entry.request);
}

async function entriesOf(
  caches: CacheStorage | undefined,
  siteRoot: string,
): Promise<{ label: string; request: Request; cache: Cache }[]> {
  try {
    const cache = await openCache(caches);
    const folder = folderOf(siteRoot);
    return ((await cache?.keys()) ?? [])
      .filter(({ url }) => url.startsWith(folder))
      .flatMap((request) => {
        const label = decodeURIComponent(request.url.slice(folder.length).replace(/\?.*$/, ''));
        return cache ? [{ label, request, cache }] : [];
      });
  } catch {
    // Refused storage keeps nothing
    return [];
  }
}

function folderOf(siteRoot: string): string {
  return `${siteRoot}stored/`;
}

async function openCache(caches: CacheStorage | undefined): Promise<Cache | undefined> {
  if (!caches) return undefined;
  for (const name of await caches.keys())
    if (name.startsWith(CACHE_PREFIX) && name !== CACHE_NAME) await caches.delete(name);
  return caches.open(CACHE_NAME);
}
