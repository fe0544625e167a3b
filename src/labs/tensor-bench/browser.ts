/** The bench in a page: one worker that runs cells one after the other and can be ended at any time. */
import { startConfinedWorker } from '../../engine/runtime/confined-worker.ts';
import type { BenchAnswer, BenchRequest, BenchRun } from './bench.ts';
import workerUrl from './worker.ts?worker&url';

/** A run that takes longer is ended: steps and sizes are limited, and this is the limit of everything else. */
const longestMs = 15_000;

/** Why a run gave nothing. */
export type Stopped = 'cancelled' | 'too-long' | 'crashed';

/** Cells run through this; life cycle: no worker → (run) → worker → (end, crash) → no worker. */
export interface BenchDoor {
  /** What the cell did, or why it gave nothing. After anything but an answer the next run starts without names. */
  run: (code: string) => Promise<BenchRun | Stopped>;
  /** Ends what runs. */
  cancel: () => void;
  /** Forgets all names before the next run. */
  restart: () => void;
  /** Whether the next run starts without names. */
  isFresh: () => boolean;
}

/** Opens the door. The worker is started by the first run and ends with the signal. */
export function openBench(signal: AbortSignal): BenchDoor {
  let worker: Worker | undefined;
  let [isFresh, number] = [true, 0];
  let settle: ((answer: BenchRun | Stopped) => void) | undefined;

  const end = (why: Stopped): void => {
    worker?.terminate();
    worker = undefined;
    isFresh = true;
    settle?.(why);
    settle = undefined;
  };
  signal.addEventListener('abort', () => end('cancelled'));

  return {
    run: (code) =>
      new Promise((resolve) => {
        worker ??= startConfinedWorker(new URL(workerUrl, location.href).href, { name: 'thaw-tensor-bench' });
        const own = worker;
        const request: BenchRequest = { number: ++number, code, isFresh };
        isFresh = false;
        const timer = setTimeout(() => end('too-long'), longestMs);
        settle = (answer) => {
          clearTimeout(timer);
          resolve(answer);
        };
        own.onmessage = ({ data }: MessageEvent<BenchAnswer>) => {
          if (data.number === number) settle?.(data.run);
        };
        own.onerror = (event) => {
          event.preventDefault();
          end('crashed');
        };
        own.postMessage(request);
      }),
    cancel: () => end('cancelled'),
    restart: () => {
      isFresh = true;
    },
    isFresh: () => isFresh,
  };
}
