import { ThawError } from '../errors.ts';
import type { PartialFile } from './byte-store.ts';
import type { DownloadPorts, RemoteFile } from './download.ts';
import { isGzipped } from './gzip.ts';
import type { LineWatch } from './line.ts';

interface FetchOptions {
  signal: AbortSignal | undefined;
  onProgress: ((receivedBytes: number) => void) | undefined;
  skipHttpCache: boolean;
}

/**
 * How one request ended. `complete`: the body ended at a length that the file may have. `broken`: try again, going on
 * from `kept`. `restart`: try again from the start at once. `refused`: trying again is useless. `dead`: nothing came for
 * so long that the reader should hear of it. `too-long`: more bytes came than the file has. `kept` holds what the next
 * request may go on from.
 */
export type FetchOutcome =
  | { outcome: 'complete'; kept: PartialFile }
  | { outcome: 'cancelled'; kept: PartialFile }
  | { outcome: 'too-long'; kept: PartialFile; receivedBytes: number }
  | {
      outcome: 'broken' | 'restart' | 'refused' | 'dead';
      kept: PartialFile;
      error: (keptBytes: number) => ThawError;
    };

const NOTHING: PartialFile = { bytes: new Uint8Array(0), etag: '' };

/** Requests what is missing of the file after `kept` and reads it to its end, or until the line is dead; never throws. */
export async function fetchRest(
  file: RemoteFile,
  kept: PartialFile,
  { fetch, line, isOnline = () => true }: Pick<DownloadPorts, 'fetch' | 'line' | 'isOnline'>,
  options: FetchOptions,
): Promise<FetchOutcome> {
  const watch = line.watch(options.signal);
  /** What a request that threw came to. */
  const broken = (kept: PartialFile): FetchOutcome => {
    if (options.signal?.aborted) return { outcome: 'cancelled', kept };
    // Trying again at once is useless then, and the reader should hear why
    if (!isOnline()) return { outcome: 'dead', kept, error: (keptBytes) => offline(file, keptBytes) };
    if (!watch.isDead) return { outcome: 'broken', kept, error: (keptBytes) => lost(file, keptBytes) };
    const error = (keptBytes: number) => lost(file, keptBytes, line.patienceSeconds);
    return { outcome: 'dead', kept, error };
  };
  try {
    return await readRest(file, kept, { fetch, watch, broken, options });
  } finally {
    watch.end();
  }
}

interface Request {
  fetch: DownloadPorts['fetch'];
  watch: LineWatch;
  broken: (kept: PartialFile) => FetchOutcome;
  options: FetchOptions;
}

async function readRest(
  file: RemoteFile,
  kept: PartialFile,
  { fetch, watch, broken, options }: Request,
): Promise<FetchOutcome> {
  const headers = new Headers();
  if (kept.bytes.byteLength > 0) {
    headers.set('Range', `bytes=${kept.bytes.byteLength}-`);
    if (kept.etag) headers.set('If-Range', kept.etag);
  }
  let response: Response;
  try {
    const cache = options.skipHttpCache ? 'reload' : 'default';
    response = await watch.hear(fetch(file.url, { headers, cache, signal: watch.signal }));
  } catch {
    return broken(kept);
  }
  if (response.status === 416 || (response.status === 206 && !continues(response, kept, file)))
    return { outcome: 'restart', kept: NOTHING, error: (keptBytes) => lost(file, keptBytes) };
  if (response.status !== 200 && response.status !== 206) return refusal(file, kept, response.status);

  // A 200 in place of a 206 starts over: the host knows no ranges, or the file changed.
  const chunks: Uint8Array[] = response.status === 206 ? [kept.bytes] : [];
  let receivedBytes = response.status === 206 ? kept.bytes.byteLength : 0;
  const limitBytes = Math.max(file.sizeBytes, file.unpacked?.sizeBytes ?? 0);
  const soFar = (): PartialFile => keepable(response, file, concatenate(chunks, receivedBytes));
  try {
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await watch.hear(reader.read());
      if (done) break;
      chunks.push(value);
      receivedBytes += value.byteLength;
      if (receivedBytes > limitBytes) {
        await reader.cancel().catch(() => undefined);
        return { outcome: 'too-long', kept: NOTHING, receivedBytes };
      }
      options.onProgress?.(onWire(file, chunks, receivedBytes));
    }
  } catch {
    return broken(soFar());
  }
  // Some stacks end the body quietly when the line breaks, so a short one counts as broken.
  if (receivedBytes !== file.sizeBytes && receivedBytes !== file.unpacked?.sizeBytes) return broken(soFar());
  return { outcome: 'complete', kept: { bytes: concatenate(chunks, receivedBytes), etag: etagOf(response) } };
}

/** Whether a 206 goes on exactly where the kept bytes end, in a file of the right length. */
function continues(response: Response, kept: PartialFile, file: RemoteFile): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  // Another origin may hide the header; the hash decides then.
  if (!range) return response.headers.get('content-range') === null && kept.bytes.byteLength > 0;
  return (
    Number(range[1]) === kept.bytes.byteLength && (range[2] === '*' || Number(range[2]) === file.sizeBytes)
  );
}

/** What may be continued by range: nothing of a body that was compressed on the way, whose offsets mean other bytes. */
function keepable(response: Response, file: RemoteFile, bytes: Uint8Array<ArrayBuffer>): PartialFile {
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity' || (file.unpacked && !isGzipped(bytes))) return NOTHING;
  // As long as the file or longer, and not the file: there is nothing to go on from
  if (bytes.byteLength >= file.sizeBytes) return NOTHING;
  return { bytes, etag: etagOf(response) };
}

/** The strong validator, or empty: If-Range takes no weak one. */
function etagOf(response: Response): string {
  const etag = response.headers.get('etag') ?? '';
  return etag.startsWith('W/') ? '' : etag;
}

/** Received bytes on the scale of the wire: a host that unpacks on the way delivers more bytes than it sends. */
function onWire(file: RemoteFile, chunks: readonly Uint8Array[], receivedBytes: number): number {
  const start = chunks.find((chunk) => chunk.byteLength > 1);
  if (!file.unpacked || !start || isGzipped(start)) return receivedBytes;
  return Math.round((receivedBytes / file.unpacked.sizeBytes) * file.sizeBytes);
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

function refusal(file: RemoteFile, kept: PartialFile, status: number): FetchOutcome {
  const isMissing = status === 404 || status === 410;
  const mayPass = status >= 500 || status === 429 || status === 408;
  const error = () =>
    new ThawError({
      code: isMissing ? 'not-found' : 'server-error',
      message: isMissing
        ? `The host does not have a file that the network needs (${file.label}).`
        : `The host could not send a file that the network needs (${file.label}, status ${status}).`,
      advice: isMissing ? 'Reload the page: the site may have been updated.' : 'Try again in a minute.',
      details: { url: file.url, status },
    });
  return { outcome: mayPass ? 'broken' : 'refused', kept, error };
}

function offline(file: RemoteFile, keptBytes: number): ThawError {
  return new ThawError({
    code: 'network-lost',
    message: `This device is offline, so "${file.label}" could not be downloaded.`,
    advice: `Try again when it is back on the network${keptBytes > 0 ? ': what arrived is kept' : ''}.`,
    details: { url: file.url, receivedBytes: keptBytes, remainingBytes: file.sizeBytes - keptBytes },
  });
}

/** `quietSeconds`: how long nothing came, where the line did not break but fell silent. */
function lost(file: RemoteFile, keptBytes: number, quietSeconds?: number): ThawError {
  return new ThawError({
    code: 'network-lost',
    message: quietSeconds
      ? `Nothing came over the connection for ${quietSeconds} seconds while "${file.label}" was being downloaded.`
      : `The connection broke while "${file.label}" was being downloaded.`,
    advice: keptBytes > 0 ? 'Try again: what arrived is kept.' : 'Check the connection and try again.',
    details: {
      url: file.url,
      receivedBytes: keptBytes,
      remainingBytes: file.sizeBytes - keptBytes,
      ...(quietSeconds !== undefined && { quietSeconds }),
    },
  });
}
