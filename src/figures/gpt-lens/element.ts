/** `<thaw-gpt-lens>`: listens, keeps the state, draws it. Everything that knows the engine is in live.ts, loaded when the reader starts it. */
import { controlAttention } from '../bert-lens/attention-controls.ts';
import { drawOptions } from '../bert-lens/panels.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { LiveFigure, type FigureHost } from '../kit/live-figure.ts';
import { wasInterrupted } from '../kit/interrupted.ts';
import { rove } from '../kit/roving.ts';
import { saveFile } from '../kit/save.ts';
import { resumeAfterReload } from '../../site/isolation/client.ts';
import { t } from '../../site/strings.ts';
import { readGptData, type GptData } from './data.ts';
import { firstState } from './frame.ts';
import { lostCode } from '../bert-lens/lost-code.ts';
import type { GptLive } from './live.ts';
import {
  attentionOf,
  canTake,
  mostSeed,
  ranges,
  sharedFields,
  sharedOf,
  type GptState,
  type Shared,
} from './model.ts';
import { samples } from './samples.ts';
import { pieceWords } from './view-flow.ts';
import { gptCsv } from './view-tables.ts';
import { drawGpt } from './view.ts';

resumeAfterReload();

class GptLens extends LiveFigure<GptState, GptLive> {
  // Set by start, before anything can read them
  #data!: GptData;
  #address!: FigureAddress<Shared>;

  protected start(signal: AbortSignal): GptState {
    this.#data = readGptData(this);
    const { frame, download } = this.#data;
    const state = firstState(frame, download.sizes.wasm);
    this.#address = openAddress(this, sharedFields(frame.decoder), sharedOf(state));
    this.#listen(signal);
    const beginnings = samples.map((sample, at) => [String(at), sample] as const);
    drawOptions(this.shellPart('samples'), [['', t('bert.sample.none')], ...beginnings], '');
    const { wrote, temperature, k, p, seed, ...shared } = this.#address.read();
    if (wasInterrupted()) queueMicrotask(() => void this.ask((live) => signal.aborted || live.resume()));
    const { settings, written } = state;
    return {
      ...state,
      ...shared,
      // Another text has not been written on yet
      written: wrote ?? (shared.text === undefined ? written : []),
      settings: {
        temperature: temperature ?? settings.temperature,
        topK: k ?? settings.topK,
        topP: p ?? settings.topP,
        seed: seed ?? settings.seed,
      },
      from: shared.place ?? state.from,
    };
  }

  protected draw(state: GptState): void {
    drawGpt(this, state);
  }

  #listen(signal: AbortSignal): void {
    this.on('click', (target, event) => this.#click(target, event.detail));
    this.on('input', (target) => this.#type(target));
    this.on('change', (target) => this.#change(target));
    this.on('keydown', (target, event) => {
      const flow = target.closest<HTMLElement>('[data-part="flow"]');
      if (flow) rove(flow, event, (index) => this.#show(index));
    });
    this.on('pointerover', (target) => this.#prepare(target));
    this.on('focusin', (target) => this.#prepare(target));
    const host = {
      read: () => attentionOf(this.state),
      update: (change: Partial<GptState>) => this.update(change),
      share: (change: Partial<GptState>, isNewReading: boolean) => this.#share(change, isNewReading),
      announce: (text: string) => this.announce(text),
    };
    controlAttention(this, host, signal);
  }

  protected async openLive(host: FigureHost<GptState>): Promise<GptLive> {
    const { openGpt } = await import('./live.ts');
    const share = (change: Partial<GptState>) => this.#share(change, false);
    return openGpt({ ...host, data: this.#data, key: `gpt${this.#address.prefix}`, share });
  }

  protected describeLost({ status }: GptState): Partial<GptState> {
    return { ...lostCode(status, t('gpt.codeLost')), isWriting: false };
  }

  #start(act: (live: GptLive) => unknown): void {
    this.update({ status: this.state.report ? 'running' : 'loading', problem: undefined });
    void this.ask(act);
  }

  /** Finds out what is stored already, once the reader reaches for the button. */
  #prepare(target: HTMLElement): void {
    if (!this.isAsked && target.closest('.bert-run, .gpt-write')) void this.ask((live) => live.plan());
  }

  /**
   * Changes what can be shared, writes it into the address, and reads the text again where the network runs. What is typed changes the
   * address when the reader pauses.
   */
  #share(change: Partial<GptState>, isNewReading: boolean, isTyped = false): void {
    const isRead = isNewReading && !this.state.isPrecomputed;
    // At once, so that nothing is drawn of a text that has not been read
    const isBusy = isRead && this.state.status === 'ready';
    this.update({ ...change, ...(isBusy && { status: 'running' as const }) });
    this.#address[isTyped ? 'writeSoon' : 'write'](sharedOf(this.state));
    if (isRead) void this.ask((live) => live.refresh());
  }

  /** Changes the text; what was being written stops. */
  #edit(change: Partial<GptState>, isTyped = false): void {
    this.#share({ isWriting: false, stopped: undefined, place: -1, from: -1, ...change }, true, isTyped);
  }

  #click(target: HTMLElement, clicks: number): void {
    const button = target.closest<HTMLElement>('button');
    if (!button) return;
    const { action, take } = button.dataset;
    const { written, isWriting } = this.state;
    if (action === 'run') this.#start((live) => live.run());
    // The second half of a double click on "Run" meets "Cancel", which the reader never meant
    if (action === 'cancel' && clicks < 2) void this.ask((live) => live.cancel());
    if (action === 'step') this.#start((live) => live.write(1));
    if (action === 'write' && isWriting) this.update({ isWriting: false });
    else if (action === 'write') this.#start((live) => live.write(Infinity));
    if (action === 'undo') this.#edit({ written: written.slice(0, -1) });
    if (action === 'clear') this.#edit({ written: [] });
    if (action === 'csv') saveFile('gpt-lens.csv', new Blob([gptCsv(this.state)], { type: 'text/csv' }));
    if (take !== undefined) this.#take(Number(take));
    const flow = button.parentElement;
    if (flow?.dataset['part'] === 'flow')
      this.#show([...flow.querySelectorAll('button')].indexOf(button as HTMLButtonElement));
  }

  /** Shows a piece's surprise, its attention, and what the network expected after it. */
  #show(index: number): void {
    this.#share({ place: index, from: index, cell: undefined }, true);
    const { tokens, surprises, written } = this.state.reading;
    const token = tokens[index];
    if (token)
      this.announce(pieceWords(token.piece, surprises[index], index >= tokens.length - written.length));
  }

  /** Puts a piece behind the shown place; what the network had written there goes. */
  #take(id: number): void {
    if (!canTake(this.state)) return;
    const { tokens, written, place } = this.state.reading;
    const kept = written.slice(0, place + 1 - (tokens.length - written.length));
    this.#edit({ written: [...kept, id] });
  }

  #type(target: HTMLElement): void {
    if (!(target instanceof HTMLInputElement)) return;
    const { part } = target.dataset;
    const { settings } = this.state;
    if (part === 'text') this.#edit({ text: target.value, written: [] }, true);
    if (part === 'search') this.update({ search: target.value });
    if (part === 'temperature' || part === 'topK' || part === 'topP') {
      const { min, max } = ranges[part];
      const value = Math.max(min, Math.min(max, Number(target.value)));
      this.#share({ settings: { ...settings, [part]: value } }, false);
    }
    if (part === 'seed' && /^\d{1,6}$/.test(target.value))
      this.#share({ settings: { ...settings, seed: Math.min(mostSeed, Number(target.value)) } }, false);
  }

  #change(target: HTMLElement): void {
    if (!(target instanceof HTMLSelectElement)) return;
    const { value } = target;
    if (target.dataset['part'] === 'samples' && value !== '') {
      target.value = '';
      this.#edit({ text: samples[Number(value)] ?? '', written: [] });
    }
  }
}

if (!customElements.get('thaw-gpt-lens')) customElements.define('thaw-gpt-lens', GptLens);
