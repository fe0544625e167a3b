/**
 * Downloaded files as files. A label is the path of the file; `<path>.part` holds the start of one that broke off, and
 * `<path>.part.etag` the validator that it came with. A partial file goes when the whole one has arrived.
 */
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { ByteStore } from '../../src/engine/download/byte-store.ts';

/** A store over the file system. Unlike in a browser a disk that refuses is an error: nothing is kept in memory. */
export function createFolderStore(): ByteStore {
  const partOf = (label: string) => `${label}.part`;
  const etagOf = (label: string) => `${label}.part.etag`;
  const drop = async (label: string, ...paths: string[]) => {
    for (const path of [partOf(label), etagOf(label), ...paths]) await rm(path, { force: true });
  };
  const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size;
  const read = async (path: string) => {
    const bytes = await readFile(path).catch(() => undefined);
    return bytes && new Uint8Array(bytes);
  };
  return {
    isRefused: false,
    read: ({ label }) => read(label),
    async readPartial({ label }) {
      const bytes = await read(partOf(label));
      const etag = await readFile(etagOf(label), 'utf8').catch(() => '');
      return bytes && { bytes, etag };
    },
    async write({ label }, bytes) {
      await writeFile(partOf(label), bytes);
      await rename(partOf(label), label);
      await drop(label);
    },
    async writePartial({ label }, { bytes, etag }) {
      if (bytes.byteLength === 0) return;
      await writeFile(partOf(label), bytes);
      await writeFile(etagOf(label), etag);
    },
    forget: ({ label }) => drop(label, label),
    size: async ({ label }) => (await sizeOf(label)) ?? (await sizeOf(partOf(label))) ?? 0,
  };
}
