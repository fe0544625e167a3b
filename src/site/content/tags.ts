/** Reads the tags of a page's source, for checking names and for numbering in the order of the text. */

export interface WrittenTag {
  name: string;
  attributes: Record<string, string>;
  /** Counted from 1 in the given text. */
  line: number;
  /** The opening tag as written. */
  text: string;
}

/**
 * Returns the opening tags of components (names that begin with a capital letter) in the order of the text.
 * Code blocks, inline code, formulas and comments are passed over.
 */
export function findTags(source: string): WrittenTag[] {
  const text = blankOutCode(source);
  const tags: WrittenTag[] = [];
  for (const match of text.matchAll(
    /<([A-Z][\w.]*)((?:\s+[\w-]+(?:=(?:"[^"]*"|'[^']*'|\{[^}]*\}))?)*)\s*\/?>/g,
  )) {
    const [whole, name = '', rest = ''] = match;
    const attributes: Record<string, string> = {};
    for (const [, key = '', double, single, braces] of rest.matchAll(
      /([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|\{([^}]*)\}))?/g,
    ))
      attributes[key] = double ?? single ?? braces ?? '';
    tags.push({ name, attributes, text: whole, line: text.slice(0, match.index).split('\n').length });
  }
  return tags;
}

/** Tells whether a page's source holds a formula. */
export function hasFormula(source: string): boolean {
  return /\$/.test(blankOutFences(source));
}

/** Replaces what is code by spaces, so that places and line numbers stay as they are. */
function blankOutCode(source: string): string {
  return blankOutFences(source)
    .replace(/\{\/\*[^]*?\*\/\}|<!--[^]*?-->/g, blank)
    .replace(/\$\$[^]*?\$\$|\$[^$\n]+\$/g, blank);
}

function blankOutFences(source: string): string {
  return source
    .replace(/^([ \t]*)(`{3,}|~{3,})[^]*?^\1\2[ \t]*$/gm, blank)
    .replace(/(`+)[^`\n](?:.*?[^`\n])?\1(?!`)/g, blank);
}

const blank = (code: string): string => code.replace(/[^\n]/g, ' ');
