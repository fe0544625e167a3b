/** A file on disk as a ByteSource, for Node; the browser's is `blobSource`. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource } from './byte-source.ts';
import { checkRange, nameOf } from './byte-source.ts';
import { OnnxError } from './onnx-error.ts';

/** A source that must be closed. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Opens a file on disk for reading ranges. @throws the system's error when there is no such file. */
export async function openFileSource(path: string): Promise<FileSource> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  const source: FileSource = {
    name: basename(path),
    sizeBytes: size,
    async read(offset, length) {
      checkRange(source, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0)
          throw new OnnxError(`${nameOf(source)} became shorter while it was read.`, { byteOffset: offset });
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
  return source;
}
