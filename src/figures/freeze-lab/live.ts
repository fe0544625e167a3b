/**
 * The lab with an engine: fetches network and drawings, trains in the page's worker, turns what happens into state. One run at a time.
 * Loaded only when the reader starts something.
 */
import { asThawError, isThawError } from '../../engine/errors.ts';
import { fetchCatalogue } from '../../engine/registry/catalogue.ts';
import { sharedRuntime } from '../../engine/runtime/browser.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { RunningTraining, SteerAction, StepReport } from '../../engine/trainer/types.ts';
import { readPixels } from '../../data/picture/browser-decoder.ts';
import { accuracyOf } from '../../labs/few-shot/accuracy.ts';
import { parseDrawingIndex } from '../../labs/few-shot/drawings.ts';
import type { DrawingSheet } from '../../labs/few-shot/read-pictures.ts';
import { runLab, type RunEvent } from '../../labs/freeze-lab/run.ts';
import { addRun, letterOf, median } from '../../labs/freeze-lab/run-log.ts';
import { drawTask } from '../../labs/freeze-lab/task.ts';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { estimateSecondsLeft } from '../kit/progress.ts';
import type { LabData } from './data.ts';
import type { FreezeState, RunNow } from './model.ts';

/** What the live part needs from its element. */
export interface LiveHost {
  data: LabData;
  signal: AbortSignal;
  read: () => FreezeState;
  update: (change: Partial<FreezeState>) => void;
  announce: (text: string) => void;
}

/** A step of the head takes half a millisecond: the drawing follows no more often than this. */
const drawEveryMs = 60;

const modelId = 'resnet-mixed';

/** The live part of one lab. */
export class FreezeLive {
  readonly #host: LiveHost;
  #job: AbortController | undefined;
  #loaded: { model: LoadedModel; backend: FreezeState['backend'] } | undefined;
  #sheet: Promise<DrawingSheet> | undefined;
  #training: RunningTraining | undefined;
  #file: Uint8Array<ArrayBuffer> | undefined;
  /** What steps have told since the last drawing. */
  #pending: RunNow | undefined;
  #timer = 0;

  constructor(host: LiveHost) {
    this.#host = host;
  }

  /** The ONNX file of the last run that ended. */
  get file(): Uint8Array<ArrayBuffer> | undefined {
    return this.#file;
  }

  /** Loads what is missing and trains as the settings say. */
  async run(): Promise<void> {
    this.#job?.abort();
    const job = new AbortController();
    this.#job = job;
    const signal = AbortSignal.any([job.signal, this.#host.signal]);
    const { update, read } = this.#host;
    const before = read();
    update({ status: 'loading', problem: undefined, notice: undefined, run: undefined });
    try {
      const model = await this.#load(before.backend, signal);
      const sheet = await this.#drawings();
      signal.throwIfAborted();
      await this.#train(model, sheet, signal);
    } catch (error) {
      if (this.#job !== job) return;
      this.#fail(error, signal);
    } finally {
      await this.#training?.close().catch(() => undefined);
      this.#training = undefined;
    }
  }

  /** Calls off the download or the run; what it had learnt is gone. */
  cancel(): void {
    this.#job?.abort();
  }

  /** Pauses before the next step, lets one pass, or goes on. */
  async steer(action: SteerAction): Promise<void> {
    const { run } = this.#host.read();
    if (!run || !this.#training) return;
    this.#now({ isPaused: action !== 'resume' });
    this.#flush();
    await this.#training.steer(action);
  }

  async #train(model: LoadedModel, sheet: DrawingSheet, signal: AbortSignal): Promise<void> {
    const { update, read } = this.#host;
    const { settings, network, count } = read();
    const task = drawTask(sheet.index, settings.task);
    const run: RunNow = {
      ...{ settings, step: 0, steps: 0, losses: [], accuracies: [], layers: {}, stepMs: [] },
      ...{
        cachedBytes: 0,
        isPaused: false,
        phase: 0,
        trainableParameters: 0,
        stepMacs: count?.stepMacs ?? 0,
      },
    };
    update({ status: 'running', progress: undefined, downloadBytes: 0, classes: task.names, run });
    const startedAt = performance.now();
    for await (const event of runLab({ model, network, sheet, task, settings, signal })) {
      if (event.kind === 'finished') this.#finish(event, performance.now() - startedAt);
      else this.#follow(event);
    }
  }

  #follow(event: Exclude<RunEvent, { kind: 'finished' }>): void {
    if (event.kind === 'opened') {
      this.#training = event.training;
      this.#now({ steps: event.training.steps });
    } else if (event.kind === 'phase') {
      const { phase, nodes, cachedBytes, trainableParameters } = event.facts;
      this.#now({ phase, nodes, cachedBytes, trainableParameters });
    } else this.#step(event.report);
  }

  #step(report: StepReport): void {
    const run = this.#pending ?? this.#host.read().run;
    if (!run) return;
    const { step, steps, loss, elapsedMs, layers, heldOut } = report;
    this.#now({
      ...{ step, steps, losses: [...run.losses, loss], stepMs: [...run.stepMs, elapsedMs] },
      layers: { ...run.layers, ...Object.fromEntries(layers.map((layer) => [layer.id, layer])) },
      ...(heldOut && {
        accuracies: [...run.accuracies, { step, accuracy: accuracyOf(heldOut.correct, heldOut.count) }],
      }),
    });
  }

  #finish({ end, changes, file }: Extract<RunEvent, { kind: 'finished' }>, totalMs: number): void {
    this.#flush();
    const { update, read, announce } = this.#host;
    const { run, log, where = '' } = read();
    if (!run) return;
    this.#file = file;
    const letter = letterOf(log.count);
    const { settings, losses, accuracies, stepMs, cachedBytes, nodes, trainableParameters, stepMacs } = run;
    const result = {
      ...{ end: end.kind, steps: run.step, losses, accuracies, cachedBytes, changes, totalMs },
      ...{ stepMs: median(stepMs), backend: where },
      ...{ trainableParameters, stepMacs },
      backwardNodes: nodes?.backward ?? 0,
    };
    update({
      status: 'ready',
      run: { ...run, changes, letter },
      log: addRun(log, settings, result),
      problem: end.problem && {
        message: end.problem.message,
        advice: `${end.problem.advice} ${t('freeze.diverged', { step: end.keptStep })}`,
      },
    });
    const last = accuracies.at(-1)?.accuracy;
    const share = formatPercent(last?.share ?? 0, 0);
    announce(end.problem?.message ?? t('freeze.announceEnd', { letter, share, asked: last?.asked ?? 0 }));
  }

  #fail(error: unknown, signal: AbortSignal): void {
    this.#pending = undefined;
    const { update, read, announce } = this.#host;
    const { log, backend } = read();
    if (signal.aborted || isThawError(error, 'cancelled')) {
      update({ status: log.count > 0 ? 'ready' : 'idle', progress: undefined, run: undefined });
      return;
    }
    const words = {
      code: 'run-failed' as const,
      message: t('freeze.failed'),
      advice: t('freeze.failedMore'),
    };
    const { message, advice } = asThawError(error, words);
    // whatever ended the worker, the next run begins with a network of its own
    this.#loaded = undefined;
    update({ status: 'failed', progress: undefined, run: undefined, problem: { message, advice }, backend });
    announce(message);
  }

  async #load(backend: FreezeState['backend'], signal: AbortSignal): Promise<LoadedModel> {
    if (this.#loaded?.backend === backend) return this.#loaded.model;
    const { update, data } = this.#host;
    const startedAt = performance.now();
    const show = (label: string, receivedBytes: number, totalBytes: number) => {
      const secondsLeft = estimateSecondsLeft(receivedBytes, totalBytes, performance.now() - startedAt);
      const isComing = secondsLeft !== undefined && receivedBytes < totalBytes;
      update({ progress: { label, receivedBytes, totalBytes, ...(isComing && { secondsLeft }) } });
    };
    show(t('progress.asking'), 0, Math.max(1, data.downloadBytes));
    const catalogue = await fetchCatalogue(data.catalogue);
    const runtime = sharedRuntime(catalogue, import.meta.env.BASE_URL);
    const model = await runtime.load(modelId, {
      ...{ backend, signal },
      onProgress: ({ receivedBytes, totalBytes }) =>
        show(t('progress.download', { model: modelId }), receivedBytes, totalBytes),
      onStage: (stage) => {
        if (stage !== 'download') show(t(`progress.${stage}`), 1, 1);
      },
    });
    this.#loaded = { model, backend };
    const { backend: runsOn, threads, note } = model.report;
    const name = t(runsOn === 'webgpu' ? 'backend.webgpu' : 'backend.wasm');
    const many = t('backend.threads', { backend: name, count: threads });
    const where = runsOn === 'webgpu' ? name : threads > 1 ? many : t('backend.thread', { backend: name });
    update({ where, notice: note || undefined });
    return model;
  }

  #drawings(): Promise<DrawingSheet> {
    const folder = this.#host.data.sprites;
    this.#sheet ??= (async () => {
      const index = parseDrawingIndex(await (await fetchFile(`${folder}targets.json`)).json());
      const answer = await fetchFile(`${folder}${index.sheet.file}?${index.sheet.sha256.slice(0, 8)}`);
      const bitmap = await createImageBitmap(await answer.blob(), { colorSpaceConversion: 'none' });
      const pixels = readPixels(bitmap, bitmap.width, bitmap.height);
      bitmap.close();
      return { index, pixels };
    })();
    // a failed download must not be remembered
    this.#sheet.catch(() => (this.#sheet = undefined));
    return this.#sheet;
  }

  /** Changes the run; the drawing follows soon. */
  #now(change: Partial<RunNow>): void {
    const run = this.#pending ?? this.#host.read().run;
    if (!run) return;
    this.#pending = { ...run, ...change };
    this.#timer ||= window.setTimeout(() => this.#flush(), drawEveryMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const run = this.#pending;
    this.#pending = undefined;
    if (run) this.#host.update({ run });
  }
}

async function fetchFile(url: string): Promise<Response> {
  const answer = await fetch(url);
  if (answer.ok) return answer;
  throw asThawError(new Error(`${answer.status} ${url}`), {
    code: 'not-found',
    message: t('freeze.sheetLost'),
    advice: t('freeze.failedMore'),
  });
}
