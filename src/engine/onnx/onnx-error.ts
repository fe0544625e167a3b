/** An error about a model file or its graph whose message is a whole sentence fit to show to the reader. */
export class OnnxError extends Error {
  /** Position in the file, in bytes from its start, where reading stopped; undefined for errors about the graph. */
  readonly byteOffset: number | undefined;

  constructor(message: string, byteOffset?: number) {
    super(message);
    this.name = 'OnnxError';
    this.byteOffset = byteOffset;
  }
}
