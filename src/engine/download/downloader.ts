import { download, type DownloadOptions, type DownloadPorts, type RemoteFile } from './download.ts';
import { createSharedWork } from './shared-work.ts';

/** Downloads files, sharing one download among everybody who wants the same file at the same time. */
export interface Downloader {
  /** As `download`; the shared download stops only when all who wait for it have aborted. */
  get: (file: RemoteFile, options?: DownloadOptions) => Promise<Uint8Array<ArrayBuffer>>;
  readonly isStorageRefused: boolean;
}

/** A downloader over these ports. */
export function createDownloader(ports: DownloadPorts): Downloader {
  const work = createSharedWork<number, Uint8Array<ArrayBuffer>>('The download');
  return {
    get isStorageRefused() {
      return ports.store.isRefused;
    },
    get: (file, { signal, onProgress } = {}) =>
      work.join(
        `${file.label} ${file.sha256}`,
        (emit, shared) => download(file, ports, { signal: shared, onProgress: emit }),
        { signal, onEvent: onProgress },
      ),
  };
}
