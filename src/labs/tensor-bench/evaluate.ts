/** What an expression is worth. */
import { PythonError, typeError } from '../../engine/tensors/python-error.ts';
import { getAttribute } from './attributes.ts';
import { getIndex } from './access.ts';
import type { Interpreter, Scope } from './interpreter.ts';
import { comparison, truthOf } from './comparison.ts';
import { binary, unaryMinus } from './operators.ts';
import type { Argument, Clause, Expression, Replacement } from './syntax.ts';
import { format, repr, str } from './text.ts';
import {
  Dict,
  List,
  SetValue,
  Slice,
  Tuple,
  ellipsis,
  keyOf,
  typeName,
  type Args,
  type Value,
} from './values.ts';

/** The value of an expression in a scope. */
export function evaluate(run: Interpreter, node: Expression, scope: Scope): Value {
  const value = (child: Expression): Value => evaluate(run, child, scope);
  run.step(node.at);
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'ellipsis':
      return ellipsis;
    case 'name':
      return run.lookUp(node.name, scope);
    case 'text':
      return joinText(run, node.parts, scope);
    case 'list':
      return new List(spread(run, node.items, scope));
    case 'tuple':
      return new Tuple(spread(run, node.items, scope));
    case 'set':
      return makeSet(spread(run, node.items, scope));
    case 'dict':
      return makeDict(run, node, scope);
    case 'unary': {
      const inner = value(node.value);
      run.at = node.at;
      return node.operator === 'not' ? !truthOf(inner) : unaryMinus(node.operator, inner);
    }
    case 'binary': {
      const [left, right] = [value(node.left), value(node.right)];
      run.at = node.at;
      return binary(node.operator, left, right);
    }
    case 'logic': {
      const left = value(node.left);
      return truthOf(left) === (node.operator === 'or') ? left : value(node.right);
    }
    case 'compare':
      return compareAll(run, node, scope);
    case 'choice':
      return truthOf(value(node.test)) ? value(node.yes) : value(node.no);
    case 'call': {
      const callee = value(node.callee);
      const args = collect(run, node.args, scope);
      run.at = node.at;
      return run.call(callee, args);
    }
    case 'attribute': {
      const owner = value(node.value);
      run.at = node.at;
      return getAttribute(run, owner, node.name);
    }
    case 'index': {
      const [whole, index] = [value(node.value), value(node.index)];
      run.at = node.at;
      return getIndex(run, whole, index);
    }
    case 'slice': {
      const part = (child: Expression | undefined) => (child ? value(child) : null);
      return new Slice(part(node.from), part(node.to), part(node.step));
    }
    case 'lambda':
      return run.define('<lambda>', node.params, scope, (inner) => evaluate(run, node.body, inner));
    case 'comprehension':
      return comprehend(run, node, scope);
    case 'named': {
      const result = value(node.value);
      run.assign({ kind: 'name', at: node.at, name: node.name }, result, scope);
      return result;
    }
    case 'star':
      throw new PythonError('SyntaxError', "can't use starred expression here");
  }
}

function joinText(run: Interpreter, parts: readonly (string | Replacement)[], scope: Scope): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = evaluate(run, part.value, scope);
      const spec = joinText(run, part.spec, scope);
      if (part.conversion)
        return format(part.conversion === 's' ? str(value, run.print) : repr(value, run.print), spec);
      return format(value, spec, run.print);
    })
    .join('');
}

function spread(run: Interpreter, items: readonly Expression[], scope: Scope): Value[] {
  return items.flatMap((item) =>
    item.kind === 'star' ? run.items(evaluate(run, item.value, scope)) : [evaluate(run, item, scope)],
  );
}

/** A set of these items. */
export function makeSet(items: readonly Value[]): SetValue {
  const set = new SetValue();
  for (const item of items) if (!set.items.has(keyOf(item))) set.items.set(keyOf(item), item);
  return set;
}

function makeDict(run: Interpreter, { entries }: Extract<Expression, { kind: 'dict' }>, scope: Scope): Dict {
  const dict = new Dict();
  for (const { key, value } of entries) {
    const item = evaluate(run, value, scope);
    if (key) {
      const name = evaluate(run, key, scope);
      dict.entries.set(keyOf(name), [name, item]);
    } else if (item instanceof Dict) for (const [text, entry] of item.entries) dict.entries.set(text, entry);
    else throw typeError(`'${typeName(item)}' object is not a mapping`);
  }
  return dict;
}

function compareAll(run: Interpreter, node: Extract<Expression, { kind: 'compare' }>, scope: Scope): Value {
  let left = evaluate(run, node.first, scope);
  let result: Value = true;
  for (const { operator, value } of node.rest) {
    const right = evaluate(run, value, scope);
    run.at = node.at;
    result = comparison(operator, left, right);
    if (node.rest.length > 1 && !truthOf(result)) return result;
    left = right;
  }
  return result;
}

function collect(run: Interpreter, args: readonly Argument[], scope: Scope): Args {
  const collected: Args = { list: [], named: new Map() };
  for (const { value, name, spread: star } of args) {
    const result = evaluate(run, value, scope);
    if (name !== undefined) collected.named.set(name, result);
    else if (star === '*') collected.list.push(...run.items(result));
    else if (star === '**' && result instanceof Dict)
      for (const [key, item] of result.entries.values()) collected.named.set(str(key), item);
    else collected.list.push(result);
  }
  return collected;
}

function comprehend(
  run: Interpreter,
  node: Extract<Expression, { kind: 'comprehension' }>,
  scope: Scope,
): Value {
  const inner: Scope = { names: new Map(), own: undefined, parent: scope };
  const items: [Value, Value][] = [];
  const go = (clauses: readonly Clause[]): void => {
    const [clause, ...rest] = clauses;
    if (!clause) {
      items.push([node.key ? evaluate(run, node.key, inner) : null, evaluate(run, node.value, inner)]);
      return;
    }
    for (const item of run.items(evaluate(run, clause.source, inner))) {
      run.assign(clause.target, item, inner);
      if (clause.tests.every((test) => truthOf(evaluate(run, test, inner)))) go(rest);
    }
  };
  go(node.clauses);
  if (node.shape === 'set') return makeSet(items.map(([, value]) => value));
  if (node.shape === 'list') return new List(items.map(([, value]) => value));
  const dict = new Dict();
  for (const [key, value] of items) dict.entries.set(keyOf(key), [key, value]);
  return dict;
}
