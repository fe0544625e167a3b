/** A text as the inputs of a language network, framed as its manifest says. */
import type { TextManifest } from '../engine/registry/text-manifest.ts';
import type { InputTensors } from '../engine/runtime/types.ts';
import type { Tokenizer } from '../text/token.ts';

/** More letters than this are not looked at. */
const mostLetters = 4000;

export interface TextInputs {
  /** int64 [1, T] each. */
  inputs: InputTensors;
  /** T, and how many pieces were left out; −1 if more letters came than anybody counted. */
  pieces: number;
  cut: number;
}

/** The network's inputs for a text; its end is cut where it is too long. */
export function textInputs(
  text: string,
  { name, mask, longest, wrap }: TextManifest['input'],
  tokenizer: Tokenizer,
): TextInputs {
  const frame = (piece: string | undefined) => (piece === undefined ? [] : [tokenizer.idOf(piece) ?? 0]);
  const [before, after] = [frame(wrap.before), frame(wrap.after)];
  const all = tokenizer.encode(text.slice(0, mostLetters), { withFrame: false }).map(({ id }) => id);
  const room = longest - before.length - after.length;
  const ids = [...before, ...all.slice(0, room), ...after];
  const shape = [1, ids.length];
  return {
    inputs: {
      [name]: { dtype: 'int64', shape, data: BigInt64Array.from(ids, BigInt) },
      ...(mask !== undefined && {
        [mask]: { dtype: 'int64', shape: [...shape], data: new BigInt64Array(ids.length).fill(1n) },
      }),
    },
    pieces: ids.length,
    cut: text.length > mostLetters ? -1 : Math.max(0, all.length - room),
  };
}
