/** `<thaw-shape-walk>`: listens, keeps the state, draws it. Walks of bundled networks are fetched, a reader's file is opened in a worker. */
import { isThawError } from '../../engine/errors.ts';
import { t } from '../../site/strings.ts';
import { csvText } from '../kit/csv.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { listenForDrops } from '../kit/picture-input.ts';
import { saveFile } from '../kit/save.ts';
import { fetchWalk, readStart, walkOf } from './data.ts';
import { firstState, goTo, sharedFields, type Shared, type ShapeWalk, type WalkState } from './model.ts';
import { drawWalk } from './view.ts';
import { stepAtShare } from './view-path.ts';
import { sayStep, walkRows } from './words.ts';

const tag = 'thaw-shape-walk';
const base = import.meta.env.BASE_URL;

/** A step while playing stays so long. */
const playMs = 1800;

/** Fetches the walks that the figures of the page start with, then brings them to life. Rejects if one cannot be had. */
export async function defineWalk(): Promise<void> {
  const figures = [...document.querySelectorAll<HTMLElement>(tag)];
  await Promise.all(figures.map((figure) => fetchWalk(readStart(figure).network, base)));
  if (!customElements.get(tag)) customElements.define(tag, ShapeWalkFigure);
}

class ShapeWalkFigure extends FigureElement<WalkState> {
  // Set by start, before anything can read it
  #address!: FigureAddress<Shared>;
  #timer = 0;
  /** Counts what was asked for; an answer that is older than the last question is dropped. */
  #asked = 0;

  protected start(signal: AbortSignal): WalkState {
    const { network, offers } = readStart(this);
    const state = firstState(walkOf(network), offers);
    this.#address = openAddress(this, sharedFields(state), { walk: network, step: 1 });
    listenForDrops(this, (files) => void this.#open(files), signal);
    this.addEventListener('click', (event) => this.#click(event), { signal });
    this.addEventListener('input', (event) => this.#slide(event.target as HTMLElement), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLElement), { signal });
    this.addEventListener('keydown', (event) => this.#key(event), { signal });
    const details = this.querySelector<HTMLDetailsElement>('[data-part="details"]');
    details?.addEventListener('toggle', () => this.update({ isTableOpen: details.open }), { signal });
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
    const { walk = network, step = 1 } = this.#address.read();
    if (walk !== network) queueMicrotask(() => void this.#choose(walk, step - 1));
    return { ...state, ...(step > 1 && walk === network ? goTo(state, step - 1) : {}) };
  }

  protected draw(state: WalkState): void {
    drawWalk(this, state);
  }

  /** Goes to a step because the reader said so: playing ends. */
  #go(at: number): void {
    this.#pause();
    this.#move(at);
    this.#write();
    this.announce(sayStep(this.state));
  }

  #move(at: number): void {
    const focused = document.activeElement;
    const isOurs = focused instanceof HTMLButtonElement && this.contains(focused);
    this.update(goTo(this.state, at));
    // The button that led here may be gone or dead
    if (isOurs && (focused.disabled || !this.contains(focused)))
      this.querySelector<HTMLElement>('[data-part="slider"]')?.focus();
  }

  #write(): void {
    this.#address.write({ walk: this.state.walk.id, step: this.state.at + 1 });
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const { part, group, step } = target.closest<HTMLElement>('button')?.dataset ?? {};
    const { walk, at } = this.state;
    if (step !== undefined) this.#go(Number(step));
    if (group !== undefined) this.#go(walk.groups[Number(group)].first);
    if (part === 'previous') this.#go(at - 1);
    if (part === 'next') this.#go(at + 1);
    if (part === 'play') this.#togglePlay();
    if (part === 'csv')
      saveFile(`${walk.id}-shapes.csv`, new Blob([csvText(walkRows(walk))], { type: 'text/csv' }));
    const path = target.closest('[data-part="path"]');
    if (!path) return;
    const { left, width } = path.getBoundingClientRect();
    this.#go(stepAtShare(walk, (event.clientX - left) / width));
  }

  #slide(target: HTMLElement): void {
    if (target instanceof HTMLInputElement && target.dataset['part'] === 'slider')
      this.#go(Number(target.value) - 1);
  }

  #change(target: HTMLElement): void {
    const { part } = target.dataset;
    if (target instanceof HTMLSelectElement && part === 'networks') void this.#choose(target.value, 0);
    if (!(target instanceof HTMLInputElement) || part !== 'file') return;
    const files = [...(target.files ?? [])];
    // The same file chosen twice must be taken twice
    target.value = '';
    if (files.length > 0) void this.#open(files);
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as Element;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Lists, sliders and the table have arrow keys of their own
    if (target.closest('select, input, [role="region"]')) return;
    const { at, walk } = this.state;
    const places: Partial<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: walk.steps.length - 1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.#go(place);
  }

  #togglePlay(): void {
    if (this.state.isPlaying) {
      this.#pause();
      return;
    }
    const { at, walk } = this.state;
    this.update({ isPlaying: true });
    if (at === walk.steps.length - 1) this.#move(0);
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const { at, walk } = this.state;
      this.#move(at + 1);
      this.#write();
      if (at + 1 < walk.steps.length - 1) this.#wait();
      else this.#pause();
    }, playMs);
  }

  #pause(): void {
    clearTimeout(this.#timer);
    if (!this.state.isPlaying) return;
    this.update({ isPlaying: false });
    this.announce(sayStep(this.state));
  }

  /** Shows a bundled network. */
  async #choose(id: string, at: number): Promise<void> {
    if (!this.state.offers.some((offer) => offer.id === id)) return;
    await this.#show(() => fetchWalk(id, base), at);
  }

  /** Shows a network of the reader's. */
  async #open(files: readonly File[]): Promise<void> {
    await this.#show(async () => {
      const { readOwnWalk } = await import('./own-walk.ts');
      return readOwnWalk(files, this.signal);
    }, 0);
  }

  async #show(read: () => Promise<ShapeWalk>, at: number): Promise<void> {
    const asked = ++this.#asked;
    this.#pause();
    this.update({ status: 'loading', problem: undefined });
    try {
      const walk = await read();
      if (asked !== this.#asked) return;
      this.update({ status: 'ready', walk, at: 0, isTableOpen: false });
      this.update(goTo(this.state, at));
      this.#write();
      this.announce(sayStep(this.state));
    } catch (error) {
      if (asked !== this.#asked || isThawError(error, 'cancelled')) return;
      const problem = isThawError(error)
        ? { message: error.message, advice: error.advice }
        : { message: t('walk.failed'), advice: t('walk.failedAdvice') };
      this.update({ status: 'ready', problem });
      this.announce(problem.message);
    }
  }
}
