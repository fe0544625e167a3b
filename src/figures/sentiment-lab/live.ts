/**
 * The figure with an engine: fetches the network, trains in the page's worker, asks what was trained, turns what happens into state.
 * One run at a time; the last run's training stays open for questions. Loaded only when the reader starts something.
 */
import { asThawError, isThawError } from '../../engine/errors.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { SteerAction, StepReport } from '../../engine/trainer/types.ts';
import { accuracyOf } from '../../labs/few-shot/accuracy.ts';
import { addRun, letterOf, median } from '../../labs/run-log.ts';
import { askSentence } from '../../labs/sentiment/ask-sentence.ts';
import { runMatrix, withCell } from '../../labs/sentiment/matrix.ts';
import { runSentiment, type OpenRun, type RunEvent } from '../../labs/sentiment/run.ts';
import type { TextReader } from '../../labs/sentiment/text-batch.ts';
import { t } from '../../site/strings.ts';
import { formatPercent } from '../kit/format.ts';
import { takeAfterReload } from '../kit/reload-for-threads.ts';
import { createRunDrawing, drawEveryMs, type RunDrawing } from '../kit/run-drawing.ts';
import { LiveNetwork, type Kept, type LiveHost, type Loaded } from './live-network.ts';
import type { RunNow, SentimentState } from './model.ts';
import { readSentences } from './sentences.ts';
import { subjectWord } from './view-matrix.ts';
import { verdictOf } from './view-reading.ts';

/** The live part of one figure. */
export class SentimentLive {
  readonly #host: LiveHost;
  readonly #sentences = readSentences();
  #job: AbortController | undefined;
  readonly #network: LiveNetwork;
  #open: OpenRun | undefined;
  readonly #drawing: RunDrawing<RunNow>;
  #isAsking = false;
  #isStale = false;

  constructor(host: LiveHost) {
    this.#host = host;
    this.#network = new LiveNetwork(host);
    this.#drawing = createRunDrawing(
      () => host.read().run,
      (run) => host.update({ run }),
    );
  }

  /** Loads what is missing and trains as the settings say. */
  run(): Promise<void> {
    return this.#work(false, async (loaded, signal) => {
      try {
        await this.#train(loaded, signal);
      } catch (error) {
        await this.#close().catch(() => undefined);
        throw error;
      }
    });
  }

  /** Trains once for each domain and asks about all of them. */
  fill(): Promise<void> {
    return this.#work(true, (loaded, signal) => this.#fill(loaded, signal));
  }

  /** Goes on after the page's one reload. */
  async resume(): Promise<void> {
    const kept = (await takeAfterReload(this.#host.key)) as Kept | undefined;
    if (!kept) return;
    const { isFilling, ...state } = kept;
    this.#host.update(state);
    await (isFilling ? this.fill() : this.run());
  }

  /** Calls off the download, the run or the matrix; cells that were measured stay. */
  cancel(): void {
    this.#job?.abort();
  }

  /** Pauses before the next step, lets one pass, or goes on. */
  async steer(action: SteerAction): Promise<void> {
    if (!this.#host.read().run) return;
    this.#now({ isPaused: action !== 'resume' });
    this.#drawing.flush();
    // before the training is open the wish waits in the state
    await this.#open?.training.steer(action);
  }

  /** The ONNX file of the last run that ended. */
  async file(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#open?.training.writeModel();
  }

  /** Asks about the sentence that stands in the field; while one is asked, the newest waits. */
  async ask(): Promise<void> {
    this.#isStale = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (this.#isStale && this.#open && this.#network.loaded && this.#host.read().canAsk) {
        this.#isStale = false;
        await this.#askOnce(this.#open, this.#network.loaded.reader);
      }
    } catch (error) {
      // a run that begins meanwhile closes what was asked
      if (this.#host.read().canAsk) this.#fail(error, this.#host.signal);
    } finally {
      this.#isAsking = false;
    }
  }

  async #askOnce(open: OpenRun, reader: TextReader): Promise<void> {
    const { sentence, threshold } = this.#host.read();
    const reading = sentence === '' ? undefined : await askSentence(open, reader, sentence);
    if (this.#host.read().sentence !== sentence) return;
    const sentenceNotice = reading || sentence === '' ? undefined : t('sentiment.nothing');
    this.#host.update({ reading, sentenceNotice });
    if (reading) this.#host.announce(verdictOf(reading, threshold));
  }

  async #work(
    isFilling: boolean,
    act: (loaded: Loaded, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.#job?.abort();
    const job = new AbortController();
    this.#job = job;
    const signal = AbortSignal.any([job.signal, this.#host.signal]);
    const { update, read } = this.#host;
    update({ status: 'loading', problem: undefined, notice: undefined, filling: undefined });
    try {
      const isReloading = await this.#network.reloads(isFilling);
      signal.throwIfAborted();
      if (isReloading) return;
      const loaded = await this.#network.load(read().backend, signal);
      signal.throwIfAborted();
      update({ status: 'running', progress: undefined, downloadBytes: 0 });
      await act(loaded, signal);
    } catch (error) {
      if (this.#job !== job) return;
      this.#fail(error, signal);
    }
  }

  async #train({ model, reader }: Loaded, signal: AbortSignal): Promise<void> {
    const { update, read } = this.#host;
    const { settings, network } = read();
    await this.#close();
    const run: RunNow = {
      ...{ settings, step: 0, steps: 0, losses: [], accuracies: [], stepMs: [] },
      ...{ cachedBytes: 0, trainableParameters: 0, isPaused: false },
    };
    update({ run, answers: undefined, reading: undefined });
    const startedAt = performance.now();
    const library = { ...this.#sentences, ...ownOf(read()) };
    const rescue = (error: unknown, failed: LoadedModel) => this.#network.rescue(error, failed, signal);
    for await (const event of runSentiment({ model, reader, network, library, settings, signal, rescue })) {
      if (event.kind === 'finished') this.#finish(event, performance.now() - startedAt);
      else this.#follow(event);
    }
    await this.ask();
  }

  #follow(event: Exclude<RunEvent, { kind: 'finished' }>): void {
    if (event.kind === 'opened') {
      this.#open = event;
      if (this.#host.read().run?.isPaused) void event.training.steer('pause');
      this.#now({ steps: event.training.steps });
    } else if (event.kind === 'phase') {
      const { cachedBytes, trainableParameters } = event.facts;
      this.#now({ cachedBytes, trainableParameters });
    } else if (event.kind === 'rescued') {
      const { message } = asThawError(event.error, failedWords());
      // steps that were told of after the last whole one are taken again
      const run = this.#drawing.now();
      if (run) this.#now(cutRun(run, event.step));
      this.#host.update({ notice: t('sentiment.rescued', { message, step: event.step }) });
    } else if (event.kind === 'step') this.#step(event.report);
  }

  #step({ step, steps, loss, elapsedMs, heldOut }: StepReport): void {
    const run = this.#drawing.now();
    if (!run) return;
    const accuracy = heldOut && { step, accuracy: accuracyOf(heldOut.correct, heldOut.count) };
    this.#now({
      ...{ step, steps, losses: [...run.losses, loss], stepMs: [...run.stepMs, elapsedMs] },
      ...(accuracy && { accuracies: [...run.accuracies, accuracy] }),
    });
  }

  #finish({ end, answers }: Extract<RunEvent, { kind: 'finished' }>, totalMs: number): void {
    this.#drawing.flush();
    const { update, read, announce } = this.#host;
    const { run, log, where = '', sentence } = read();
    if (!run) return;
    const letter = letterOf(log.count);
    const { settings, losses, accuracies, stepMs, cachedBytes, trainableParameters } = run;
    const result = {
      ...{ end: end.kind, steps: run.step, losses, accuracies, cachedBytes, totalMs },
      ...{ stepMs: median(stepMs), backend: where, trainableParameters },
    };
    update({
      ...{ status: 'ready', run: { ...run, letter }, log: addRun(log, settings, result), answers },
      ...{ canAsk: true, sentence: sentence || t('sentiment.sample') },
      problem: end.problem && {
        message: end.problem.message,
        advice: `${end.problem.advice} ${t('sentiment.diverged', { step: end.keptStep })}`,
      },
    });
    const last = accuracies.at(-1)?.accuracy;
    const share = formatPercent(last?.share ?? 0, 0);
    announce(end.problem?.message ?? t('sentiment.announceEnd', { letter, share, asked: last?.asked ?? 0 }));
  }

  async #fill({ model, reader }: Loaded, signal: AbortSignal): Promise<void> {
    const { update, read, announce } = this.#host;
    const { settings, network } = read();
    const library = { ...this.#sentences, ...ownOf(read()) };
    const rescue = (error: unknown, failed: LoadedModel) => this.#network.rescue(error, failed, signal);
    const request = { model, reader, network, library, settings, signal, rescue };
    let drawnAt = -drawEveryMs;
    for await (const event of runMatrix(request)) {
      const { row } = event;
      if (event.kind === 'step') {
        const { step, steps } = event.report;
        const isDue = performance.now() - drawnAt >= drawEveryMs;
        if (isDue || step === steps) update({ filling: { row, step, steps } });
        if (isDue) drawnAt = performance.now();
        continue;
      }
      if (event.kind === 'rescued') {
        const { message } = asThawError(event.error, failedWords());
        update({ notice: t('sentiment.rescuedRow', { message, row: subjectWord(row) }) });
        continue;
      }
      const { column, cell } = event;
      // the first cell puts those of other settings away
      const known = read().matrixSettings === settings && !read().isPrecomputed ? read().matrix : {};
      update({
        matrix: withCell(known, row, column, cell),
        ...{ matrixSettings: settings, isPrecomputed: false },
      });
      const words = { row: subjectWord(row), column: subjectWord(column) };
      announce(t('sentiment.announceCell', { ...words, right: cell.correct, asked: cell.asked }));
    }
    update({ status: 'ready', filling: undefined });
  }

  #fail(error: unknown, signal: AbortSignal): void {
    this.#drawing.drop();
    const { update, read, announce } = this.#host;
    const { log, run, isPrecomputed } = read();
    // an unfinished run is gone; a finished one stays in the drawing
    const kept = {
      run: run?.letter === undefined ? undefined : run,
      filling: undefined,
      progress: undefined,
    };
    if (signal.aborted || isThawError(error, 'cancelled')) {
      update({ ...kept, status: log.count > 0 || !isPrecomputed ? 'ready' : 'idle' });
      return;
    }
    const { message, advice } = asThawError(error, failedWords());
    // whatever ended the worker, the next run begins with a network of its own
    this.#network.forget();
    update({ ...kept, status: 'failed', problem: { message, advice } });
    announce(message);
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#host.update({ canAsk: false });
    await open?.training.close();
  }

  #now(change: Partial<RunNow>): void {
    this.#drawing.change(change);
  }
}

const failedWords = () => ({
  code: 'run-failed' as const,
  message: t('sentiment.failed'),
  advice: t('sentiment.failedMore'),
});

/** A run as it stood after so many steps. */
function cutRun({ losses, stepMs, accuracies }: RunNow, step: number): Partial<RunNow> {
  return {
    ...{ step, losses: losses.slice(0, step), stepMs: stepMs.slice(0, step), isPaused: false },
    accuracies: accuracies.filter((one) => one.step <= step),
  };
}

function ownOf({ own }: SentimentState) {
  return own ? { own: own.sentences } : {};
}
