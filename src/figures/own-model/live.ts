/** The figure's other half: the worker with the reader's network, the picture's pixels, the tokenizer. */
import { asThawError, isThawError, type ThawError } from '../../engine/errors.ts';
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';
import { chooseBackend } from '../../engine/runtime/backend.ts';
import { browserCapabilities } from '../../engine/runtime/browser.ts';
import { findRuntime, startFileClient } from '../../labs/own-model/browser.ts';
import type { FileClient } from '../../labs/own-model/client.ts';
import { makeInputs } from '../../labs/own-model/make-inputs.ts';
import type { NamedFile } from '../../labs/own-model/protocol.ts';
import { countTokens, type OpenVocabulary } from '../../labs/own-model/text-numbers.ts';
import { t } from '../../site/strings.ts';
import { decodeFile } from '../kit/decode-file.ts';
import { formatMilliseconds } from '../kit/format.ts';
import { look, updateLook, type LookHost } from '../model-atlas/look.ts';
import type { LookAction } from '../model-atlas/model.ts';
import {
  computedValues,
  openedState,
  readNumbers,
  withPicture,
  withText,
  type OwnState,
  type Problem,
} from './model.ts';

/** What the live part needs from its element. */
export interface OwnHost {
  read: () => OwnState;
  update: (change: Partial<OwnState>) => void;
  announce: (text: string) => void;
}

/** Everything that the figure does beyond drawing. */
export class OwnLive {
  readonly #host: OwnHost;
  #client: FileClient | undefined;
  #files: readonly NamedFile[] = [];
  #picture: RgbaPicture | undefined;
  #vocabulary: { files: readonly NamedFile[]; opened: OpenVocabulary } | undefined;

  constructor(host: OwnHost, signal: AbortSignal) {
    this.#host = host;
    signal.addEventListener('abort', () => this.#client?.end(), { once: true });
  }

  /** Opens the network among these files; the one before is put away. */
  async open(files: readonly File[]): Promise<void> {
    const named = files.map((file) => ({ name: file.name, file }));
    await this.#try('opening', async () => {
      const client = this.#restart();
      this.#host.update({ file: undefined, atlas: undefined });
      const opened = await client.ask('open', { files: named });
      this.#files = named;
      this.#host.update(openedState(opened.network.title, opened));
      this.#host.announce(t('own.announceOpen', { name: opened.network.title }));
    });
  }

  /** Opens the course's own network, fetched from this address. */
  async openSample(address: string): Promise<void> {
    await this.#try('opening', async () => {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
      const name = address.split('/').at(-2) ?? 'model';
      await this.open([new File([await answer.blob()], `${name}.onnx`)]);
    });
  }

  /** Takes a picture for the inputs that want one. */
  async takePicture(file: File): Promise<void> {
    await this.#try(undefined, async () => {
      const { picture } = await decodeFile(file, file.name);
      this.#picture = picture;
      const { inputs, file: open } = this.#host.read();
      this.#host.update({
        picture: { name: file.name, width: picture.width, height: picture.height },
        inputs: withPicture(inputs, open?.opened.inputs ?? []),
      });
    });
  }

  /** Takes the files of a vocabulary; the last ones again where none are given. */
  async takeVocabulary(files?: readonly File[]): Promise<void> {
    const named = files?.map((file) => ({ name: file.name, file })) ?? this.#vocabulary?.files;
    if (!named) return;
    await this.#try(undefined, async () => {
      const { readVocabulary } = await import('../../labs/own-model/text-input.ts');
      const { lowerCase, inputs, file } = this.#host.read();
      this.#vocabulary = { files: named, opened: await readVocabulary(named, lowerCase) };
      this.#host.update({ inputs: withText(inputs, file?.opened.inputs ?? []) });
      this.countTokens();
    });
  }

  /** Says how many tokens the text has. */
  countTokens(): void {
    const opened = this.#vocabulary?.opened;
    if (!opened) return;
    const tokens = countTokens(opened, this.#host.read().text);
    this.#host.update({ vocabulary: { kind: opened.kind, size: opened.tokenizer.size, tokens } });
  }

  /** Runs the network on what is chosen. */
  async run(): Promise<void> {
    await this.#try('running', async () => {
      const state = this.#host.read();
      const { file, atlas } = state;
      if (!file || !this.#client) return;
      const inputs = makeInputs(file.opened.inputs, state.inputs, {
        seed: readSeed(state.seed),
        picture: this.#picture,
        pictureChoice: readFields(state),
        text: state.text,
        vocabulary: this.#vocabulary?.opened,
      });
      chooseBackend('wasm', await browserCapabilities(), { macs: 0 });
      const run = await this.#client.ask(
        'run',
        { inputs, ...(await findRuntime(import.meta.env.BASE_URL)) },
        (received, total) =>
          this.#host.update(
            received < total
              ? {
                  doing: 'fetching',
                  progress: { label: t('own.fetching'), receivedBytes: received, totalBytes: total },
                }
              : { doing: 'running', progress: undefined },
          ),
      );
      const read = new Map([...(atlas?.look?.read ?? [])].filter(([key]) => !key.startsWith('values ')));
      this.#host.update({ run, checked: undefined });
      updateLook(this.#lookHost, { hasValues: true, read, problem: undefined });
      this.#host.announce(t('own.announceRun', { time: formatMilliseconds(run.elapsedMs) }));
    });
  }

  /** Looks through all values of the last run for what is no number. */
  async check(): Promise<void> {
    await this.#try('checking', async () => {
      const checked = await this.#client?.ask('check', { names: computedValues(this.#host.read()) });
      this.#host.update({ checked });
    });
  }

  /** Reads tensors of the box that is shown, or times all that is drawn. */
  async look(action: LookAction): Promise<void> {
    const client = this.#client;
    if (client) await look(this.#lookHost, action, () => Promise.resolve(client));
  }

  /** Calls off what is being done: the worker ends, and the file is opened again in another. */
  async cancel(): Promise<void> {
    const { file } = this.#host.read();
    const client = this.#restart();
    this.#host.update({ status: file ? 'ready' : 'idle', doing: undefined, progress: undefined });
    if (!file) return;
    updateLook(this.#lookHost, { hasValues: false, pending: undefined });
    await client.ask('open', { files: this.#files }).catch((error: unknown) => this.#fail(error));
  }

  #restart(): FileClient {
    this.#client?.end();
    this.#client = startFileClient();
    return this.#client;
  }

  readonly #lookHost: LookHost = {
    read: () => this.#host.read().atlas,
    update: (change) => {
      const { atlas } = this.#host.read();
      if (atlas) this.#host.update({ atlas: { ...atlas, ...change } });
    },
  };

  /** Does something under a status; what goes wrong becomes the figure's problem. */
  async #try(doing: OwnState['doing'], work: () => Promise<void>): Promise<void> {
    const before = this.#host.read();
    const status = doing === 'opening' ? 'loading' : doing ? 'running' : before.status;
    this.#host.update({ doing, problem: undefined, status });
    try {
      await work();
      const { file } = this.#host.read();
      this.#host.update({ doing: undefined, progress: undefined, status: file ? 'ready' : 'idle' });
    } catch (error) {
      if (isThawError(error, 'cancelled')) return;
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const problem = describe(asThawError(error, unexpected()));
    const { file } = this.#host.read();
    this.#host.update({ doing: undefined, progress: undefined, status: file ? 'ready' : 'failed', problem });
    this.#host.announce(problem.message);
  }
}

function unexpected() {
  return { code: 'run-failed' as const, message: t('own.unexpected'), advice: t('own.unexpectedAdvice') };
}

function describe({ message, advice, code, details }: ThawError): Problem {
  const facts = Object.entries(details).map(([name, value]) => `${name}: ${String(value)}`);
  return { message, advice, details: [`code: ${code}`, ...facts].join('\n') };
}

function readSeed(text: string): number {
  const seed = Number(text);
  return Number.isSafeInteger(seed) && seed >= 0 ? seed : 1;
}

function readFields({ pictureFields: { fit, channels, layout, divisor, mean, std } }: OwnState) {
  const numbers = (text: string, name: string): number[] => {
    const found = readNumbers(text);
    if (found && (name === 'mean' || found.every((value) => value !== 0))) return found;
    throw asThawError(new Error(text), {
      code: 'bad-input',
      message: t('own.badNumbers', { text: text.trim() }),
      advice: t('own.badNumbersAdvice'),
    });
  };
  return {
    ...{ fit, channels, layout },
    divisor: numbers(divisor, 'divisor')[0],
    mean: numbers(mean, 'mean'),
    std: numbers(std, 'std'),
  };
}
