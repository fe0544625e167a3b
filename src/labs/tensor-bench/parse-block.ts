/** Statements with blocks: if, while, for, with, try, def. */
import type { SyntaxNode } from '@lezer/common';
import { checkTarget, parseStatement } from './parse.ts';
import { parseExpression, parseParameters, targetOf } from './parse-expression.ts';
import { SyntaxFault, childrenOf, lineOf, notHere } from './source.ts';
import type { Expression, Handler, Statement } from './syntax.ts';

function parseBody(code: string, node: SyntaxNode): Statement[] {
  return childrenOf(node)
    .slice(1)
    .flatMap((child) => parseStatement(code, child));
}

/** A part of a compound statement: the words before its colon, and its block. */
interface Part {
  word: string;
  head: SyntaxNode[];
  body: Statement[];
}

function partsOf(code: string, node: SyntaxNode): Part[] {
  const parts: Part[] = [];
  for (const child of childrenOf(node)) {
    if (child.type.isError) throw new SyntaxFault(explainError(code, node), lineOf(code, child.from));
    const last = parts.at(-1);
    if (child.name === 'Body' && last) last.body = parseBody(code, child);
    else if (/^(if|elif|else|for|while|with|try|except|finally|def|async)$/.test(child.name))
      parts.push({ word: child.name, head: [], body: [] });
    else last?.head.push(child);
  }
  return parts;
}

function explainError(code: string, node: SyntaxNode): string {
  const line = code.slice(node.from).split('\n')[0];
  return /^(if|elif|while)\b[^=!<>]*[^=!<>:]=[^=]/.test(line)
    ? "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
    : 'invalid syntax';
}

/** A statement with blocks of its own. */
export function parseBlock(code: string, node: SyntaxNode): Statement {
  const at = node.from;
  const parts = partsOf(code, node);
  const [first] = parts;
  const bodyOf = (word: string) => parts.find((part, index) => index > 0 && part.word === word)?.body ?? [];
  const test = (part: Part): Expression => parseExpression(code, part.head[0] ?? node);
  switch (first.word) {
    case 'if':
      return {
        at,
        kind: 'if',
        branches: parts.map((part) => ({
          test: part.word === 'else' ? undefined : test(part),
          body: part.body,
        })),
      };
    case 'while':
      return { at, kind: 'while', test: test(first), body: first.body, otherwise: bodyOf('else') };
    case 'for': {
      const place = first.head.findIndex(({ name }) => name === 'in');
      const target = checkTarget(code, targetOf(code, first.head.slice(0, place)));
      return {
        at,
        kind: 'for',
        target,
        source: targetOf(code, first.head.slice(place + 1)),
        body: first.body,
        otherwise: bodyOf('else'),
      };
    }
    case 'with':
      return { at, kind: 'with', items: withItems(code, first.head), body: first.body };
    case 'try': {
      const handlers = parts
        .filter(({ word }) => word === 'except')
        .map((part): Handler => handlerOf(code, part));
      return {
        at,
        kind: 'try',
        body: first.body,
        handlers,
        otherwise: bodyOf('else'),
        last: bodyOf('finally'),
      };
    }
    case 'def': {
      const [name, list] = first.head;
      if (!list) throw new SyntaxFault('invalid syntax', lineOf(code, at));
      return {
        at,
        kind: 'def',
        name: code.slice(name.from, name.to),
        params: parseParameters(code, list),
        body: first.body,
      };
    }
    default:
      throw notHere(code, node, `\`${first.word}\``);
  }
}

function withItems(
  code: string,
  head: readonly SyntaxNode[],
): { value: Expression; name: Expression | undefined }[] {
  const items: { value: Expression; name: Expression | undefined }[] = [];
  head.forEach((child, index) => {
    const last = items.at(-1);
    if (head[index - 1]?.name === 'as' && last) last.name = parseExpression(code, child);
    else if (child.name !== ',' && child.name !== 'as')
      items.push({ value: parseExpression(code, child), name: undefined });
  });
  return items;
}

function handlerOf(code: string, { head, body }: Part): Handler {
  const name = head[head.findIndex((child) => child.name === 'as') + 1];
  const hasName = head.some((child) => child.name === 'as');
  return {
    type: head[0] ? parseExpression(code, head[0]) : undefined,
    name: hasName && name ? code.slice(name.from, name.to) : undefined,
    body,
  };
}
