import { concatenate, wireType } from './protobuf.ts';

const encoder = new TextEncoder();

/** Collects the fields of one message; large byte arrays are held by reference until `finish` copies them once. */
export class MessageWriter {
  private readonly chunks: Uint8Array[] = [];
  private small: number[] = [];
  private flushedBytes = 0;

  get sizeBytes(): number {
    return this.flushedBytes + this.small.length;
  }

  /** Writes a signed integer; values at or beyond the ends of int64 are clamped to them. */
  int(field: number, value: number | bigint): void {
    this.tag(field, wireType.varint);
    this.varint(value);
  }

  float(field: number, value: number): void {
    this.tag(field, wireType.fixed32);
    this.small.push(...new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(field: number, value: Uint8Array): void {
    this.tag(field, wireType.bytes);
    this.varint(value.length);
    this.raw(value);
  }

  /** Writes a text; an empty one is left out unless `always`. */
  string(field: number, value: string | undefined, always = false): void {
    if (value !== undefined && (value !== '' || always)) this.bytes(field, encoder.encode(value));
  }

  message(field: number, write: (inner: MessageWriter) => void): void {
    const inner = new MessageWriter();
    write(inner);
    inner.flush();
    this.tag(field, wireType.bytes);
    this.varint(inner.sizeBytes);
    this.flush();
    for (const chunk of inner.chunks) this.chunks.push(chunk);
    this.flushedBytes += inner.flushedBytes;
  }

  /** Writes a repeated integer field in packed form. */
  packedInts(field: number, values: Iterable<number | bigint> & { length: number }): void {
    if (values.length === 0) return;
    this.message(field, (inner) => {
      for (const value of values) inner.varint(value);
    });
  }

  /** Appends fields that are already encoded. */
  raw(encoded: Uint8Array | undefined): void {
    if (encoded === undefined || encoded.length === 0) return;
    if (encoded.length < 64) {
      this.small.push(...encoded);
      return;
    }
    this.flush();
    this.chunks.push(encoded);
    this.flushedBytes += encoded.length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.flush();
    return concatenate(this.chunks);
  }

  private tag(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  private varint(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      let rest = value;
      for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.small.push((rest % 128) | 0x80);
      this.small.push(rest);
      return;
    }
    let rest = BigInt.asUintN(64, typeof value === 'bigint' ? value : clampToInt64(value));
    for (; rest >= 0x80n; rest >>= 7n) this.small.push(Number(rest & 0x7fn) | 0x80);
    this.small.push(Number(rest));
  }

  private flush(): void {
    if (this.small.length === 0) return;
    this.chunks.push(Uint8Array.from(this.small));
    this.flushedBytes += this.small.length;
    this.small = [];
  }
}

function clampToInt64(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  return value <= -(2 ** 63) ? -(2n ** 63n) : BigInt(value);
}
