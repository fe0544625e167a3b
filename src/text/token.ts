/** A piece of a text as a network sees it. */
export interface Token {
  readonly id: number;
  /** The piece as the vocabulary writes it: `##ing`, `Ġthe`, `[MASK]`. */
  readonly piece: string;
  /** The place in its source text, UTF-16 indices, end excluded; 0 and 0 for a token that stands in no text. */
  readonly start: number;
  readonly end: number;
  /** The number of the word in its text, counted from 0; null for a token that stands in no text. */
  readonly word: number | null;
  /** 0 in the first text, 1 in the second. */
  readonly segment: 0 | 1;
  /** Whether the token was put there to frame the texts, and stands in neither. */
  readonly isFrame: boolean;
}

/** How a text becomes tokens. */
export interface EncodeOptions {
  /** At most so many tokens, those that frame the texts among them; no limit by default. */
  readonly maxLength?: number;
  /** Whether the network's own frame ([CLS], [SEP]) is put around the texts; yes by default. */
  readonly withFrame?: boolean;
}

/** How tokens become a text. */
export interface DecodeOptions {
  /** Whether special tokens ([CLS], [UNK], <|endoftext|>) are left out; yes by default. */
  readonly skipSpecial?: boolean;
  /** Whether spaces before full stops and the like are taken away where the tokens hold none themselves; yes by default. */
  readonly tidy?: boolean;
}

/** Turns texts into tokens and back; holds no state between calls. */
export interface Tokenizer {
  /** Number of pieces. */
  readonly size: number;
  /** The tokens of a text. Throws a ThawError 'bad-input' where maxLength leaves no room for the frame. */
  encode(text: string, options?: EncodeOptions): Token[];
  /** A readable text of these numbers. Throws a ThawError 'bad-input' for a number without a piece. */
  decode(ids: readonly number[], options?: DecodeOptions): string;
  /** The number of a piece; undefined where the vocabulary has none. */
  idOf(piece: string): number | undefined;
  /** The piece of a number; undefined where the vocabulary has none. */
  pieceOf(id: number): string | undefined;
}
