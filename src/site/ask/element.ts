/** `<thaw-ask>`: a panel beside the page. The reader asks, a published network reads the page's prose, and the answer is marked where it stands. */
import { isThawError } from '../../engine/errors.ts';
import { fetchCatalogue } from '../../engine/registry/catalogue.ts';
import { sharedRuntime } from '../../engine/runtime/browser.ts';
import type { DownloadProgress, LoadStage, Runtime } from '../../engine/runtime/types.ts';
import { FigureElement } from '../../figures/kit/figure-element.ts';
import { estimateSecondsLeft } from '../../figures/kit/progress.ts';
import { describeProblem } from '../../figures/resnet-lens/describe-problem.ts';
import { openAnswerer, type Answerer } from '../../labs/page-answers/page-answers.ts';
import { t } from '../strings.ts';
import { clearAnswers, markAnswers } from './highlight.ts';
import { readPageText } from './page-text.ts';
import { firstAsk, isBusy, stepAnswer, type AskState } from './state.ts';
import { askShell, drawAsk, labelShell, sayReading } from './view.ts';
import { fillWord, type AskData, type AskWord } from './words.ts';

/** The panel. `data` must be set before it is opened. */
export class AskPage extends FigureElement<AskState> {
  /** Its words and where its network lies. */
  data!: AskData; // Set by open.ts before the panel enters the page
  #opener: HTMLElement | undefined;
  #job: AbortController | undefined;
  #answerer: Answerer | undefined;
  #runtime: Promise<Runtime> | undefined;
  /** What a reader typed and found waits while the panel is closed. */
  #kept: AskState | undefined;

  /** Puts the panel into the page, with the focus in its field. */
  open(opener: HTMLElement): void {
    this.#opener = opener;
    if (!this.isConnected) document.body.append(this);
    this.querySelector<HTMLElement>('.ask-question')?.focus();
  }

  protected start(signal: AbortSignal): AskState {
    if (!this.firstElementChild) {
      this.className = 'ask not-content';
      this.innerHTML = askShell;
      labelShell(this, this.data.words);
    }
    this.addEventListener('click', ({ target }) => this.#click(target), { signal });
    this.addEventListener(
      'input',
      ({ target }) => {
        if (target instanceof HTMLInputElement) this.update({ question: target.value, remark: '' });
      },
      { signal },
    );
    this.addEventListener(
      'submit',
      (event) => {
        event.preventDefault();
        if (!isBusy(this.state)) void this.#ask();
      },
      { signal },
    );
    this.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        event.preventDefault();
        this.#close();
      },
      { signal },
    );
    void this.#plan();
    return this.#kept ?? firstAsk(this.data.sizeBytes);
  }

  protected draw(state: AskState): void {
    drawAsk(this, state, this.data.words);
  }

  get #prose(): HTMLElement {
    return document.querySelector<HTMLElement>('.sl-markdown-content') ?? document.body;
  }

  #word(name: AskWord, values?: Record<string, string | number>): string {
    return fillWord(this.data.words, name, values);
  }

  #click(target: EventTarget | null): void {
    const action =
      target instanceof Element && target.closest<HTMLElement>('[data-action]')?.dataset['action'];
    if (action === 'close') this.#close();
    if (action === 'cancel') this.#job?.abort();
    if (action === 'previous' || action === 'next') {
      this.update({ at: stepAnswer(this.state, action === 'next' ? 1 : -1) });
      this.#show(true);
      this.announce(sayReading(this.state, this.data.words));
    }
    if (action === 'clear') {
      this.#job?.abort();
      clearAnswers(this.#prose);
      this.update({ question: '', asked: '', reading: undefined, remark: '', problem: undefined, at: 0 });
      this.querySelector<HTMLElement>('.ask-question')?.focus();
    }
  }

  #close(): void {
    this.#job?.abort();
    clearAnswers(this.#prose);
    const { status } = this.state;
    const isEnded = status === 'loading' || status === 'running';
    this.#kept = { ...this.state, status: isEnded ? 'idle' : status, progress: undefined };
    this.remove();
    this.#opener?.focus();
  }

  /** Finds out what is stored already; fetches nothing but the catalogue. */
  async #plan(): Promise<void> {
    try {
      const runtime = await this.#openRuntime();
      const { remainingBytes } = await runtime.planDownload(this.data.model, 'wasm');
      this.update({ downloadBytes: this.#answerer ? 0 : remainingBytes });
    } catch {
      // The same failure will be told, in its own words, when the reader asks
    }
  }

  #openRuntime(): Promise<Runtime> {
    this.#runtime ??= fetchCatalogue(this.data.catalogue)
      .then((catalogue) => sharedRuntime(catalogue, import.meta.env.BASE_URL))
      .catch((error: unknown) => {
        this.#runtime = undefined;
        throw error;
      });
    return this.#runtime;
  }

  async #ask(): Promise<void> {
    const question = this.state.question.trim();
    if (question === '') {
      this.update({ remark: this.#word('empty') });
      this.announce(this.#word('empty'));
      this.querySelector<HTMLElement>('.ask-question')?.focus();
      return;
    }
    const job = new AbortController();
    this.#job = job;
    const signal = AbortSignal.any([job.signal, this.signal]);
    const page = readPageText(this.#prose);
    clearAnswers(this.#prose);
    this.update({
      ...{ problem: undefined, remark: '', reading: undefined, asked: question, at: 0, isStopped: false },
      text: page.text,
    });
    try {
      this.#answerer ??= await this.#load(signal);
      const { storageRefused: isRefused } = this.#answerer.model;
      this.update({ status: 'running', progress: undefined, downloadBytes: 0, isRefused });
      for await (const reading of this.#answerer.ask(page, question, signal)) {
        if (signal.aborted) break;
        this.update({ reading });
        this.#show(false);
      }
      this.#end(signal.aborted);
    } catch (error) {
      if (signal.aborted || isThawError(error, 'cancelled')) this.#end(true);
      else this.#fail(error);
    }
  }

  /** The reading is over, or the reader stopped it. */
  #end(isStopped: boolean): void {
    if (!this.isConnected) return;
    const { reading } = this.state;
    this.update({ status: this.#answerer ? 'ready' : 'idle', progress: undefined, isStopped, at: 0 });
    if (!this.#answerer) void this.#plan();
    if (!reading) return;
    this.#show(true);
    this.announce(sayReading(this.state, this.data.words));
  }

  #fail(error: unknown): void {
    const { message, advice, kept } = describeProblem(error, { ...this.state, isPrecomputed: false }, false);
    this.update({ status: 'failed', progress: undefined, problem: { message, advice, kept } });
    this.announce(message);
    void this.#plan();
  }

  async #load(signal: AbortSignal): Promise<Answerer> {
    const { model } = this.data;
    const total = Math.max(1, this.state.downloadBytes);
    this.update({
      status: 'loading',
      progress: { label: t('progress.asking'), receivedBytes: 0, totalBytes: total },
    });
    const startedAt = performance.now();
    let stage: LoadStage = 'download';
    return openAnswerer(await this.#openRuntime(), model, {
      backend: 'wasm',
      signal,
      onStage: (now) => {
        stage = now;
      },
      onProgress: (progress) => this.#showProgress(progress, stage, performance.now() - startedAt),
    });
  }

  #showProgress({ receivedBytes, totalBytes }: DownloadProgress, stage: LoadStage, elapsedMs: number): void {
    const isComing = receivedBytes < totalBytes;
    const secondsLeft = isComing ? estimateSecondsLeft(receivedBytes, totalBytes, elapsedMs) : undefined;
    const label = isComing
      ? t('progress.download', { model: this.data.model })
      : t(stage === 'session' ? 'progress.session' : 'progress.start');
    this.update({
      progress: { label, receivedBytes, totalBytes, ...(secondsLeft !== undefined && { secondsLeft }) },
    });
  }

  /** Marks the answers in the page, and takes the reader to the chosen one. */
  #show(isScrolling: boolean): void {
    const { reading, at } = this.state;
    if (!reading) return;
    // A jump needs true heights: what is far from the window is laid out first
    if (isScrolling) delete document.documentElement.dataset['later'];
    const range = markAnswers(this.#prose, reading.answers, at);
    if (!range || !isScrolling) return;
    const place = range.getBoundingClientRect();
    const panel = this.getBoundingClientRect();
    // On a phone the panel covers the lower part
    const isBelow = panel.width > innerWidth * 0.9;
    const header = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    const middle = (header + (isBelow ? panel.top : innerHeight)) / 2;
    scrollTo({ top: scrollY + place.top + place.height / 2 - middle, behavior: 'instant' });
  }
}

if (!customElements.get('thaw-ask')) customElements.define('thaw-ask', AskPage);
