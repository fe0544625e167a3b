/** What each kind of statement does. */
import { BenchStop, PythonError, typeError } from '../../engine/tensors/python-error.ts';
import { deleteFrom } from './assign.ts';
import { truthOf } from './comparison.ts';
import { evaluate } from './evaluate.ts';
import { importModule } from './imports.ts';
import { updateInPlace } from './in-place.ts';
import type { Interpreter, Scope } from './interpreter.ts';
import { binary } from './operators.ts';
import type { Handler, Statement, Expression } from './syntax.ts';
import { str } from './text.ts';
import { Context, ErrorValue, Tuple, TypeValue, typeName, type Value } from './values.ts';

/** What `break`, `continue` and `return` throw through the blocks around them. */
class Leave extends Error {
  readonly kind: 'break' | 'continue' | 'return';
  readonly value: Value;
  constructor(kind: Leave['kind'], value: Value = null) {
    super(kind);
    this.kind = kind;
    this.value = value;
  }
}

/** Runs one statement. */
export function runStatement(run: Interpreter, statement: Statement, scope: Scope): void {
  run.step(statement.at);
  switch (statement.kind) {
    case 'expression':
      evaluate(run, statement.value, scope);
      return;
    case 'assign': {
      const value = evaluate(run, statement.value, scope);
      for (const target of statement.targets) run.assign(target, value, scope);
      return;
    }
    case 'update':
      update(run, statement, scope);
      return;
    case 'if':
      for (const { test, body } of statement.branches)
        if (!test || truthOf(evaluate(run, test, scope))) {
          run.run(body, scope);
          return;
        }
      return;
    case 'for':
      loop(run, run.items(evaluate(run, statement.source, scope)), statement, scope);
      return;
    case 'while':
      loop(run, undefined, statement, scope);
      return;
    case 'with':
      withItems(run, statement, scope);
      return;
    case 'def':
      run.bind(
        statement.name,
        run.define(
          statement.name,
          statement.params,
          scope,
          (inner) => runBody(run, statement.body, inner),
          statement.body,
        ),
        scope,
      );
      return;
    case 'return':
      throw new Leave('return', statement.value ? evaluate(run, statement.value, scope) : null);
    case 'break':
    case 'continue':
      throw new Leave(statement.kind);
    case 'import':
      for (const item of statement.names)
        for (const [name, value] of importModule(run.modules, item)) run.bind(name, value, scope);
      return;
    case 'try':
      tryBlock(run, statement, scope);
      return;
    case 'raise':
      throw raised(statement.value ? evaluate(run, statement.value, scope) : null);
    case 'assert':
      if (!truthOf(evaluate(run, statement.test, scope))) {
        throw new PythonError(
          'AssertionError',
          statement.message ? str(evaluate(run, statement.message, scope)) : '',
        );
      }
      return;
    case 'delete':
      for (const target of statement.targets) deleteTarget(run, target, scope);
      return;
    case 'global':
    case 'pass':
      return;
  }
}

function update(
  run: Interpreter,
  { target, operator, value }: Extract<Statement, { kind: 'update' }>,
  scope: Scope,
): void {
  const before = evaluate(run, target, scope);
  const change = evaluate(run, value, scope);
  run.assign(target, updateInPlace(operator, before, change) ?? binary(operator, before, change), scope);
}

function loop(
  run: Interpreter,
  items: Value[] | undefined,
  statement: Extract<Statement, { kind: 'for' | 'while' }>,
  scope: Scope,
): void {
  let index = 0;
  while (
    statement.kind === 'for' ? index < (items?.length ?? 0) : truthOf(evaluate(run, statement.test, scope))
  ) {
    run.step(statement.at);
    if (statement.kind === 'for' && items) run.assign(statement.target, items[index++], scope);
    try {
      run.run(statement.body, scope);
    } catch (error) {
      if (!(error instanceof Leave) || error.kind === 'return') throw error;
      if (error.kind === 'break') return;
    }
  }
  run.run(statement.otherwise, scope);
}

function withItems(
  run: Interpreter,
  { items, body }: Extract<Statement, { kind: 'with' }>,
  scope: Scope,
): void {
  const [first, ...rest] = items;
  if (!first) {
    run.run(body, scope);
    return;
  }
  const context = evaluate(run, first.value, scope);
  if (!(context instanceof Context))
    throw typeError(`'${typeName(context)}' object does not support the context manager protocol`);
  const entered = context.enter();
  try {
    if (first.name) run.assign(first.name, entered, scope);
    withItems(run, { kind: 'with', at: first.value.at, items: rest, body }, scope);
  } finally {
    context.exit();
  }
}

function tryBlock(
  run: Interpreter,
  { body, handlers, otherwise, last }: Extract<Statement, { kind: 'try' }>,
  scope: Scope,
): void {
  try {
    run.run(body, scope);
    run.run(otherwise, scope);
  } catch (error) {
    const { at } = run;
    const handler =
      error instanceof PythonError && !(error instanceof BenchStop)
        ? handlers.find((one) => catches(run, one, error, scope))
        : undefined;
    run.at = at;
    if (!handler || !(error instanceof PythonError)) throw error;
    if (handler.name) run.bind(handler.name, new ErrorValue(error), scope);
    run.run(handler.body, scope);
    if (handler.name) scope.names.delete(handler.name);
  } finally {
    run.run(last, scope);
  }
}

function catches(run: Interpreter, { type }: Handler, error: PythonError, scope: Scope): boolean {
  if (!type) return true;
  const wanted = evaluate(run, type, scope);
  const types = wanted instanceof Tuple ? wanted.items : [wanted];
  return types.some((one) => one instanceof TypeValue && one.owns(new ErrorValue(error)));
}

function raised(value: Value): PythonError {
  if (value instanceof ErrorValue) return value.error;
  if (value instanceof TypeValue && value.make) {
    const made = value.make({ list: [], named: new Map() });
    if (made instanceof ErrorValue) return made.error;
  }
  return value === null
    ? new PythonError('RuntimeError', 'No active exception to reraise')
    : typeError('exceptions must derive from BaseException');
}

function deleteTarget(run: Interpreter, target: Expression, scope: Scope): void {
  if (target.kind === 'name') {
    if (!scope.names.delete(target.name))
      throw new PythonError('NameError', `name '${target.name}' is not defined`);
  } else if (target.kind === 'index')
    deleteFrom(evaluate(run, target.value, scope), evaluate(run, target.index, scope));
  else throw new PythonError('SyntaxError', 'cannot delete expression');
}

/** The value that a function's body returns. */
export function runBody(run: Interpreter, statements: readonly Statement[], scope: Scope): Value {
  try {
    run.run(statements, scope);
    return null;
  } catch (error) {
    if (error instanceof Leave) return error.value;
    throw error;
  }
}
