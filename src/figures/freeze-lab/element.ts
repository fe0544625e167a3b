/** `<thaw-freeze-lab>`: listens, keeps the state, draws it. Network, worker and training are live.ts's affair. */
import { withBlock, presets } from '../../labs/freeze-lab/choice.ts';
import { clearRuns, pinRun, removeRun, renameRun, undo } from '../../labs/run-log.ts';
import { withPreset, withTask, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import { textLength } from '../../labs/freeze-lab/network.ts';
import { shotChoices, type Shots } from '../../labs/freeze-lab/task-choice.ts';
import { t } from '../../site/strings.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { formatCount } from '../kit/format.ts';
import { addStyles } from '../kit/add-styles.ts';
import { redrawOnWidth } from '../kit/redraw-on-width.ts';
import { saveFile } from '../kit/save.ts';
import { logCsv } from './csv.ts';
import { readLabData, type LabData } from './data.ts';
import type { FreezeLive } from './live.ts';
import { listenForBlocks } from './block-gestures.ts';
import { blockRows, firstState, networkIds, type FreezeState, type NetworkId } from './model.ts';
import { fetchNetwork, type KnownNetwork } from './networks.ts';
import { forgetRun, whenFree } from './keep-run.ts';
import { keepLog, readLog, readOpenRun, readSettings } from './memory.ts';
import { readField } from './read-field.ts';
import { fromShared, labFields, networkField, toShared, type SharedLab } from './share.ts';
import { drawFreeze } from './view.ts';
import runStyles from '../kit/runs.css?url';
import styles from './freeze-run.css?url';

const tag = 'thaw-freeze-lab';

/** Fetches the network's graph, a few kB without any weight, and brings the page's labs to life. */
export async function awaken(): Promise<void> {
  const figure = document.querySelector<HTMLElement>(tag);
  if (!figure || customElements.get(tag)) return;
  const first = await fetchNetwork(readLabData(figure).networks[0]);
  addStyles(runStyles, styles);
  customElements.define(
    tag,
    class extends FreezeLab {
      protected override readonly first = first;
    },
  );
}

abstract class FreezeLab extends FigureElement<FreezeState> {
  protected abstract readonly first: KnownNetwork;
  readonly #known = new Map<NetworkId, KnownNetwork>();
  /** What stood on the other networks when they were left. */
  readonly #shelf = new Map<NetworkId, FreezeState>();
  // Set by start, before anything can read them
  #data!: LabData;
  #address!: FigureAddress<SharedLab>;
  #live: FreezeLive | undefined;
  #counting = 0;
  /** The log as it is stored, and whether storing was refused. */
  #kept: { log?: FreezeState['log']; isRefused?: boolean } = {};

  protected start(signal: AbortSignal): FreezeState {
    this.#data = readLabData(this);
    const { network } = this.first;
    this.#known.set(network.id, this.first);
    const [{ downloadBytes }] = this.#data.networks;
    const first = firstState(network, this.#preset, { ...this.#data, downloadBytes });
    const state = { ...first, log: readLog(network) };
    this.#kept.log = state.log;
    void this.#offer();
    this.#listen(signal);
    redrawOnWidth(this, signal, () => this.draw(this.state));
    const { network: wanted = network.id } = openAddress(this, networkField, { network: network.id }).read();
    const settings = this.#readAddress(state);
    if (wanted !== network.id) queueMicrotask(() => void this.#takeNetwork(wanted));
    if (!settings) return state;
    this.#countSoon();
    return { ...state, settings, count: undefined };
  }

  /** Opens the address for a network; the settings that it sets, if it sets any. */
  #readAddress({ network, settings }: FreezeState): LabSettings | undefined {
    const { id } = this.first.network;
    this.#address = openAddress(this, labFields(network), { ...toShared(network, settings), network: id });
    const { network: wanted = id, ...shared } = this.#address.read();
    if (wanted !== network.id || Object.keys(shared).length === 0) return undefined;
    return fromShared(network, settings, shared);
  }

  /** Another network takes the place of the one that is drawn, as it was left or with what the address says. */
  async #takeNetwork(id: NetworkId): Promise<void> {
    const place = this.#data.networks.find((one) => one.id === id);
    if (!place || id === this.state.network.id) return;
    this.update({ coming: id, notice: undefined });
    try {
      const known = this.#known.get(id) ?? (await fetchNetwork(place));
      this.#known.set(id, known);
      const { network } = known;
      const counts = { count: undefined, countOfAll: undefined, downloadBytes: place.downloadBytes };
      const left = this.#shelf.get(id);
      const next = left ?? { ...firstState(network, 'head', counts), log: readLog(network) };
      this.#shelf.set(this.state.network.id, this.state);
      const settings = this.#readAddress(next) ?? next.settings;
      const cleared = { run: undefined, where: undefined, problem: undefined };
      const { backend, interrupted } = this.state;
      this.#kept.log = next.log;
      this.update({ ...cleared, ...next, coming: undefined, backend, interrupted });
      const notice = t('freeze.network.chosen', {
        network: t(`freeze.network.${id}`),
        reads: t(`freeze.network.${network.reads}`, { length: textLength }),
        ways: network.ways,
      });
      this.#set(settings, notice);
      this.announce(notice);
    } catch {
      this.update({ coming: undefined, notice: t('freeze.network.failed') });
    }
  }

  protected draw(state: FreezeState): void {
    drawFreeze(this, state);
    const { log, isRefused } = this.#kept;
    if (state.log === log) return;
    this.#kept.log = state.log;
    if (keepLog(state.network, state.log) || isRefused) return;
    this.#kept.isRefused = true;
    queueMicrotask(() => this.update({ notice: t('freeze.refused') }));
  }

  /** Offers to go on with a run that a closed tab broke off, unless another tab is at it. */
  async #offer(): Promise<void> {
    if (!readOpenRun()) return;
    // it fails when the figure leaves the page
    await whenFree(this.signal).catch(() => undefined);
    const interrupted = readOpenRun();
    if (interrupted && !this.signal.aborted && this.state.status === 'idle') this.update({ interrupted });
  }

  async #continue(): Promise<void> {
    const { interrupted } = this.state;
    if (!interrupted) return;
    await this.#takeNetwork(interrupted.network);
    const { network } = this.state;
    // its graph did not come: the offer stands
    if (network.id !== interrupted.network) return;
    this.#set(readSettings(network, interrupted.settings));
    await this.#ask((live) => live.run(interrupted));
  }

  get #counter(): KnownNetwork['counter'] {
    return (this.#known.get(this.state.network.id) ?? this.first).counter;
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
    const known = this.#counter.known(settings);
    this.update({ settings, notice, ...(known ?? { count: undefined }) });
    this.#address.write(toShared(this.state.network, settings));
    if (!known) this.#countSoon();
  }

  /** After the drawing: building the graphs takes a tenth of a second. */
  #countSoon(): void {
    clearTimeout(this.#counting);
    this.#counting = window.setTimeout(() => this.update(this.#counter.count(this.state.settings)), 30);
  }

  #click(target: Element): void {
    const button = target.closest<HTMLElement>('button');
    const action = button?.dataset['action'];
    const logged = button?.dataset['log'];
    if (action === 'run') void this.#ask((live) => live.run());
    if (action === 'continue') void this.#continue();
    if (action === 'forget') this.#forget();
    if (action === 'cancel') this.#live?.cancel();
    if (action === 'pause' || action === 'resume' || action === 'step') void this.#live?.steer(action);
    if (logged) this.#useLog(logged, button?.closest<HTMLElement>('tr')?.dataset['key'] ?? '');
  }

  #forget(): void {
    this.update({ interrupted: undefined });
    void forgetRun();
    this.querySelector<HTMLElement>('[data-action="run"]')?.focus();
  }

  #useLog(action: string, letter: string): void {
    const { log, run } = this.state;
    const logged = log.runs.find((one) => one.letter === letter);
    if (action === 'pin' && logged) this.update({ log: pinRun(log, letter, !logged.isPinned) });
    if (action === 'remove') this.update({ log: removeRun(log, letter) });
    if (action === 'clear') this.update({ log: clearRuns(log) });
    if (action === 'undo') this.update({ log: undo(log) });
    if (action === 'restore' && logged) this.#set(logged.settings);
    if (action === 'csv')
      saveFile('freeze-lab.csv', new Blob([logCsv(this.state.network, log.runs)], { type: 'text/csv' }));
    if (action === 'notebook' && logged) void this.#live?.saveNotebook(logged);
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
      this.#set(withPreset(this.state.network, settings, preset));
      this.#announceChoice();
      return;
    }
    if (target.closest('[data-part="networks"]')) {
      const id = networkIds.find((one) => one === target.value);
      if (id) void this.#takeNetwork(id);
      return;
    }
    if (target.closest('[data-part="shots"]')) {
      const asked =
        shotChoices[this.state.network.reads].find((count) => String(count) === target.value) ?? 5;
      this.#setShots(asked);
      return;
    }
    const field = target.dataset['field'];
    if (field === 'backend') this.update({ backend: target.value as FreezeState['backend'] });
    else if (field !== undefined) {
      const { settings: next, notice } = readField(this.state.network, settings, field, target);
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
