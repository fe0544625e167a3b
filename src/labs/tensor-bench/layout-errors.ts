/** Mistakes that Python's tokenizer finds before any grammar: open brackets, open texts, indentation, a missing colon. */
import { SyntaxFault } from './source.ts';

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** A line of the program, several lines of the source where a bracket is open. */
interface LogicalLine {
  indent: number;
  line: number;
  /** The text without comments and with texts emptied. */
  text: string;
}

/**
 * Throws the error that Python's tokenizer would raise for the source, if any. `broken` are lines that no grammar knows: an
 * open bracket on one of them is not what Python complains about.
 */
export function checkLayout(code: string, broken: readonly number[]): void {
  checkIndentation(readLines(code, broken));
}

function readLines(code: string, broken: readonly number[]): LogicalLine[] {
  const lines: LogicalLine[] = [];
  const open: { sign: string; line: number }[] = [];
  let [line, at] = [1, 0];
  let current: LogicalLine | undefined;
  const add = (text: string): void => {
    current ??= { indent: columnAt(code, at), line, text: '' };
    current.text += text;
  };
  while (at < code.length) {
    const sign = code[at];
    if (sign === '\n') {
      if (open.length === 0 && current) {
        lines.push(current);
        current = undefined;
      }
      line++;
      at++;
    } else if (sign === '#') while (at < code.length && code[at] !== '\n') at++;
    else if (sign === '\\' && code[at + 1] === '\n') {
      line++;
      at += 2;
    } else if (sign === '"' || sign === "'") {
      const length = textLength(code, at, line);
      add(`${sign}${sign}`);
      line += code.slice(at, at + length).split('\n').length - 1;
      at += length;
    } else {
      checkCharacter(code, at, line);
      if ('([{'.includes(sign)) open.push({ sign, line });
      if (sign in pairs) closeBracket(open, sign, line);
      if (sign.trim() || current) add(open.length && !'([{'.includes(sign) ? ' ' : sign);
      at++;
    }
  }
  const last = open.at(-1);
  if (last)
    throw new SyntaxFault(
      broken.includes(last.line) ? 'invalid syntax' : `'${last.sign}' was never closed`,
      last.line,
    );
  if (current) lines.push(current);
  return lines;
}

/** Names take letters of every language, and nothing else does. */
function checkCharacter(code: string, at: number, line: number): void {
  const sign = String.fromCodePoint(code.codePointAt(at) ?? 0);
  if (sign <= '\u007f' || /[\p{L}\p{N}\p{M}\p{Cs}]/u.test(sign)) return;
  const number = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new SyntaxFault(`invalid character '${sign}' (U+${number})`, line);
}

function columnAt(code: string, at: number): number {
  return at - (code.lastIndexOf('\n', at - 1) + 1);
}

function closeBracket(open: { sign: string; line: number }[], sign: string, line: number): void {
  const last = open.pop();
  if (!last) throw new SyntaxFault(`unmatched '${sign}'`, line);
  if (last.sign !== pairs[sign])
    throw new SyntaxFault(
      `closing parenthesis '${sign}' does not match opening parenthesis '${last.sign}'${last.line === line ? '' : ` on line ${last.line}`}`,
      line,
    );
}

/** Length of the text that begins here. */
function textLength(code: string, from: number, line: number): number {
  const sign = code[from];
  const quote = code.startsWith(sign.repeat(3), from) ? sign.repeat(3) : sign;
  let at = from + quote.length;
  while (at < code.length && !code.startsWith(quote, at)) {
    if (code[at] === '\n' && quote.length === 1) break;
    at += code[at] === '\\' ? 2 : 1;
  }
  if (code.startsWith(quote, at) && at < code.length) return at + quote.length - from;
  if (quote.length === 1)
    throw new SyntaxFault(`unterminated string literal (detected at line ${line})`, line);
  throw new SyntaxFault(
    `unterminated triple-quoted string literal (detected at line ${code.split('\n').length})`,
    line,
  );
}

const blocks: Readonly<Record<string, string>> = { def: 'function definition', class: 'class definition' };
const opening = /^(if|elif|else|for|while|with|try|except|finally|def|class)\b/;

function checkIndentation(lines: readonly LogicalLine[]): void {
  const depths = [0];
  let header: { word: string; line: number } | undefined;
  for (const { indent, line, text } of lines) {
    const depth = depths.at(-1) ?? 0;
    if (header && indent <= depth)
      throw new SyntaxFault(
        `expected an indented block after ${blocks[header.word] ?? `'${header.word}' statement`} on line ${header.line}`,
        line,
        'IndentationError',
      );
    if (indent > depth) {
      if (!header) throw new SyntaxFault('unexpected indent', line, 'IndentationError');
      depths.push(indent);
    }
    while (indent < (depths.at(-1) ?? 0)) depths.pop();
    if (indent !== depths.at(-1))
      throw new SyntaxFault('unindent does not match any outer indentation level', line, 'IndentationError');
    const word = opening.exec(text)?.[1];
    header = word && text.trimEnd().endsWith(':') ? { word, line } : undefined;
    if (word && !/:/.test(text.replace(/\([^)]*\)|\[[^\]]*\]/g, '')) && !/[^=!<>]=[^=]/.test(text))
      throw new SyntaxFault("expected ':'", line);
  }
  if (header)
    throw new SyntaxFault(
      `expected an indented block after ${blocks[header.word] ?? `'${header.word}' statement`} on line ${header.line}`,
      header.line,
      'IndentationError',
    );
}
