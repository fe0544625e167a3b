/** The page's side of a reader's network: starts its worker, asks, ends it. */
import { ThawError, cancelledError } from '../../engine/errors.ts';
import type { Answers, FromFileWorker, RequestKind, Requests } from './protocol.ts';

/** A worker as the client sees it. */
export interface FileWorkerPort {
  post: (message: unknown) => void;
  /** `onCrash` reports that the worker did not start or died. */
  listen: (onMessage: (message: FromFileWorker) => void, onCrash: (reason: string) => void) => void;
  terminate: () => void;
}

export interface FileClient {
  /** Rejects with the worker's ThawError, or with 'cancelled' once the client has ended. */
  ask: <K extends RequestKind>(
    kind: K,
    request: Requests[K],
    onProgress?: (receivedBytes: number, totalBytes: number) => void,
  ) => Promise<Answers[K]>;
  /** Ends the worker; open requests reject. */
  end: () => void;
}

interface Pending {
  resolve: (answer: never) => void;
  reject: (error: ThawError) => void;
  onProgress: ((receivedBytes: number, totalBytes: number) => void) | undefined;
}

/** A client over any worker. */
export function openFileClient(port: FileWorkerPort): FileClient {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let ended: ThawError | undefined;

  function end(error: ThawError): void {
    if (ended) return;
    ended = error;
    port.terminate();
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  port.listen(
    (message) => {
      const request = pending.get(message.id);
      if (message.kind === 'progress') {
        request?.onProgress?.(message.receivedBytes, message.totalBytes);
        return;
      }
      pending.delete(message.id);
      if (message.kind === 'done') request?.resolve(message.answer as never);
      else request?.reject(new ThawError(message.error));
    },
    (reason) => end(crashed(reason)),
  );

  return {
    ask<K extends RequestKind>(
      kind: K,
      request: Requests[K],
      onProgress?: Pending['onProgress'],
    ): Promise<Answers[K]> {
      if (ended) return Promise.reject(ended);
      const id = nextId++;
      const answer = new Promise<Answers[K]>((resolve, reject) =>
        pending.set(id, { resolve, reject, onProgress }),
      );
      port.post({ kind, id, ...request });
      return answer;
    },
    end: () => end(cancelledError('The work on this network')),
  };
}

function crashed(reason: string): ThawError {
  return new ThawError({
    code: 'worker-crashed',
    message: 'The part of the page that held your network stopped unexpectedly.',
    advice: 'Choose the file again; networks that need more memory than the device has end like this.',
    details: { reason },
  });
}
