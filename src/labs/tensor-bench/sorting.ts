/** Items in order, as `sorted` and `list.sort` put them. */
import { typeError } from '../../engine/tensors/python-error.ts';
import type { Interpreter } from './interpreter.ts';
import { ordered, truthOf } from './comparison.ts';
import { typeName, type Args, type Value } from './values.ts';

/** The items in order: by `key` if given, backwards if `reverse`; equal ones keep their order. */
export function sorted(items: readonly Value[], { named }: Args, run?: Interpreter): Value[] {
  const key = named.get('key');
  const keyed = items.map((item) => ({
    item,
    key: key && key !== null && run ? run.call(key, { list: [item], named: new Map() }) : item,
  }));
  const sign = truthOf(named.get('reverse') ?? false) ? -1 : 1;
  return keyed
    .sort((a, b) => {
      const order = ordered(a.key, b.key);
      if (order === undefined)
        throw typeError(
          `'<' not supported between instances of '${typeName(b.key)}' and '${typeName(a.key)}'`,
        );
      return sign * order;
    })
    .map(({ item }) => item);
}
