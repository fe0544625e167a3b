/** What can go wrong in the engine, as a word that code may compare. */
export type ThawErrorCode =
  // downloads
  | 'network-lost'
  | 'not-found'
  | 'server-error'
  | 'wrong-bytes'
  | 'cancelled'
  // models
  | 'unknown-model'
  | 'bad-manifest'
  | 'bad-model'
  | 'bad-input'
  | 'unknown-value'
  // tokenizers
  | 'bad-vocabulary'
  // runtime
  | 'no-webassembly'
  | 'no-webgpu'
  | 'out-of-memory'
  | 'worker-crashed'
  | 'device-lost'
  | 'run-failed'
  | 'disposed'
  // training
  | 'diverged'
  // pictures
  | 'not-a-picture'
  | 'picture-too-large'
  | 'picture-unreadable';

/** A ThawError as plain data, for messages between threads and for "copy report". */
export interface ThawErrorData {
  code: ThawErrorCode;
  message: string;
  advice: string;
  details?: Record<string, string | number | boolean>;
}

/** An error that a reader may see: `message` says in one plain sentence what happened, `advice` what to do next. */
export class ThawError extends Error {
  readonly code: ThawErrorCode;
  readonly advice: string;
  /** Facts for a report: addresses, sizes, expected and actual values. */
  readonly details: Record<string, string | number | boolean>;

  constructor(data: ThawErrorData, options?: { cause?: unknown }) {
    super(data.message, options);
    this.name = 'ThawError';
    this.code = data.code;
    this.advice = data.advice;
    this.details = data.details ?? {};
  }

  /** The error as plain data. */
  toData(): ThawErrorData {
    return { code: this.code, message: this.message, advice: this.advice, details: this.details };
  }
}

/** Whether the value is a ThawError, optionally with this code. */
export function isThawError(value: unknown, code?: ThawErrorCode): value is ThawError {
  return value instanceof ThawError && (code === undefined || value.code === code);
}

/** The value itself if it is a ThawError, else a ThawError with the fallback's code and words and the value as its cause. */
export function asThawError(value: unknown, fallback: ThawErrorData): ThawError {
  if (value instanceof ThawError) return value;
  const reason = value instanceof Error ? value.message : String(value);
  return new ThawError(
    { ...fallback, details: { ...fallback.details, reason: reason.slice(0, 500) } },
    { cause: value },
  );
}

/** The error for work that its caller called off. */
export function cancelledError(what: string): ThawError {
  return new ThawError({
    code: 'cancelled',
    message: `${what} was cancelled.`,
    advice: 'Start it again when you like.',
  });
}
