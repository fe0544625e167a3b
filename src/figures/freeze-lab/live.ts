/**
 * The lab with an engine: fetches network and drawings, trains in the page's worker, turns what happens into state. One run at a time.
 * Loaded only when the reader starts something.
 */
import { asThawError, isThawError } from '../../engine/errors.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { Checkpoint } from '../../engine/trainer/checkpoint.ts';
import type { RunningTraining, SteerAction, StepReport } from '../../engine/trainer/types.ts';
import { accuracyOf } from '../../labs/few-shot/accuracy.ts';
import { runLab, type RunEvent } from '../../labs/freeze-lab/run.ts';
import { addRun, letterOf } from '../../labs/run-log.ts';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { loadNetwork } from '../kit/load-network.ts';
import { saveFile } from '../kit/save.ts';
import type { LabData } from './data.ts';
import { findFile } from './find-file.ts';
import { forgetRun, holdRun, keptAs } from './keep-run.ts';
import { Lessons } from './lessons.ts';
import { keepOpenRun, writeSettings, type OpenRun } from './memory.ts';
import {
  cutRun,
  newRun,
  resultOf,
  type FreezeState,
  type LoggedRun,
  type NetworkId,
  type RunNow,
} from './model.ts';

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

/** The live part of one lab. */
export class FreezeLive {
  readonly #host: LiveHost;
  #job: AbortController | undefined;
  #loaded: { model: LoadedModel; backend: FreezeState['backend']; id: NetworkId } | undefined;
  readonly #lessons: Lessons;
  #training: RunningTraining | undefined;
  #file: Uint8Array<ArrayBuffer> | undefined;
  /** Where a run broke off that could not go on by itself; it does when the same settings are trained again. */
  #kept: { settings: FreezeState['settings']; from: Checkpoint; run: RunNow } | undefined;
  /** What steps have told since the last drawing. */
  #pending: RunNow | undefined;
  #timer = 0;
  /** Whether the run came to its end or was called off: nothing of it has to be kept. */
  #isOver = false;

  constructor(host: LiveHost) {
    this.#host = host;
    this.#lessons = new Lessons(host.data.sprites, host.signal);
  }

  /** The ONNX file of the last run that ended. */
  get file(): Uint8Array<ArrayBuffer> | undefined {
    return this.#file;
  }

  /** Loads what is missing and trains as the settings say, or goes on with a run that a closed tab broke off. */
  async run(open?: OpenRun): Promise<void> {
    this.#job?.abort();
    const job = new AbortController();
    this.#job = job;
    const signal = AbortSignal.any([job.signal, this.#host.signal]);
    const { update, read } = this.#host;
    const { backend, network } = read();
    update({
      status: 'loading',
      problem: undefined,
      notice: undefined,
      run: undefined,
      interrupted: undefined,
    });
    const held = holdRun();
    try {
      const examples = this.#lessons.prepare(network); // come while the worker starts
      examples.catch(() => undefined);
      const model = await this.#load(backend, signal);
      await examples;
      signal.throwIfAborted();
      await this.#train(model, signal, open);
    } catch (error) {
      if (this.#job !== job) return;
      this.#fail(error, signal);
    } finally {
      await this.#training?.close().catch(() => undefined);
      this.#training = undefined;
      if (this.#job === job && !this.#host.signal.aborted && this.#isOver) await forgetRun();
      held.release();
    }
  }

  /** Calls off the download or the run; what it had learnt is gone. */
  cancel(): void {
    this.#job?.abort();
  }

  /** Pauses before the next step, lets one pass, or goes on. */
  async steer(action: SteerAction): Promise<void> {
    const { run } = this.#host.read();
    if (!run) return;
    this.#now({ isPaused: action !== 'resume' });
    this.#flush();
    // before the training is open the wish waits in the state
    await this.#training?.steer(action);
  }

  /** Saves the notebook that repeats a run in PyTorch. */
  async saveNotebook(run: LoggedRun): Promise<void> {
    const { read, update } = this.#host;
    try {
      const { writeRunNotebook } = await import('./notebook.ts');
      const file = await findFile(this.#place);
      const lesson = await this.#lessons.notebookLesson(file, run.settings.task);
      const text = writeRunNotebook(run, read().network, lesson, file.manifest, file.address);
      saveFile(`freeze-lab-${run.letter}.ipynb`, new Blob([text], { type: 'application/x-ipynb+json' }));
    } catch {
      update({ problem: { message: t('freeze.notebookFailed'), advice: t('freeze.failedMore') } });
    }
  }

  async #train(model: LoadedModel, signal: AbortSignal, open?: OpenRun): Promise<void> {
    const { update, read } = this.#host;
    const { settings, network, count } = read();
    const kept = this.#kept?.settings === settings ? this.#kept : undefined;
    const task = await this.#lessons.taskFor(model, network, settings.task);
    const left = open && { ...open.run, settings, isPaused: false };
    const run = kept?.run ?? left ?? newRun(settings, count?.stepMacs ?? 0);
    update({ status: 'running', progress: undefined, downloadBytes: 0, classes: task.classes, run });
    const startedAt = performance.now();
    const rescue = (error: unknown) => this.#rescue(error, model, signal);
    const keep = { label: keptAs, isAnew: !open && !kept };
    this.#isOver = false;
    const request = { ...{ model, network, task, settings, signal, keep }, ...{ from: kept?.from, rescue } };
    for await (const event of runLab(request)) {
      if (event.kind === 'finished') this.#finish(event, performance.now() - startedAt);
      else this.#follow(event);
    }
  }

  #follow(event: Exclude<RunEvent, { kind: 'finished' }>): void {
    if (event.kind === 'opened') {
      this.#training = event.training;
      if (this.#host.read().run?.isPaused) void event.training.steer('pause');
      const { steps, step } = event.training;
      const { run } = this.#host.read();
      // what was told after the last step that was kept is taken again
      if (run && run.step !== step && run.losses.length > 0) {
        this.#now({ ...cutRun(run, step), steps });
        if (step === 0) this.#host.update({ notice: t('freeze.notFound') });
      } else this.#now({ steps });
    } else if (event.kind === 'phase') {
      const { phase, nodes, cachedBytes, trainableParameters } = event.facts;
      this.#now({ phase, nodes, cachedBytes, trainableParameters });
    } else if (event.kind === 'stopped') {
      this.#flush();
      const { settings, run } = this.#host.read();
      // steps that were told of after the last whole one are taken again
      if (run) this.#kept = { settings, from: event.kept, run: cutRun(run, event.kept.step) };
    } else if (event.kind === 'rescued') {
      const { message } = asThawError(event.error, failedWords());
      this.#host.update({ notice: t('freeze.rescued', { message, step: event.step }) });
    } else this.#step(event.report);
  }

  /** The network on WASM after a failure on WebGPU, or once in fresh memory; undefined where that was tried already. */
  async #rescue(error: unknown, first: LoadedModel, signal: AbortSignal): Promise<LoadedModel | undefined> {
    const isFirst = this.#loaded?.model === first;
    const mayHelp = first.report.backend === 'webgpu' || isThawError(error, 'out-of-memory');
    if (!isFirst || !mayHelp) return undefined;
    this.#loaded = undefined;
    return this.#load('wasm', signal);
  }

  #step(report: StepReport): void {
    const run = this.#pending ?? this.#host.read().run;
    if (!run) return;
    const { step, steps, loss, elapsedMs, layers, heldOut, memoryBytes } = report;
    this.#now({
      ...{ memoryBytes, step, steps, losses: [...run.losses, loss], stepMs: [...run.stepMs, elapsedMs] },
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
    this.#kept = undefined;
    this.#isOver = true;
    const letter = letterOf(log.count);
    const result = resultOf(run, { end: end.kind, changes, totalMs, backend: where });
    update({
      status: 'ready',
      run: { ...run, changes, letter },
      log: addRun(log, run.settings, result),
      problem: end.problem && {
        message: end.problem.message,
        advice: `${end.problem.advice} ${t('freeze.diverged', { step: end.keptStep })}`,
      },
    });
    const last = run.accuracies.at(-1)?.accuracy;
    const share = formatPercent(last?.share ?? 0, 0);
    announce(end.problem?.message ?? t('freeze.announceEnd', { letter, share, asked: last?.asked ?? 0 }));
  }

  #fail(error: unknown, signal: AbortSignal): void {
    this.#pending = undefined;
    const { update, read, announce } = this.#host;
    const { log, backend } = read();
    if (signal.aborted || isThawError(error, 'cancelled')) {
      this.#isOver = true;
      update({ status: log.count > 0 ? 'ready' : 'idle', progress: undefined, run: undefined });
      return;
    }
    const { message, advice } = asThawError(error, failedWords());
    const step = this.#kept?.settings === read().settings ? this.#kept.from.step : 0;
    const kept = step > 0 ? ` ${t('freeze.kept', { step })}` : '';
    // whatever ended the worker, the next run begins with a network of its own
    this.#loaded = undefined;
    update({
      status: 'failed',
      progress: undefined,
      run: undefined,
      problem: { message, advice: advice + kept },
      backend,
    });
    announce(message);
  }

  async #load(backend: FreezeState['backend'], signal: AbortSignal): Promise<LoadedModel> {
    const { id, catalogue, downloadBytes } = this.#place;
    if (this.#loaded?.backend === backend && this.#loaded.id === id) return this.#loaded.model;
    const { update } = this.#host;
    const { model, where, notice } = await loadNetwork(
      { catalogue, downloadBytes, modelId: id, backend, signal },
      (progress) => update({ progress }),
    );
    this.#loaded = { model, backend, id };
    update({ where, notice });
    return model;
  }

  /** Where the chosen network lies. */
  get #place(): LabData['networks'][number] {
    const { data, read } = this.#host;
    const { id } = read().network;
    const place = data.networks.find((one) => one.id === id);
    if (!place) throw new Error(`The lab's page knows no network ${id}.`);
    return place;
  }

  /** Changes the run; the drawing follows soon. */
  #now(change: Partial<RunNow>): void {
    const run = this.#pending ?? this.#host.read().run;
    if (!run) return;
    this.#pending = { ...run, ...change };
    this.#timer ||= window.setTimeout(() => this.#flush(), drawEveryMs);
  }

  /** What a closed tab would lose, from the first step on. */
  #keepRun({ settings, ...run }: RunNow): void {
    const { network, log } = this.#host.read();
    if (this.#isOver || run.step === 0) return;
    const words = writeSettings(network, settings);
    keepOpenRun({ network: network.id, settings: words, letter: letterOf(log.count), run });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const run = this.#pending;
    this.#pending = undefined;
    if (!run) return;
    this.#host.update({ run });
    this.#keepRun(run);
  }
}

const failedWords = () => ({
  code: 'run-failed' as const,
  message: t('freeze.failed'),
  advice: t('freeze.failedMore'),
});
