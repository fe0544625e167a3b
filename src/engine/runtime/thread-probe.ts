/**
 * Measures whether threads help now. Two threads took 0.54–0.62 of one thread's time on free cores and 1.1–1.6 of it when
 * another program kept a core busy, so the number of cores alone says too little.
 */

/** Runs a fixed piece of arithmetic in a thread of its own; resolves to the milliseconds that it took there. */
export type SpinThread = () => Promise<number>;

/** More threads than this gain little on networks of this size. */
const MAX_THREADS = 4;

/** At this slowdown against running alone, `n` threads still finish well before one thread would. */
const MAX_SLOWDOWN = 1.35;

/**
 * The number of threads to use, 1 or more: the largest of 4 and 2 at which the threads do not hold each other up.
 * Takes some tens of milliseconds. `spin` is called alone, then for all threads at once, each twice: another program may let the first pass.
 */
export async function chooseThreads(cores: number, isIsolated: boolean, spin: SpinThread): Promise<number> {
  if (!isIsolated || cores < 2) return 1;
  try {
    const aloneMs = Math.min(await spin(), await spin());
    for (let threads = Math.min(MAX_THREADS, cores); threads >= 2; threads = Math.floor(threads / 2)) {
      let slowestMs = 0;
      for (let round = 0; round < 2; round++)
        slowestMs = Math.max(slowestMs, ...(await Promise.all(Array.from({ length: threads }, spin))));
      if (slowestMs <= aloneMs * MAX_SLOWDOWN) return threads;
    }
  } catch {
    // No nested workers here: one thread always works.
  }
  return 1;
}

/** The threads that a worker gives its kernels: as wished, or as many as help now; one where the page is not isolated. */
export async function threadsToUse(
  wish: number | 'measure',
  { crossOriginIsolated, navigator }: Pick<WorkerGlobalScope, 'crossOriginIsolated' | 'navigator'>,
): Promise<number> {
  if (wish !== 'measure') return crossOriginIsolated ? wish : 1;
  const threads = createSpinThreads();
  try {
    return await chooseThreads(navigator.hardwareConcurrency, crossOriginIsolated, threads.spin);
  } finally {
    threads.stop();
  }
}

/**
 * The arithmetic, timed: about 10 ms on a fast core. Whole numbers, since a remainder of floats is a slow call; rounds that are not
 * timed come first, so that no compiling is. As text, because it runs in a worker made from a blob.
 */
const SPIN_SOURCE = `
const spin = (x) => {
  for (let i = 0; i < 1e5; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
};
onmessage = () => {
  let x = 1;
  for (let round = 0; round < 20; round++) x = spin(x);
  const startedAt = performance.now();
  for (let round = 0; round < 100; round++) x = spin(x);
  postMessage({ elapsedMs: performance.now() - startedAt, x });
};`;

/** Threads for `chooseThreads` in a browser, kept until `stop` so that their start is not measured. */
export function createSpinThreads(): { spin: SpinThread; stop: () => void } {
  const url = URL.createObjectURL(new Blob([SPIN_SOURCE], { type: 'text/javascript' }));
  const idle: Worker[] = [];
  const all: Worker[] = [];
  return {
    spin: () =>
      new Promise((resolve, reject) => {
        const worker = idle.pop() ?? new Worker(url);
        if (!all.includes(worker)) all.push(worker);
        worker.onmessage = (event: MessageEvent<{ elapsedMs: number }>) => {
          idle.push(worker);
          resolve(event.data.elapsedMs);
        };
        worker.onerror = () => reject(new Error('a probing thread did not start'));
        worker.postMessage(null);
      }),
    stop() {
      for (const worker of all) worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
