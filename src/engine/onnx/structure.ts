/**
 * The bytes of a file without its large weights. Positions count bytes in memory; where a stretch was left in the file, the
 * position in the file is larger. One byte before every hole is kept, so that "before" and "behind" are different positions.
 */
import type { ByteSource } from './byte-source.ts';

/** A stretch of the file that was not read. */
export interface Hole {
  /** Position in memory of the first byte behind the hole. */
  readonly at: number;
  readonly lengthBytes: number;
}

/** What protobuf messages are read from. */
export class Structure {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The file that the holes are in; undefined when there are none. */
  readonly source: ByteSource | undefined;
  private readonly holes: readonly Hole[];
  /** Bytes missing before each hole, and in the end before none. */
  private readonly missingBefore: readonly number[];

  constructor(bytes: Uint8Array, holes: readonly Hole[] = [], source?: ByteSource) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.source = source;
    this.holes = holes;
    let missing = 0;
    this.missingBefore = [0, ...holes.map(({ lengthBytes }) => (missing += lengthBytes))];
  }

  /** Where in the file a byte in memory stands. */
  filePosition(at: number): number {
    if (this.holes.length === 0) return at;
    return at + this.missingBefore[this.countHoles((hole) => hole.at <= at)];
  }

  /** Where in memory a stretch ends that begins at `start` and has `lengthBytes` in the file. */
  endOf(start: number, lengthBytes: number): number {
    if (this.holes.length === 0) return start + lengthBytes;
    const fileEnd = this.filePosition(start) + lengthBytes;
    const inside = this.countHoles((hole, missing) => hole.at + missing < fileEnd);
    const end = fileEnd - this.missingBefore[inside];
    // a damaged length may point into a hole
    return inside === 0 ? end : Math.max(end, this.holes[inside - 1].at);
  }

  /** Whether a range in memory has no hole in it. */
  isWhole(start: number, end: number): boolean {
    return this.filePosition(end) - this.filePosition(start) === end - start;
  }

  /** The number of holes, from the first on, for which a claim holds that holds for no later one. */
  private countHoles(holds: (hole: Hole, missingBefore: number) => boolean): number {
    let from = 0;
    let to = this.holes.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (holds(this.holes[middle], this.missingBefore[middle])) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
