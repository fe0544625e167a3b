/**
 * KaTeX's style sheet with each font in two files: the signs that formulas usually need, and all the others.
 * `unicode-range` lets the browser fetch the second only for a page that prints one of its signs.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface KatexTools {
  /** Cuts a font to the characters given. */
  cut: (source: Uint8Array, characters: string) => Promise<Uint8Array>;
  /** Writes a file named by its content and returns its name. */
  write: (stem: string, extension: string, bytes: Uint8Array | string) => Promise<string>;
}

/** Letters, digits, Greek, and the operators, arrows and delimiters of the course's kind of mathematics. */
const USUAL =
  " !()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz{|}~'" +
  'ΓΔΘΛΞΠΣΥΦΨΩαβγδεζηθικλμνξπρστυφχψωϵϑϕϱ' +
  '\u00a0±·×÷†…′−∗∘∙√∞∂∇∑∏∫∈∉∀∃∅∣∥∧∨∩∪∼≃≈≠≡≤≥≪≫⊂⊆⊕⊗⊙⊤⊥⋅⋯⟨⟩⌈⌉⌊⌋←→↔⇒⇔↦ℓℝ⎝⎛⎞⎠⎡⎣⎤⎦⎢⎥⎧⎨⎩ˉˆˇ˙˘˜¯´`¨\u20d7';
/** Below this size a second request costs more than the bytes that it saves. */
const WORTH_CUTTING_BYTES = 8000;

/** Writes KaTeX's fonts and style sheet; returns the file name of the sheet. */
export async function buildKatexStyle({ cut, write }: KatexTools): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve('katex/dist/katex.min.css'));
  const sheet = await readFile(join(folder, 'katex.min.css'), 'utf8');
  const faces = sheet.match(/@font-face\{[^}]*\}/g) ?? [];
  if (faces.length === 0)
    throw new Error('katex.min.css should hold @font-face rules; its form has changed.');
  const rules: string[] = [];
  for (const face of faces) {
    const name = /fonts\/([\w-]+)\.woff2/.exec(face)?.[1];
    if (!name) throw new Error(`A KaTeX font without a woff2 file: ${face}`);
    const source = await readFile(join(folder, 'fonts', `${name}.woff2`));
    const stem = name.toLowerCase().replaceAll('_', '-');
    const head = face
      .slice('@font-face{'.length, -1)
      .split(';')
      .filter((line) => line && !line.startsWith('src:') && !line.startsWith('font-display:'))
      .join(';');
    const rule = (file: string, range: string): string =>
      `@font-face{${head};font-display:block;src:url(${file}) format("woff2")${range}}`;
    if (source.length < WORTH_CUTTING_BYTES) {
      rules.push(rule(await write(stem, 'woff2', source), ''));
      continue;
    }
    const usual = [...new Set(USUAL)].map((sign) => sign.codePointAt(0) ?? 0).sort((a, b) => a - b);
    const usualFile = await write(stem, 'woff2', await cut(source, USUAL));
    const restFile = await write(`${stem}-rest`, 'woff2', source);
    rules.push(
      rule(restFile, `;unicode-range:${rangesWithout(usual)}`),
      rule(usualFile, `;unicode-range:${rangesOf(usual)}`),
    );
  }
  const others = sheet.replace(/@font-face\{[^}]*\}/g, '');
  return write('katex', 'css', rules.join('') + others);
}

function rangesOf(sorted: number[]): string {
  return pairs(sorted)
    .map(([from, to]) => range(from, to))
    .join(',');
}

/** All code points of the Basic Multilingual Plane that are not in the list. */
function rangesWithout(sorted: number[]): string {
  const gaps: string[] = [];
  let next = 0;
  for (const [from, to] of pairs(sorted)) {
    if (from > next) gaps.push(range(next, from - 1));
    next = to + 1;
  }
  gaps.push(range(next, 0xffff));
  return gaps.join(',');
}

function pairs(sorted: number[]): [number, number][] {
  const result: [number, number][] = [];
  for (const value of sorted) {
    const last = result.at(-1);
    if (last && last[1] === value - 1) last[1] = value;
    else result.push([value, value]);
  }
  return result;
}

function range(from: number, to: number): string {
  const hex = (value: number): string => value.toString(16).toUpperCase();
  return from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`;
}
