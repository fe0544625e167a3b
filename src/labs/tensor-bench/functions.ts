/** Functions of the reader's: their parameters, and the names that their bodies set. */
import { typeError } from '../../engine/tensors/python-error.ts';
import { bodiesOf, type Expression, type Parameter, type Statement } from './syntax.ts';
import { Dict, Tuple, keyOf, type Args, type Value } from './values.ts';

/** The names of a call: parameters with their arguments. Raises Python's TypeError for a wrong call. */
export function bindParameters(
  name: string,
  params: readonly Parameter[],
  fallbacks: readonly (Value | undefined)[],
  { list, named }: Args,
): Map<string, Value> {
  const names = new Map<string, Value>();
  const plain = params.filter(({ kind }) => kind === 'plain');
  const hasRest = params.find(({ kind }) => kind === '*');
  const hasNamed = params.find(({ kind }) => kind === '**');
  if (list.length > plain.length && !hasRest) {
    const least = plain.length - fallbacks.filter((one) => one !== undefined).length;
    const count = least < plain.length ? `from ${least} to ${plain.length}` : String(plain.length);
    const were = list.length === 1 ? 'was' : 'were';
    throw typeError(
      `${name}() takes ${count} positional argument${count === '1' ? '' : 's'} but ${list.length} ${were} given`,
    );
  }
  plain.forEach((param, index) => {
    if (index < list.length) names.set(param.name, list[index]);
  });
  if (hasRest) names.set(hasRest.name, new Tuple(list.slice(plain.length)));
  const extra = new Dict();
  for (const [key, value] of named) {
    if (names.has(key) && plain.some((param) => param.name === key))
      throw typeError(`${name}() got multiple values for argument '${key}'`);
    if (plain.some((param) => param.name === key)) names.set(key, value);
    else if (hasNamed) extra.entries.set(keyOf(key), [key, value]);
    else throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
  }
  if (hasNamed) names.set(hasNamed.name, extra);
  params.forEach((param, index) => {
    const fallback = fallbacks[index];
    if (param.kind === 'plain' && !names.has(param.name) && fallback !== undefined)
      names.set(param.name, fallback);
  });
  const missing = plain.filter((param) => !names.has(param.name)).map((param) => `'${param.name}'`);
  if (missing.length) {
    const last = missing.pop() ?? '';
    const words = missing.length ? `${missing.join(', ')}${missing.length > 1 ? ',' : ''} and ${last}` : last;
    const count = missing.length + 1;
    throw typeError(
      `${name}() missing ${count} required positional argument${count === 1 ? '' : 's'}: ${words}`,
    );
  }
  return names;
}

/** Every name that statements set. */
export function namesIn(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement): string[] => {
    const inner = bodiesOf(statement).flatMap(namesIn);
    if (statement.kind === 'assign') return statement.targets.flatMap(namesOf);
    if (statement.kind === 'update') return namesOf(statement.target);
    if (statement.kind === 'for') return [...namesOf(statement.target), ...inner];
    if (statement.kind === 'def') return [statement.name];
    if (statement.kind === 'with')
      return [...statement.items.flatMap(({ name }) => (name ? namesOf(name) : [])), ...inner];
    return inner;
  });
}

function namesOf(target: Expression): string[] {
  if (target.kind === 'name') return [target.name];
  if (target.kind === 'tuple' || target.kind === 'list') return target.items.flatMap(namesOf);
  return target.kind === 'star' ? namesOf(target.value) : [];
}

/** Names that statements share with the notebook. */
export function globalsIn(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) =>
    statement.kind === 'global' ? statement.names : bodiesOf(statement).flatMap(globalsIn),
  );
}
