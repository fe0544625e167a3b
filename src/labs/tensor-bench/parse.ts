/** A cell's source as a tree, by the Python grammar of Lezer (https://github.com/lezer-parser/python). */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { checkLayout } from './layout-errors.ts';
import { parseExpression, parseItems, targetOf } from './parse-expression.ts';
import { parseBlock } from './parse-block.ts';
import { SyntaxFault, childrenOf, lineOf, notHere } from './source.ts';
import { bodiesOf, type Expression, type Statement } from './syntax.ts';

/** A longer cell is refused: nobody wrote it by hand. */
const longest = 20_000;

/** The statements of a cell. Throws a SyntaxFault with Python's words and the line. */
export function parseCell(code: string): Statement[] {
  if (code.length > longest)
    throw new SyntaxFault(
      `This cell has ${code.length.toLocaleString('en-GB')} characters. The bench reads at most ${longest.toLocaleString('en-GB')}.`,
      1,
      'TooLarge',
    );
  const top = parser.parse(code).topNode;
  checkLayout(code, brokenLines(code, top));
  const statements = childrenOf(top).flatMap((node) => parseStatement(code, node));
  checkFlow(code, statements, false, false);
  return statements;
}

/** The lines on which the grammar was left before their end. */
function brokenLines(code: string, top: SyntaxNode): number[] {
  const lines: number[] = [];
  top.cursor().iterate(({ type, from }) => {
    const rest = code.slice(from).split('\n')[0];
    if (type.isError && rest.trim()) lines.push(lineOf(code, from));
  });
  return lines;
}

/** `return` belongs into functions, `break` and `continue` into loops. */
function checkFlow(
  code: string,
  statements: readonly Statement[],
  isFunction: boolean,
  isLoop: boolean,
): void {
  for (const statement of statements) {
    const fault = (message: string) => new SyntaxFault(message, lineOf(code, statement.at));
    if (statement.kind === 'return' && !isFunction) throw fault("'return' outside function");
    if (statement.kind === 'break' && !isLoop) throw fault("'break' outside loop");
    if (statement.kind === 'continue' && !isLoop) throw fault("'continue' not properly in loop");
    if (statement.kind === 'def') checkFlow(code, statement.body, true, false);
    for (const body of bodiesOf(statement))
      checkFlow(code, body, isFunction, isLoop || statement.kind === 'for' || statement.kind === 'while');
  }
}

/** The statements of one node. */
export function parseStatement(code: string, node: SyntaxNode): Statement[] {
  const at = node.from;
  const children = childrenOf(node);
  const text = (child: SyntaxNode) => code.slice(child.from, child.to);
  const fault = (message = 'invalid syntax') => new SyntaxFault(message, lineOf(code, at));
  const broken = children.find(({ type }) => type.isError);
  if (node.type.isError) throw fault();
  switch (node.name) {
    case 'StatementGroup':
      return children.filter(({ name }) => name !== ';').flatMap((child) => parseStatement(code, child));
    case 'ExpressionStatement':
      if (broken) throw fault();
      return [{ at, kind: 'expression', value: targetOf(code, children) }];
    case 'AssignStatement':
      return [parseAssignment(code, node)];
    case 'UpdateStatement': {
      if (broken || children.length < 3) throw fault();
      const place = children.findIndex(({ name }) => name === 'UpdateOp');
      const target = checkTarget(code, targetOf(code, children.slice(0, place)));
      return [
        {
          at,
          kind: 'update',
          target,
          operator: text(children[place]).slice(0, -1),
          value: targetOf(code, children.slice(place + 1)),
        },
      ];
    }
    case 'PassStatement':
      return [{ at, kind: 'pass' }];
    case 'BreakStatement':
      return [{ at, kind: 'break' }];
    case 'ContinueStatement':
      return [{ at, kind: 'continue' }];
    case 'ReturnStatement':
      return [
        { at, kind: 'return', value: children.length > 1 ? targetOf(code, children.slice(1)) : undefined },
      ];
    case 'RaiseStatement':
      return [{ at, kind: 'raise', value: children[1] ? parseExpression(code, children[1]) : undefined }];
    case 'AssertStatement': {
      const [test, message] = parseItems(code, children.slice(1));
      if (!test) throw fault();
      return [{ at, kind: 'assert', test, message }];
    }
    case 'DeleteStatement':
      return [{ at, kind: 'delete', targets: parseItems(code, children.slice(1)) }];
    case 'ScopeStatement':
      return [
        { at, kind: 'global', names: children.filter(({ name }) => name === 'VariableName').map(text) },
      ];
    case 'ImportStatement':
      return [parseImport(code, node)];
    case 'PrintStatement':
      throw fault("Missing parentheses in call to 'print'. Did you mean print(...)?");
    case 'IfStatement':
    case 'WhileStatement':
    case 'ForStatement':
    case 'WithStatement':
    case 'TryStatement':
    case 'FunctionDefinition':
      return [parseBlock(code, node)];
    case 'ClassDefinition':
    case 'DecoratedStatement':
    case 'MatchStatement':
    case 'YieldStatement':
    case 'TypeDefinition':
      throw notHere(code, node, `\`${text(node).split(/[\s(:]/)[0]}\``);
    default:
      throw fault();
  }
}

function parseAssignment(code: string, node: SyntaxNode): Statement {
  const groups: SyntaxNode[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.type.isError) throw new SyntaxFault('invalid syntax', lineOf(code, child.from));
    if (child.name === 'AssignOp') groups.push([]);
    else if (child.name !== 'TypeDef') groups.at(-1)?.push(child);
  }
  const sides = groups.map((group) => targetOf(code, group.length ? group : [node]));
  const value = sides.pop();
  if (!value) throw new SyntaxFault('invalid syntax', lineOf(code, node.from));
  return { at: node.from, kind: 'assign', targets: sides.map((side) => checkTarget(code, side)), value };
}

/** Throws Python's error for what cannot stand to the left of `=`. */
export function checkTarget(code: string, target: Expression): Expression {
  const fault = (what: string, more = " here. Maybe you meant '==' instead of '='?") =>
    new SyntaxFault(`cannot assign to ${what}${more}`, lineOf(code, target.at));
  switch (target.kind) {
    case 'name':
    case 'attribute':
    case 'index':
      return target;
    case 'tuple':
    case 'list':
      target.items.forEach((item) => checkTarget(code, item));
      return target;
    case 'star':
      checkTarget(code, target.value);
      return target;
    case 'constant':
      if (typeof target.value === 'boolean') throw fault(target.value ? 'True' : 'False', '');
      throw target.value === null ? fault('None', '') : fault('literal');
    case 'call':
      throw fault('function call');
    case 'compare':
      throw fault('comparison');
    default:
      throw fault('expression');
  }
}

function parseImport(code: string, node: SyntaxNode): Statement {
  const words = childrenOf(node).map((child) => code.slice(child.from, child.to));
  const text = words.join(' ').replaceAll(' . ', '.');
  const from = /^from ([\w.]+) import (.+)$/.exec(text);
  const list = (from?.[2] ?? text.replace(/^import /, '')).replace(/[()]/g, '').split(',');
  const names = list
    .map((item) => item.trim().split(/ as /))
    .filter(([name]) => name)
    .map(([name = '', as]) => (from ? { module: from[1], name, as } : { module: name, name: undefined, as }));
  if (names.length === 0) throw new SyntaxFault('invalid syntax', lineOf(code, node.from));
  return { at: node.from, kind: 'import', names };
}
