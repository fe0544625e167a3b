import type { ByteSource } from './byte-source.ts';
import { concatenate } from './protobuf.ts';
import type { Hole } from './structure.ts';

const smallestWindow = 64 * 1024;
const largestWindow = 4 * 2 ** 20;

/** One protobuf field by its position in the file. */
interface FieldPlace {
  readonly number: number;
  readonly hasLength: boolean;
  /** First byte behind tag and length. */
  readonly content: number;
  readonly end: number;
}

/** Reads a source from front to back through a window, and gathers the parts that are to stay in memory. */
export class ByteWindow {
  keptBytes = 0;
  private readonly source: ByteSource;
  private bytes: Uint8Array = new Uint8Array(0);
  private start = 0;
  private readonly parts: Uint8Array[] = [];
  /** What has been kept last, as long as it lies in the window: neighbours become one part. */
  private pending = { start: 0, end: 0 };

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Whether the next `length` bytes, or all that the file has, are in the window. */
  has(at: number, length: number): boolean {
    const end = Math.min(at + length, this.source.sizeBytes);
    return at >= this.start && end <= this.start + this.bytes.length;
  }

  /** Moves the window to a position. Reading on without a gap makes it larger, a jump small again. */
  async move(at: number): Promise<void> {
    this.flush();
    const isNear = at - (this.start + this.bytes.length) < smallestWindow;
    const size = isNear ? Math.min(2 * this.bytes.length, largestWindow) : smallestWindow;
    const length = Math.min(Math.max(size, smallestWindow), this.source.sizeBytes - at);
    this.bytes = await this.source.read(at, length);
    this.start = at;
    this.pending = { start: at, end: at };
  }

  /** The field at a position, or undefined when it is damaged or does not fit into its message. */
  field(at: number, messageEnd: number): FieldPlace | undefined {
    const tag = this.varint(at);
    if (tag === undefined) return undefined;
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    let content = tag.end;
    let end: number | undefined;
    if (wire === 0) end = this.varint(content)?.end;
    else if (wire === 1) end = content + 8;
    else if (wire === 5) end = content + 4;
    else if (wire === 2) {
      const length = this.varint(content);
      content = length?.end ?? content;
      end = length && content + length.value;
    }
    if (number === 0 || end === undefined || end > messageEnd) return undefined;
    return { number, hasLength: wire === 2, content, end };
  }

  /** Keeps a range that begins in the window. */
  async keep(from: number, to: number): Promise<void> {
    this.keptBytes += to - from;
    const windowEnd = this.start + this.bytes.length;
    if (from !== this.pending.end) {
      this.flush();
      this.pending = { start: from, end: from };
    }
    this.pending.end = Math.min(to, windowEnd);
    if (to <= windowEnd) return;
    this.flush();
    if (to - windowEnd > largestWindow) {
      for (let at = windowEnd; at < to; at += largestWindow)
        this.parts.push(await this.source.read(at, Math.min(largestWindow, to - at)));
      this.bytes = new Uint8Array(0);
      this.start = to;
      this.pending = { start: to, end: to };
      return;
    }
    await this.move(windowEnd);
    if (to > this.start + this.bytes.length) {
      this.keptBytes -= to - windowEnd;
      await this.keep(windowEnd, to);
    } else this.pending.end = to;
  }

  /**
   * Marks everything behind what was kept last as left in the file.
   * @param ends where messages end, ascending: a byte is kept at each, so that their ends stay places of their own.
   */
  async leaveRest(holes: Hole[], ends: readonly number[]): Promise<void> {
    this.flush();
    const missing = holes.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    let at = this.keptBytes + missing;
    for (const end of ends) {
      if (end <= at) continue;
      holes.push({ at: this.keptBytes, lengthBytes: end - at });
      at = Math.min(end + 1, this.source.sizeBytes);
      this.parts.push(await this.source.read(end, at - end));
      this.keptBytes += at - end;
    }
  }

  /** All that was kept, in order, as one array. */
  kept(): Uint8Array<ArrayBuffer> {
    this.flush();
    return concatenate(this.parts);
  }

  private flush(): void {
    const { start, end } = this.pending;
    // a copy, so that the whole window can go
    if (end > start) this.parts.push(this.bytes.slice(start - this.start, end - this.start));
    this.pending = { start: end, end };
  }

  /** An unsigned varint of at most 53 bits; larger values only matter to the reader, so they come back as the largest. */
  private varint(at: number): { readonly value: number; readonly end: number } | undefined {
    let value = 0;
    let scale = 1;
    for (let index = at - this.start; index < at - this.start + 10; index++) {
      if (index >= this.bytes.length) return undefined;
      const byte = this.bytes[index];
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80)
        return { value: Math.min(value, Number.MAX_SAFE_INTEGER), end: this.start + index + 1 };
    }
    return undefined;
  }
}
