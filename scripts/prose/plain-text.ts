/** A page of content/ as a reader hears it: running text without code, formulas, tags and citations. */

/** A paragraph, heading or list item: its words in order, and the line of the file where it begins. */
export interface Passage {
  readonly text: string;
  readonly line: number;
  /** Headings, table cells and captions are read but are no sentences. */
  readonly isSentence: boolean;
}

/** What stands where a formula or an inline code was: it counts as a word and is never misspelt. */
export const standIn = '⟨x⟩';

/** Splits a Markdown or MDX source into passages. Frontmatter fields that readers see (title, description, lead, short) come first. */
export function readPassages(source: string): Passage[] {
  const [, frontmatter = '', body = source] = /^---\n([^]*?)\n---\n([^]*)$/.exec(source) ?? [];
  const headed = [...frontmatter.matchAll(/^(?:title|description|lead|short|term): *"?(.*?)"?$/gm)].map(
    (match) => ({
      text: clean(match[1] ?? ''),
      line: source.slice(0, match.index).split('\n').length + 1,
      isSentence: !/^(title|term)/.test(match[0]),
    }),
  );
  const offset = source.slice(0, source.length - body.length).split('\n').length - 1;
  return [...headed, ...passagesOf(blankOut(body), offset)];
}

/** Sentences of a passage, split at full stops, question and exclamation marks and colons that end a line. */
export function splitSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?][”"’)*]*)\s+(?=[“"‘(*]*[\p{Lu}\d⟨])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}/u.test(sentence));
}

/** Words of a text; hyphenated words count as one. */
export function splitWords(text: string): string[] {
  return text.match(/⟨x⟩|[\p{L}\p{M}\d]+(?:[-'’.][\p{L}\p{M}\d]+)*/gu) ?? [];
}

/** The body with code blocks, display formulas and comments emptied, its line breaks kept. */
function blankOut(body: string): string {
  const empty = (match: string): string => match.replace(/[^\n]/g, '');
  return body
    .replace(/^([ \t]*)(`{3,})[^]*?^\1\2[ \t]*$/gm, empty)
    .replace(/\$\$[^]*?\$\$/g, empty)
    .replace(/\{\/\*[^]*?\*\/\}/g, empty);
}

function passagesOf(body: string, offset: number): Passage[] {
  const passages: Passage[] = [];
  let line = offset + 1;
  for (const block of body.split(/(\n{2,}|\n(?=\s*(?:[-*]|\d+\.|\|)\s))/)) {
    const text = clean(block);
    const begins = line + (/^\n*/.exec(block)?.[0].length ?? 0);
    if (/\p{L}/u.test(text)) {
      const isSentence = !/^\s*(#|\|)/.test(block.trimStart());
      passages.push({ text, line: begins, isSentence });
    }
    line += block.split('\n').length - 1;
  }
  return passages;
}

function clean(text: string): string {
  return text
    .replace(/<Value\b[^>]*\/>|(`+)[^`](?:.*?[^`])??\1|\$[^$\n]+\$/g, ` ${standIn} `)
    .replace(/<\/?[A-Za-z][^>]*>/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\S+/g, ' ')
    .replace(/&[a-z]+;/g, ' ')
    .replace(/^\s*(#+|[-*]|\d+\.|>)\s+/gm, '')
    .replace(/[*_|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
