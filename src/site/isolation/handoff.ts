/**
 * What a figure holds when the page reloads for isolation (the reader's picture, say) and takes back afterwards.
 * Kept in IndexedDB, which can hold blobs and arrays; each value is given out once and forgotten after five minutes,
 * so that nothing of the reader's stays behind.
 */

interface Kept {
  value: unknown;
  /** Milliseconds since 1970. */
  keptAt: number;
}

const DATABASE = 'thaw-handoff';
const STORE = 'kept';
const LASTS_MS = 5 * 60 * 1000;

/** Keeps a structured-cloneable value over the reload; resolves to false where the browser refuses storage. */
export async function keepAcrossReload(key: string, value: unknown): Promise<boolean> {
  const kept: Kept = { value, keptAt: Date.now() };
  try {
    await inStore((store) => store.put(kept, key));
    return true;
  } catch {
    return false;
  }
}

/** Gives back what was kept under this key, once; undefined if there is nothing (any more). */
export async function takeKept(key: string): Promise<unknown> {
  try {
    const kept = (await inStore((store) => store.get(key))) as Kept | undefined;
    if (!kept) return undefined;
    await inStore((store) => store.delete(key));
    return Date.now() - kept.keptAt < LASTS_MS ? kept.value : undefined;
  } catch {
    return undefined;
  }
}

function inStore<T>(work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error ?? new Error('IndexedDB refused to open.'));
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, 'readwrite');
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = transaction.onerror = () => {
        database.close();
        reject(transaction.error ?? new Error('IndexedDB refused the transaction.'));
      };
    };
  });
}
