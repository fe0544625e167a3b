/**
 * The protobuf wire format (https://protobuf.dev/programming-guides/encoding/), as much of it as ONNX uses: varints,
 * 32- and 64-bit numbers and length-prefixed bytes. Groups (wire types 3 and 4) do not occur and are refused.
 */
import { OnnxError } from './onnx-error.ts';
import type { Structure } from './structure.ts';

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
  readonly structure: Structure;
  readonly end: number;
  /** What is being read, for error sentences: "the graph", "a node". */
  readonly what: string;
  readonly depth: number;
  position: number;
  /** Field number, wire type and first byte of the field that `next` found. */
  field = 0;
  wire = 0;
  fieldStart = 0;
  private unreadRanges: Uint8Array[] | undefined;

  constructor(structure: Structure, what: string, start = 0, end = structure.bytes.length, depth = 0) {
    this.structure = structure;
    this.what = what;
    this.position = start;
    this.end = end;
    this.depth = depth;
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
    return this.structure.view.getFloat32(this.advance(4), true);
  }

  /** The current length-prefixed field, as a view of the file. */
  bytes(): Uint8Array {
    const [start, end] = this.range();
    return this.slice(start, end);
  }

  /** A view of bytes of this message that must be in memory. */
  slice(start: number, end: number): Uint8Array {
    // only a field that means weights in one place and something else in another could get here
    if (!this.structure.isWhole(start, end)) this.fail('hides weights where none belong', start);
    return this.structure.bytes.subarray(start, end);
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
    return new MessageReader(this.structure, what, start, end, this.depth + 1);
  }

  /** Appends the integers of a repeated int64 field, packed or not; those beyond 53 bits (but the ends of int64) as bigint. */
  integers(into: (number | bigint)[]): void {
    this.eachVarint((reader) => into.push(reader.signedOrExact()));
  }

  /** Appends the integers of a repeated int64 field, packed or not; fails beyond 53 bits. */
  int64s(into: number[]): void {
    this.eachVarint((reader) => into.push(reader.signed()));
  }

  /** The range in memory of a repeated field of fixed size (4 or 8 bytes), packed or a single element. */
  fixed(size: 4 | 8): [start: number, end: number] {
    if (this.wire === (size === 4 ? wireType.fixed32 : wireType.fixed64)) {
      const start = this.advance(size);
      return [start, start + size];
    }
    return this.range();
  }

  /** The range in memory of a repeated varint field, packed or a single element. */
  varints(): [start: number, end: number] {
    if (this.wire !== wireType.varint) return this.range();
    const start = this.position;
    this.words();
    return [start, this.position];
  }

  /** The range in memory of the current length-prefixed field; it may have a hole in it. */
  range(): [start: number, end: number] {
    this.expect(wireType.bytes);
    const at = this.position;
    const length = this.varint();
    const start = this.position;
    const left = this.structure.filePosition(this.end) - this.structure.filePosition(start);
    if (length > left) {
      this.fail(`says that its field ${this.field} is ${length} bytes long where only ${left} are left`, at);
    }
    this.position = this.structure.endOf(start, length);
    return [start, this.position];
  }

  /** Skips the current field and remembers its bytes for `unread`. */
  keep(): void {
    if (this.wire === wireType.varint) this.words();
    else if (this.wire === wireType.fixed64) this.advance(8);
    else if (this.wire === wireType.fixed32) this.advance(4);
    else this.range();
    (this.unreadRanges ??= []).push(this.slice(this.fieldStart, this.position));
  }

  /** The kept fields, or undefined when there were none. */
  get unread(): Uint8Array | undefined {
    if (this.unreadRanges === undefined) return undefined;
    return this.unreadRanges.length === 1 ? this.unreadRanges[0] : concatenate(this.unreadRanges);
  }

  fail(problem: string, at = this.position): never {
    const byteOffset = this.structure.filePosition(at);
    throw new OnnxError(`The file is damaged: ${this.what} ${problem} (byte ${byteOffset}).`, { byteOffset });
  }

  private eachVarint(read: (reader: MessageReader) => void): void {
    if (this.wire === wireType.varint) {
      read(this);
      return;
    }
    const [start, end] = this.range();
    const packed = new MessageReader(this.structure, this.what, start, end, this.depth);
    while (packed.position < end) read(packed);
  }

  private signed(): number {
    const start = this.position;
    const value = this.signedOrExact();
    return typeof value === 'number' ? value : this.fail('has an integer beyond 53 bits', start);
  }

  private signedOrExact(): number | bigint {
    const { low, high } = this.words();
    const signedHigh = high | 0;
    const value = signedHigh * 0x100000000 + low;
    const isEnd = (high === 0x7fffffff && low === 0xffffffff) || (high === 0x80000000 && low === 0);
    if (Number.isSafeInteger(value) || isEnd) return value;
    return BigInt(signedHigh) * 0x100000000n + BigInt(low);
  }

  /** The next varint as two unsigned 32-bit halves. */
  words(): { low: number; high: number } {
    const { bytes } = this.structure;
    const start = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) this.fail('ends in the middle of a number', start);
      const byte = bytes[this.position++];
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
  // a graph has tens of thousands of short plain names, for which the decoder's start costs more than its work
  if (bytes.length < 64) {
    let text = '';
    for (const byte of bytes) {
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (text.length === bytes.length) return text;
  }
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
