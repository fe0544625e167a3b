/** Literals: numbers, texts with their escapes, and the parts of f-strings. */
import type { SyntaxNode } from '@lezer/common';
import { SyntaxFault, childrenOf, lineOf, notHere } from './source.ts';
import type { Expression, Replacement } from './syntax.ts';

type Convert = (node: SyntaxNode) => Expression;

/** The value of a number: whole numbers are of any size. */
export function parseNumber(code: string, node: SyntaxNode): Expression {
  const text = code.slice(node.from, node.to).replaceAll('_', '').toLowerCase();
  if (text.endsWith('j')) throw notHere(code, node, 'A complex number');
  const isWhole = /^(0x[\da-f]+|0b[01]+|0o[0-7]+|\d+)$/.test(text);
  if (isWhole && /^0\d*[1-9]/.test(text))
    throw new SyntaxFault(
      'leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers',
      lineOf(code, node.from),
    );
  return { at: node.from, kind: 'constant', value: isWhole ? BigInt(text) : Number(text) };
}

/** A text, several texts beside each other, or an f-string. */
export function parseText(code: string, node: SyntaxNode, convert: Convert): Expression {
  const pieces = node.name === 'ContinuedString' ? childrenOf(node) : [node];
  const parts = pieces.flatMap((piece) => partsOf(code, piece, convert));
  if (parts.some((part) => typeof part !== 'string')) return { at: node.from, kind: 'text', parts };
  return {
    at: node.from,
    kind: 'constant',
    value: parts.filter((part) => typeof part === 'string').join(''),
  };
}

function partsOf(code: string, node: SyntaxNode, convert: Convert): (string | Replacement)[] {
  const source = code.slice(node.from, node.to);
  const [, prefix = '', quote = "'"] = /^([a-zA-Z]*)("""|'''|"|')/.exec(source) ?? [];
  if (/b/i.test(prefix)) throw notHere(code, node, 'A bytes literal');
  const isRaw = /r/i.test(prefix);
  const read = (text: string) => (isRaw ? text : unescape(text));
  const [from, to] = [node.from + prefix.length + quote.length, node.to - quote.length];
  if (!/f/i.test(prefix)) return [read(code.slice(from, to))];
  return replacementParts(code, node, from, to, read, convert);
}

/** The plain stretches and the replacements between two places of an f-string. */
function replacementParts(
  code: string,
  node: SyntaxNode,
  from: number,
  to: number,
  read: (text: string) => string,
  convert: Convert,
): (string | Replacement)[] {
  const parts: (string | Replacement)[] = [];
  let at = from;
  const addText = (end: number) => {
    const text = read(code.slice(at, end)).replaceAll('{{', '{').replaceAll('}}', '}');
    if (text) parts.push(text);
  };
  for (const child of childrenOf(node).filter(({ name }) => name === 'FormatReplacement')) {
    addText(child.from);
    parts.push(...parseReplacement(code, child, read, convert));
    at = child.to;
  }
  addText(to);
  return parts;
}

function parseReplacement(
  code: string,
  node: SyntaxNode,
  read: (text: string) => string,
  convert: Convert,
): (string | Replacement)[] {
  const children = childrenOf(node);
  const [, inner] = children;
  if (!inner || inner.name === '}' || inner.type.isError)
    throw new SyntaxFault('f-string: empty expression not allowed', lineOf(code, node.from));
  const conversion = children.find(({ name }) => name === 'FormatConversion');
  const spec = children.find(({ name }) => name === 'FormatSpec');
  const own = children.find(({ name }) => name === 'FormatSelfDoc');
  const replacement: Replacement = {
    value: convert(inner),
    conversion: conversion ? (code[conversion.from + 1] as 'r' | 's' | 'a') : own && !spec ? 'r' : undefined,
    spec: spec ? replacementParts(code, spec, spec.from + 1, spec.to, read, convert) : [],
  };
  // f"{x = }" shows its own source first
  return own
    ? [code.slice(node.from + 1, (conversion ?? spec)?.from ?? node.to - 1), replacement]
    : [replacement];
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
};

function unescape(text: string): string {
  return text.replace(/\\(u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2}|[^])/g, (whole, code: string) =>
    /^[uUx]./.test(code) ? String.fromCodePoint(parseInt(code.slice(1), 16)) : (escapes[code] ?? whole),
  );
}
