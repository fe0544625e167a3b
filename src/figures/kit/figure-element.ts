/**
 * What every live figure shares: one state object, one `update` that replaces it, one `draw` that follows, a status
 * attribute that styles, tests and the live region read, and an AbortSignal that ends everything on disconnection.
 *
 *   connected → start(signal) gives the first state → draw
 *   update(change) → state replaced → draw
 *   disconnected → signal aborts: listeners, timers and work that took it end
 */

/** Where a figure stands; its `data-status` attribute. */
export type FigureStatus = 'idle' | 'loading' | 'ready' | 'running' | 'failed';

/** Announcements come no closer together than this. */
const quietMs = 1000;

/** The base of every figure's custom element. `S` is its state; the subclass gives the first one and draws. */
export abstract class FigureElement<S extends { status: FigureStatus }> extends HTMLElement {
  #connection: AbortController | undefined;
  #state: S | undefined;
  #announcement = { text: '', due: 0, timer: 0 };

  /** Attaches listeners to the signal and returns the first state. */
  protected abstract start(signal: AbortSignal): S;

  /** Draws the state; called after every update. */
  protected abstract draw(state: S): void;

  /** The state now. Only between connection and disconnection. */
  protected get state(): S {
    if (!this.#state) throw new Error(`<${this.localName}> has no state before it is connected.`);
    return this.#state;
  }

  /** Ends when the element leaves the page. */
  protected get signal(): AbortSignal {
    return this.#connection?.signal ?? AbortSignal.abort();
  }

  /** The browser calls this when the element stands in the page. */
  connectedCallback(): void {
    this.#connection = new AbortController();
    this.#state = this.start(this.#connection.signal);
    this.#redraw();
  }

  /** The browser calls this when the element leaves the page. */
  disconnectedCallback(): void {
    this.#connection?.abort();
    this.#connection = undefined;
    clearTimeout(this.#announcement.timer);
  }

  /** Replaces the state, then draws it. After disconnection nothing happens. */
  protected update(change: Partial<S>): void {
    if (!this.#connection || !this.#state) return;
    this.#state = { ...this.#state, ...change };
    this.#redraw();
  }

  /** Says a sentence to assistive technology through `[data-part="live"]`, at most once a second; the newest wins. */
  protected announce(text: string): void {
    const announcement = this.#announcement;
    announcement.text = text;
    if (announcement.timer) return;
    const waitMs = Math.max(0, announcement.due - performance.now());
    announcement.timer = window.setTimeout(() => {
      announcement.timer = 0;
      announcement.due = performance.now() + quietMs;
      const live = this.querySelector('[data-part="live"]');
      if (live) live.textContent = announcement.text;
    }, waitMs);
  }

  #redraw(): void {
    this.draw(this.state);
    if (this.dataset['status'] !== this.state.status) this.dataset['status'] = this.state.status;
  }
}
