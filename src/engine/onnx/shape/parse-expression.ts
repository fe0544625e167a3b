/** Reads the sizes that expression.ts writes, and those that PyTorch's exporter writes ("s0 + 1", "((s0 - 1)//2)", "Max(1, s0)"). */
import { addSums, constant, extreme, floorDivide, multiplySums } from './expression.ts';
import type { Sum } from './expression.ts';

/** A floor, minimum or maximum that could not be worked out, taken apart. */
export interface Call {
  readonly name: 'floor' | 'min' | 'max';
  /** Of a floor: what is divided, and by what. */
  readonly args: readonly Sum[];
}

/** The parts of a factor that is a call, as expression.ts writes them; undefined for a plain name. */
export function callParts(factor: string): Call | undefined {
  const name = /^(floor|min|max)\(/.exec(factor)?.[1] as Call['name'] | undefined;
  if (name === undefined) return undefined;
  const separator = name === 'floor' ? '/' : ',';
  const args = splitOutside(factor.slice(name.length + 1, -1), separator).map(parseExpression);
  return args.length > 1 && args.every((argument) => argument !== undefined) ? { name, args } : undefined;
}

/** Splits a text at a character that stands outside all parentheses. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth === 0 && character === separator) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** The sum that a text stands for; undefined when it is no such expression (then it is a name of its own). */
export function parseExpression(text: string): Sum | undefined {
  const tokens = text.match(/\/\/|[()+*/,]|[^\s()+*/,]+/g) ?? [];
  let at = 0;
  const sum = readSum();
  return at === tokens.length ? sum : undefined;

  function readSum(): Sum | undefined {
    let sum: Sum | undefined = new Map();
    let sign: number | undefined = take('-') ? -1 : 1;
    while (sum !== undefined && sign !== undefined) {
      const term = readTerm();
      sum = term && addSums(sum, term, sign);
      sign = take('+') ? 1 : take('-') ? -1 : undefined;
    }
    return sum;
  }

  function readTerm(): Sum | undefined {
    let term = readFactor();
    while (term !== undefined) {
      const divides = tokens[at] === '//';
      if (!divides && tokens[at] !== '*') break;
      at++;
      const factor = readFactor();
      term = factor && (divides ? floorDivide(term, factor) : multiplySums(term, factor));
    }
    return term;
  }

  function readFactor(): Sum | undefined {
    const token = tokens[at++];
    if (token === undefined) return undefined;
    if (token === '(') return closed(readSum());
    if (/^\d+(\.\d+)?$/.test(token)) return constant(Number(token));
    if (/^[()+*/,-]/.test(token)) {
      // "-N" at the start of a sum
      if (!/^-[A-Za-z_]/.test(token) || tokens[at] === '(') return undefined;
      return new Map([[token.slice(1), -1]]);
    }
    if (tokens[at] !== '(') return new Map([[token, 1]]);
    at++;
    return readCall(token.toLowerCase());
  }

  function readCall(name: string): Sum | undefined {
    const first = readSum();
    if (first === undefined) return undefined;
    if (name === 'floor') {
      if (!take('/')) return closed(first);
      const divisor = readFactor();
      return closed(divisor && floorDivide(first, divisor));
    }
    if (name !== 'min' && name !== 'max') return undefined;
    let result: Sum = first;
    while (take(',')) {
      const next = readSum();
      if (next === undefined) return undefined;
      result = extreme(name, result, next);
    }
    return closed(result);
  }

  function closed(sum: Sum | undefined): Sum | undefined {
    return take(')') ? sum : undefined;
  }

  function take(token: string): boolean {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  }
}
