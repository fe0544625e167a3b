/**
 * The protobuf wire format (https://protobuf.dev/programming-guides/encoding/), as much of it as ONNX uses: varints,
 * 32- and 64-bit numbers and length-prefixed bytes. Groups (wire types 3 and 4) do not occur and are refused.
 */
import { OnnxError } from './onnx-error.ts';

export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const wireTypeNames = [
  'varint',
  '64-bit',
  'bytes',
  'group start',
  'group end',
  '32-bit',
  'unknown (6)',
  'unknown (7)',
];

/** Reads the fields of one message from a range of a file; positions in errors count from the file's start. */
export class MessageReader {
  readonly file: Uint8Array;
  readonly end: number;
  /** What is being read, for error sentences: "the graph", "a node". */
  readonly what: string;
  readonly depth: number;
  position: number;
  /** Field number, wire type and first byte of the field that `next` found. */
  field = 0;
  wire = 0;
  fieldStart = 0;
  private unreadRanges: Uint8Array[] = [];
  private readonly view: DataView;

  constructor(file: Uint8Array, what: string, start = 0, end = file.length, depth = 0) {
    this.file = file;
    this.what = what;
    this.position = start;
    this.end = end;
    this.depth = depth;
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position >= this.end) return false;
    this.fieldStart = this.position;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field === 0)
      this.fail('has a field with number 0, which protobuf does not allow', this.fieldStart);
    if (!(this.wire === 0 || this.wire === 1 || this.wire === 2 || this.wire === 5)) {
      this.fail(
        `has a field of wire type "${wireTypeNames[this.wire]}", which ONNX does not use`,
        this.fieldStart,
      );
    }
    return true;
  }

  /** The next varint as an unsigned number of at most 53 bits. */
  varint(): number {
    const start = this.position;
    const { low, high } = this.words();
    if (high >= 0x200000) this.fail('has a number beyond 53 bits', start);
    return high * 0x100000000 + low;
  }

  /** The current varint field as a signed 64-bit integer; exact to 2^53 and at the two ends of int64. */
  int64(): number {
    this.expect(wireType.varint);
    return this.signed();
  }

  /** The current field as an unsigned integer of at most 53 bits (enumerations, versions). */
  uint(): number {
    this.expect(wireType.varint);
    return this.varint();
  }

  float(): number {
    this.expect(wireType.fixed32);
    return this.view.getFloat32(this.advance(4), true);
  }

  /** The current length-prefixed field, as a view of the file. */
  bytes(): Uint8Array {
    const [start, end] = this.range();
    return this.file.subarray(start, end);
  }

  string(): string {
    const at = this.position;
    const text = decodeUtf8(this.bytes());
    if (text === undefined) this.fail('has a name or text that is not UTF-8', at);
    return text;
  }

  /** A reader of the message in the current field. */
  message(what: string): MessageReader {
    const [start, end] = this.range();
    // If and Loop nest graphs; no real model goes anywhere near this deep, and the stack must not overflow
    if (this.depth >= 64) this.fail('is nested more than 64 messages deep', start);
    return new MessageReader(this.file, what, start, end, this.depth + 1);
  }

  /** Appends the integers of a repeated int64 field, packed or not. */
  int64s(into: number[]): void {
    if (this.wire === wireType.varint) {
      into.push(this.signed());
      return;
    }
    const [start, end] = this.range();
    const packed = new MessageReader(this.file, this.what, start, end, this.depth);
    while (packed.position < end) into.push(packed.signed());
  }

  /** Appends the low and high 32-bit halves of a repeated varint field, packed or not. */
  wordPairs(into: number[]): void {
    const pair = (reader: MessageReader) => {
      const { low, high } = reader.words();
      into.push(low, high);
    };
    if (this.wire === wireType.varint) {
      pair(this);
      return;
    }
    const [start, end] = this.range();
    const packed = new MessageReader(this.file, this.what, start, end, this.depth);
    while (packed.position < end) pair(packed);
  }

  /** The bytes of a repeated field of fixed size (4 or 8), packed or a single element. */
  fixed(size: 4 | 8): Uint8Array {
    if (this.wire === (size === 4 ? wireType.fixed32 : wireType.fixed64)) {
      const start = this.advance(size);
      return this.file.subarray(start, start + size);
    }
    const at = this.position;
    const bytes = this.bytes();
    if (bytes.length % size !== 0)
      this.fail(`has a list of ${size}-byte numbers that is ${bytes.length} bytes long`, at);
    return bytes;
  }

  /** Skips the current field and remembers its bytes for `unread`. */
  keep(): void {
    if (this.wire === wireType.varint) this.words();
    else if (this.wire === wireType.fixed64) this.advance(8);
    else if (this.wire === wireType.fixed32) this.advance(4);
    else this.range();
    this.unreadRanges.push(this.file.subarray(this.fieldStart, this.position));
  }

  /** The kept fields, or undefined when there were none. */
  get unread(): Uint8Array | undefined {
    if (this.unreadRanges.length <= 1) return this.unreadRanges[0];
    return concatenate(this.unreadRanges);
  }

  fail(problem: string, at = this.position): never {
    throw new OnnxError(`The file is damaged: ${this.what} ${problem} (byte ${at}).`, at);
  }

  private signed(): number {
    const start = this.position;
    const { low, high } = this.words();
    const signedHigh = high | 0;
    const value = signedHigh * 0x100000000 + low;
    const atTheEnds = (high === 0x7fffffff && low === 0xffffffff) || (high === 0x80000000 && low === 0);
    if (!Number.isSafeInteger(value) && !atTheEnds) this.fail('has an integer beyond 53 bits', start);
    return value;
  }

  private words(): { low: number; high: number } {
    const start = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) this.fail('ends in the middle of a number', start);
      const byte = this.file[this.position++];
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) return { low: low >>> 0, high: high >>> 0 };
    }
    return this.fail('has a number longer than ten bytes', start);
  }

  private range(): [number, number] {
    this.expect(wireType.bytes);
    const at = this.position;
    const length = this.varint();
    const start = this.position;
    if (length > this.end - start) {
      const left = this.end - start;
      this.fail(`says that its field ${this.field} is ${length} bytes long where only ${left} are left`, at);
    }
    this.position = start + length;
    return [start, this.position];
  }

  private advance(size: number): number {
    const start = this.position;
    if (size > this.end - start) this.fail('ends in the middle of a number', start);
    this.position += size;
    return start;
  }

  private expect(wire: number): void {
    if (this.wire === wire) return;
    const problem = `stores field ${this.field} as "${wireTypeNames[this.wire]}" where "${wireTypeNames[wire]}" belongs`;
    this.fail(problem, this.fieldStart);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes, or undefined when they are none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** One array with the bytes of all parts in order. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
