/**
 * What the lenses of language networks do to get their network: the plan of a download, the load with its progress, the one reload for
 * threads, and what is said where it fails.
 */
import { isThawError } from '../../engine/errors.ts';
import type { Catalogue } from '../../engine/registry/catalogue.ts';
import { findModel } from '../../engine/registry/catalogue.ts';
import { wantsIsolation } from '../../engine/runtime/backend.ts';
import { browserCapabilities, sharedRuntime } from '../../engine/runtime/browser.ts';
import type { DownloadProgress, LoadOptions, LoadStage, Runtime } from '../../engine/runtime/types.ts';
import { t } from '../../site/strings.ts';
import { estimateSecondsLeft } from '../kit/progress.ts';
import { reloadsForThreads, takeAfterReload } from '../kit/reload-for-threads.ts';
import { describeProblem } from '../resnet-lens/describe-problem.ts';
import type { RunState } from '../resnet-lens/run-state.ts';
import { storedWeights } from '../resnet-lens/stored-weights.ts';

/** The part of a lens's state that loading reads and changes. */
export type LoadingState = Pick<
  RunState,
  'status' | 'backend' | 'hasWebgpu' | 'isPrecomputed' | 'downloadBytes' | 'progress' | 'problem'
>;

/** What a live part needs from its element. */
export interface LoadingHost {
  /** Under this name the reader's text waits out a reload. */
  key: string;
  signal: AbortSignal;
  read: () => LoadingState;
  update: (change: Partial<LoadingState>) => void;
  announce: (text: string) => void;
}

/** What is loaded, and what must not be lost meanwhile. */
export interface LoadPlan<R> {
  catalogue: Catalogue;
  modelId: string;
  open: (runtime: Runtime, options: LoadOptions) => Promise<R>;
  /** What waits out a reload; plain data. */
  keep: () => unknown;
}

export interface NetworkLoader<R> {
  /** Finds out what is stored and whether there is WebGPU; fetches nothing. */
  plan: () => Promise<void>;
  /** Loads the network; undefined where the page is about to reload. */
  load: (signal: AbortSignal) => Promise<R | undefined>;
  /** Tells what went wrong. `signal`: what the reader called off is no failure. */
  fail: (error: unknown, signal: AbortSignal) => Promise<void>;
  /** What was kept before the page's one reload. */
  takeKept: () => Promise<unknown>;
  /** The weight file that has just arrived; undefined where the browser keeps none. */
  storedFile: () => Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** A loader of one network for one lens. */
export function createLoader<R>(
  host: LoadingHost,
  { catalogue, modelId, open, keep }: LoadPlan<R>,
): NetworkLoader<R> {
  const entry = findModel(catalogue, modelId);
  const runtime = sharedRuntime(catalogue, import.meta.env.BASE_URL);
  return {
    plan,
    load,
    fail,
    takeKept: () => takeAfterReload(host.key),
    storedFile: async () => {
      const file = await storedWeights(entry);
      return file && new Uint8Array(file);
    },
  };

  async function plan(): Promise<void> {
    try {
      const wish = host.read().backend;
      const { remainingBytes } = await runtime.planDownload(modelId, wish);
      const { gpu } = await browserCapabilities(wish === 'webgpu');
      host.update({
        downloadBytes: remainingBytes,
        hasWebgpu: gpu === 'unasked' ? undefined : gpu !== 'none',
      });
    } catch {
      // The same failure will be told, in its own words, when the reader starts the network
    }
  }

  async function fail(error: unknown, signal: AbortSignal): Promise<void> {
    if (isThawError(error, 'cancelled') || signal.aborted) {
      host.update({ status: host.read().isPrecomputed ? 'idle' : 'ready', progress: undefined });
      return;
    }
    const problem = describeProblem(error, host.read(), true);
    host.update({ status: 'failed', progress: undefined, problem });
    host.announce(problem.message);
    // What arrived is kept: the button then states what is left
    await plan();
  }

  async function load(signal: AbortSignal): Promise<R | undefined> {
    const { backend, downloadBytes } = host.read();
    host.update({
      status: 'loading',
      problem: undefined,
      progress: { label: t('progress.asking'), receivedBytes: 0, totalBytes: Math.max(1, downloadBytes) },
    });
    const { backend: chosen } = await runtime.planDownload(modelId, backend);
    if (wantsIsolation(await browserCapabilities(), chosen) && (await reloadsForThreads(host.key, keep())))
      return undefined;
    const startedAt = performance.now();
    let stage: LoadStage = 'download';
    return open(runtime, {
      backend,
      signal,
      onStage: (now) => {
        stage = now;
      },
      onProgress: (progress) => showProgress(progress, stage, performance.now() - startedAt),
    });
  }

  function showProgress(
    { receivedBytes, totalBytes }: DownloadProgress,
    stage: LoadStage,
    elapsedMs: number,
  ): void {
    const isComing = receivedBytes < totalBytes;
    const secondsLeft = estimateSecondsLeft(receivedBytes, totalBytes, elapsedMs);
    const label = isComing
      ? t('progress.download', { model: modelId })
      : stage === 'session'
        ? t('progress.session')
        : t('progress.start');
    host.update({
      progress: {
        label,
        receivedBytes,
        totalBytes,
        ...(secondsLeft !== undefined && isComing && { secondsLeft }),
      },
    });
  }
}

/**
 * Work that is asked for again while it runs: it runs once more with what is wanted then, one at a time. `work` learns whether it has been
 * overtaken. The promise settles when nothing is wanted any more, and never rejects where `fail` does not.
 */
export function newestOnly(
  signal: AbortSignal,
  work: (isStale: () => boolean) => Promise<void>,
  fail: (error: unknown) => Promise<void>,
): () => Promise<void> {
  let isStale = false;
  let running: Promise<void> | undefined;
  return () => {
    isStale = true;
    running ??= rounds().finally(() => (running = undefined));
    return running;
  };

  async function rounds(): Promise<void> {
    try {
      while (isStale && !signal.aborted) {
        isStale = false;
        await work(() => isStale);
      }
    } catch (error) {
      await fail(error);
    }
  }
}
