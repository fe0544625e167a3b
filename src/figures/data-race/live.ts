/** The race with an engine: loads network and drawings, runs what is missing, turns what comes back into state. */
import { asThawError, isThawError } from '../../engine/errors.ts';
import { fetchCatalogue } from '../../engine/registry/catalogue.ts';
import { sharedRuntime } from '../../engine/runtime/browser.ts';
import type { LoadedModel, LoadStage } from '../../engine/runtime/types.ts';
import { runRace } from '../../labs/data-race/race.ts';
import type { DrawingSheet } from '../../labs/few-shot/read-pictures.ts';
import { t } from '../../site/strings.ts';
import { fetchDrawings } from '../../labs/few-shot/fetch-drawings.ts';
import { formatPercent } from '../kit/format.ts';
import { estimateSecondsLeft } from '../kit/progress.ts';
import type { RaceData } from './data.ts';
import { pendingEntries, withRun, type RaceState } from './model.ts';
import { describeEntry } from './view.ts';

/** What the live part needs from its element. */
export interface RaceHost {
  data: RaceData;
  signal: AbortSignal;
  read: () => RaceState;
  update: (change: Partial<RaceState>) => void;
  announce: (text: string) => void;
}

export interface LiveRace {
  /** Loads what is missing and runs the trainings that are pending, until none is left or somebody stops it. */
  run: () => Promise<void>;
  /** Calls off the download, or the race after the step that is being taken. */
  stop: () => void;
}

/** The live part of one race. Rejects with a ThawError while its catalogue cannot be fetched. */
export async function openRace(host: RaceHost): Promise<LiveRace> {
  const { data, read, update } = host;
  const catalogue = await fetchCatalogue(data.catalogue);
  const runtime = sharedRuntime(catalogue, import.meta.env.BASE_URL);
  let job: AbortController | undefined;
  let loaded: { model: LoadedModel; sheet: DrawingSheet } | undefined;

  return { run, stop: () => job?.abort() };

  async function run(): Promise<void> {
    job?.abort();
    const mine = new AbortController();
    job = mine;
    const signal = AbortSignal.any([mine.signal, host.signal]);
    try {
      loaded ??= await load(signal);
      update({ status: 'running', progress: undefined, downloadBytes: 0, backend: backendOf(loaded.model) });
      await race(loaded, signal);
      update({ status: 'ready', now: undefined });
      host.announce(t('race.announceEnd'));
    } catch (error) {
      if (job !== mine) return;
      if (isThawError(error, 'cancelled') || signal.aborted) {
        update({ status: read().isPrecomputed ? 'idle' : 'ready', progress: undefined, now: undefined });
        return;
      }
      const { message, advice } = asThawError(error, {
        code: 'run-failed',
        message: t('race.unexpected'),
        advice: t('race.unexpectedAdvice'),
      });
      update({ status: 'failed', progress: undefined, now: undefined, problem: { message, advice } });
      host.announce(message);
    }
  }

  async function load(signal: AbortSignal): Promise<{ model: LoadedModel; sheet: DrawingSheet }> {
    const startedAt = performance.now();
    let stage: LoadStage = 'download';
    const show = (receivedBytes: number, totalBytes: number) => {
      const isComing = receivedBytes < totalBytes;
      const secondsLeft = estimateSecondsLeft(receivedBytes, totalBytes, performance.now() - startedAt);
      const label = isComing
        ? t('progress.download', { model: read().network.id })
        : t(stage === 'start' ? 'progress.start' : 'progress.session');
      const left = secondsLeft !== undefined && isComing ? { secondsLeft } : {};
      update({ progress: { label, receivedBytes, totalBytes, ...left } });
    };
    const drawings = fetchDrawings(data.drawings, signal);
    // Awaited below; until then its failure has been seen to
    drawings.catch(() => undefined);
    const model = await runtime.load(read().network.id, {
      ...{ signal, onlyTrains: true },
      onProgress: ({ receivedBytes, totalBytes }) => show(receivedBytes, totalBytes),
      onStage: (next) => {
        stage = next;
      },
    });
    return { model, sheet: await drawings };
  }

  /** The choice may change while a training runs, so what is pending is asked again after each. */
  async function race({ model, sheet }: NonNullable<typeof loaded>, signal: AbortSignal): Promise<void> {
    for (let [entry] = pendingEntries(read()); entry as unknown; [entry] = pendingEntries(read())) {
      update({ now: { entry, step: 0, steps: 0 } });
      const events = runRace({ model, network: read().network, sheet, entries: [entry], signal });
      for await (const event of events) {
        if (event.kind === 'run') {
          update(withRun(read(), event.run));
          const { correct, asked } = event.run;
          host.announce(
            t('race.announceRun', { ...describeEntry(entry), share: formatPercent(correct / asked, 0) }),
          );
        } else if (event.kind === 'step') update({ now: { entry, step: event.step, steps: event.steps } });
      }
    }
  }
}

/** Backend and threads: `WebAssembly · 2 threads`. */
function backendOf({ report: { backend, threads } }: LoadedModel): string {
  if (backend === 'webgpu') return t('backend.webgpu');
  const name = t('backend.wasm');
  return threads === 1
    ? t('backend.thread', { backend: name })
    : t('backend.threads', { backend: name, count: threads });
}
