import { narrowVarints } from './narrow-varints.ts';
import type { MessageReader } from './protobuf.ts';
import { concatenate } from './protobuf.ts';
import type { BytePlace, DataType } from './types.ts';

/** Collects the pieces in which a tensor's elements are stored: usually one, but protobuf allows one per element. */
export class StoredElements {
  private readonly reader: MessageReader;
  private readonly encoding: BytePlace['encoding'];
  private ranges: [start: number, end: number][] = [];
  private gathered: Uint8Array = new Uint8Array(0);
  private gatheredBytes = 0;
  private isInFile = false;

  constructor(reader: MessageReader, encoding: BytePlace['encoding']) {
    this.reader = reader;
    this.encoding = encoding;
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0 && this.gatheredBytes === 0;
  }

  /** Appends a piece by its range in memory. */
  add(range: [start: number, end: number]): void {
    this.ranges.push(range);
    this.isInFile ||= !this.reader.structure.isWhole(...range);
    // a file of single elements must not become an array each
    if (this.ranges.length >= 256 && !this.isInFile) this.gather();
  }

  /** Where the elements are in the file, when not all of them are in memory. */
  place(): BytePlace | undefined {
    const { structure } = this.reader;
    if (!this.isInFile || structure.source === undefined) return undefined;
    if (this.gatheredBytes > 0) this.reader.fail('stores the elements of a tensor in two ways');
    const ranges = this.ranges.map(([start, end]) => {
      const offset = structure.filePosition(start);
      return { offset, length: structure.filePosition(end) - offset };
    });
    return { source: structure.source, ranges, encoding: this.encoding };
  }

  /** The elements as little-endian bytes: a view of the file when it stores them in one piece. */
  bytes(dtype: DataType): Uint8Array {
    if (this.ranges.length > 1 || this.gatheredBytes > 0) this.gather();
    const whole =
      this.gatheredBytes > 0
        ? this.gathered.subarray(0, this.gatheredBytes)
        : concatenateOne(this.ranges.map(([start, end]) => this.reader.slice(start, end)));
    return this.encoding === 'raw' ? whole : narrowVarints(whole, dtype);
  }

  private gather(): void {
    const added = this.ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    const needed = this.gatheredBytes + added;
    if (needed > this.gathered.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.gathered.length));
      larger.set(this.gathered.subarray(0, this.gatheredBytes));
      this.gathered = larger;
    }
    for (const [start, end] of this.ranges) {
      this.gathered.set(this.reader.slice(start, end), this.gatheredBytes);
      this.gatheredBytes += end - start;
    }
    this.ranges = [];
  }
}

function concatenateOne(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0] : concatenate(parts);
}
