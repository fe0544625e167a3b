/** `import` and `from … import`: PyTorch, its layers and functions, NumPy, and a little of the standard library. */
import { PythonError } from '../../engine/tensors/python-error.ts';
import { missingFrom, nearest } from './near.ts';
import { Module, type Value } from './values.ts';

/** The names that one item of an import gives, with their values. */
export function importModule(
  modules: ReadonlyMap<string, Value>,
  { module, name, as }: { module: string; name: string | undefined; as: string | undefined },
): [string, Value][] {
  const found = modules.get(module);
  if (!(found instanceof Module)) {
    const near = nearest(module, [...modules.keys()]);
    const note = `The bench has ${[...modules.keys()].filter((one) => !one.includes('.')).join(', ')}.${near ? ` Did you mean ${near}?` : ''}`;
    throw new PythonError('ModuleNotFoundError', `No module named '${module}'`, note);
  }
  if (name === '*') return [...found.members];
  if (name !== undefined) {
    const value = found.members.get(name) ?? modules.get(`${module}.${name}`);
    if (value === undefined)
      throw new PythonError(
        'ImportError',
        `cannot import name '${name}' from '${module}'`,
        missingFrom(module, name, [...found.members.keys()]),
      );
    return [[as ?? name, value]];
  }
  if (as !== undefined) return [[as, found]];
  const [first = module] = module.split('.');
  return [[first, modules.get(first) ?? found]];
}
