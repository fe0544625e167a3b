/** Expressions from the nodes of the Python grammar. */
import type { SyntaxNode } from '@lezer/common';
import { parseNumber, parseText } from './parse-text.ts';
import { SyntaxFault, childrenOf, lineOf, notHere } from './source.ts';
import type { Argument, Clause, Expression, Parameter } from './syntax.ts';

/** The expression of a node. Throws a SyntaxFault for what Python or the bench does not know. */
export function parseExpression(code: string, node: SyntaxNode): Expression {
  const at = node.from;
  const convert = (child: SyntaxNode): Expression => parseExpression(code, child);
  const text = (child: SyntaxNode): string => code.slice(child.from, child.to);
  const children = childrenOf(node);
  const only = (index: number): SyntaxNode => {
    const child = children[index];
    if (!child || child.type.isError)
      throw new SyntaxFault('invalid syntax', lineOf(code, child?.from ?? node.to));
    return child;
  };
  switch (node.name) {
    case 'Number':
      return parseNumber(code, node);
    case 'String':
    case 'FormatString':
    case 'ContinuedString':
      return parseText(code, node, convert);
    case 'Boolean':
      return { at, kind: 'constant', value: text(node) === 'True' };
    case 'None':
      return { at, kind: 'constant', value: null };
    case 'Ellipsis':
      return { at, kind: 'ellipsis' };
    case 'VariableName':
      return { at, kind: 'name', name: text(node) };
    case 'ParenthesizedExpression':
      return children.some(({ name }) => name === 'for')
        ? comprehension(code, node, 'list')
        : convert(only(1));
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'SetExpression': {
      const kinds = { TupleExpression: 'tuple', ArrayExpression: 'list', SetExpression: 'set' } as const;
      return { at, kind: kinds[node.name], items: parseItems(code, children.slice(1, -1)) };
    }
    case 'DictionaryExpression':
      return parseDict(code, node);
    case 'ArrayComprehensionExpression':
    case 'ComprehensionExpression':
      return comprehension(code, node, 'list');
    case 'SetComprehensionExpression':
      return comprehension(code, node, 'set');
    case 'DictionaryComprehensionExpression':
      return comprehension(code, node, 'dict');
    case 'UnaryExpression':
      return { at, kind: 'unary', operator: text(only(0)) as '-', value: convert(only(1)) };
    case 'BinaryExpression':
      return parseBinary(code, node);
    case 'ConditionalExpression':
      return { at, kind: 'choice', yes: convert(only(0)), test: convert(only(2)), no: convert(only(4)) };
    case 'CallExpression':
      return { at, kind: 'call', callee: convert(only(0)), args: parseArguments(code, only(1)) };
    case 'MemberExpression':
      // The grammar has no numbers that end in a point
      if (children[0].name === 'Number' && children[1]?.name === '.' && !/[a-df-z_]/i.test(text(node)))
        return { at, kind: 'constant', value: Number(text(node).replaceAll('_', '')) };
      if (only(1).name === '.')
        return { at, kind: 'attribute', value: convert(only(0)), name: text(only(2)) };
      return {
        at,
        kind: 'index',
        value: convert(only(0)),
        index: parseIndex(code, node, children.slice(2, -1)),
      };
    case 'LambdaExpression': {
      const list = children.find(({ name }) => name === 'ParamList');
      const body = children.at(-1) ?? node;
      return { at, kind: 'lambda', params: list ? parseParameters(code, list) : [], body: convert(body) };
    }
    case 'NamedExpression':
      return { at, kind: 'named', name: text(only(0)), value: convert(only(2)) };
    case 'AwaitExpression':
    case 'YieldExpression':
      throw notHere(code, node, `\`${text(node).split(/\s/)[0]}\``);
    default:
      throw new SyntaxFault('invalid syntax', lineOf(code, at));
  }
}

/** Expressions between commas, with stars before those that spread. */
export function parseItems(code: string, nodes: readonly SyntaxNode[]): Expression[] {
  const items: Expression[] = [];
  let star: SyntaxNode | undefined;
  for (const node of nodes) {
    if (node.name === ',') continue;
    if (node.name === '*') star = node;
    else {
      const value = parseExpression(code, node);
      items.push(star ? { at: star.from, kind: 'star', value } : value);
      star = undefined;
    }
  }
  return items;
}

function parseDict(code: string, node: SyntaxNode): Expression {
  const entries: { key: Expression | undefined; value: Expression }[] = [];
  const parts = childrenOf(node)
    .slice(1, -1)
    .filter(({ name }) => name !== ',' && name !== ':');
  for (let index = 0; index < parts.length; index += 2) {
    const [key, value] = [parts[index], parts[index + 1]];
    if (!value || value.type.isError) throw new SyntaxFault('invalid syntax', lineOf(code, node.from));
    entries.push({
      key: key.name === '**' ? undefined : parseExpression(code, key),
      value: parseExpression(code, value),
    });
  }
  return { at: node.from, kind: 'dict', entries };
}

function comprehension(code: string, node: SyntaxNode, shape: 'list' | 'set' | 'dict'): Expression {
  const children = childrenOf(node);
  // A generator that is a call's only argument shares the call's brackets
  const start = children.findIndex(({ name }) => name === 'for');
  const head = children.slice(0, start).filter(({ name }) => !/^[[({:]$/.test(name));
  const [first, second] = head;
  if (!first) throw new SyntaxFault('invalid syntax', lineOf(code, node.from));
  const clauses: Clause[] = [];
  const rest = children.slice(start).filter(({ name }) => !/^[\])}]$/.test(name));
  for (let index = 0; index < rest.length;) {
    const word = rest[index].name;
    if (word === 'for') {
      const to = rest.findIndex(({ name }, at) => at > index && name === 'in');
      clauses.push({
        target: targetOf(code, rest.slice(index + 1, to)),
        source: parseExpression(code, rest[to + 1]),
        tests: [],
      });
      index = to + 2;
    } else if (word === 'if') {
      clauses.at(-1)?.tests.push(parseExpression(code, rest[index + 1]));
      index += 2;
    } else throw notHere(code, rest[index], `\`${word}\``);
  }
  const value = parseExpression(code, second ?? first);
  return {
    at: node.from,
    kind: 'comprehension',
    shape,
    key: second ? parseExpression(code, first) : undefined,
    value,
    clauses,
  };
}

/** The one target of a list of nodes, or the tuple of several. */
export function targetOf(code: string, nodes: readonly SyntaxNode[]): Expression {
  const items = parseItems(code, nodes);
  const [first] = items;
  if (!first) throw new SyntaxFault('invalid syntax', lineOf(code, nodes[0]?.from ?? 0));
  const isTuple = items.length > 1 || nodes.some(({ name }) => name === ',');
  return isTuple ? { at: first.at, kind: 'tuple', items } : first;
}

function parseBinary(code: string, node: SyntaxNode): Expression {
  const children = childrenOf(node);
  const [left, right] = [children[0], children.at(-1)];
  if (!right || children.length < 3 || right.type.isError)
    throw new SyntaxFault('invalid syntax', lineOf(code, node.to));
  const operator = children
    .slice(1, -1)
    .map((child) => code.slice(child.from, child.to))
    .join(' ');
  const value = parseExpression(code, right);
  const first = parseExpression(code, left);
  const at = node.from;
  if (operator === 'and' || operator === 'or')
    return { at, kind: 'logic', operator, left: first, right: value };
  if (!/^(==|!=|<=?|>=?|in|not in|is|is not)$/.test(operator))
    return { at, kind: 'binary', operator, left: first, right: value };
  // a < b < c is one comparison, unless brackets say otherwise
  if (left.name === 'BinaryExpression' && first.kind === 'compare')
    return { at, kind: 'compare', first: first.first, rest: [...first.rest, { operator, value }] };
  return { at, kind: 'compare', first, rest: [{ operator, value }] };
}

function parseArguments(code: string, node: SyntaxNode): Argument[] {
  const children = childrenOf(node);
  if (children.some(({ name }) => name === 'for')) return [{ value: comprehension(code, node, 'list') }];
  const args: Argument[] = [];
  let part: SyntaxNode[] = [];
  for (const child of children.slice(1)) {
    if (child.type.isError)
      throw new SyntaxFault(
        part.length ? 'invalid syntax. Perhaps you forgot a comma?' : 'invalid syntax',
        lineOf(code, node.from),
      );
    if (child.name !== ',' && child.name !== ')') {
      part.push(child);
      continue;
    }
    const [first, , third] = part;
    if (first && third)
      args.push({ name: code.slice(first.from, first.to), value: parseExpression(code, third) });
    else if (first && part.length === 2)
      args.push({ spread: first.name as '*', value: parseExpression(code, part[1]) });
    else if (first) args.push({ value: parseExpression(code, first) });
    part = [];
  }
  return args;
}

/** What stands between square brackets: one index or slice, or several. */
function parseIndex(code: string, node: SyntaxNode, nodes: readonly SyntaxNode[]): Expression {
  const groups: SyntaxNode[][] = [[]];
  for (const child of nodes) {
    if (child.type.isError) throw new SyntaxFault('invalid syntax', lineOf(code, child.from));
    if (child.name === ',') groups.push([]);
    else groups.at(-1)?.push(child);
  }
  const hasComma = groups.length > 1;
  if (groups.at(-1)?.length === 0) groups.pop();
  const items = groups.map((group) => {
    if (!group.some(({ name }) => name === ':')) return parseItems(code, group)[0];
    const ends: (Expression | undefined)[] = [undefined];
    for (const child of group) {
      if (child.name === ':') ends.push(undefined);
      else ends[ends.length - 1] = parseExpression(code, child);
    }
    return {
      at: group[0].from,
      kind: 'slice',
      from: ends[0],
      to: ends[1],
      step: ends[2],
    } satisfies Expression;
  });
  const [first] = items;
  if (!first) throw new SyntaxFault('invalid syntax', lineOf(code, node.from));
  return hasComma ? { at: first.at, kind: 'tuple', items } : first;
}

/** Parameters of a function or lambda. */
export function parseParameters(code: string, node: SyntaxNode): Parameter[] {
  const params: Parameter[] = [];
  let [kind, isFallback]: [Parameter['kind'], boolean] = ['plain', false];
  for (const child of childrenOf(node)) {
    if (child.type.isError) throw new SyntaxFault('invalid syntax', lineOf(code, child.from));
    const last = params.at(-1);
    if (child.name === '*' || child.name === '**') kind = child.name;
    else if (child.name === 'AssignOp') isFallback = true;
    else if (isFallback && last) {
      last.fallback = parseExpression(code, child);
      isFallback = false;
    } else if (child.name === 'VariableName') {
      params.push({ name: code.slice(child.from, child.to), fallback: undefined, kind });
      kind = 'plain';
    }
  }
  return params;
}
