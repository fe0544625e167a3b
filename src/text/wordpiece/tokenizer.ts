import { specialFinder } from '../special-tokens.ts';
import type { DecodeOptions, EncodeOptions, Token, Tokenizer } from '../token.ts';
import { cutText } from '../token-list.ts';
import { longestFirst, roomFor } from '../truncate.ts';
import { PUNCTUATION, classes } from '../unicode/classes.ts';
import { Vocabulary, decodeUtf8, refuseDuplicates, splitLines, vocabularyError } from '../vocabulary.ts';
import type { AlignedText } from './aligned-text.ts';
import type { Cover } from './cover.ts';
import { wordCover } from './cover.ts';
import { decodePieces } from './decode.ts';
import type { Normalisation } from './normalise.ts';
import { normalise } from './normalise.ts';

/** A tokenizer that also frames two texts as one input. */
export interface PairTokenizer extends Tokenizer {
  /**
   * [CLS] first [SEP] second [SEP]; where maxLength cuts, the longer text loses tokens first. Throws a ThawError 'bad-input' where it leaves no room for the
   * frame.
   */
  encodePair(first: string, second: string, options?: EncodeOptions): Token[];
}

/** What the vocabulary file does not say. */
export interface WordPieceOptions {
  /** Whether the network knows small letters only; yes by default. */
  readonly lowerCase?: boolean;
  /** Whether accents are taken off; as `lowerCase` by default. */
  readonly stripAccents?: boolean;
  /** What errors call the file; vocab.txt by default. */
  readonly file?: string;
}

/** Pieces that are found in a text as they are written, and that decoding leaves out. */
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const NEEDED = ['[UNK]', '[CLS]', '[SEP]'];

/**
 * BERT's tokenizer (Devlin et al. 2018) from the bytes of its vocab.txt, a piece a line: equal in pieces, offsets and words to the `tokenizers` library. Throws
 * a ThawError 'bad-vocabulary' for a file that is empty, not UTF-8, names a piece twice or lacks [UNK], [CLS] or [SEP].
 */
export function readWordPiece(bytes: Uint8Array, options: WordPieceOptions = {}): PairTokenizer {
  const { lowerCase = true, stripAccents = lowerCase, file = 'vocab.txt' } = options;
  const pieces = splitLines(decodeUtf8(bytes, file));
  refuseDuplicates(pieces, file);
  const vocabulary = new Vocabulary(pieces);
  const [unknown, cls, sep] = NEEDED.map((piece) => {
    const id = vocabulary.ids.get(piece);
    if (id === undefined) throw vocabularyError(file, `it has no piece ${piece}`);
    return id;
  });
  const special = SPECIAL.filter((piece) => vocabulary.ids.has(piece));
  const isSpecial = new Set(special);
  const cut = textCutter(vocabulary, special, wordCover(vocabulary, unknown), { lowerCase, stripAccents });
  const frame = (id: number, segment: 0 | 1): Token => ({
    id,
    piece: pieces[id],
    start: 0,
    end: 0,
    word: null,
    segment,
    isFrame: true,
  });
  return {
    size: pieces.length,
    idOf: (piece) => vocabulary.ids.get(piece),
    pieceOf: (id) => pieces[id],
    encode(text: string, { maxLength, withFrame = true }: EncodeOptions = {}): Token[] {
      const room = roomFor(maxLength, withFrame ? 2 : 0);
      const tokens = cut(text, 0).slice(0, room);
      return withFrame ? [frame(cls, 0), ...tokens, frame(sep, 0)] : tokens;
    },
    encodePair(first: string, second: string, { maxLength, withFrame = true }: EncodeOptions = {}): Token[] {
      const room = roomFor(maxLength, withFrame ? 3 : 0);
      const [a, b] = [cut(first, 0), cut(second, 1)];
      const [keepA, keepB] = longestFirst(a.length, b.length, room);
      a.length = keepA;
      b.length = keepB;
      return withFrame ? [frame(cls, 0), ...a, frame(sep, 0), ...b, frame(sep, 1)] : [...a, ...b];
    },
    decode(ids: readonly number[], { skipSpecial = true, tidy = true }: DecodeOptions = {}): string {
      const named = ids.map((id) => vocabulary.pieceOf(id));
      return decodePieces(skipSpecial ? named.filter((piece) => !isSpecial.has(piece)) : named, tidy);
    },
  };
}

/** A function from a text to its tokens without a frame. */
function textCutter(
  vocabulary: Vocabulary,
  special: readonly string[],
  cover: (word: string) => Cover,
  how: Normalisation,
): (text: string, segment: 0 | 1) => Token[] {
  const findSpecial = specialFinder(special);
  return (text, segment) => {
    const known = new Map<string, Cover>();
    return cutText(text, segment, vocabulary, findSpecial, (list, start, end) => {
      const aligned = normalise(text, start, end, how);
      const plain = aligned.toText();
      const { starts, ends } = aligned;
      forEachWord(aligned, (from, to) => {
        const word = plain.slice(from, to);
        let found = known.get(word);
        if (!found) known.set(word, (found = cover(word)));
        let pieceStart = from;
        for (let i = 0; i < found.ids.length; i += 1) {
          const pieceEnd = from + found.ends[i];
          list.add(found.ids[i], starts[pieceStart], ends[pieceEnd - 1]);
          pieceStart = pieceEnd;
        }
        list.endWord();
      });
    });
  };
}

/** Calls back for each run of letters between spaces, and for each punctuation character alone. */
function forEachWord({ units, length }: AlignedText, found: (from: number, to: number) => void): void {
  let from = 0;
  for (let i = 0; i < length; i += 1) {
    const unit = units[i];
    const isPair = unit >= 0xd800 && unit <= 0xdbff;
    const code = isPair ? 0x10000 + ((unit - 0xd800) << 10) + (units[i + 1] - 0xdc00) : unit;
    const after = isPair ? i + 2 : i + 1;
    const isPunctuation = (classes[code] & PUNCTUATION) !== 0;
    if (isPunctuation || code === 0x20) {
      if (i > from) found(from, i);
      if (isPunctuation) found(i, after);
      from = after;
    }
    i = after - 1;
  }
  if (length > from) found(from, length);
}
