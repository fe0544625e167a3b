/** The words of the panel that asks the page. They come with its code when the reader opens it: in the table that every page carries they would weigh on all. */
import type { Download } from '../../figures/kit/download-size.ts';
import { openText, type WordKey } from '../strings.ts';

const names = [
  'title',
  'close',
  'question',
  'start',
  'again',
  'cancel',
  'stop',
  'about',
  'stored',
  'window',
  'reading',
  'found',
  'nothing',
  'hint',
  'weak',
  'score',
  'of',
  'previous',
  'next',
  'clear',
  'answer',
  'empty',
  'cut',
  'stopped',
  'took',
  'refused',
] as const;

/** A word of the panel. */
export type AskWord = (typeof names)[number];

/** What the panel gets with its code: its words with places left open, the network, and where its catalogue lies. */
export interface AskData {
  readonly words: Readonly<Record<AskWord, string>>;
  readonly model: string;
  readonly catalogue: string;
  /** Bytes of a first run: runtime, weights and vocabulary. */
  readonly sizeBytes: number;
}

/** The published network that answers. */
export const askModel = 'bertsquad-12-int8';

/** The panel's data, for the build. */
export function askData({ catalogue, sizes }: Download): AskData {
  const words = Object.fromEntries(names.map((name) => [name, openText(`ask.${name}` satisfies WordKey)]));
  return { words: words as AskData['words'], model: askModel, catalogue, sizeBytes: sizes.wasm };
}

/** The word with its places filled in. */
export function fillWord(
  words: AskData['words'],
  name: AskWord,
  values: Record<string, string | number> = {},
): string {
  return words[name].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}
