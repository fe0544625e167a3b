import { LETTER, NUMBER, SPACE, characterAt, classes } from '../unicode/classes.ts';

/**
 * Parts text[from, to) as GPT-2's regular expression does, calling back for each part in turn: the endings 's 't 're 've 'm 'll 'd; runs of letters,
 * of numbers, and of other marks, each with a space before it; and what white space is left. Written out, so that it asks the same tables in every browser.
 */
export function forEachPart(
  text: string,
  from: number,
  to: number,
  found: (from: number, to: number) => void,
): void {
  for (let start = from; start < to;) {
    const end = endOfPart(text, start, to);
    found(start, end);
    start = end;
  }
}

const KINDS = LETTER | NUMBER | SPACE;
const APOSTROPHE = 0x27;
const PLAIN_SPACE = 0x20;
const endings = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

function endOfPart(text: string, start: number, to: number): number {
  const first = text.charCodeAt(start);
  if (first === APOSTROPHE) {
    const ending = endings.find((one) => text.startsWith(one, start));
    if (ending !== undefined && start + ending.length <= to) return start + ending.length;
  }
  const body = first === PLAIN_SPACE ? start + 1 : start;
  if (body < to) {
    const kind = kindAt(text, body);
    if (kind !== SPACE) return endOfRun(text, body, to, kind);
  }
  const end = endOfRun(text, start, to, SPACE);
  // The last space before a word is left to the word, or alone
  return end < to && end - start > 1 ? end - 1 : end;
}

function kindAt(text: string, index: number): number {
  return classes[characterAt(text, index)] & KINDS;
}

function endOfRun(text: string, start: number, to: number, kind: number): number {
  let end = start;
  while (end < to) {
    const code = characterAt(text, end);
    if ((classes[code] & KINDS) !== kind) break;
    end += code > 0xffff ? 2 : 1;
  }
  return end;
}
