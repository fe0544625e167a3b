/** The atlas of a bundled network with its file: fetched once when the reader asks for weights or runs a picture or a text. */
import type { AnyTensors } from '../../engine/runtime/any-session.ts';
import { preprocess } from '../../engine/preprocess/picture.ts';
import { findRuntime, startFileClient } from '../../labs/own-model/browser.ts';
import type { FileClient } from '../../labs/own-model/client.ts';
import type { FileRun } from '../../labs/own-model/protocol.ts';
import { t } from '../../site/strings.ts';
import { decodeFile } from '../kit/decode-file.ts';
import { formatCount, formatMilliseconds } from '../kit/format.ts';
import { look, sayProblem, updateLook, type LookHost } from './look.ts';
import type { LookAction } from './model.ts';

/** Reads and runs the network of one atlas. */
export class AtlasLive {
  readonly #host: LookHost;
  readonly #base: string;
  #client: Promise<FileClient> | undefined;

  /** `base` is the site's own, such as "/". The worker ends with the signal. */
  constructor(host: LookHost, base: string, signal: AbortSignal) {
    this.#host = host;
    this.#base = base;
    const end = (): void => void this.#client?.then((client) => client.end());
    signal.addEventListener('abort', end, { once: true });
  }

  /** Reads tensors of the shown box, or times all that is drawn. */
  look(action: LookAction): Promise<void> {
    return look(this.#host, action, () => this.#open());
  }

  /** Runs the network on a picture, prepared as its manifest says. */
  async run(file: File): Promise<void> {
    const { source } = this.#host.read()?.network ?? {};
    const { picture: input } = source ?? {};
    if (!source || !input) return;
    await this.#runOn(async () => {
      const { picture } = await decodeFile(file, file.name);
      const inputs = { [input.name]: preprocess(picture, input) };
      return {
        inputs,
        say: ({ outputs, elapsedMs }) => {
          const best = outputs[0]?.largest[0];
          const answer = (best && source.classes[best.index]) ?? '';
          return t('look.ran', { name: file.name, answer, time: formatMilliseconds(elapsedMs) });
        },
      };
    });
  }

  /** Runs the network on a text, cut by its own vocabulary. */
  async runText(text: string): Promise<void> {
    const { text: spec } = this.#host.read()?.network.source ?? {};
    if (!spec) return;
    if (text.trim() === '') {
      updateLook(this.#host, { problem: t('look.noText') });
      return;
    }
    await this.#runOn(async () => {
      const [bytes, { readWordPiece }, { textInputs }] = await Promise.all([
        this.#fetch(spec.vocabulary).then((blob) => blob.arrayBuffer()),
        import('../../text/wordpiece/tokenizer.ts'),
        import('../../labs/text-inputs.ts'),
      ]);
      const { lowercase: lowerCase, stripAccents } = spec.input.tokenizer;
      const tokenizer = readWordPiece(new Uint8Array(bytes), { lowerCase, stripAccents });
      const { inputs, pieces, cut } = textInputs(text, spec.input, tokenizer);
      const left = cut < 0 ? t('look.cutFar') : cut > 0 ? t('look.cut', { count: formatCount(cut) }) : '';
      return {
        inputs,
        say: ({ elapsedMs }) =>
          t('look.ranText', {
            pieces: formatCount(pieces),
            cut: left,
            time: formatMilliseconds(elapsedMs),
          }),
      };
    });
  }

  /** Prepares and runs; values of an earlier run are forgotten. */
  async #runOn(prepare: () => Promise<{ inputs: AnyTensors; say: (run: FileRun) => string }>): Promise<void> {
    updateLook(this.#host, { pending: 'run', problem: undefined });
    try {
      const { inputs, say } = await prepare();
      const client = await this.#open();
      const run = await client.ask('run', { inputs, ...(await findRuntime(this.#base)) });
      const read = new Map(
        [...(this.#host.read()?.look?.read ?? [])].filter(([key]) => !key.startsWith('values ')),
      );
      const news = { pending: undefined, hasValues: true, weightsNote: '' };
      updateLook(this.#host, { ...news, read, ran: say(run) });
    } catch (error) {
      updateLook(this.#host, { pending: undefined, problem: sayProblem(error) });
    }
  }

  /** The worker with the network's file in it; a failed download is forgotten, so that the next press tries again. */
  #open(): Promise<FileClient> {
    this.#client ??= this.#start().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #start(): Promise<FileClient> {
    const { id, source } = this.#host.read()?.network ?? {};
    const file = await this.#fetch(source?.path ?? '');
    const client = startFileClient();
    await client.ask('open', { files: [{ name: `${id ?? 'network'}.onnx`, file }] });
    updateLook(this.#host, { weightsNote: '' });
    return client;
  }

  async #fetch(path: string): Promise<Blob> {
    const address = `${this.#base.replace(/\/?$/, '/')}${path}`;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
    return answer.blob();
  }
}
