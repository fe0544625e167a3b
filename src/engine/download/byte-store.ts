/** Names a stored file: what it is for, and its content. */
export interface StoreKey {
  /** Such as "weights resnet-mixed"; one stored version per label is enough. */
  label: string;
  sha256: string;
}

/** The start of a file whose download broke off. */
export interface PartialFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** Strong validator of the answer that it came from, or empty. */
  etag: string;
}

/** Keeps downloaded files between visits. Implementations never throw: a store that is refused keeps nothing. */
export interface ByteStore {
  /** True once the place of storage refused to open or to write. */
  readonly isRefused: boolean;
  read: (key: StoreKey) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  readPartial: (key: StoreKey) => Promise<PartialFile | undefined>;
  /** Stores a whole, checked file; forgets its partial and older versions under the same label. */
  write: (key: StoreKey, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  writePartial: (key: StoreKey, partial: PartialFile) => Promise<void>;
  forget: (key: StoreKey) => Promise<void>;
  /** Bytes kept of this file, whole or partial, without reading them. */
  size: (key: StoreKey) => Promise<number>;
}

/** A store in memory: for Node, for tests, and behind a refused one so that a retry in the same visit goes on. */
export function createMemoryStore(): ByteStore {
  const whole = new Map<string, Uint8Array<ArrayBuffer>>();
  const partial = new Map<string, PartialFile>();
  const name = ({ label, sha256 }: StoreKey) => `${label} ${sha256}`;
  return {
    isRefused: false,
    read: (key) => Promise.resolve(whole.get(name(key))),
    readPartial: (key) => Promise.resolve(partial.get(name(key))),
    write(key, bytes) {
      for (const other of [...whole.keys(), ...partial.keys()])
        if (other.startsWith(`${key.label} `)) {
          whole.delete(other);
          partial.delete(other);
        }
      whole.set(name(key), bytes);
      return Promise.resolve();
    },
    writePartial(key, part) {
      partial.set(name(key), part);
      return Promise.resolve();
    },
    forget(key) {
      whole.delete(name(key));
      partial.delete(name(key));
      return Promise.resolve();
    },
    size: (key) =>
      Promise.resolve(whole.get(name(key))?.byteLength ?? partial.get(name(key))?.bytes.byteLength ?? 0),
  };
}
