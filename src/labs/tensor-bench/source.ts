/** A cell's source: the text of a node, and the line of a place. */
import type { SyntaxNode } from '@lezer/common';
import { PythonError } from '../../engine/tensors/python-error.ts';

/** The line, counted from 1, in which a place of the source stands. */
export function lineOf(code: string, at: number): number {
  return code.slice(0, at).split('\n').length;
}

/** A SyntaxError that knows its line. */
export class SyntaxFault extends PythonError {
  readonly line: number;

  constructor(message: string, line: number, type = 'SyntaxError', note?: string) {
    super(type, message, note);
    this.line = line;
  }
}

/** A syntax node with the source that it stands in. */
export interface Place {
  code: string;
  node: SyntaxNode;
}

/** The source of a node. */
export function textOf({ code, node }: Place): string {
  return code.slice(node.from, node.to);
}

/** The children of a node, comments left out. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'Comment') children.push(child);
  return children;
}

/** What Python has and the bench has not: an error that says so. */
export function notHere(code: string, node: SyntaxNode, what: string): SyntaxFault {
  return new SyntaxFault(
    `${what} is Python, but not part of this teaching subset.`,
    lineOf(code, node.from),
    'NotInBench',
    'The bench knows names, numbers, texts, lists, tuples, dicts, if, for, while, def, with, try and import.',
  );
}
