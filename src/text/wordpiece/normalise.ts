import { IDEOGRAPH, MARK, REMOVED, SPACE, characterAt, classes } from '../unicode/classes.ts';
import { decompose } from '../unicode/decompose.ts';
import { DOTTED_CAPITAL_I, toLowerCase } from '../unicode/lower-case.ts';
import { AlignedText } from './aligned-text.ts';

/** How letters are made alike before words are looked up. */
export interface Normalisation {
  /** Whether capitals become small. */
  readonly lowerCase: boolean;
  /** Whether marks are taken off their letters. */
  readonly stripAccents: boolean;
}

/**
 * text[from, to) as BERT's basic tokenizer makes it (Devlin et al. 2018): controls and formats removed, white space made plain, spaces around Chinese
 * characters, then accents stripped by NFD and letters lower-cased, as asked. A surrogate without its partner is removed.
 */
export function normalise(text: string, from: number, to: number, how: Normalisation): AlignedText {
  const result = new AlignedText(to - from + 16);
  let beyondAscii = newRun();
  for (let i = from; i < to;) {
    const code = characterAt(text, i);
    const end = i + (code > 0xffff ? 2 : 1);
    const isRemoved = (classes[code] & REMOVED) !== 0;
    // A mark finds its letter across what is removed, so that a removed ASCII control ends no run
    if (code >= 0x80 && !isRemoved) addToRun(beyondAscii, code, i, end);
    else if (!isRemoved) {
      if (beyondAscii.codes.length > 0) {
        appendRun(result, beyondAscii, how);
        beyondAscii = newRun();
      }
      const isCapital = how.lowerCase && code >= 0x41 && code <= 0x5a;
      result.push(isCapital ? code + 0x20 : (classes[code] & SPACE) !== 0 ? PLAIN_SPACE : code, i, end);
    }
    i = end;
  }
  appendRun(result, beyondAscii, how);
  return result;
}

const PLAIN_SPACE = 0x20;

/** Characters with their places in the source. */
interface Run {
  codes: number[];
  starts: number[];
  ends: number[];
}

function newRun(): Run {
  return { codes: [], starts: [], ends: [] };
}

function addToRun(run: Run, code: number, start: number, end: number): void {
  const kind = classes[code];
  const isIdeograph = (kind & IDEOGRAPH) !== 0;
  const codes = isIdeograph ? [PLAIN_SPACE, code, PLAIN_SPACE] : [(kind & SPACE) !== 0 ? PLAIN_SPACE : code];
  for (const one of codes) {
    run.codes.push(one);
    run.starts.push(start);
    run.ends.push(end);
  }
}

function appendRun(result: AlignedText, { codes, starts, ends }: Run, how: Normalisation): void {
  const decomposed = how.stripAccents ? decompose(codes) : undefined;
  const final = decomposed?.codes ?? codes;
  for (let i = 0; i < final.length; i += 1) {
    const code = final[i];
    if (how.stripAccents && (classes[code] & MARK) !== 0) continue;
    const source = decomposed ? decomposed.sources[i] : i;
    const [start, end] = [starts[source], ends[source]];
    if (how.lowerCase && code === DOTTED_CAPITAL_I) {
      result.push(0x69, start, end);
      result.push(0x307, start, end);
    } else result.push(how.lowerCase ? toLowerCase(code) : code, start, end);
  }
}
