/**
 * The lens with an engine: loads the network, reads texts, turns what comes back into state. Loaded only when the reader reaches for it.
 * While one text is read, newer ones wait; the newest wins.
 */
import { isThawError } from '../../engine/errors.ts';
import { fetchCatalogue, findModel } from '../../engine/registry/catalogue.ts';
import { wantsIsolation } from '../../engine/runtime/backend.ts';
import { browserCapabilities, sharedRuntime } from '../../engine/runtime/browser.ts';
import type { DownloadProgress, LoadStage } from '../../engine/runtime/types.ts';
import { describeEncoder } from '../../labs/bert-lens/encoder.ts';
import { keepAcrossReload, requestIsolation, takeKept } from '../../site/isolation/client.ts';
import { t } from '../../site/strings.ts';
import { formatMilliseconds, formatPercent } from '../kit/format.ts';
import { estimateSecondsLeft } from '../kit/progress.ts';
import { describeProblem } from '../resnet-lens/describe-problem.ts';
import { forgetResume, markResume } from '../resnet-lens/resume-flag.ts';
import { storedWeights } from '../resnet-lens/stored-weights.ts';
import type { BertData } from './data.ts';
import type { BertState } from './model.ts';
import { openReader, type LensReader } from '../../labs/bert-lens/reader.ts';

/** What the live part needs from its element. */
export interface LiveHost {
  data: BertData;
  /** Under this name the reader's sentences wait out a reload. */
  key: string;
  signal: AbortSignal;
  read: () => BertState;
  update: (change: Partial<BertState>) => void;
  announce: (text: string) => void;
}

export interface BertLive {
  /** Finds out what is stored and whether there is WebGPU; fetches nothing. */
  plan: () => Promise<void>;
  /** Loads the network if needed and reads the text. */
  run: () => Promise<void>;
  /** Reads what stands in the fields now. */
  refresh: () => Promise<void>;
  /** Calls off the download. */
  cancel: () => void;
  /** Goes on after the page's one reload. */
  resume: () => Promise<void>;
}

/** The live part of one lens. Rejects with a ThawError while its catalogue cannot be fetched. */
export async function openBert(host: LiveHost): Promise<BertLive> {
  const catalogue = await fetchCatalogue(host.data.download.catalogue);
  const modelId = host.data.frame.encoder.id;
  const entry = findModel(catalogue, modelId);
  const runtime = sharedRuntime(catalogue, import.meta.env.BASE_URL);
  let job: AbortController | undefined;
  let loaded: { reader: LensReader; backend: BertState['backend'] } | undefined;
  let isReading = false;
  let isStale = false;

  return {
    plan,
    run,
    refresh,
    cancel: () => job?.abort(),
    resume: async () => {
      forgetResume();
      const kept = (await takeKept(host.key)) as Pick<BertState, 'text' | 'other' | 'hidden'> | undefined;
      if (!kept) return;
      host.update({ ...kept, place: -1, from: -1 });
      await run();
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

  async function run(): Promise<void> {
    job?.abort();
    const mine = new AbortController();
    job = mine;
    try {
      if (loaded?.backend !== host.read().backend) {
        if (!(await load(AbortSignal.any([mine.signal, host.signal])))) return;
        await refresh();
      }
      // The first run also fills caches; the second tells how long a text takes
      loaded?.reader.forget();
      await refresh();
    } catch (error) {
      if (job === mine) await fail(error, mine.signal);
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

  /** Loads the network; false where the page is about to reload. */
  async function load(signal: AbortSignal): Promise<boolean> {
    const { backend, downloadBytes } = host.read();
    host.update({
      status: 'loading',
      problem: undefined,
      progress: { label: t('progress.asking'), receivedBytes: 0, totalBytes: Math.max(1, downloadBytes) },
    });
    const { backend: chosen } = await runtime.planDownload(modelId, backend);
    if (wantsIsolation(await browserCapabilities(), chosen) && (await reloadsForThreads())) return false;
    const startedAt = performance.now();
    let stage: LoadStage = 'download';
    const reader = await openReader(runtime, host.data.frame.encoder, {
      backend,
      signal,
      onStage: (now) => {
        stage = now;
      },
      onProgress: (progress) => showProgress(progress, stage, performance.now() - startedAt),
    });
    loaded = { reader, backend };
    await followFile(reader);
    host.update({ status: 'running', progress: undefined });
    return true;
  }

  async function refresh(): Promise<void> {
    isStale = true;
    if (isReading || !loaded) return;
    isReading = true;
    try {
      while (isStale && !host.signal.aborted) {
        isStale = false;
        await readOnce(loaded.reader);
      }
    } catch (error) {
      await fail(error, host.signal);
    } finally {
      isReading = false;
    }
  }

  async function readOnce(reader: LensReader): Promise<void> {
    const { text, other, hidden, place, from } = host.read();
    if (host.read().status === 'ready') host.update({ status: 'running' });
    const { reading, report } = await reader.read({ text, other, hidden, place });
    const wanted = host.read();
    // Typed on meanwhile: the next round draws
    if (isStale && wanted.text !== text) return;
    host.update({
      status: 'ready',
      isPrecomputed: false,
      progress: undefined,
      problem: undefined,
      downloadBytes: 0,
      report: { ...report, storageRefused: reader.storageRefused },
      reading,
      place: reading.guess.place,
      from: from < 0 || wanted.from < 0 ? reading.guess.place : wanted.from,
      cell: undefined,
      depth: Math.min(wanted.depth, wanted.encoder.layers),
    });
    const [best] = reading.guess.depths.at(-1) ?? [];
    host.announce(
      t('bert.announceRun', {
        piece: reading.tokens[reading.guess.place].piece,
        best: best?.piece ?? '',
        share: formatPercent(best?.probability ?? 0),
        time: formatMilliseconds(report.elapsedMs),
      }),
    );
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

  /** Draws what the file that just arrived says, should it differ from what the build read. */
  async function followFile(reader: LensReader): Promise<void> {
    const file = await storedWeights(entry);
    if (!file) return;
    const encoder = describeEncoder(new Uint8Array(file), modelId, host.data.frame.encoder.title);
    if (JSON.stringify(encoder) === JSON.stringify(reader.encoder)) return;
    reader.encoder = encoder;
    host.update({ encoder, notice: t('bert.differs') });
  }

  /** Threads need one reload on hosts that send no isolation headers; the sentences and the intention survive it. */
  async function reloadsForThreads(): Promise<boolean> {
    const { text, other, hidden } = host.read();
    if (!(await keepAcrossReload(host.key, { text, other, hidden })) || !markResume()) return false;
    if ((await requestIsolation()) === 'reloading') return true;
    forgetResume();
    await takeKept(host.key);
    return false;
  }
}
