/** Every exported function and class says what it returns or guarantees. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

test('every exported function and class has a doc comment', () => {
  const files = globSync(['src/**/*.ts', 'scripts/**/*.ts', 'tests/**/*.ts']).filter(
    (file) => !file.endsWith('.d.ts'),
  );
  assert.ok(files.length > 200, `only ${files.length} files were read`);
  assert.deepEqual(
    files.flatMap((file) => undocumented(file, readFileSync(file, 'utf8'))),
    [],
  );
});

test('the check sees functions in every form', () => {
  const source = [
    'export function a() {}',
    'export const b = () => 1;',
    'export class C {}',
    '/** Says what. */\nexport function d() {}',
    'export const e = 1;',
    'function f() {}',
  ].join('\n');
  assert.deepEqual(undocumented('probe.ts', source), ['probe.ts: a', 'probe.ts: b', 'probe.ts: C']);
});

/** The exported functions and classes of a source that no doc comment stands above. */
function undocumented(file: string, source: string): string[] {
  const found: string[] = [];
  ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true).forEachChild((node) => {
    if (!isExported(node) || ts.getJSDocCommentsAndTags(node).length > 0) return;
    const name = nameOfFunction(node);
    if (name !== undefined) found.push(`${file}: ${name}`);
  });
  return found;
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function nameOfFunction(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name?.text ?? 'default';
  if (!ts.isVariableStatement(node)) return undefined;
  return node.declarationList.declarations
    .find(
      ({ initializer }) =>
        initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)),
    )
    ?.name.getText();
}
