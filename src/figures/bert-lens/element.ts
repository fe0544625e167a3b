/** `<thaw-bert-lens>`: listens, keeps the state, draws it. Everything that knows the engine is in live.ts, loaded when the reader starts it. */
import { putPiece } from '../../labs/bert-lens/text.ts';
import { wasInterrupted } from '../kit/interrupted.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { LiveFigure, type FigureHost } from '../kit/live-figure.ts';
import { resumeAfterReload } from '../../site/isolation/client.ts';
import { t } from '../../site/strings.ts';
import { controlAttention } from './attention-controls.ts';
import { readBertData, type BertData } from './data.ts';
import { firstState } from './frame.ts';
import { lostCode } from './lost-code.ts';
import type { LensLive } from './live-lens.ts';
import { sharedFields, wordsOf, type BertState, type Shared } from './model.ts';
import { drawOptions } from './panels.ts';
import { samples } from './samples.ts';
import { drawBert } from './view.ts';

resumeAfterReload();

class BertLens extends LiveFigure<BertState, LensLive> {
  // Set by start, before anything can read them
  #data!: BertData;
  #address!: FigureAddress<Shared>;

  protected start(signal: AbortSignal): BertState {
    this.#data = readBertData(this);
    const { frame, download } = this.#data;
    const state = firstState(frame, download.sizes.wasm);
    const { text, other, hidden: hide, layer, head, place, way, backend } = state;
    const fields = sharedFields(frame.encoder);
    this.#address = openAddress(this, fields, { text, other, hide, layer, head, place, way, backend });
    this.#listen(signal);
    const sentences = samples.map((sample, at) => [String(at), sample] as const);
    drawOptions(this.shellPart('samples'), [['', t('bert.sample.none')], ...sentences], '');
    const { hide: hidden = hide, ...shared } = this.#address.read();
    if (wasInterrupted()) queueMicrotask(() => void this.ask((live) => signal.aborted || live.resume()));
    return { ...state, ...shared, hidden, from: shared.place ?? state.from };
  }

  protected draw(state: BertState): void {
    drawBert(this, state);
  }

  #listen(signal: AbortSignal): void {
    this.on('click', (target, event) => this.#click(target, event.detail));
    this.on('input', (target) => this.#type(target));
    this.on('change', (target) => this.#change(target));
    this.on('pointerover', (target) => this.#prepare(target));
    this.on('focusin', (target) => this.#prepare(target));
    const host = {
      read: () => this.state,
      update: (change: Partial<BertState>) => this.update(change),
      share: (change: Partial<BertState>, isNewReading: boolean) => this.#share(change, isNewReading),
      announce: (text: string) => this.announce(text),
    };
    controlAttention(this, host, signal);
  }

  protected async openLive(host: FigureHost<BertState>): Promise<LensLive> {
    const { openBert } = await import('./live.ts');
    return openBert({ ...host, data: this.#data, key: `bert${this.#address.prefix}` });
  }

  protected describeLost({ status }: BertState): Partial<BertState> {
    return lostCode(status, t('bert.codeLost'));
  }

  #run(): void {
    this.update({ status: this.state.report ? 'running' : 'loading', problem: undefined });
    void this.ask((live) => live.run());
  }

  /** Finds out what is stored already, once the reader reaches for the button. */
  #prepare(target: HTMLElement): void {
    if (!this.isAsked && target.closest('.bert-run')) void this.ask((live) => live.plan());
  }

  /**
   * Changes what can be shared, writes it into the address, and reads the text again where the network runs. What is typed changes the
   * address when the reader pauses.
   */
  #share(change: Partial<BertState>, isNewReading: boolean, isTyped = false): void {
    const isRead = isNewReading && !this.state.isPrecomputed;
    // At once, so that nothing is drawn of a text that has not been read
    const isBusy = isRead && this.state.status === 'ready';
    this.update({ ...change, ...(isBusy && { status: 'running' as const }) });
    this.#address[isTyped ? 'writeSoon' : 'write'](this.#shared);
    if (isRead) void this.ask((live) => live.refresh());
  }

  /** What a link carries. */
  get #shared(): Shared {
    const { text, other, hidden: hide, layer, head, place, way, backend } = this.state;
    return { text, other, hide, layer, head, place, way, backend };
  }

  #click(target: HTMLElement, clicks: number): void {
    const button = target.closest<HTMLElement>('button');
    if (!button) return;
    const { action, word, put } = button.dataset;
    if (action === 'run') this.#run();
    // The second half of a double click on "Run" meets "Cancel", which the reader never meant
    if (action === 'cancel' && clicks < 2) void this.ask((live) => live.cancel());
    if (word !== undefined) this.#hide(Number(word));
    if (put !== undefined) this.#put(put);
  }

  #hide(word: number): void {
    const { hidden, reading } = this.state;
    const isHidden = hidden.includes(word);
    const next = isHidden ? hidden.filter((one) => one !== word) : [...hidden, word].sort((a, b) => a - b);
    const [place = this.state.place] = wordsOf(this.state).find((one) => one.word === word)?.places ?? [];
    if (place < reading.tokens.length) this.#share({ hidden: next, place, from: place }, true);
  }

  #put(piece: string): void {
    const { reading, place, hidden } = this.state;
    const token = reading.tokens[reading.guess.place];
    if (token === undefined || token.word === null) return;
    const text = putPiece(reading.text, token, piece);
    this.#share({ text, hidden: hidden.filter((word) => word !== token.word), place, from: place }, true);
  }

  #type(target: HTMLElement): void {
    if (!(target instanceof HTMLInputElement)) return;
    const { part } = target.dataset;
    if (part === 'text') this.#share({ text: target.value, hidden: [], place: -1, from: -1 }, true, true);
    if (part === 'other') this.#share({ other: target.value }, true, true);
    if (part === 'amount-input') {
      const { way, amounts } = this.state;
      this.update({ amounts: { ...amounts, [way]: Number(target.value) } });
    }
  }

  #change(target: HTMLElement): void {
    const { part } = target.dataset;
    if (target instanceof HTMLInputElement && target.closest('[data-part="way"]')) {
      const way = sharedFields(this.state.encoder).way.read(target.value);
      if (way) this.#share({ way }, false);
    }
    if (!(target instanceof HTMLSelectElement)) return;
    const { value } = target;
    if (part === 'part') this.update({ part: value });
    if (part === 'pair') this.update({ pair: Number(value) });
    if (part === 'depth') this.update({ depth: Number(value) });
    if (part === 'samples' && value !== '') {
      target.value = '';
      this.#share({ text: samples[Number(value)] ?? '', hidden: [], place: -1, from: -1 }, true);
    }
    if (part === 'backend') {
      this.#share({ backend: value as BertState['backend'] }, false);
      if (this.state.isPrecomputed) void this.ask((live) => live.plan());
      else this.#run();
    }
  }
}

if (!customElements.get('thaw-bert-lens')) customElements.define('thaw-bert-lens', BertLens);
