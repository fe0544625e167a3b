/**
 * A figure whose live part, the module that knows the engine, comes when the reader reaches for it: what such elements share in listening,
 * fetching and handing on.
 */
import { FigureElement, type FigureStatus } from './figure-element.ts';

/** What a live part may do with its element. */
export interface FigureHost<S> {
  signal: AbortSignal;
  read: () => S;
  update: (change: Partial<S>) => void;
  announce: (text: string) => void;
}

/** The base of figures with a live part. `S` is the state, `L` the live part. */
export abstract class LiveFigure<S extends { status: FigureStatus }, L> extends FigureElement<S> {
  #live: Promise<L> | undefined;

  /** Fetches the module and opens the live part. */
  protected abstract openLive(host: FigureHost<S>): Promise<L>;

  /** What the state says when the module cannot be fetched. */
  protected abstract describeLost(state: S): Partial<S>;

  /** Whether the live part has been asked for. */
  protected get isAsked(): boolean {
    return this.#live !== undefined;
  }

  /** An element of the shell by its name. */
  protected shellPart(name: string): HTMLElement {
    const part = this.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!part) throw new Error(`The shell of <${this.localName}> has no part "${name}".`);
    return part;
  }

  /** Listens to events on elements of the figure while it stands in the page. */
  protected on<K extends keyof HTMLElementEventMap>(
    type: K,
    act: (target: HTMLElement, event: HTMLElementEventMap[K]) => void,
  ): void {
    this.addEventListener(
      type,
      (event) => {
        if (event.target instanceof Element) act(event.target as HTMLElement, event);
      },
      { signal: this.signal },
    );
  }

  /** Does something with the live part. Code that cannot be fetched becomes the figure's problem, and is asked for again next time. */
  protected async ask(act: (live: L) => unknown): Promise<void> {
    let opened: L;
    try {
      this.#live ??= this.openLive({
        signal: this.signal,
        read: () => this.state,
        update: (change) => this.update(change),
        announce: (text) => this.announce(text),
      });
      opened = await this.#live;
    } catch {
      this.#live = undefined;
      if (!this.signal.aborted) this.update(this.describeLost(this.state));
      return;
    }
    await act(opened);
  }
}
