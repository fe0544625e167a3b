/**
 * Renames a font. The OpenType file format: https://learn.microsoft.com/typography/opentype/spec/otff
 */

/** Record ids of the `name` table that we write: family, style, unique id, full name, PostScript name. */
const FAMILY = 1;
const STYLE = 2;
const UNIQUE = 3;
const FULL = 4;
const POSTSCRIPT = 6;
const COPYRIGHT = 0;
const LICENCE = 13;
const LICENCE_URL = 14;

export interface FontName {
  family: string;
  style: string;
  copyright: string;
}

/** Returns the font (an sfnt: TrueType or OpenType bytes) with its `name` table replaced by ours. */
export function renameFont(sfnt: Uint8Array, name: FontName): Uint8Array {
  const view = new DataView(sfnt.buffer, sfnt.byteOffset, sfnt.byteLength);
  const count = view.getUint16(4);
  const tables: { tag: string; bytes: Uint8Array }[] = [];
  for (let index = 0; index < count; index++) {
    const at = 12 + index * 16;
    const tag = String.fromCharCode(...sfnt.subarray(at, at + 4));
    const offset = view.getUint32(at + 8);
    const length = view.getUint32(at + 12);
    // STAT only names axes for font menus, by records that are gone; Firefox would report it as damaged. In fvar missing
    // records are allowed.
    if (tag === 'STAT') continue;
    tables.push({ tag, bytes: tag === 'name' ? nameTable(name) : sfnt.subarray(offset, offset + length) });
  }
  if (!tables.some(({ tag }) => tag === 'name')) tables.push({ tag: 'name', bytes: nameTable(name) });
  return assemble(
    view.getUint32(0),
    tables.sort((a, b) => (a.tag < b.tag ? -1 : 1)),
  );
}

/** Reads one record (by id) of the font's `name` table; undefined where there is none. */
export function readFontName(sfnt: Uint8Array, id: number): string | undefined {
  const view = new DataView(sfnt.buffer, sfnt.byteOffset, sfnt.byteLength);
  for (let index = 0; index < view.getUint16(4); index++) {
    const at = 12 + index * 16;
    if (String.fromCharCode(...sfnt.subarray(at, at + 4)) !== 'name') continue;
    const table = view.getUint32(at + 8);
    for (let record = 0; record < view.getUint16(table + 2); record++) {
      const entry = table + 6 + record * 12;
      if (view.getUint16(entry) !== 3 || view.getUint16(entry + 6) !== id) continue;
      const start = table + view.getUint16(table + 4) + view.getUint16(entry + 10);
      return new TextDecoder('utf-16be').decode(sfnt.subarray(start, start + view.getUint16(entry + 8)));
    }
  }
  return undefined;
}

function nameTable({ family, style, copyright }: FontName): Uint8Array {
  const full = style === 'Regular' ? family : `${family} ${style}`;
  const records: [number, string][] = [
    [COPYRIGHT, copyright],
    [FAMILY, family],
    [STYLE, style],
    [UNIQUE, `${full}; modified`],
    [FULL, full],
    [POSTSCRIPT, full.replaceAll(' ', '')],
    [LICENCE, 'SIL Open Font License, Version 1.1. A modified version: subset and instanced.'],
    [LICENCE_URL, 'https://openfontlicense.org'],
  ];
  const texts = records.map(([, text]) => utf16BigEndian(text));
  const header = 6 + records.length * 12;
  const bytes = new Uint8Array(header + texts.reduce((sum, text) => sum + text.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint16(2, records.length);
  view.setUint16(4, header);
  let at = 0;
  records.forEach(([id], index) => {
    const text = texts[index] ?? new Uint8Array();
    const entry = 6 + index * 12;
    // Windows platform, Unicode BMP, English (United States)
    for (const [slot, value] of [3, 1, 0x409, id, text.length, at].entries())
      view.setUint16(entry + slot * 2, value);
    bytes.set(text, header + at);
    at += text.length;
  });
  return bytes;
}

function utf16BigEndian(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index));
  return bytes;
}

function assemble(version: number, tables: { tag: string; bytes: Uint8Array }[]): Uint8Array {
  const padded = (length: number): number => (length + 3) & ~3;
  const header = 12 + tables.length * 16;
  const out = new Uint8Array(header + tables.reduce((sum, { bytes }) => sum + padded(bytes.length), 0));
  const view = new DataView(out.buffer);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  view.setUint32(0, version);
  [tables.length, power * 16, Math.log2(power), (tables.length - power) * 16].forEach((value, slot) =>
    view.setUint16(4 + slot * 2, value),
  );
  let offset = header;
  let headAt = -1;
  tables.forEach(({ tag, bytes }, index) => {
    const entry = 12 + index * 16;
    out.set(bytes, offset);
    if (tag === 'head') {
      headAt = offset;
      view.setUint32(offset + 8, 0); // the file's own checksum counts as zero while it is computed
    }
    for (let letter = 0; letter < 4; letter++) out[entry + letter] = tag.charCodeAt(letter);
    view.setUint32(entry + 4, checksum(view, offset, padded(bytes.length)));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, bytes.length);
    offset += padded(bytes.length);
  });
  if (headAt >= 0) view.setUint32(headAt + 8, (0xb1b0afba - checksum(view, 0, out.length)) >>> 0);
  return out;
}

function checksum(view: DataView, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}
