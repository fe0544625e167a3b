import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStore, type ByteStore } from '../../../../src/engine/download/byte-store.ts';
import {
  createCacheStore,
  deleteStoredFiles,
  listStoredFiles,
} from '../../../../src/engine/download/cache-store.ts';
import { createDownloader } from '../../../../src/engine/download/downloader.ts';
import { unpackGzip } from '../../../../src/engine/download/gzip.ts';
import { isThawError } from '../../../../src/engine/errors.ts';
import { createFaultyHost, fileOf, seededBytes, stallAfter } from './faulty-host.ts';

const old = { label: 'weights a', sha256: 'old' };
const key = { label: 'weights a', sha256: 'new' };
const other = { label: 'weights b', sha256: 'old' };

/** The Cache API in memory, as far as the store uses it; `refuse` makes one of its steps fail as browsers do. */
function createFakeCaches(refuse?: 'open' | 'put') {
  const named = new Map<string, Map<string, Response>>();
  const caches = {
    keys: () => Promise.resolve([...named.keys()]),
    delete: (name: string) => Promise.resolve(named.delete(name)),
    open(name: string) {
      if (refuse === 'open') return Promise.reject(new DOMException('refused', 'SecurityError'));
      const entries = named.get(name) ?? new Map<string, Response>();
      named.set(name, entries);
      const urlOf = (request: string | { url: string }) =>
        typeof request === 'string' ? request : request.url;
      return Promise.resolve({
        match: (request: string | { url: string }) => Promise.resolve(entries.get(urlOf(request))?.clone()),
        put(url: string, response: Response) {
          if (refuse === 'put') return Promise.reject(new DOMException('full', 'QuotaExceededError'));
          entries.set(url, response);
          return Promise.resolve();
        },
        delete: (request: string | { url: string }) => Promise.resolve(entries.delete(urlOf(request))),
        keys: () => Promise.resolve([...entries.keys()].map((url) => ({ url }))),
      });
    },
  };
  return { caches: caches as unknown as CacheStorage, named };
}

const stores: [string, () => ByteStore][] = [
  ['memory', createMemoryStore],
  ['Cache API', () => createCacheStore(createFakeCaches().caches, 'https://site.test/sub/')],
  ['Cache API, refused', () => createCacheStore(createFakeCaches('open').caches, 'https://site.test/')],
  ['Cache API, full', () => createCacheStore(createFakeCaches('put').caches, 'https://site.test/')],
  ['no Cache API', () => createCacheStore(undefined, 'https://site.test/')],
];

for (const [name, create] of stores)
  describe(`store: ${name}`, () => {
    it('keeps whole and partial files by label and hash', async () => {
      const store = create();
      assert.equal(await store.read(key), undefined);
      await store.writePartial(key, { bytes: seededBytes(10), etag: '"e"' });
      assert.equal(await store.size(key), 10);
      assert.deepEqual(await store.readPartial(key), { bytes: seededBytes(10), etag: '"e"' });
      await store.write(key, seededBytes(30));
      assert.equal(await store.size(key), 30);
      assert.deepEqual(await store.read(key), seededBytes(30));
      assert.equal(await store.readPartial(key), undefined);
      await store.forget(key);
      assert.equal(await store.size(key), 0);
    });

    it('forgets the old version when the new one has arrived, and nothing else', async () => {
      const store = create();
      await store.write(old, seededBytes(5));
      await store.write(other, seededBytes(6));
      await store.write(key, seededBytes(7));
      assert.equal(await store.read(old), undefined);
      assert.equal((await store.read(other))?.length, 6);
    });
  });

describe('cache store', () => {
  it('says when storage is refused or full', async () => {
    for (const refuse of ['open', 'put'] as const) {
      const store = createCacheStore(createFakeCaches(refuse).caches, 'https://site.test/');
      await store.write(key, seededBytes(5));
      assert.equal(store.isRefused, true, refuse);
    }
    const fine = createCacheStore(createFakeCaches().caches, 'https://site.test/');
    await fine.write(key, seededBytes(5));
    assert.equal(fine.isRefused, false);
  });

  it('lists what a site keeps, deletes one label or all, and leaves the neighbours alone', async () => {
    const { caches } = createFakeCaches();
    const [site, neighbour] = ['https://host.test/thaw/', 'https://host.test/other/'];
    const store = createCacheStore(caches, site);
    await store.write(key, seededBytes(30));
    await store.writePartial(other, { bytes: seededBytes(4), etag: '' });
    await createCacheStore(caches, neighbour).write(key, seededBytes(7));
    assert.deepEqual(await listStoredFiles(caches, site), [
      { label: 'weights a', sizeBytes: 30, isPartial: false },
      { label: 'weights b', sizeBytes: 4, isPartial: true },
    ]);
    await deleteStoredFiles(caches, site, 'weights a');
    assert.deepEqual(
      (await listStoredFiles(caches, site)).map(({ label }) => label),
      ['weights b'],
    );
    assert.equal(await store.read(key), undefined);
    await deleteStoredFiles(caches, site);
    assert.deepEqual(await listStoredFiles(caches, site), []);
    assert.equal((await listStoredFiles(caches, neighbour)).length, 1);
  });

  it('lists nothing where storage is refused', async () => {
    assert.deepEqual(await listStoredFiles(undefined, 'https://site.test/'), []);
    assert.deepEqual(await listStoredFiles(createFakeCaches('open').caches, 'https://site.test/'), []);
  });

  it('deletes caches of older layouts and leaves those of others', async () => {
    const { caches, named } = createFakeCaches();
    await caches.open('thaw-files-0');
    await caches.open('somebody-else');
    await createCacheStore(caches, 'https://site.test/').read(key);
    assert.deepEqual([...named.keys()], ['somebody-else', 'thaw-files-1']);
  });
});

describe('downloader', () => {
  const body = seededBytes(500);
  const file = fileOf(body);

  it('fetches once for two who ask at the same time', async () => {
    const { ports, seen } = createFaultyHost(body);
    const downloader = createDownloader(ports);
    const [first, second] = await Promise.all([downloader.get(file), downloader.get(file)]);
    assert.deepEqual(first, body);
    assert.deepEqual(second, body);
    assert.equal(seen.length, 1);
  });

  it('goes on for the one who stays, and stops when nobody does', async () => {
    const { ports, seen } = createFaultyHost(body, [stallAfter(100)]);
    const downloader = createDownloader(ports);
    const [left, right] = [new AbortController(), new AbortController()];
    const arrived = Promise.withResolvers<undefined>();
    const first = downloader.get(file, { signal: left.signal, onProgress: () => arrived.resolve(undefined) });
    const second = downloader.get(file, { signal: right.signal });
    let isSecondOver = false;
    second.catch(() => (isSecondOver = true));
    await arrived.promise;
    left.abort();
    await assert.rejects(first, (error) => isThawError(error, 'cancelled'));
    assert.equal(isSecondOver, false);
    right.abort();
    await assert.rejects(second, (error) => isThawError(error, 'cancelled'));
    assert.deepEqual(await downloader.get(file), body, 'and can start again');
    assert.equal(seen.length, 2);
  });
});

describe('unpackGzip', () => {
  it('leaves alone what is not gzipped and names damage', async () => {
    assert.deepEqual(await unpackGzip(Uint8Array.of(0, 97, 115, 109)), Uint8Array.of(0, 97, 115, 109));
    await assert.rejects(unpackGzip(Uint8Array.of(0x1f, 0x8b, 1, 2, 3)), (error) =>
      isThawError(error, 'wrong-bytes'),
    );
  });
});
