/** `<thaw-backbone>`: the thaw line, the pictures and a run of the network on the landing page. */
import { resumeAfterReload } from '../../site/isolation/client.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { rove } from '../kit/roving.ts';
import { readLensData, type LensData } from '../resnet-lens/data.ts';
import { makeLiveDoor } from '../resnet-lens/live-door.ts';
import { listenForRuns, type RunControls } from '../resnet-lens/run-controls.ts';
import { backboneFields, firstBackbone, type BackboneState, type SharedBackbone } from './model.ts';
import { drawBackbone } from './view.ts';

resumeAfterReload();

class Backbone extends FigureElement<BackboneState> {
  // Set by start, before anything can read them
  #data!: LensData;
  #address!: FigureAddress<SharedBackbone>;
  #runs!: RunControls;
  readonly #door = makeLiveDoor(() => ({
    data: this.#data,
    key: `backbone${this.#address.prefix}`,
    signal: this.signal,
    read: () => this.state,
    update: (change) => this.update(change),
    show: (change) => {
      this.update(change);
      return Promise.resolve();
    },
    announce: (text) => this.announce(text),
  }));

  protected start(signal: AbortSignal): BackboneState {
    this.#data = readLensData(this);
    const { frame, gallery, download } = this.#data;
    const state = firstBackbone(frame, gallery, download.sizes.wasm);
    const fallbacks = { picture: state.picture, cut: state.cut };
    this.#address = openAddress(this, backboneFields(frame.network, gallery), fallbacks);
    this.#listen(signal);
    return { ...state, ...this.#address.read() };
  }

  protected draw(state: BackboneState): void {
    drawBackbone(this, state);
  }

  #listen(signal: AbortSignal): void {
    this.#runs = listenForRuns(
      this,
      {
        door: this.#door,
        read: () => this.state,
        update: (change) => this.update(change),
        share: (picture) => this.#share({ picture }),
      },
      signal,
    );
    this.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    this.addEventListener('input', (event) => this.#slide(event.target as HTMLInputElement), { signal });
    this.addEventListener('keydown', (event) => this.#key(event), { signal });
  }

  /** Changes what can be shared: draws it and writes it into the address. */
  #share(change: Partial<SharedBackbone>): void {
    this.update(change);
    const { picture, cut } = this.state;
    this.#address.write({ picture, cut });
  }

  #slide(input: HTMLInputElement): void {
    if (input.dataset['part'] === 'cut') this.#share({ cut: Number(input.value) });
  }

  #click(target: Element): void {
    const button = target.closest('[data-part="pictures"] > button');
    if (button) this.#runs.usePicture([...(button.parentElement?.children ?? [])].indexOf(button));
  }

  #key(event: KeyboardEvent): void {
    const group = (event.target as Element).closest<HTMLElement>('[data-part="pictures"]');
    if (group) rove(group, event, (index) => this.#runs.usePicture(index));
  }
}

if (!customElements.get('thaw-backbone')) customElements.define('thaw-backbone', Backbone);
