/** `<thaw-own-model>`: listens, keeps the state, draws it. Files, worker and runtime are live.ts's affair. */
import { isVocabularyFile } from '../../labs/own-model/text-numbers.ts';
import type { InputChoice } from '../../labs/own-model/make-inputs.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { listenForDrops } from '../kit/picture-input.ts';
import { AtlasControls } from '../model-atlas/controls.ts';
import { boxOf, markOf, operatorsIn, type LookAction } from '../model-atlas/model.ts';
import { OwnLive } from './live.ts';
import { firstState, onlyHead, presets, type OwnState, type PresetName } from './model.ts';
import { drawOwn } from './view.ts';

class OwnModel extends FigureElement<OwnState> {
  // Set by start, before anything can read it
  #live!: OwnLive;
  #hasControls = false;

  protected start(signal: AbortSignal): OwnState {
    this.#live = new OwnLive(
      {
        read: () => this.state,
        update: (change) => this.update(change),
        announce: (text) => this.announce(text),
      },
      signal,
    );
    listenForDrops(this, (files) => this.#take(files), signal);
    this.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLElement), { signal });
    this.addEventListener('input', (event) => this.#type(event.target as HTMLElement), { signal });
    return firstState(this.dataset['runtime'] ?? '');
  }

  protected draw(state: OwnState): void {
    drawOwn(this, state);
    const opened = this.querySelector<HTMLElement>('[data-part="opened"]');
    if (this.#hasControls || !state.atlas || !opened) return;
    this.#hasControls = true;
    const controls = {
      root: opened,
      read: () => this.#atlas,
      update: (change: Partial<NonNullable<OwnState['atlas']>>) =>
        this.update({ atlas: { ...this.#atlas, ...change } }),
      shared: () => undefined,
      announce: (text: string) => this.announce(text),
      look: (action: LookAction) => void this.#live.look(action),
    };
    new AtlasControls(controls, this.signal);
  }

  get #atlas(): NonNullable<OwnState['atlas']> {
    const { atlas } = this.state;
    if (!atlas) throw new Error('The controls of a drawing were used before there was one.');
    return atlas;
  }

  /** Files that were dropped: pictures and vocabularies go to the open network, all others are opened. */
  #take(files: readonly File[]): void {
    const isNetwork = files.some(({ name }) => /\.onnx$/i.test(name));
    const [first] = files;
    if (this.state.file && !isNetwork && first.type.startsWith('image/')) void this.#live.takePicture(first);
    else if (this.state.file && !isNetwork && files.every(({ name }) => isVocabularyFile(name)))
      void this.#live.takeVocabulary(files);
    else void this.#live.open(files);
  }

  #click(target: Element): void {
    const { action, train, part } = target.closest<HTMLElement>('button')?.dataset ?? {};
    if (action === 'run') void this.#live.run();
    if (action === 'check') void this.#live.check();
    if (action === 'cancel') void this.#live.cancel();
    if (part === 'sample') void this.#live.openSample(this.dataset['sample'] ?? '');
    if (train && this.state.atlas) this.#train(train);
  }

  #train(which: string): void {
    const { network, box: id, trainable: before = new Set<string>() } = this.#atlas;
    const all = network.boxes.filter(({ trains }) => trains).map((box) => box.id);
    const box = boxOf(network, id);
    const chosen = operatorsIn(network, box).map((operator) => operator.id);
    const isOn = markOf(this.#atlas, box) === 'trainable';
    const sets: Partial<Record<string, ReadonlySet<string>>> = {
      head: onlyHead(network),
      all: new Set(all),
      none: new Set(),
      box: new Set(isOn ? [...before].filter((one) => !chosen.includes(one)) : [...before, ...chosen]),
    };
    this.update({ atlas: { ...this.#atlas, trainable: sets[which] ?? before } });
  }

  #change(target: HTMLElement): void {
    const { part, fill, shape, field } = target.dataset;
    if (target instanceof HTMLInputElement && target.type === 'file') {
      const files = [...(target.files ?? [])];
      // The same files chosen twice must be taken twice
      target.value = '';
      if (files.length === 0) return;
      if (part === 'file') void this.#live.open(files);
      if (part === 'picture-file') void this.#live.takePicture(files[0]);
      if (part === 'vocabulary-file') void this.#live.takeVocabulary(files);
      return;
    }
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    const { inputs, pictureFields } = this.state;
    if (fill !== undefined)
      this.update({
        inputs: { ...inputs, [fill]: { ...inputs[fill], fill: target.value as InputChoice['fill'] } },
      });
    if (shape !== undefined)
      this.update({ inputs: { ...inputs, [shape]: { ...inputs[shape], shape: target.value } } });
    if (field === 'seed') this.update({ seed: target.value });
    else if (field === 'preset' && target.value in presets)
      this.update({ pictureFields: { ...pictureFields, ...presets[target.value as PresetName] } });
    else if (field !== undefined && field !== 'preset')
      this.update({ pictureFields: { ...pictureFields, [field]: target.value } });
    if (part === 'lower-case' && target instanceof HTMLInputElement) {
      this.update({ lowerCase: target.checked });
      void this.#live.takeVocabulary();
    }
  }

  #type(target: HTMLElement): void {
    if (target.dataset['part'] !== 'text' || !(target instanceof HTMLTextAreaElement)) return;
    this.update({ text: target.value });
    this.#live.countTokens();
  }
}

if (!customElements.get('thaw-own-model')) customElements.define('thaw-own-model', OwnModel);
