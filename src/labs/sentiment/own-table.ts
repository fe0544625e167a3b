/** The reader's own sentences: a table with the columns text and label, from a field or a file, and what may be wrong with it. */
import { JUDGEMENTS, type Judgement, type LabelledSentence } from '../../data/sentences/labelled.ts';
import { readCsv } from '../../data/sentences/read-csv.ts';
import { ThawError } from '../../engine/errors.ts';

/** More letters than this are not looked at. */
export const mostTableLetters = 1_000_000;

/** More sentences than this would take a training minutes for each epoch: the first of each label are taken. */
export const mostPerLabel = 200;

/** Fewer of a label leave nothing to learn from, or nothing to ask about. */
const fewestPerLabel = 2;

/** A table that can be used, and what is to be known about it. */
export interface OwnTable {
  readonly sentences: readonly LabelledSentence[];
  readonly counts: Readonly<Record<Judgement, number>>;
  /** Rows without any text, left out. */
  readonly empty: number;
  /** Rows beyond the most that are taken, left out. */
  readonly surplus: number;
  /** Whether one label is at least three times as common as the other. */
  readonly isUnbalanced: boolean;
}

/** Other words for the labels. */
const synonyms: Readonly<Record<Judgement, readonly string[]>> = {
  negative: ['negative', 'neg', '0', '-1', '−'],
  positive: ['positive', 'pos', '1', '+1', '+'],
};

/**
 * Reads a table. Columns may stand in any order and among others; `sentence` does for `text`. Throws a ThawError 'bad-input' with the
 * sentence that says what is wrong.
 */
export function readOwnTable(text: string): OwnTable {
  if (text.length > mostTableLetters)
    throw wrong(`The table has ${text.length} letters; ${mostTableLetters} are read.`, 'Take a part of it.');
  if (/\u0000/.test(text)) throw wrong('This is no text file.', 'Save the table as CSV, in UTF-8.');
  if (text.trim() === '')
    throw wrong('The table is empty.', 'Its first line is text,label; then one sentence a line.');
  const [head = [], ...rows] = readCsv(text);
  const columns = head.map((name) => name.trim().toLowerCase());
  const at = {
    text: columns.findIndex((name) => name === 'text' || name === 'sentence'),
    label: columns.indexOf('label'),
  };
  const missing = (['text', 'label'] as const).filter((name) => at[name] < 0);
  if (missing.length > 0)
    throw wrong(
      `The first line names no column “${missing.join('” and no column “')}”; it has ${quoteAll(head)}.`,
      'Its first line is text,label; then one sentence a line.',
    );
  if (rows.length === 0)
    throw wrong('The table has its first line and no sentence.', 'Add one sentence a line.');
  const read = rows.flatMap((row, index): LabelledSentence[] => {
    const sentence = plain(row[at.text] ?? '');
    if (sentence === '') return [];
    return [{ sentence, label: readLabel(row[at.label] ?? '', index + 1) }];
  });
  if (read.length === 0) throw wrong('No row of the table has any text.', 'Add one sentence a line.');
  return check(read, rows.length - read.length);
}

function check(read: readonly LabelledSentence[], empty: number): OwnTable {
  const counts = { negative: 0, positive: 0 };
  const sentences = read.filter(({ label }) => counts[label]++ < mostPerLabel);
  const few = JUDGEMENTS.find((label) => counts[label] < fewestPerLabel);
  const other = few === 'negative' ? 'positive' : 'negative';
  if (few !== undefined && counts[few] === 0)
    throw wrong(
      `All ${read.length} sentences are ${other}: always saying so would be right.`,
      `Add at least ${fewestPerLabel} that are ${few}.`,
    );
  if (few !== undefined)
    throw wrong(
      `Only ${counts[few]} sentence is ${few}: it cannot both teach and be asked about.`,
      `Give at least ${fewestPerLabel} of each label.`,
    );
  const [least, most] = [counts.negative, counts.positive].toSorted((a, b) => a - b);
  return {
    sentences,
    counts,
    empty,
    surplus: read.length - sentences.length,
    isUnbalanced: most >= 3 * least,
  };
}

function readLabel(text: string, row: number): Judgement {
  const plainLabel = text.trim().toLowerCase();
  const label = JUDGEMENTS.find((one) => synonyms[one].includes(plainLabel));
  if (label) return label;
  throw wrong(
    `Row ${row} has the label “${shorten(text.trim())}”.`,
    'Labels are positive and negative; pos and neg, or 1 and 0, do as well.',
  );
}

/** Text without control characters; what is only spaces is nothing. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b\u2060\ufeff]+/g, ' ').trim();
}

function quoteAll(names: readonly string[]): string {
  return names
    .slice(0, 5)
    .map((name) => `“${shorten(name.trim())}”`)
    .join(', ');
}

function shorten(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text;
}

function wrong(message: string, advice: string): ThawError {
  return new ThawError({ code: 'bad-input', message, advice });
}
