import { ThawError } from '../../engine/errors.ts';
import { readCsv } from './read-csv.ts';

/** The product domains that the course has sentences for; each is a file in this folder. */
export const DOMAINS = ['films', 'restaurants', 'phones', 'software'] as const;
export type Domain = (typeof DOMAINS)[number];

/** What a sentence says of its subject; the place in the list is the class that a network learns. */
export const JUDGEMENTS = ['negative', 'positive'] as const;
export type Judgement = (typeof JUDGEMENTS)[number];

/** A sentence with its judgement. */
export interface LabelledSentence {
  sentence: string;
  label: Judgement;
}

/**
 * Sentences of a CSV text with the columns `label` and `sentence`, in any order and among others; labels in any case. Throws ThawError
 * 'bad-input' that names the missing column, or the line and what stands there.
 */
export function readLabelled(text: string): LabelledSentence[] {
  const [head = [], ...rows] = readCsv(text);
  const columns = head.map((name) => name.trim().toLowerCase());
  const [label, sentence] = ['label', 'sentence'].map((name) => {
    const at = columns.indexOf(name);
    if (at < 0) throw wrong(`The table has no column "${name}"; it has ${columns.join(', ') || 'none'}.`);
    return at;
  });
  return rows.map((row, index) => {
    const said = (row[sentence] ?? '').trim();
    const judged = JUDGEMENTS.find((one) => one === (row[label] ?? '').trim().toLowerCase());
    if (!said) throw wrong(`Row ${index + 1} has no sentence.`);
    if (!judged)
      throw wrong(
        `Row ${index + 1} has the label "${row[label] ?? ''}"; expected ${JUDGEMENTS.join(' or ')}.`,
      );
    return { sentence: said, label: judged };
  });
}

function wrong(message: string): ThawError {
  return new ThawError({
    code: 'bad-input',
    message,
    advice: 'Give the table a first line "label,sentence" and one sentence a line.',
  });
}
