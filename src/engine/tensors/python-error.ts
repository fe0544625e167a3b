/** The errors of Python, PyTorch and NumPy as the bench raises them: a type, a message as the original writes it, and a note of ours. */

/** An error with the name that Python gives it. `note` is a sentence of the bench's own, shown apart from the message. */
export class PythonError extends Error {
  readonly type: string;
  readonly note: string | undefined;

  constructor(type: string, message: string, note?: string) {
    super(message);
    this.name = type;
    this.type = type;
    this.note = note;
  }
}

/** A RuntimeError, the one that PyTorch raises most. */
export function runtimeError(message: string): PythonError {
  return new PythonError('RuntimeError', message);
}

/** A TypeError. */
export function typeError(message: string): PythonError {
  return new PythonError('TypeError', message);
}

/** An IndexError. */
export function indexError(message: string): PythonError {
  return new PythonError('IndexError', message);
}

/** A ValueError. */
export function valueError(message: string): PythonError {
  return new PythonError('ValueError', message);
}

/** What the bench itself stops: no `except` of the cell's catches it. */
export class BenchStop extends PythonError {}
