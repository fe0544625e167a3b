/** The atlas of a bundled network with its file: fetched once when the reader asks for weights or runs a picture. */
import type { InputSpec } from '../../engine/registry/manifest.ts';
import { preprocess } from '../../engine/preprocess/picture.ts';
import { findRuntime, startFileClient } from '../../labs/own-model/browser.ts';
import type { FileClient } from '../../labs/own-model/client.ts';
import { t } from '../../site/strings.ts';
import { decodeFile } from '../kit/decode-file.ts';
import { formatMilliseconds } from '../kit/format.ts';
import { look, sayProblem, updateLook, type LookHost } from './look.ts';
import type { LookAction } from './model.ts';

/** Reads and runs the network of one atlas. */
export class AtlasLive {
  readonly #host: LookHost;
  readonly #base: string;
  #client: Promise<FileClient> | undefined;

  /** `base` is the site's own, such as "/". */
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
    if (!source?.picture) return;
    updateLook(this.#host, { pending: 'run', problem: undefined });
    try {
      const { picture } = await decodeFile(file, file.name);
      const client = await this.#open();
      const input: InputSpec = source.picture;
      const inputs = { [input.name]: preprocess(picture, input) };
      const run = await client.ask('run', { inputs, ...(await findRuntime(this.#base)) });
      const best = run.outputs[0]?.largest[0];
      const read = new Map(
        [...(this.#host.read()?.look?.read ?? [])].filter(([key]) => !key.startsWith('values ')),
      );
      updateLook(this.#host, {
        pending: undefined,
        hasValues: true,
        weightsNote: '',
        read,
        ran: t('look.ran', {
          name: file.name,
          answer: (best && source.classes[best.index]) ?? '',
          time: formatMilliseconds(run.elapsedMs),
        }),
      });
    } catch (error) {
      updateLook(this.#host, { pending: undefined, problem: sayProblem(error) });
    }
  }

  /** The worker with the network's file in it; a failed download is forgotten, so that the next press tries again. */
  #open(): Promise<FileClient> {
    this.#client ??= this.#fetch().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #fetch(): Promise<FileClient> {
    const { id, source } = this.#host.read()?.network ?? {};
    const address = `${this.#base.replace(/\/?$/, '/')}${source?.path ?? ''}`;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
    const client = startFileClient();
    await client.ask('open', { files: [{ name: `${id ?? 'network'}.onnx`, file: await answer.blob() }] });
    updateLook(this.#host, { weightsNote: '' });
    return client;
  }
}
