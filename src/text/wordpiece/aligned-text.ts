/** A text under construction, with the place in its source of every UTF-16 unit. */
export class AlignedText {
  length = 0;
  /** The text's own units. */
  units: Uint16Array;
  /** Where in the source the character of each unit begins and ends. */
  starts: Uint32Array;
  ends: Uint32Array;

  constructor(capacity: number) {
    this.units = new Uint16Array(capacity);
    this.starts = new Uint32Array(capacity);
    this.ends = new Uint32Array(capacity);
  }

  /** Appends a character that stands for source[start, end). */
  push(code: number, start: number, end: number): void {
    if (code > 0xffff) {
      this.pushUnit(0xd7c0 + (code >> 10), start, end);
      this.pushUnit(0xdc00 + (code & 0x3ff), start, end);
    } else this.pushUnit(code, start, end);
  }

  /** The text as a string; its indices are those of `starts` and `ends`. */
  toText(): string {
    return decoder.decode(this.units.subarray(0, this.length));
  }

  private pushUnit(unit: number, start: number, end: number): void {
    if (this.length === this.units.length) this.grow();
    this.units[this.length] = unit;
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
  }

  private grow(): void {
    const larger = new AlignedText(this.length * 2 + 16);
    larger.units.set(this.units);
    larger.starts.set(this.starts);
    larger.ends.set(this.ends);
    ({ units: this.units, starts: this.starts, ends: this.ends } = larger);
  }
}

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });
