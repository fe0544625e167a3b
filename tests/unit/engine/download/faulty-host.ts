import { createHash } from 'node:crypto';
import { createMemoryStore, type ByteStore } from '../../../../src/engine/download/byte-store.ts';
import type { DownloadPorts, RemoteFile } from '../../../../src/engine/download/download.ts';
import type { Line } from '../../../../src/engine/download/line.ts';
import { sha256Hex } from '../../../../src/engine/download/sha256.ts';
import { createStillLine } from './still-line.ts';

/** One request as the host saw it. */
export interface SeenRequest {
  range: string | null;
  ifRange: string | null;
  cache: string | undefined;
}

/** How the host answers one request; `body` is the whole file. */
export type Behaviour = (
  body: Uint8Array<ArrayBuffer>,
  seen: SeenRequest,
  signal: AbortSignal | undefined,
) => Response | Promise<Response>;

/** Bytes that depend on the seed only. */
export function seededBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** SHA-256 of the bytes, lower-case hexadecimal. */
export const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A remote file whose checksum and size are those of the bytes. */
export const fileOf = (bytes: Uint8Array, label = 'weights test'): RemoteFile => ({
  label,
  url: 'https://site.test/model.onnx',
  sizeBytes: bytes.byteLength,
  sha256: hashOf(bytes),
});

/** Ports over a host that follows its script, request by request, and behaves well afterwards. */
export function createFaultyHost(
  body: Uint8Array<ArrayBuffer>,
  script: Behaviour[] = [],
  store: ByteStore = createMemoryStore(),
  line: Line = createStillLine(),
) {
  const seen: SeenRequest[] = [];
  const waits: number[] = [];
  const ports: DownloadPorts = {
    fetch(_url, init) {
      const headers = new Headers(init.headers);
      const request = { range: headers.get('range'), ifRange: headers.get('if-range'), cache: init.cache };
      const behaviour = script[seen.length] ?? wellBehaved;
      seen.push(request);
      try {
        return Promise.resolve(behaviour(body, request, init.signal ?? undefined));
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
    store,
    sha256: sha256Hex,
    wait(delayMs) {
      waits.push(delayMs);
      return Promise.resolve();
    },
    line,
  };
  return { ports, seen, waits, store };
}

const ETAG = '"v1"';

/** Answers ranges with 206 as a good host does. */
export const wellBehaved = ((body, seen) => {
  const from = Number(/^bytes=(\d+)-/.exec(seen.range ?? '')?.[1] ?? 0);
  if (from === 0) return new Response(streamOf(body), { headers: { etag: ETAG } });
  const headers = { etag: ETAG, 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` };
  return new Response(streamOf(body.subarray(from)), { status: 206, headers });
}) satisfies Behaviour;

/** Sends as a good host would, but the line breaks after this many bytes of the answer. */
export const cutAfter = (bytes: number): Behaviour =>
  edited((part) => streamOf(part.subarray(0, bytes), new TypeError('network error')));

/** The body ends early without an error. */
export const truncateTo = (bytes: number): Behaviour => edited((part) => streamOf(part.subarray(0, bytes)));

/** One bit of the answer is wrong. */
export const flipByte = (at: number): Behaviour =>
  edited((part) => {
    const damaged = part.slice();
    if (damaged.length > 0) damaged[at % damaged.length] ^= 1;
    return streamOf(damaged);
  });

/** More bytes come than the file has. */
export const tooLong: Behaviour = edited((part) => streamOf(Uint8Array.of(...part, 1, 2, 3)));

/** An answer with this status and no file. */
export const status =
  (code: number): Behaviour =>
  () =>
    new Response('no', { status: code });

/** No answer at all. */
export const unreachable: Behaviour = () => {
  throw new TypeError('Failed to fetch');
};

/** A host that knows no ranges: always the whole file. */
export const ignoresRanges: Behaviour = (body) => new Response(streamOf(body), { headers: { etag: ETAG } });

/** No answer, and no error either. */
export const silent: Behaviour = () => new Promise<Response>(() => undefined);

/** Sends this much and then nothing more until the download is called off. */
export const stallAfter =
  (bytes: number): Behaviour =>
  (body, _seen, signal) =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(body.slice(0, bytes));
          signal?.addEventListener('abort', () => controller.error(signal.reason));
        },
      }),
      { headers: { etag: ETAG } },
    );

/** A body that comes byte for byte right, but in drops with pauses between them. */
export const slow: Behaviour = (body, seen) => {
  const good = wellBehaved(body, seen);
  const from = Number(/^bytes=(\d+)-/.exec(seen.range ?? '')?.[1] ?? 0);
  let at = from;
  const drops = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise(setImmediate);
      if (at >= body.length) controller.close();
      else controller.enqueue(body.slice(at, (at += 7)));
    },
  });
  return new Response(drops, { status: good.status, headers: good.headers });
};

/** A redirect that nobody followed: browsers and Node do that themselves unless told not to. */
export const redirect: Behaviour = () =>
  new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/model.onnx' } });

/** A redirect that was followed to a page of words, as captive portals do. */
export const portal: Behaviour = () =>
  new Response('<!doctype html><title>Sign in to the network</title>', { headers: { etag: '"page"' } });

/** Fewer bytes than the file has, under the right headers, as if that were all. */
export const wrongLength = (missing: number): Behaviour =>
  edited((part) => streamOf(part.subarray(0, Math.max(0, part.length - 1 - (missing % 50)))));

/** The host undoes the gzip on the way: what comes is the unpacked file, ranges ignored. */
export const gzipUndone = (unpacked: Uint8Array): Behaviour => {
  return () => new Response(streamOf(unpacked), { headers: { 'content-encoding': 'gzip' } });
};

function edited(edit: (part: Uint8Array<ArrayBuffer>) => ReadableStream<Uint8Array>): Behaviour {
  return (body, seen) => {
    const from = Number(/^bytes=(\d+)-/.exec(seen.range ?? '')?.[1] ?? 0);
    const good = wellBehaved(body, seen);
    return new Response(edit(body.slice(from)), { status: good.status, headers: good.headers });
  };
}

/** A body in chunks of at most 100 bytes, ended by the error if there is one. */
function streamOf(bytes: Uint8Array, error?: Error): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) {
        controller.enqueue(bytes.slice(at, at + 100));
        at += 100;
      } else if (error) controller.error(error);
      else controller.close();
    },
  });
}
