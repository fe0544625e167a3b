/**
 * KaTeX's style sheet with each font in two files: the signs that the course's formulas print, and all the others.
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

/** Signs that any formula may gain tomorrow without a second file: letters, digits, plain operators and delimiters. */
const ALWAYS = ' !()*+,-./0123456789:;<=>?[]{|}';
/** Below this size a second request costs more than the bytes that it saves. */
const WORTH_CUTTING_BYTES = 2500;

/**
 * Writes KaTeX's fonts and style sheet; returns the file name of the sheet.
 * @param signsOf the characters that the site's formulas print in a family (formula-signs.ts)
 */
export async function buildKatexStyle(
  { cut, write }: KatexTools,
  signsOf: (family: string) => string,
): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve('katex/dist/katex.min.css'));
  const sheet = await readFile(join(folder, 'katex.min.css'), 'utf8');
  const faces = sheet.match(/@font-face\{[^}]*\}/g) ?? [];
  if (faces.length === 0)
    throw new Error('katex.min.css should hold @font-face rules; its form has changed.');
  const rules: string[] = [];
  for (const face of faces) {
    const name = /fonts\/([\w-]+)\.woff2/.exec(face)?.[1];
    if (!name) throw new Error(`A KaTeX font without a woff2 file: ${face}`);
    const family = /font-family:([\w-]+)/.exec(face)?.[1] ?? '';
    const printed = signsOf(family);
    const usual = [...new Set(Array.from(ALWAYS + printed, (sign) => sign.codePointAt(0) ?? 0))].sort(
      (a, b) => a - b,
    );
    const source = await readFile(join(folder, 'fonts', `${name}.woff2`));
    const stem = name.toLowerCase().replaceAll('_', '-');
    const head = face
      .slice('@font-face{'.length, -1)
      .split(';')
      .filter((line) => line && !line.startsWith('src:') && !line.startsWith('font-display:'))
      .join(';');
    const rule = (file: string, range: string): string =>
      `@font-face{${head};font-display:block;src:url(${file}) format("woff2")${range}}`;
    if (printed === '' || source.length < WORTH_CUTTING_BYTES) {
      rules.push(rule(await write(stem, 'woff2', source), ''));
      continue;
    }
    const usualFile = await write(stem, 'woff2', await cut(source, String.fromCodePoint(...usual)));
    const restFile = await write(`${stem}-rest`, 'woff2', source);
    rules.push(
      // No range: of two rules for one family the later one is asked first, so this is for whatever that one lacks
      rule(restFile, ''),
      rule(usualFile, `;unicode-range:${rangesOf(usual)}`),
    );
  }
  const others = shortenSizes(sheet.replace(/@font-face\{[^}]*\}/g, ''));
  // MathML is there for assistive technology and never seen; its invisible signs must not fetch a font
  return write('katex', 'css', `${rules.join('')}${others}.katex .katex-mathml{font-family:math,serif}`);
}

/**
 * KaTeX writes a rule for each of its 11 × 11 changes of size; here each size is a number and the change their quotient,
 * which says the same in a tenth of the bytes. Throws if the sheet no longer has its 121 rules.
 */
export function shortenSizes(sheet: string): string {
  const pair =
    /\.katex \.fontsize-ensurer\.reset-size\d+\.size\d+,\.katex \.sizing\.reset-size(\d+)\.size(\d+)\{font-size:([\d.]+)em\}/g;
  const fromFirst = new Map<string, string>();
  let rules = 0;
  const others = sheet.replace(pair, (_, from: string, to: string, ratio: string) => {
    rules++;
    if (from === '1') fromFirst.set(to, ratio);
    return '';
  });
  if (rules !== fromFirst.size ** 2 || rules === 0)
    throw new Error('katex.min.css should hold a rule for each pair of sizes; its form has changed.');
  const resized = '.katex :is(.fontsize-ensurer,.sizing)';
  const sizes = [...fromFirst].map(
    ([size, value]) =>
      `${resized}.reset-size${size}{--katex-from:${value}}${resized}.size${size}{--katex-to:${value}}`,
  );
  return `${others}${resized}{font-size:calc(1em*var(--katex-to)/var(--katex-from))}${sizes.join('')}`;
}

function rangesOf(sorted: number[]): string {
  return pairs(sorted)
    .map(([from, to]) => range(from, to))
    .join(',');
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
