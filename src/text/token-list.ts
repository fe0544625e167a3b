import type { FindSpecial } from './special-tokens.ts';
import type { Token } from './token.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The tokens of one text, in the making. */
export class TokenList {
  readonly tokens: Token[] = [];
  private readonly pieces: readonly string[];
  private readonly segment: 0 | 1;
  private word = 0;

  constructor({ pieces }: Vocabulary, segment: 0 | 1) {
    this.pieces = pieces;
    this.segment = segment;
  }

  /** Appends a token of the current word that stands for text[start, end). */
  add(id: number, start: number, end: number): void {
    const { word, segment } = this;
    this.tokens.push({ id, piece: this.pieces[id], start, end, word, segment, isFrame: false });
  }

  /** Ends the current word. */
  endWord(): void {
    this.word += 1;
  }
}

/** The tokens of a text: special tokens where they are written, a word each, and what `cut` adds for the stretches between. */
export function cutText(
  text: string,
  segment: 0 | 1,
  vocabulary: Vocabulary,
  findSpecial: FindSpecial,
  cut: (list: TokenList, start: number, end: number) => void,
): Token[] {
  const list = new TokenList(vocabulary, segment);
  for (const { start, end, special } of findSpecial(text)) {
    const id = special === undefined ? undefined : vocabulary.ids.get(special);
    if (id === undefined) cut(list, start, end);
    else {
      list.add(id, start, end);
      list.endWord();
    }
  }
  return list.tokens;
}
