/** `<thaw-bert-lens>`: listens, keeps the state, draws it. Everything that knows the engine is in live.ts, loaded when the reader starts it. */
import { putPiece } from '../../labs/bert-lens/text.ts';
import { wasInterrupted } from '../kit/interrupted.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { rove } from '../kit/roving.ts';
import { resumeAfterReload } from '../../site/isolation/client.ts';
import { t } from '../../site/strings.ts';
import { readBertData, type BertData } from './data.ts';
import { firstState } from './frame.ts';
import type { BertLive } from './live.ts';
import { sharedFields, wordsOf, type BertState, type Shared } from './model.ts';
import { drawOptions } from './panels.ts';
import { samples } from './samples.ts';
import { sayToken } from './view-attention.ts';
import { headMarks } from './view-maps.ts';
import { drawBert } from './view.ts';

resumeAfterReload();

class BertLens extends FigureElement<BertState> {
  // Set by start, before anything can read them
  #data!: BertData;
  #address!: FigureAddress<Shared>;
  #live: Promise<BertLive> | undefined;

  protected start(signal: AbortSignal): BertState {
    this.#data = readBertData(this);
    const { frame, download } = this.#data;
    const state = firstState(frame, download.sizes.wasm);
    const { text, other, hidden: hide, layer, head, place, way, backend } = state;
    const fields = sharedFields(frame.encoder);
    this.#address = openAddress(this, fields, { text, other, hide, layer, head, place, way, backend });
    this.#listen(signal);
    const sentences = samples.map((sample, at) => [String(at), sample] as const);
    drawOptions(this.#part('samples'), [['', t('bert.sample.none')], ...sentences], '');
    const { hide: hidden = hide, ...shared } = this.#address.read();
    if (wasInterrupted()) queueMicrotask(() => void this.#ask((live) => signal.aborted || live.resume()));
    return { ...state, ...shared, hidden, from: shared.place ?? state.from };
  }

  protected draw(state: BertState): void {
    drawBert(this, state);
  }

  #part(name: string): HTMLElement {
    const part = this.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!part) throw new Error(`The lens's shell has no part "${name}".`);
    return part;
  }

  #listen(signal: AbortSignal): void {
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      act: (target: HTMLElement, event: HTMLElementEventMap[K]) => void,
    ): void =>
      this.addEventListener(
        type,
        (event) => {
          if (event.target instanceof Element) act(event.target as HTMLElement, event);
        },
        { signal },
      );
    on('click', (target, event) => this.#click(target, event.detail));
    on('input', (target) => this.#type(target));
    on('change', (target) => this.#change(target));
    on('keydown', (target, event) => this.#key(target, event));
    on('pointermove', (target, event) => this.#point(target, event));
    on('pointerover', (target) => {
      this.#look(target);
      this.#prepare(target);
    });
    on('focusin', (target) => {
      this.#look(target);
      this.#prepare(target);
    });
  }

  /** Does something with the live part; code that cannot be fetched becomes the figure's problem. */
  async #ask(act: (live: BertLive) => unknown): Promise<void> {
    let opened: BertLive;
    try {
      this.#live ??= import('./live.ts').then(({ openBert }) =>
        openBert({
          data: this.#data,
          key: `bert${this.#address.prefix}`,
          signal: this.signal,
          read: () => this.state,
          update: (change) => this.update(change),
          announce: (text) => this.announce(text),
        }),
      );
      opened = await this.#live;
    } catch {
      this.#live = undefined;
      const isAsked = this.state.status === 'loading';
      const problem = {
        message: t('bert.codeLost'),
        advice: t('lens.codeLostAdvice'),
        kept: t('lens.kept'),
        details: '',
        canRetry: isAsked,
      };
      this.update({ ...(isAsked && { status: 'failed' as const }), problem });
      return;
    }
    await act(opened);
  }

  #run(): void {
    this.update({ status: this.state.report ? 'running' : 'loading', problem: undefined });
    void this.#ask((live) => live.run());
  }

  /** Finds out what is stored already, once the reader reaches for the button. */
  #prepare(target: HTMLElement): void {
    if (this.#live === undefined && target.closest('.bert-run')) void this.#ask((live) => live.plan());
  }

  /** Changes what can be shared, writes it into the address, and reads the text again where the network runs. */
  #share(change: Partial<BertState>, isNewReading: boolean): void {
    this.update(change);
    const { text, other, hidden: hide, layer, head, place, way, backend } = this.state;
    this.#address.write({ text, other, hide, layer, head, place, way, backend });
    if (isNewReading && !this.state.isPrecomputed) void this.#ask((live) => live.refresh());
  }

  #click(target: HTMLElement, clicks: number): void {
    const button = target.closest<HTMLElement>('button');
    if (!button) return;
    const { action, word, put } = button.dataset;
    if (action === 'run') this.#run();
    // The second half of a double click on "Run" meets "Cancel", which the reader never meant
    if (action === 'cancel' && clicks < 2) void this.#ask((live) => live.cancel());
    if (word !== undefined) this.#hide(Number(word));
    if (put !== undefined) this.#put(put);
    const group = button.parentElement;
    if (group?.dataset['part'] === 'heads' || group?.dataset['part'] === 'tokens')
      this.#choose(group, [...group.querySelectorAll('button')].indexOf(button as HTMLButtonElement), true);
  }

  /** Takes the token or head of this number; a token that was pressed is also what the head is asked about. */
  #choose(group: HTMLElement, index: number, isPressed: boolean): void {
    if (group.dataset['part'] === 'heads') {
      this.#share(headMarks(this.state)[index] ?? {}, false);
    } else if (isPressed) {
      this.#share({ from: index, place: index, cell: undefined }, true);
    } else if (index !== this.state.from) this.update({ from: index, cell: undefined });
    this.announce(sayToken(this.state));
  }

  /** The token under the pointer, or the one that got the focus. */
  #look(target: HTMLElement): void {
    const token = target.closest<HTMLElement>('.token');
    const group = token?.parentElement;
    if (token && group) this.#choose(group, [...group.children].indexOf(token), false);
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
    if (part === 'text') this.#share({ text: target.value, hidden: [], place: -1, from: -1 }, true);
    if (part === 'other') this.#share({ other: target.value }, true);
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
      if (this.state.isPrecomputed) void this.#ask((live) => live.plan());
      else this.#run();
    }
  }

  #key(target: HTMLElement, event: KeyboardEvent): void {
    const group = target.closest<HTMLElement>('[data-part]');
    const part = group?.dataset['part'];
    if (group && (part === 'tokens' || part === 'heads'))
      rove(group, event, (index) => this.#choose(group, index, false));
    if (part === 'matrix') this.#moveCell(event);
  }

  #moveCell(event: KeyboardEvent): void {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const last = this.state.reading.tokens.length - 1;
    const { row, column } = this.state.cell ?? { row: this.state.from, column: -1 };
    const clamp = (value: number) => Math.max(0, Math.min(last, value));
    this.update({ cell: { row: clamp(row + step[0]), column: clamp(column + step[1]) } });
    this.announce(this.#part('cell').textContent ?? '');
  }

  #point(target: HTMLElement, event: PointerEvent): void {
    const matrix = target.closest('[data-part="matrix"]');
    if (!matrix) return;
    const { left, top, width, height } = matrix.getBoundingClientRect();
    const count = this.state.reading.tokens.length;
    const at = (offset: number, size: number) =>
      Math.max(0, Math.min(count - 1, Math.floor((offset / size) * count)));
    const [row, column] = [at(event.clientY - top, height), at(event.clientX - left, width)];
    const { cell } = this.state;
    if (cell?.row !== row || cell.column !== column) this.update({ cell: { row, column } });
  }
}

if (!customElements.get('thaw-bert-lens')) customElements.define('thaw-bert-lens', BertLens);
