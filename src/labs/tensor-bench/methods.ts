/** Methods of texts, lists, tuples, dicts and sets. */
import { PythonError, indexError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import type { Interpreter } from './interpreter.ts';
import { equal } from './comparison.ts';
import { sorted } from './sorting.ts';
import { format, repr, str } from './text.ts';
import { Dict, List, SetValue, Tuple, keyOf, typeName, type Args, type Value } from './values.ts';

type Methods = Record<string, (args: Args) => Value>;

/** The methods of a value of Python's own, or undefined. */
export function collectionMethods(owner: Value, run?: Interpreter): Methods | undefined {
  if (typeof owner === 'string') return textMethods(owner, run);
  if (owner instanceof List) return listMethods(owner, run);
  if (owner instanceof Tuple) return sequenceMethods(owner.items, 'tuple');
  if (owner instanceof Dict) return dictMethods(owner);
  if (owner instanceof SetValue) return setMethods(owner, run);
  return undefined;
}

const text = (value: Value | undefined): string => {
  if (typeof value !== 'string') throw typeError(`expected str instance, ${typeName(value ?? null)} found`);
  return value;
};

function textMethods(own: string, run: Interpreter | undefined): Methods {
  return {
    lower: () => own.toLowerCase(),
    upper: () => own.toUpperCase(),
    title: () => own.replace(/\p{L}+/gu, (word) => word[0].toUpperCase() + word.slice(1).toLowerCase()),
    capitalize: () => own.slice(0, 1).toUpperCase() + own.slice(1).toLowerCase(),
    strip: (args) => trimmed(own, args, true, true),
    lstrip: (args) => trimmed(own, args, true, false),
    rstrip: (args) => trimmed(own, args, false, true),
    split: ({ list }) => {
      const [by, most] = list;
      const parts = typeof by === 'string' ? own.split(by) : own.trim().split(/\s+/).filter(Boolean);
      const limit = typeof most === 'bigint' ? Number(most) : Infinity;
      if (parts.length - 1 <= limit) return new List(parts);
      return new List([...parts.slice(0, limit), parts.slice(limit).join(typeof by === 'string' ? by : ' ')]);
    },
    splitlines: () => new List(own.split('\n')),
    join: ({ list }) =>
      (run?.items(list[0] ?? null) ?? [])
        .map((item, index) => {
          if (typeof item !== 'string')
            throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
          return item;
        })
        .join(own),
    replace: ({ list }) => own.replaceAll(text(list[0]), () => text(list[1])),
    startswith: ({ list }) => own.startsWith(text(list[0])),
    endswith: ({ list }) => own.endsWith(text(list[0])),
    find: ({ list }) => BigInt(own.indexOf(text(list[0]))),
    count: ({ list }) => BigInt(own.split(text(list[0])).length - 1),
    format: ({ list, named }) => {
      let next = 0;
      return own.replace(
        /\{\{|\}\}|\{(\w*)(?:!([rs]))?(?::([^}]*))?\}/g,
        (whole, name: string | undefined, conversion?: string, spec: string = '') => {
          if (whole === '{{' || whole === '}}') return whole[0];
          const value = name && !/^\d+$/.test(name) ? named.get(name) : list[name ? Number(name) : next++];
          if (value === undefined)
            throw indexError('Replacement index out of range for positional args tuple');
          return format(conversion === 'r' ? repr(value) : conversion === 's' ? str(value) : value, spec);
        },
      );
    },
    isdigit: () => /^\d+$/.test(own),
    isalpha: () => /^\p{L}+$/u.test(own),
    ljust: ({ list }) => own.padEnd(Number(list[0])),
    rjust: ({ list }) => own.padStart(Number(list[0])),
    zfill: ({ list }) => own.padStart(Number(list[0]), '0'),
  };
}

/** Without the given characters, or white space, at its ends. */
function trimmed(own: string, { list }: Args, isStart: boolean, isEnd: boolean): string {
  const gone = typeof list[0] === 'string' ? list[0] : ' \t\n\r\f\v';
  let [from, to] = [0, own.length];
  while (isStart && from < to && gone.includes(own[from])) from++;
  while (isEnd && to > from && gone.includes(own[to - 1])) to--;
  return own.slice(from, to);
}

function sequenceMethods(items: readonly Value[], name: string): Methods {
  return {
    count: ({ list }) => BigInt(items.filter((item) => equal(item, list[0] ?? null)).length),
    index: ({ list }) => {
      const at = items.findIndex((item) => equal(item, list[0] ?? null));
      if (at < 0)
        throw valueError(
          name === 'list' ? `${repr(list[0] ?? null)} is not in list` : 'tuple.index(x): x not in tuple',
        );
      return BigInt(at);
    },
  };
}

function listMethods(own: List, run: Interpreter | undefined): Methods {
  const done = (work: () => void): Value => {
    work();
    return null;
  };
  return {
    ...sequenceMethods(own.items, 'list'),
    append: ({ list }) => done(() => own.items.push(list[0] ?? null)),
    extend: ({ list }) => done(() => own.items.push(...(run?.items(list[0] ?? null) ?? []))),
    insert: ({ list }) => done(() => own.items.splice(Number(list[0]), 0, list[1] ?? null)),
    pop: ({ list }) => {
      if (own.items.length === 0) throw indexError('pop from empty list');
      const at = list[0] === undefined ? -1 : Number(list[0]);
      const [item] = own.items.splice(at, 1);
      if (item === undefined) throw indexError('pop index out of range');
      return item;
    },
    remove: ({ list }) =>
      done(() => {
        const at = own.items.findIndex((item) => equal(item, list[0] ?? null));
        if (at < 0) throw valueError('list.remove(x): x not in list');
        own.items.splice(at, 1);
      }),
    reverse: () => done(() => own.items.reverse()),
    sort: (args) => done(() => (own.items = sorted(own.items, args, run))),
    copy: () => new List([...own.items]),
    clear: () => done(() => (own.items = [])),
  };
}

function dictMethods(own: Dict): Methods {
  const entries = () => [...own.entries.values()];
  return {
    keys: () => new List(entries().map(([key]) => key)),
    values: () => new List(entries().map(([, value]) => value)),
    items: () => new List(entries().map((entry) => new Tuple(entry))),
    get: ({ list }) => own.entries.get(keyOf(list[0] ?? null))?.[1] ?? list[1] ?? null,
    setdefault: ({ list }) => {
      const [key = null, value = null] = list;
      if (!own.entries.has(keyOf(key))) own.entries.set(keyOf(key), [key, value]);
      return own.entries.get(keyOf(key))?.[1] ?? null;
    },
    pop: ({ list }) => {
      const found = own.entries.get(keyOf(list[0] ?? null));
      own.entries.delete(keyOf(list[0] ?? null));
      if (!found && list[1] === undefined) throw new PythonError('KeyError', repr(list[0] ?? null));
      return found?.[1] ?? list[1] ?? null;
    },
    update: ({ list, named }) => {
      if (list[0] instanceof Dict) for (const [key, entry] of list[0].entries) own.entries.set(key, entry);
      for (const [key, value] of named) own.entries.set(keyOf(key), [key, value]);
      return null;
    },
    copy: () => {
      const copy = new Dict();
      for (const [key, entry] of own.entries) copy.entries.set(key, entry);
      return copy;
    },
  };
}

function setMethods(own: SetValue, run: Interpreter | undefined): Methods {
  const made = (items: Iterable<Value>) => {
    const set = new SetValue();
    for (const item of items) set.items.set(keyOf(item), item);
    return set;
  };
  const other = (args: Args) => made(run?.items(args.list[0] ?? null) ?? []);
  return {
    add: ({ list }) => {
      own.items.set(keyOf(list[0] ?? null), list[0] ?? null);
      return null;
    },
    union: (args) => made([...own.items.values(), ...other(args).items.values()]),
    intersection: (args) =>
      made([...own.items].filter(([key]) => other(args).items.has(key)).map(([, item]) => item)),
    difference: (args) =>
      made([...own.items].filter(([key]) => !other(args).items.has(key)).map(([, item]) => item)),
  };
}
