import { ThawError } from '../errors.ts';
import { rejectOnAbort } from '../download/shared-work.ts';
import type { TrainingAnswer, TrainingEnd, TrainingNews } from '../trainer/types.ts';
import type {
  Answer,
  FromWorker,
  Loaded,
  LoadEvent,
  LoadRequest,
  OpenedTraining,
  Ran,
  RunRequest,
  StartMessage,
  ToWorker,
  TrainingRequest,
  WrittenTraining,
} from './protocol.ts';

/** A worker as the client sees it. */
export interface WorkerPort {
  post: (message: ToWorker) => void;
  /** Called once, before the first post. `onCrash` reports that the worker did not start or died. */
  listen: (onMessage: (message: FromWorker) => void, onCrash: (reason: string) => void) => void;
  terminate: () => void;
}

/** A request without its id, which the connection gives. */
type Unsent<T> = T extends { id: number } ? Omit<T, 'id'> : never;
type Request =
  Unsent<LoadRequest> | Unsent<RunRequest> | Unsent<TrainingRequest> | { kind: 'release'; handle: number };
interface Answers {
  load: Loaded;
  run: Ran;
  release: null;
  'open-training': OpenedTraining;
  'drive-training': TrainingEnd;
  'steer-training': null;
  'ask-training': TrainingAnswer;
  'write-training': WrittenTraining;
  'close-training': null;
}
type AnswerTo<R extends Request> = Answers[R['kind']];

interface Pending {
  resolve: (answer: Answer) => void;
  reject: (error: ThawError) => void;
  onEvent: ((event: LoadEvent) => void) | undefined;
  onNews: ((news: TrainingNews) => void) | undefined;
}

/** One worker's life, from start to crash or close; a new worker needs a new connection. */
export interface Connection {
  readonly isAlive: boolean;
  /** Why the worker ended; undefined while it lives. */
  readonly endedBy: ThawError | undefined;
  /** Sends a request; rejects with the worker's ThawError, at once with 'cancelled' when the signal aborts. */
  request: <R extends Request>(
    request: R,
    options?: {
      signal?: AbortSignal | undefined;
      onEvent?: ((event: LoadEvent) => void) | undefined;
      onNews?: ((news: TrainingNews) => void) | undefined;
    },
  ) => Promise<AnswerTo<R>>;
  /** Ends the worker; open requests reject with this error. */
  close: (error: ThawError) => void;
}

/** Starts talking to a new worker. */
export function openConnection(port: WorkerPort, start: Omit<StartMessage, 'kind'>): Connection {
  const pending = new Map<number, Pending>();
  /** Messages that wait for the worker's script to run; undefined once it does. */
  let waiting: ToWorker[] | undefined = [];
  /** Why the connection ended; undefined while it lives. */
  let ended: ThawError | undefined;
  let nextId = 1;

  function close(error: ThawError): void {
    if (ended) return;
    ended = error;
    port.terminate();
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  function post(message: ToWorker): void {
    if (waiting) waiting.push(message);
    else port.post(message);
  }

  function receive(message: FromWorker): void {
    if (message.kind === 'ready') {
      const held = waiting ?? [];
      waiting = undefined;
      for (const early of held) port.post(early);
      return;
    }
    const request = pending.get(message.id);
    if (message.kind === 'progress' || message.kind === 'stage') {
      request?.onEvent?.(message);
      return;
    }
    if (message.kind === 'trained') {
      request?.onNews?.(message.news);
      return;
    }
    pending.delete(message.id);
    if (message.kind === 'done') {
      request?.resolve(message.answer);
      return;
    }
    request?.reject(new ThawError(message.error));
    if (message.fatal) close(crashed(message.error.message));
  }

  port.listen(receive, (reason) => close(waiting ? notStarted(reason) : crashed(reason)));
  post({ kind: 'start', ...start });

  return {
    get isAlive() {
      return ended === undefined;
    },
    get endedBy() {
      return ended;
    },
    close,
    async request<R extends Request>(
      request: R,
      { signal, onEvent, onNews }: Parameters<Connection['request']>[1] = {},
    ): Promise<AnswerTo<R>> {
      const name = request.kind === 'run' ? 'The run' : request.kind === 'load' ? 'Loading' : 'The training';
      if (ended) throw ended;
      const abort = rejectOnAbort(name, signal);
      const id = nextId++;
      const answer = new Promise<Answer>((resolve, reject) =>
        pending.set(id, { resolve, reject, onEvent, onNews }),
      );
      if (!signal?.aborted) post({ ...request, id });
      const cancel = () => post({ kind: 'cancel', id });
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return (await Promise.race([answer, abort.promise])) as AnswerTo<R>;
      } finally {
        signal?.removeEventListener('abort', cancel);
        abort.release();
        pending.delete(id);
      }
    },
  };
}

function crashed(reason: string): ThawError {
  return new ThawError({
    code: 'worker-crashed',
    message: 'The part of the page that runs networks stopped unexpectedly.',
    advice: 'Run again: it starts anew by itself.',
    details: { reason },
  });
}

function notStarted(reason: string): ThawError {
  return new ThawError({
    code: 'worker-crashed',
    message: 'The part of the page that runs networks did not start.',
    advice: 'Check the connection and try again; if the site was just updated, reload the page.',
    details: { reason },
  });
}
