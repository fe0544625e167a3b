/** `<thaw-backbone>`: the thaw line, the pictures and a run of the network on the landing page. */
import { resumeAfterReload } from '../../site/isolation/client.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { wasInterrupted } from '../kit/interrupted.ts';
import { listenForPictures } from '../kit/picture-input.ts';
import { rove } from '../kit/roving.ts';
import { addressPrefix, readFields, writeFields } from '../kit/url-state.ts';
import { readLensData, type LensData } from '../resnet-lens/data.ts';
import { makeLiveDoor } from '../resnet-lens/live-door.ts';
import { pictureKey } from '../resnet-lens/run-state.ts';
import { backboneFields, firstBackbone, type BackboneState, type SharedBackbone } from './model.ts';
import { drawBackbone } from './view.ts';

resumeAfterReload();

class Backbone extends FigureElement<BackboneState> {
  #data!: LensData; // set by start, before anything can read it
  readonly #door = makeLiveDoor(() => ({
    data: this.#data,
    key: `backbone${this.#prefix}`,
    signal: this.signal,
    read: () => this.state,
    update: (change) => this.update(change),
    announce: (text) => this.announce(text),
  }));
  #fallbacks!: SharedBackbone; // set by start
  #prefix = '';

  protected start(signal: AbortSignal): BackboneState {
    this.#data = readLensData(this);
    const { frame, gallery, download } = this.#data;
    const state = firstBackbone(frame, gallery, download.sizes.wasm);
    this.#fallbacks = { picture: state.picture, cut: state.cut };
    this.#prefix = addressPrefix(Math.max(0, [...document.querySelectorAll('[data-address]')].indexOf(this)));
    const shared = readFields(backboneFields(frame.network, gallery), location.search, this.#prefix);
    this.#listen(signal);
    if (wasInterrupted()) void this.#door.ask((live) => live.resume());
    return { ...state, ...shared };
  }

  protected draw(state: BackboneState): void {
    drawBackbone(this, state);
  }

  #listen(signal: AbortSignal): void {
    this.addEventListener('click', (event) => this.#click(event.target as Element, event.detail), { signal });
    this.addEventListener('input', (event) => this.#slide(event.target as HTMLInputElement), { signal });
    this.addEventListener('keydown', (event) => this.#key(event), { signal });
    const prepare = (event: Event) => this.#prepare(event.target as Element);
    this.addEventListener('pointerover', prepare, { signal });
    this.addEventListener('focusin', prepare, { signal });
    const file = this.querySelector<HTMLInputElement>('[data-part="file"]');
    if (file) listenForPictures(this, file, (picture) => void this.#takePicture(picture), signal);
  }

  #share(change: Partial<SharedBackbone>): void {
    this.update(change);
    const { frame, gallery } = this.#data;
    const { picture, cut } = this.state;
    const table = backboneFields(frame.network, gallery);
    const query = writeFields(table, { picture, cut }, this.#fallbacks, location.search, this.#prefix);
    history.replaceState(history.state, '', location.pathname + query + location.hash);
  }

  #slide(input: HTMLInputElement): void {
    if (input.dataset['part'] === 'cut') this.#share({ cut: Number(input.value) });
  }

  #click(target: Element, clicks: number): void {
    const action = target.closest<HTMLElement>('[data-action]')?.dataset['action'];
    if (action === 'run') void this.#door.run();
    // The second half of a double click on "Run" meets "Cancel", which the reader never meant
    if (action === 'cancel' && clicks < 2) void this.#door.ask((live) => live.cancel());
    const button = target.closest('[data-part="pictures"] > button');
    if (button) this.#usePicture([...(button.parentElement?.children ?? [])].indexOf(button));
  }

  #key(event: KeyboardEvent): void {
    const group = (event.target as Element).closest<HTMLElement>('[data-part="pictures"]');
    if (group) rove(group, event, (index) => this.#usePicture(index));
  }

  #usePicture(index: number): void {
    this.#share({ picture: index });
    this.update({ problem: undefined, own: undefined, notice: undefined });
    if (!this.state.isPrecomputed && this.state.result.picture !== pictureKey(this.state)) {
      void this.#door.run();
    }
  }

  async #takePicture(picture: File): Promise<void> {
    await this.#door.ask(async (live) => {
      if (!(await live.take(picture))) return;
      this.#share({ picture: -1 });
      if (!this.state.isPrecomputed) await this.#door.run();
    });
  }

  #prepare(target: Element): void {
    if (this.#door.isOpen() || !target.closest('.lens-run')) return;
    void this.#door.ask((live) => live.plan());
  }
}

if (!customElements.get('thaw-backbone')) customElements.define('thaw-backbone', Backbone);
