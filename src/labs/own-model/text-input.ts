/** A vocabulary from a reader's files. Loaded when there is one: tokenizers bring tables of characters along. */
import { ThawError } from '../../engine/errors.ts';
import { readByteBpe } from '../../text/byte-bpe/tokenizer.ts';
import { readWordPiece } from '../../text/wordpiece/tokenizer.ts';
import type { NamedFile } from './protocol.ts';
import type { OpenVocabulary } from './text-numbers.ts';

/**
 * A vocabulary: one .txt file of pieces, a line each (BERT's WordPiece), or a .json file of pieces with a .txt file of merges
 * (GPT-2's byte pairs). Throws a ThawError 'bad-vocabulary' where the files are broken or one is missing.
 */
export async function readVocabulary(
  files: readonly NamedFile[],
  lowerCase: boolean,
): Promise<OpenVocabulary> {
  const json = files.find(({ name }) => /\.json$/i.test(name));
  const text = files.find(({ name }) => /\.txt$/i.test(name));
  if (!text)
    throw new ThawError({
      code: 'bad-vocabulary',
      message: json ? `“${json.name}” came without its merges.` : 'These files hold no vocabulary.',
      advice: 'Choose vocab.txt of a BERT, or vocab.json and merges.txt of a GPT together.',
    });
  const bytes = async ({ file }: NamedFile): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());
  if (!json)
    return { kind: 'wordpiece', tokenizer: readWordPiece(await bytes(text), { lowerCase, file: text.name }) };
  const tokenizer = readByteBpe({ vocabulary: await bytes(json), merges: await bytes(text) });
  return { kind: 'byte-bpe', tokenizer };
}
