/** The lines of training/tokenizers/lines.py, drawn here by the same seeds; and what the goldens say of them. */
import { existsSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { seededRandom } from '../fixtures/onnx/random.ts';
import type { Token } from '../../src/text/token.ts';

interface Source {
  seed: number;
  count: number;
  words: string[];
  between: string[];
  ranges: [first: number, last: number][];
  snippets: string[];
}

/** One tokenizer's answers. */
export interface TokenizerGolden {
  made: { script: string; tokenizers: string; vocabulary: string; linesChecksum: number };
  cases: { text: string; pieces: string[]; rows: number[][]; decoded: string }[];
  /** By the way of encoding: three bytes a line in base 64. */
  checksums: Record<string, string>;
  files: Record<string, string>;
}

const root = new URL('../../', import.meta.url).pathname;
const shared = process.env.THAW_SHARED ?? `${root}../shared`;
const source = JSON.parse(readFileSync(`${root}tests/fixtures/tokenizers/lines.json`, 'utf8')) as Source;
/** Characters of Unicode in a line of `characterLines`. */
const aLine = 512;

/** A file of tests/golden. */
export function readTokenizerGolden(name: string): TokenizerGolden {
  return JSON.parse(readFileSync(`${root}tests/golden/tokenizer-${name}.json`, 'utf8')) as TokenizerGolden;
}

/** The bytes of a file of the repository. */
export const readOwn = (path: string): Uint8Array => readFileSync(root + path);

/** The bytes of a file in the data folder beside the checkout; undefined where it is missing. */
export function readShared(path: string): Uint8Array | undefined {
  return existsSync(`${shared}/${path}`) ? readFileSync(`${shared}/${path}`) : undefined;
}

/** Plain sentences, one script at a time, mixtures, and long repetitions, in turn. */
export function drawLines(): string[] {
  const makers = [drawSentence, drawScript, drawMixture, drawRepetition];
  return Array.from({ length: source.count }, (_, number) =>
    makers[number % 4](drawFrom(source.seed + number)),
  );
}

/** Characters, assigned or not, between letters, before a digit and alone: all of the planes in use, every 61st of the others. */
export function characterLines(): string[] {
  const characters: string[] = [];
  for (let code = 0; code < 0x110000; code += 1)
    if ((code < 0xd800 || code > 0xdfff) && (isInUse(code) || code % 61 === 0))
      characters.push(String.fromCodePoint(code));
  return Array.from({ length: Math.ceil(characters.length / aLine) }, (_, line) =>
    characters
      .slice(line * aLine, (line + 1) * aLine)
      .map((one) => `a${one}b ${one}1 `)
      .join(''),
  );
}

/** The checksum of some lines as the goldens hold it. */
export const checksumOfLines = (lines: readonly string[]): number => crc32(lines.join('\0'));

/** The lowest three bytes of the checksum of a line's tokens and of their decoded text, as four characters. */
export function checksumOf(tokens: readonly Token[], decoded: string): string {
  const numbers = Int32Array.from(tokens.flatMap(rowOf));
  const sum = crc32(decoded, crc32(new Uint8Array(numbers.buffer)));
  return Buffer.from([sum & 255, (sum >> 8) & 255, (sum >> 16) & 255]).toString('base64');
}

/** Id, start, end, word (-1 for none) and segment of a token. */
export const rowOf = ({ id, start, end, word, segment }: Token): number[] => [
  id,
  start,
  end,
  word ?? -1,
  segment,
];

/** Whether a character lies where Unicode has more than unassigned and private ones. */
const isInUse = (code: number): boolean => code < 0x32400 || (code >= 0xe0000 && code < 0xe1000);

type Below = (limit: number) => number;

function drawFrom(seed: number): Below {
  const random = seededRandom(seed);
  return (limit) => Math.floor(random() * limit);
}

const oneOf = <T>(below: Below, choices: readonly T[]): T => choices[below(choices.length)];

const repeat = (times: number, make: () => string): string => Array.from({ length: times }, make).join('');

function drawSentence(below: Below): string {
  return repeat(1 + below(30), () => {
    const word = oneOf(below, source.words);
    const kind = below(12);
    const first = word.slice(0, 1).toUpperCase();
    const cased = kind === 0 ? word.toUpperCase() : kind < 3 ? first + word.slice(1) : word;
    return cased + oneOf(below, source.between);
  });
}

function drawScript(below: Below): string {
  const range = oneOf(below, source.ranges);
  return repeat(1 + below(40), () =>
    below(5) === 0 ? oneOf(below, source.between) : drawCharacter(below, range),
  );
}

function drawMixture(below: Below): string {
  return repeat(1 + below(25), () => drawAnything(below));
}

function drawRepetition(below: Below): string {
  const one = drawAnything(below);
  return one.repeat(1 + below(150)) + drawMixture(below);
}

function drawAnything(below: Below): string {
  const kind = below(8);
  if (kind < 3) return oneOf(below, source.snippets);
  if (kind < 5) return drawCharacter(below, oneOf(below, source.ranges));
  return oneOf(below, kind === 5 ? source.words : source.between);
}

function drawCharacter(below: Below, [first, last]: [number, number]): string {
  return String.fromCodePoint(first + below(last - first + 1));
}
