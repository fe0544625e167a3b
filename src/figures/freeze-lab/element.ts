/** `<thaw-freeze-lab>`: listens, keeps the state, draws it. Network, worker and training are live.ts's affair. */
import { unpackGzip } from '../../engine/download/gzip.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { withBlock, presets } from '../../labs/freeze-lab/choice.ts';
import { describeLab, withNewHead } from '../../labs/freeze-lab/describe-lab.ts';
import { pinRun, removeRun, renameRun, undo } from '../../labs/freeze-lab/run-log.ts';
import { withPreset, withTask, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import { shotChoices, ways, type Shots } from '../../labs/freeze-lab/task.ts';
import { t } from '../../site/strings.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { formatCount } from '../kit/format.ts';
import { saveFile } from '../kit/save.ts';
import { makeCounter, type Counter } from './counting.ts';
import { logCsv } from './csv.ts';
import { readLabData, type LabData } from './data.ts';
import type { FreezeLive } from './live.ts';
import { listenForBlocks } from './block-gestures.ts';
import { blockRows, firstState, type FreezeState, type LabNetwork } from './model.ts';
import { readField } from './read-field.ts';
import { fromShared, labFields, toShared, type SharedLab } from './share.ts';
import { drawFreeze } from './view.ts';
import styles from './freeze-run.css?url';

const tag = 'thaw-freeze-lab';

/** Fetches the network's graph, a few kB without any weight, and brings the page's labs to life. */
export async function awaken(): Promise<void> {
  const figure = document.querySelector<HTMLElement>(tag);
  if (!figure || customElements.get(tag)) return;
  const answer = await fetch(readLabData(figure).skeleton);
  if (!answer.ok) throw new Error(`The network's graph could not be fetched: ${answer.status}.`);
  const file = await unpackGzip(new Uint8Array(await answer.arrayBuffer()));
  const model = withNewHead(readModel(file), ways);
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = styles;
  document.head.append(link);
  const network = describeLab(model);
  const counter = makeCounter(model, network);
  customElements.define(
    tag,
    class extends FreezeLab {
      protected override readonly network = network;
      protected override readonly counter = counter;
    },
  );
}

abstract class FreezeLab extends FigureElement<FreezeState> {
  protected abstract readonly network: LabNetwork;
  protected abstract readonly counter: Counter;
  // Set by start, before anything can read them
  #data!: LabData;
  #address!: FigureAddress<SharedLab>;
  #live: FreezeLive | undefined;
  #counting = 0;

  protected start(signal: AbortSignal): FreezeState {
    this.#data = readLabData(this);
    const { network } = this;
    const state = firstState(network, this.#preset, this.#data);
    this.#address = openAddress(this, labFields(network), toShared(network, state.settings));
    const shared = this.#address.read();
    this.#listen(signal);
    if (Object.keys(shared).length === 0) return state;
    const settings = fromShared(network, state.settings, shared);
    this.#countSoon();
    return { ...state, settings, count: undefined };
  }

  protected draw(state: FreezeState): void {
    drawFreeze(this, state);
  }

  get #preset(): (typeof presets)[number] {
    return presets.find((preset) => preset === this.dataset['start']) ?? 'head';
  }

  #listen(signal: AbortSignal): void {
    this.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLInputElement), { signal });
    listenForBlocks(
      this,
      {
        isThawed: (id) => this.state.settings.choice.thawed.has(id),
        thaw: (ids, isThawed) => this.#thaw(ids, isThawed),
      },
      signal,
    );
  }

  #thaw(ids: readonly string[], isThawed: boolean): void {
    const { settings } = this.state;
    const choice = ids.reduce((now, id) => withBlock(now, id, isThawed), settings.choice);
    this.#set({ ...settings, choice });
    this.#announceChoice();
  }

  #announceChoice(): void {
    const moving = blockRows(this.state).reduce((sum, row) => sum + row.moving, 0);
    this.announce(t('freeze.announceChoice', { moving: formatCount(moving) }));
  }

  /** Takes new settings into the state and the address, and counts what they cost. */
  #set(settings: LabSettings, notice?: string): void {
    const known = this.counter.known(settings);
    this.update({ settings, notice, ...(known ?? { count: undefined }) });
    this.#address.write(toShared(this.network, settings));
    if (!known) this.#countSoon();
  }

  /** After the drawing: building the graphs takes a tenth of a second. */
  #countSoon(): void {
    clearTimeout(this.#counting);
    this.#counting = window.setTimeout(() => this.update(this.counter.count(this.state.settings)), 30);
  }

  #click(target: Element): void {
    const button = target.closest<HTMLElement>('button');
    const action = button?.dataset['action'];
    const logged = button?.dataset['log'];
    if (action === 'run') void this.#ask((live) => live.run());
    if (action === 'cancel') this.#live?.cancel();
    if (action === 'pause' || action === 'resume' || action === 'step') void this.#live?.steer(action);
    if (logged) this.#useLog(logged, button?.closest<HTMLElement>('tr')?.dataset['key'] ?? '');
  }

  #useLog(action: string, letter: string): void {
    const { log, run } = this.state;
    const logged = log.runs.find((one) => one.letter === letter);
    if (action === 'pin' && logged) this.update({ log: pinRun(log, letter, !logged.isPinned) });
    if (action === 'remove') this.update({ log: removeRun(log, letter) });
    if (action === 'undo') this.update({ log: undo(log) });
    if (action === 'restore' && logged) this.#set(logged.settings);
    if (action === 'csv')
      saveFile('freeze-lab.csv', new Blob([logCsv(this.network, log.runs)], { type: 'text/csv' }));
    const file = this.#live?.file;
    if (action === 'onnx' && file)
      saveFile(
        `freeze-lab-${run?.letter ?? ''}.onnx`,
        new Blob([file], { type: 'application/octet-stream' }),
      );
  }

  #change(target: HTMLInputElement): void {
    const { settings, log } = this.state;
    const row = target.closest<HTMLElement>('tr');
    if (row) {
      this.update({ log: renameRun(log, row.dataset['key'] ?? '', target.value) });
      return;
    }
    if (target.closest('[data-part="presets"]')) {
      const preset = presets.find((one) => one === target.value);
      if (!preset) return;
      this.#set(withPreset(this.network, settings, preset));
      this.#announceChoice();
      return;
    }
    if (target.closest('[data-part="shots"]')) {
      const asked = shotChoices.find((count) => String(count) === target.value) ?? 5;
      this.#setShots(asked);
      return;
    }
    const field = target.dataset['field'];
    if (field === 'backend') this.update({ backend: target.value as FreezeState['backend'] });
    else if (field !== undefined) {
      const { settings: next, notice } = readField(this.network, settings, field, target);
      this.#set(next, notice);
      // what could not be read gives way to what stands
      if (notice) this.draw(this.state);
    }
  }

  #setShots(shots: Shots): void {
    const settings = withTask(this.state.settings, { shots });
    this.#set(settings, settings.task.shots < shots ? t('freeze.fewerShots') : undefined);
  }

  async #ask(act: (live: FreezeLive) => unknown): Promise<void> {
    try {
      this.update({ status: this.#live ? this.state.status : 'loading' });
      if (!this.#live) {
        const { FreezeLive } = await import('./live.ts');
        this.#live = new FreezeLive({
          data: this.#data,
          signal: this.signal,
          read: () => this.state,
          update: (change) => this.update(change),
          announce: (text) => this.announce(text),
        });
      }
    } catch {
      this.update({
        status: 'failed',
        problem: { message: t('freeze.codeLost'), advice: t('lens.codeLostAdvice') },
      });
      return;
    }
    await act(this.#live);
  }
}
