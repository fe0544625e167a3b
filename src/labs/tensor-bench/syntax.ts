/** The part of Python that the bench reads, as a tree of plain data. `at` is a place in the source. */

export type Expression = { at: number } & (
  | { kind: 'constant'; value: null | boolean | bigint | number | string }
  | { kind: 'ellipsis' }
  | { kind: 'name'; name: string }
  | { kind: 'text'; parts: (string | Replacement)[] }
  | { kind: 'list' | 'tuple' | 'set'; items: Expression[] }
  | { kind: 'dict'; entries: { key: Expression | undefined; value: Expression }[] }
  | { kind: 'unary'; operator: '-' | '+' | '~' | 'not'; value: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'logic'; operator: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'compare'; first: Expression; rest: { operator: string; value: Expression }[] }
  | { kind: 'choice'; test: Expression; yes: Expression; no: Expression }
  | { kind: 'call'; callee: Expression; args: Argument[] }
  | { kind: 'attribute'; value: Expression; name: string }
  | { kind: 'index'; value: Expression; index: Expression }
  | { kind: 'slice'; from: Expression | undefined; to: Expression | undefined; step: Expression | undefined }
  | { kind: 'star'; value: Expression }
  | { kind: 'lambda'; params: Parameter[]; body: Expression }
  | {
      kind: 'comprehension';
      shape: 'list' | 'set' | 'dict';
      key: Expression | undefined;
      value: Expression;
      clauses: Clause[];
    }
  | { kind: 'named'; name: string; value: Expression }
);

/** What stands between braces of an f-string. */
export interface Replacement {
  value: Expression;
  conversion: 'r' | 's' | 'a' | undefined;
  /** The format, which may hold replacements of its own. */
  spec: (string | Replacement)[];
}

export interface Argument {
  value: Expression;
  /** Set for `name=value`. */
  name?: string;
  spread?: '*' | '**';
}

export interface Parameter {
  name: string;
  fallback: Expression | undefined;
  kind: 'plain' | '*' | '**';
}

/** `for target in source`, with the conditions behind it. */
export interface Clause {
  target: Expression;
  source: Expression;
  tests: Expression[];
}

export type Statement = { at: number } & (
  | { kind: 'expression'; value: Expression }
  | { kind: 'assign'; targets: Expression[]; value: Expression }
  | { kind: 'update'; target: Expression; operator: string; value: Expression }
  | { kind: 'if'; branches: { test: Expression | undefined; body: Statement[] }[] }
  | { kind: 'for'; target: Expression; source: Expression; body: Statement[]; otherwise: Statement[] }
  | { kind: 'while'; test: Expression; body: Statement[]; otherwise: Statement[] }
  | { kind: 'with'; items: { value: Expression; name: Expression | undefined }[]; body: Statement[] }
  | { kind: 'def'; name: string; params: Parameter[]; body: Statement[] }
  | { kind: 'return'; value: Expression | undefined }
  | { kind: 'import'; names: { module: string; name: string | undefined; as: string | undefined }[] }
  | { kind: 'try'; body: Statement[]; handlers: Handler[]; otherwise: Statement[]; last: Statement[] }
  | { kind: 'raise'; value: Expression | undefined }
  | { kind: 'assert'; test: Expression; message: Expression | undefined }
  | { kind: 'delete'; targets: Expression[] }
  | { kind: 'global'; names: string[] }
  | { kind: 'pass' | 'break' | 'continue' }
);

export interface Handler {
  type: Expression | undefined;
  name: string | undefined;
  body: Statement[];
}

/** The blocks of a statement, a function's own left out. */
export function bodiesOf(statement: Statement): Statement[][] {
  if (statement.kind === 'if') return statement.branches.map(({ body }) => body);
  if (statement.kind === 'for' || statement.kind === 'while') return [statement.body, statement.otherwise];
  if (statement.kind === 'with') return [statement.body];
  if (statement.kind === 'try')
    return [
      statement.body,
      ...statement.handlers.map(({ body }) => body),
      statement.otherwise,
      statement.last,
    ];
  return [];
}
