/** `<thaw-sentiment-lab>`: listens, keeps the state, draws it. Network, worker and training are live.ts's affair. */
import { asThawError } from '../../engine/errors.ts';
import { pinRun, removeRun, renameRun, undo } from '../../labs/run-log.ts';
import { mostTableLetters, readOwnTable } from '../../labs/sentiment/own-table.ts';
import { shotChoices, subjects, ways, withSource, withWay } from '../../labs/sentiment/settings.ts';
import { resumeAfterReload } from '../../site/isolation/client.ts';
import { t } from '../../site/strings.ts';
import { addStyles } from '../kit/add-styles.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { formatBytes } from '../kit/format.ts';
import { wasInterrupted } from '../kit/interrupted.ts';
import { LiveFigure, type FigureHost } from '../kit/live-figure.ts';
import { listenForDrops } from '../kit/picture-input.ts';
import { redrawOnWidth } from '../kit/redraw-on-width.ts';
import { saveFile } from '../kit/save.ts';
import runStyles from '../kit/runs.css?url';
import { answersCsv, logCsv } from './csv.ts';
import { readSentimentData, type SentimentData } from './data.ts';
import type { SentimentLive } from './live.ts';
import { firstState, type SentimentSettings, type SentimentState } from './model.ts';
import { readField } from './read-field.ts';
import { fromShared, sharedFields, toShared, type Shared } from './share.ts';
import { drawSentiment } from './view.ts';
import styles from './sentiment-run.css?url';

/** A sentence is asked about when nobody has typed for so long. */
const quietMs = 250;

resumeAfterReload();

class SentimentLab extends LiveFigure<SentimentState, SentimentLive> {
  // Set by start, before anything can read them
  #data!: SentimentData;
  #address!: FigureAddress<Shared>;
  #typing = 0;

  protected start(signal: AbortSignal): SentimentState {
    this.#data = readSentimentData(this);
    const { frame, networks } = this.#data;
    const first = firstState(frame, 0);
    this.#address = openAddress(this, sharedFields, toShared(first.settings));
    const settings = fromShared(first.settings, this.#address.read());
    const state = { ...first, settings, downloadBytes: networks[settings.start].downloadBytes };
    this.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLInputElement), { signal });
    this.addEventListener('input', (event) => this.#input(event.target as HTMLInputElement), { signal });
    if (wasInterrupted()) queueMicrotask(() => void this.ask((live) => signal.aborted || live.resume()));
    redrawOnWidth(this, signal, () => this.draw(this.state));
    listenForDrops(this, ([file]) => void this.#readFile(file), signal);
    return state;
  }

  protected draw(state: SentimentState): void {
    drawSentiment(this, state);
  }

  /** Takes new settings into the state and the address. */
  #set(settings: SentimentSettings, notice?: string): void {
    const isOther = settings.start !== this.state.settings.start;
    const { downloadBytes } = this.#data.networks[settings.start];
    this.update({ settings, notice, ...(isOther && { downloadBytes }) });
    this.#address.write(toShared(settings));
  }

  #click(target: Element): void {
    const button = target.closest<HTMLElement>('button');
    const { action, log, own } = button?.dataset ?? {};
    if (action === 'run') this.#start((live) => live.run());
    if (action === 'fill') this.#start((live) => live.fill());
    if (action === 'cancel') void this.ask((live) => live.cancel());
    if (action === 'pause' || action === 'resume' || action === 'step')
      void this.ask((live) => live.steer(action));
    if (log) this.#useLog(log, button?.closest<HTMLElement>('tr')?.dataset['key'] ?? '');
    if (own) this.#useOwn(own);
  }

  #useLog(action: string, letter: string): void {
    const { log, answers, threshold } = this.state;
    const logged = log.runs.find((one) => one.letter === letter);
    if (action === 'pin' && logged) this.update({ log: pinRun(log, letter, !logged.isPinned) });
    if (action === 'remove') this.update({ log: removeRun(log, letter) });
    if (action === 'undo') this.update({ log: undo(log) });
    if (action === 'restore' && logged) this.#set(withoutOwn(logged.settings, this.state));
    if (action === 'csv') this.#saveText('sentiment-runs.csv', logCsv(log.runs));
    if (action === 'answers' && answers)
      this.#saveText('sentiment-answers.csv', answersCsv(answers, threshold));
    if (action === 'onnx') void this.ask((live) => this.#saveNetwork(live));
  }

  #saveText(name: string, text: string): void {
    saveFile(name, new Blob([text], { type: 'text/csv' }));
  }

  async #saveNetwork(live: SentimentLive): Promise<void> {
    const file = await live.file();
    const name = `sentiment-${this.state.run?.letter ?? ''}.onnx`;
    if (file) saveFile(name, new Blob([file], { type: 'application/octet-stream' }));
  }

  #useOwn(action: string): void {
    const field = this.#field();
    if (action === 'use') this.#useTable(field.value);
    if (action === 'sample') {
      field.value = t('sentiment.tableSampleText');
      field.focus();
    }
    if (action === 'drop') {
      const state = { ...this.state, own: undefined };
      this.update({ own: undefined, ownProblem: undefined });
      const settings = withoutOwn(state.settings, state);
      if (settings !== state.settings) this.#set(settings, t('sentiment.ownMissing'));
      // the button that was pressed is gone
      field.focus();
    }
  }

  #field(): HTMLTextAreaElement {
    const field = this.querySelector<HTMLTextAreaElement>('textarea[data-part="table"]');
    if (!field) throw new Error('The sentiment figure has no field for a table.');
    return field;
  }

  #useTable(text: string): void {
    try {
      this.update({ own: readOwnTable(text), ownProblem: undefined });
      this.#set({ ...this.state.settings, target: 'own' });
    } catch (error) {
      const { message, advice } = asThawError(error, {
        ...{ code: 'bad-input', message: t('sentiment.fileLost') },
        advice: t('sentiment.fileLostAdvice'),
      });
      const kept = t(this.state.own ? 'sentiment.tableKeptOld' : 'sentiment.tableKept');
      this.update({ ownProblem: { message, advice, kept } });
    }
  }

  async #readFile(file: File): Promise<void> {
    this.#field().closest('details')?.setAttribute('open', '');
    if (file.size > 4 * mostTableLetters) {
      const [size, most] = [formatBytes(file.size), formatBytes(4 * mostTableLetters)];
      const message = t('sentiment.fileLarge', { size, most });
      this.update({ ownProblem: { message, advice: t('sentiment.fileLargeAdvice') } });
      return;
    }
    try {
      const text = await file.text();
      // what was typed is not lost to a file that cannot be used
      if (this.#field().value.trim() === '') this.#field().value = text.slice(0, mostTableLetters);
      this.#useTable(text);
    } catch {
      const problem = { message: t('sentiment.fileLost'), advice: t('sentiment.fileLostAdvice') };
      this.update({ ownProblem: problem });
    }
  }

  #change(target: HTMLInputElement): void {
    const { settings, log } = this.state;
    const { value, checked } = target;
    const row = target.closest<HTMLElement>('[data-part="log"] tr');
    const group = target.closest<HTMLElement>('[data-part]')?.dataset['part'];
    const field = target.dataset['field'];
    if (row) this.update({ log: renameRun(log, row.dataset['key'] ?? '', value) });
    else if (group === 'file') {
      const [file] = target.files ?? [];
      if (file) void this.#readFile(file);
      // the same file chosen twice must be taken twice
      target.value = '';
    } else if (group === 'ways')
      this.#set(withWay(settings, ways.find((way) => way === value) ?? settings.way));
    else if (group === 'shots')
      this.#set({
        ...settings,
        shots: shotChoices.find((count) => String(count) === value) ?? settings.shots,
      });
    else if (group === 'sources') {
      const source = subjects.find((subject) => subject === value);
      if (source) this.#set(withSource(settings, source, checked));
    } else if (field === 'backend') this.update({ backend: value as SentimentState['backend'] });
    else if (field !== undefined) {
      const { settings: next, notice } = readField(settings, field, value);
      this.#set(next, notice);
      // what could not be read gives way to what stands
      if (notice) {
        target.value = String(toShared(next)[field as keyof Shared]);
        target.focus();
      }
    }
  }

  #input(target: HTMLInputElement): void {
    const part = target.dataset['part'];
    if (part === 'threshold') this.update({ threshold: Number(target.value) / 100 });
    if (part !== 'sentence') return;
    this.update({ sentence: target.value });
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => void this.ask((live) => live.ask()), quietMs);
  }

  /** The status changes at once, before any code has come. */
  #start(act: (live: SentimentLive) => unknown): void {
    this.update({ status: 'loading', problem: undefined });
    void this.ask(act);
  }

  protected async openLive(host: FigureHost<SentimentState>): Promise<SentimentLive> {
    const { SentimentLive } = await import('./live.ts');
    return new SentimentLive({ ...host, data: this.#data, key: `sentiment${this.#address.prefix}` });
  }

  protected describeLost(): Partial<SentimentState> {
    const problem = { message: t('sentiment.codeLost'), advice: t('lens.codeLostAdvice') };
    return { status: 'failed', problem };
  }
}

/** The settings without the reader's own table where there is none. */
function withoutOwn(settings: SentimentSettings, { own }: Pick<SentimentState, 'own'>): SentimentSettings {
  const usesOwn = settings.target === 'own' || settings.sources.includes('own');
  if (own || !usesOwn) return settings;
  const sources = settings.sources.filter((source) => source !== 'own');
  return {
    ...settings,
    sources: sources.length > 0 ? sources : ['films'],
    target: settings.target === 'own' ? 'phones' : settings.target,
  };
}

addStyles(runStyles, styles);
if (!customElements.get('thaw-sentiment-lab')) customElements.define('thaw-sentiment-lab', SentimentLab);
