import { ThawError } from '../errors.ts';

/** Whether the bytes begin as a gzip file does (1f 8b). Hosts may have unpacked it on the way. */
export function isGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The unpacked bytes; bytes that are not gzipped are returned as they are. Throws a ThawError 'wrong-bytes' for a damaged file. */
export async function unpackGzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzipped(bytes)) return bytes;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new ThawError(
      {
        code: 'wrong-bytes',
        message: 'A compressed file could not be unpacked.',
        advice: 'Try again; if it happens again, reload the page.',
      },
      { cause },
    );
  }
}
