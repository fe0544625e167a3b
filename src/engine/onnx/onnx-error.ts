import { ThawError } from '../errors.ts';

export interface OnnxErrorFacts {
  /** Position in the file, in bytes from its start, where reading stopped; undefined for errors about the graph. */
  readonly byteOffset?: number;
  /** What the reader can do; default: export or copy the file again. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** An error about a model file or its graph whose message is a whole sentence fit to show to the reader; its code is 'bad-model'. */
export class OnnxError extends ThawError {
  readonly byteOffset: number | undefined;

  constructor(message: string, { byteOffset, advice, cause }: OnnxErrorFacts = {}) {
    super(
      {
        code: 'bad-model',
        message,
        advice: advice ?? 'Export the model again, or take a fresh copy of the file.',
        ...(byteOffset !== undefined && { details: { byteOffset } }),
      },
      cause === undefined ? undefined : { cause },
    );
    this.name = 'OnnxError';
    this.byteOffset = byteOffset;
  }
}
