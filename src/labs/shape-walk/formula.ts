/** Formulas of shape rules: a template in symbols, the same with numbers, and its value. */
import type { Dim } from '../../engine/onnx/types.ts';

/** What the symbols of a template stand for. */
export type Symbols = Readonly<Record<string, Dim>>;

/** A rule for one axis: a template and what its symbols stand for at one node. */
export interface Formula {
  readonly symbols: string;
  readonly values: Symbols;
}

const functions: ReadonlyMap<string, (...values: number[]) => number> = new Map([
  ['floor', Math.floor],
  ['ceil', Math.ceil],
  ['max', Math.max],
  ['min', Math.min],
]);

/** The template with every symbol replaced by what it stands for; sums get parentheses. */
export function fillFormula({ symbols, values }: Formula): string {
  return symbols.replaceAll(/[A-Za-z]\w*/g, (word) =>
    functions.has(word) ? word : showDim(values[word] ?? '?'),
  );
}

/** The symbols of a template, each once, in the order in which they stand there. */
export function symbolsIn(template: string): string[] {
  return [...new Set(template.match(/[A-Za-z]\w*/g) ?? [])].filter((word) => !functions.has(word));
}

function showDim(dim: Dim): string {
  const text = String(dim);
  return /^-|[-+*/\s]/.test(text) ? `(${text})` : text;
}

/** The value of a formula; undefined where a name has no size, for '?', and for what is no formula. */
export function evaluateFormula(
  text: string,
  sizeOf: (name: string) => number | undefined,
): number | undefined {
  const tokens = text.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_][\w.]*|[()+\-*/,]/g) ?? [];
  if (tokens.join('') !== text.replaceAll(/\s/g, '')) return undefined;
  let at = 0;
  const value = readSum();
  return at === tokens.length ? value : undefined;

  function readSum(): number | undefined {
    let sum = readProduct();
    while (sum !== undefined && (tokens[at] === '+' || tokens[at] === '-')) {
      const sign = tokens[at++] === '+' ? 1 : -1;
      const next = readProduct();
      sum = next === undefined ? undefined : sum + sign * next;
    }
    return sum;
  }

  function readProduct(): number | undefined {
    let product = readFactor();
    while (product !== undefined && (tokens[at] === '*' || tokens[at] === '/')) {
      const divides = tokens[at++] === '/';
      const next = readFactor();
      product = next === undefined ? undefined : divides ? product / next : product * next;
    }
    return product;
  }

  function readFactor(): number | undefined {
    const token = tokens[at++];
    if (token === undefined) return undefined;
    if (token === '-') {
      const value = readFactor();
      return value === undefined ? undefined : -value;
    }
    if (token === '(') return readList()?.[0];
    if (/^\d/.test(token)) return Number(token);
    const apply = functions.get(token);
    if (apply === undefined) return sizeOf(token);
    at++;
    const list = readList();
    return list && apply(...list);
  }

  /** What stands between a parenthesis that has been read and its end. */
  function readList(): number[] | undefined {
    const list: number[] = [];
    do {
      const value = readSum();
      if (value === undefined) return undefined;
      list.push(value);
    } while (tokens[at] === ',' && at++ >= 0);
    return tokens[at++] === ')' ? list : undefined;
  }
}
