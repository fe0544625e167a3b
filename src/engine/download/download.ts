import { ThawError, cancelledError } from '../errors.ts';
import type { ByteStore, PartialFile } from './byte-store.ts';
import { fetchRest } from './fetch-rest.ts';
import type { Line } from './line.ts';

/** A file to fetch, with everything needed to check it. */
export interface RemoteFile {
  /** What the file is for, such as "weights resnet-mixed": stored files with an equal label and another hash are outdated. */
  label: string;
  /** Absolute address. */
  url: string;
  sizeBytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** For a gzipped file: what it unpacks to. Some hosts unpack it on the way, and then these are checked. */
  unpacked?: { sizeBytes: number; sha256: string };
}

/** What a download needs from the place it runs in. */
export interface DownloadPorts {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  store: ByteStore;
  /** Lower-case hexadecimal SHA-256. */
  sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  /** Resolves after this many milliseconds, or as soon as the signal aborts. */
  wait: (delayMs: number, signal: AbortSignal | undefined) => Promise<void>;
  /** The line that all downloads of this place share. */
  line: Line;
  /** Whether the device has any network at all; asked when a line breaks. Default: it has. */
  isOnline?: () => boolean;
}

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Bytes of the file that are here, on the scale 0 … sizeBytes even where the host unpacks on the way. */
  onProgress?: (receivedBytes: number) => void;
}

/** Pauses before the second, third and fourth try. */
const RETRY_DELAYS_MS = [400, 1500, 4000];

/** A try that brings this share of the file counts as one that went well: the pauses begin anew, at most fifty times a file. */
const PROGRESS_SHARE = 0.02;

/**
 * The file's bytes, checked against its SHA-256: from the store if they are there, else over the network, continuing
 * where an earlier download broke off. A line that breaks is tried again, three times without progress; one over which nothing comes any more ends
 * the download, so that the reader hears of it. For a gzipped file the bytes are as sent: packed, or already unpacked
 * by the host.
 * Throws ThawErrors: 'network-lost' (what arrived is kept; details.remainingBytes says what is left), 'not-found',
 * 'server-error', 'wrong-bytes', 'cancelled'.
 */
export async function download(
  file: RemoteFile,
  ports: DownloadPorts,
  options: DownloadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, onProgress } = options;
  const { store } = ports;
  const stored = await store.read(file);
  if (stored) {
    if ((await checkBytes(file, stored, ports)).isRight) {
      onProgress?.(file.sizeBytes);
      return stored;
    }
    await store.forget(file);
  }

  let kept: PartialFile = (await store.readPartial(file)) ?? { bytes: new Uint8Array(0), etag: '' };
  let hadWrongBytes = false;
  let skipHttpCache = false;
  for (let pauses = 0; ; pauses++) {
    if (signal?.aborted) throw await keepAndCancel();
    const keptBytes = kept.bytes.byteLength;
    const rest = await fetchRest(file, kept, ports, { signal, onProgress, skipHttpCache });
    kept = rest.kept;
    if (rest.outcome === 'complete') {
      const check = await checkBytes(file, kept.bytes, ports);
      if (check.isRight) {
        await store.write(file, kept.bytes);
        onProgress?.(file.sizeBytes);
        return kept.bytes;
      }
      // Once more from the start, past every cache: a resumed file may have changed under us, a cache may be damaged.
      await store.forget(file);
      kept = { bytes: new Uint8Array(0), etag: '' };
      if (hadWrongBytes) throw wrongBytes(file, check.sha256, check.sizeBytes);
      hadWrongBytes = true;
      skipHttpCache = true;
      continue;
    }
    if (rest.outcome === 'cancelled') throw await keepAndCancel();
    if (rest.outcome === 'too-long') {
      await store.forget(file);
      throw wrongBytes(file, 'not computed', rest.receivedBytes);
    }
    if (kept.bytes.byteLength - keptBytes > file.sizeBytes * PROGRESS_SHARE) pauses = 0;
    const delayMs = RETRY_DELAYS_MS.at(pauses);
    if (rest.outcome === 'refused' || rest.outcome === 'dead' || delayMs === undefined) {
      await store.writePartial(file, kept);
      throw rest.error(kept.bytes.byteLength);
    }
    await ports.wait(rest.outcome === 'restart' ? 0 : delayMs, signal);
  }

  async function keepAndCancel(): Promise<ThawError> {
    await store.writePartial(file, kept);
    return cancelledError('The download');
  }
}

interface Check {
  isRight: boolean;
  sha256: string;
  sizeBytes: number;
}

async function checkBytes(
  file: RemoteFile,
  bytes: Uint8Array<ArrayBuffer>,
  ports: DownloadPorts,
): Promise<Check> {
  const sizeBytes = bytes.byteLength;
  const candidates = [file, file.unpacked].filter((candidate) => candidate?.sizeBytes === sizeBytes);
  if (candidates.length === 0) return { isRight: false, sha256: 'not computed', sizeBytes };
  const sha256 = await ports.sha256(bytes);
  return { isRight: candidates.some((candidate) => candidate?.sha256 === sha256), sha256, sizeBytes };
}

function wrongBytes(file: RemoteFile, sha256: string, sizeBytes: number): ThawError {
  return new ThawError({
    code: 'wrong-bytes',
    message: `The file that arrived (${file.label}) is not the one that was expected, so it was not used.`,
    advice: 'Try again later; if it happens again, something between this page and its host changes files.',
    details: {
      url: file.url,
      expectedSha256: file.sha256,
      actualSha256: sha256,
      expectedBytes: file.sizeBytes,
      actualBytes: sizeBytes,
    },
  });
}
