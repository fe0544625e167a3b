/**
 * `<thaw-resnet-lens>`: listens, keeps the state, draws it. Everything that knows the engine is in live.ts, which is
 * loaded when the reader starts the network or hands in a picture.
 */
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { drawAlways, drawOverFrames, drawSteps, type DrawStep } from '../kit/draw-steps.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { rove } from '../kit/roving.ts';
import { readLensData, type LensData } from './data.ts';
import { openCloser } from './closer.ts';
import { makeLiveDoor } from './live-door.ts';
import { listenForMakers } from './makers.ts';
import {
  blockIn,
  firstState,
  sharedFields,
  turnTo,
  type BackendWish,
  type LensState,
  type Shared,
} from './model.ts';
import { listenForRuns, type RunControls } from './run-controls.ts';
import { listenForSaving } from './save-controls.ts';
import { resumeAfterReload } from '../../site/isolation/client.ts';
import { lensSteps, sayBlock } from './view.ts';
import { drawReading } from './view-reading.ts';

resumeAfterReload();

class ResnetLens extends FigureElement<LensState> {
  // Set by start, before anything can read them
  #data!: LensData;
  #address!: FigureAddress<Shared>;
  #runs!: RunControls;
  #first!: LensState;
  readonly #door = makeLiveDoor(() => ({
    data: this.#data,
    key: `lens${this.#address.prefix}`,
    signal: this.signal,
    read: () => this.state,
    update: (change) => {
      const { network } = change;
      this.update(network ? { ...change, block: blockIn(network, this.state.block) } : change);
    },
    show: (change) => this.#show(change),
    announce: (text) => this.announce(text),
  }));
  #reading: { row: number; column: number } | undefined;
  #drawCloser: (state: LensState) => void = () => undefined;
  /** Whether a change waits for its frames; else it is drawn at once. */
  #isPatient = false;

  protected start(signal: AbortSignal): LensState {
    this.#data = readLensData(this);
    const { frame, gallery, download, start, published } = this.#data;
    const state = firstState(frame, gallery, download.sizes.wasm, start);
    const { picture, approach, block, channel, backend, closer } = state;
    const network = frame.network.id;
    const fallbacks = { picture, approach, block, channel, backend, look: closer.view, network };
    this.#address = openAddress(this, sharedFields(frame.network, gallery, published), fallbacks);
    this.#first = state;
    this.#listen(signal);
    const { look = closer.view, network: id = network, ...shared } = this.#address.read();
    const opened = { ...state, ...shared, closer: { ...closer, view: look } };
    return id === network ? opened : { ...opened, ...turnTo(id, this.#data, state, opened) };
  }

  protected draw(state: LensState): void {
    const steps = this.#steps(state);
    if (this.#isPatient) drawAlways(this, steps);
    else drawSteps(this, steps);
  }

  #steps(state: LensState): DrawStep[] {
    const { closer, network, gallery, picture, own, result, seen, isPrecomputed } = state;
    const from = [closer, network, gallery, picture, own, result, seen, isPrecomputed];
    return [...lensSteps(this, state), { name: 'closer', from, draw: () => this.#drawCloser(state) }];
  }

  /** Draws a change over several frames. */
  async #show(change: Partial<LensState>): Promise<void> {
    this.#isPatient = true;
    this.update(change);
    this.#isPatient = false;
    await drawOverFrames(this, () => this.#steps(this.state), this.signal);
  }

  /** Changes what can be shared: draws it and writes it into the address. */
  #share(change: Partial<LensState>): void {
    if (change.block !== undefined && change.block !== this.state.block) {
      this.#reading = undefined;
      this.update({ ...change, showsAll: false });
      drawReading(this, this.state, undefined);
      this.announce(sayBlock(this.state));
    } else this.update(change);
    const { picture, approach, channel, backend, closer, network } = this.state;
    // Another network's blocks are known only once its file is here
    const block = network.id === this.#first.network.id ? this.state.block : this.#first.block;
    const shared = { picture, approach, block, channel, backend, look: closer.view, network: network.id };
    this.#address.write(shared);
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
    listenForSaving(this, () => this.state, signal);
    listenForMakers(this, (picture) => this.#runs.takePicture(picture), signal);
    this.#drawCloser = openCloser(
      this,
      {
        door: this.#door,
        read: () => this.state,
        change: (part) => {
          const closer = { ...this.state.closer, ...part };
          if (part.view) this.#share({ closer });
          else this.update({ closer });
        },
        announce: (text) => this.announce(text),
      },
      signal,
    );
    this.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLElement), { signal });
    this.addEventListener('keydown', (event) => this.#key(event), { signal });
    // A tap comes without a move
    for (const pointing of ['pointermove', 'pointerdown'] as const)
      this.addEventListener(pointing, (event) => this.#point(event), { signal });
  }

  #click(target: Element): void {
    if (target.closest('[data-part="more"]')) this.update({ showsAll: !this.state.showsAll });
    const button = target.closest('button');
    const group = button?.parentElement?.dataset['part'];
    if (button && group) this.#choose(group, [...(button.parentElement?.children ?? [])].indexOf(button));
  }

  #choose(group: string, index: number): void {
    const { gallery, network } = this.state;
    if (group === 'pictures' && gallery.pictures[index]) this.#runs.usePicture(index);
    const block = network.blocks[index];
    if (group === 'blocks' && block) this.#share({ block: block.id });
    if (group === 'maps') this.#share({ channel: index });
  }

  #change(target: HTMLElement): void {
    if (target instanceof HTMLInputElement && target.closest('[data-part="approach"]')) {
      const approach = sharedFields(this.state.network, this.state.gallery).approach.read(target.value);
      if (approach) this.#share({ approach });
    }
    if (target instanceof HTMLSelectElement && target.dataset['part'] === 'network') {
      if (this.#door.isOpen()) void this.#door.ask((live) => live.cancel());
      this.#share(turnTo(target.value, this.#data, this.#first, this.state));
      void this.#door.ask((live) => live.plan());
    }
    if (target instanceof HTMLSelectElement && target.dataset['part'] === 'backend') {
      this.#share({ backend: target.value as BackendWish });
      if (this.state.isPrecomputed) void this.#door.ask((live) => live.plan());
      else void this.#door.run();
    }
  }

  #key(event: KeyboardEvent): void {
    const group = (event.target as Element).closest<HTMLElement>('[data-part]');
    const name = group?.dataset['part'] ?? '';
    if (group && ['pictures', 'blocks', 'maps'].includes(name)) {
      rove(group, event, (index) => this.#choose(name, index));
    }
    if (name === 'large') this.#moveReading(event);
  }

  #moveReading(event: KeyboardEvent): void {
    const stack = this.state.result.stacks[this.state.block];
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!stack || !step) return;
    event.preventDefault();
    const { row, column } = this.#reading ?? { row: 0, column: -1 };
    const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
    this.#read({
      row: clamp(row + (step[0] ?? 0), stack.height),
      column: clamp(column + (step[1] ?? 0), stack.width),
    });
  }

  #point(event: PointerEvent): void {
    const map = (event.target as Element).closest<HTMLElement>('[data-part="large"]');
    const stack = this.state.result.stacks[this.state.block];
    if (!map || !stack) return;
    const { left, top, width, height } = map.getBoundingClientRect();
    const at = (offset: number, size: number, count: number) =>
      Math.max(0, Math.min(count - 1, Math.floor((offset / size) * count)));
    this.#read({
      row: at(event.clientY - top, height, stack.height),
      column: at(event.clientX - left, width, stack.width),
    });
  }

  #read(cell: { row: number; column: number }): void {
    if (cell.row === this.#reading?.row && cell.column === this.#reading.column) return;
    this.#reading = cell;
    drawReading(this, this.state, cell);
  }
}

if (!customElements.get('thaw-resnet-lens')) customElements.define('thaw-resnet-lens', ResnetLens);
