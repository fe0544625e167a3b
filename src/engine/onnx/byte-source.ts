/** Where bytes come from: a file that the reader dropped, one on disk, or an array. Ranges are read when they are asked for. */
import { OnnxError } from './onnx-error.ts';

/** A file of known size from which ranges can be read, in any order and several at once. */
export interface ByteSource {
  /** The file's name, for sentences; '' when it has none. */
  readonly name: string;
  readonly sizeBytes: number;
  /**
   * The bytes from `offset` to `offset + length`, exactly that many.
   * @throws OnnxError when the range does not lie within the file or the file cannot be read any more.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over bytes in memory; ranges are views of them. */
export function bytesSource(bytes: Uint8Array, name = ''): ByteSource {
  return {
    name,
    sizeBytes: bytes.length,
    // async: a range that does not exist is a rejected promise, as in every source
    async read(offset, length) {
      checkRange(this, offset, length);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}

/** A source over a Blob or File, in a browser or from Node's `openAsBlob`. */
export function blobSource(blob: Blob, name = 'name' in blob ? String(blob.name) : ''): ByteSource {
  return {
    name,
    sizeBytes: blob.size,
    async read(offset, length) {
      checkRange(this, offset, length);
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        // the browser only keeps a reference: the file may have been changed, moved or deleted since it was chosen
        throw new OnnxError(
          `${nameOf(this)} can no longer be read: it was changed or moved since it was opened.`,
          {
            byteOffset: offset,
            advice: 'Choose the file again.',
            cause,
          },
        );
      }
    },
  };
}

/** The file's name in quotation marks, or "The file": to begin a sentence with. */
export function nameOf({ name }: Pick<ByteSource, 'name'>): string {
  return name === '' ? 'The file' : `"${name}"`;
}

/** @throws OnnxError when a range does not lie within a source. */
export function checkRange(source: ByteSource, offset: number, length: number): void {
  const isWhole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (isWhole && offset >= 0 && length >= 0 && offset + length <= source.sizeBytes) return;
  throw new OnnxError(
    `${nameOf(source)} is ${source.sizeBytes} bytes long; ${length} bytes from byte ${offset} on do not lie within it.`,
    { byteOffset: offset },
  );
}
