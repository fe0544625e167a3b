/**
 * Symbolic sizes: sums of products of names with whole coefficients, with floors, minima and maxima inside. "2*N + 1" and
 * "floor((H + 1)/2)" are such sums; two that are written alike are equal, because a sum is written in one order only.
 * Names stand for sizes, so they are never negative.
 */
import { callParts, parseExpression } from './parse-expression.ts';

/** Coefficient by product; a product is its sorted factors joined by `times`, '' the constant. No coefficient is 0. */
export type Sum = ReadonlyMap<string, number>;

/** Joins the factors of a product; no name holds it. */
export const times = '\u0000';

/** Longer expressions tell a reader nothing and could grow without bound. */
const longestText = 160;

/** The sum that a number or name stands for; undefined for '?' and for what is too long. */
export function sumOf(dim: number | string): Sum | undefined {
  if (typeof dim === 'number') return constant(dim);
  if (dim === '?' || dim.length > longestText) return undefined;
  return parseExpression(dim) ?? new Map([[dim, 1]]);
}

/** A number where the sum is one, otherwise its text: products first, the constant last. '?' when it would be too long. */
export function textOf(sum: Sum | undefined): number | string {
  if (sum === undefined) return '?';
  const terms = [...sum].sort(byProduct);
  if (terms.length === 0) return 0;
  if (terms.length === 1 && terms[0][0] === '') return terms[0][1];
  const text = writeTerms(terms);
  return text.length > longestText || text.includes('?') ? '?' : text;
}

/** A sum without names. */
export function constant(value: number): Sum {
  return value === 0 ? new Map() : new Map([['', value]]);
}

/** The value of a sum without names, else undefined. */
export function constantOf(sum: Sum): number | undefined {
  if (sum.size === 0) return 0;
  return sum.size === 1 ? sum.get('') : undefined;
}

/** a + factor·b */
export function addSums(a: Sum, b: Sum, factor = 1): Sum {
  const sum = new Map(a);
  for (const [product, coefficient] of b) put(sum, product, (sum.get(product) ?? 0) + factor * coefficient);
  return sum;
}

/** a·b */
export function multiplySums(a: Sum, b: Sum): Sum {
  const sum = new Map<string, number>();
  for (const [left, x] of a) {
    for (const [right, y] of b) {
      const product = joinFactors([...factorsOf(left), ...factorsOf(right)]);
      put(sum, product, (sum.get(product) ?? 0) + x * y);
    }
  }
  return sum;
}

/** The quotient when the division leaves no rest, else undefined. Long division by the leading product. */
export function divideExactly(top: Sum, bottom: Sum): Sum | undefined {
  const [lead] = [...bottom].sort(byProduct);
  if (lead === undefined) return undefined;
  let rest = top;
  const quotient = new Map<string, number>();
  // every step removes one product; more steps than that means that no quotient exists
  for (let step = 0; rest.size > 0 && step < 16; step++) {
    const match = [...rest].sort(byProduct).find(([product]) => without(product, lead[0]) !== undefined);
    if (match === undefined) return undefined;
    const part = new Map([[without(match[0], lead[0]) ?? '', match[1] / lead[1]]]);
    for (const [product, coefficient] of part) put(quotient, product, coefficient);
    rest = addSums(rest, multiplySums(part, bottom), -1);
  }
  return rest.size === 0 && [...quotient.values()].every(Number.isInteger) ? quotient : undefined;
}

/** floor(top / bottom), with everything taken out of the floor that divides evenly. undefined for a division by 0. */
export function floorDivide(top: Sum, bottom: Sum): Sum | undefined {
  const exact = divideExactly(top, bottom);
  if (exact !== undefined) return exact;
  const divisor = constantOf(bottom);
  if (divisor === undefined) return new Map([[floorText(top, bottom), 1]]);
  if (divisor <= 0) return undefined;
  const whole = new Map<string, number>();
  const rest = new Map<string, number>();
  for (const [product, coefficient] of top) {
    // coefficients may be fractions ("0.5*N"); what is not whole after the division stays inside
    const part = product === '' ? Math.floor(coefficient / divisor) : Math.trunc(coefficient / divisor);
    put(whole, product, part);
    put(rest, product, coefficient - part * divisor);
  }
  return addSums(whole, floorOfRest(rest, divisor));
}

function floorOfRest(rest: Sum, divisor: number): Sum {
  const names = [...rest].filter(([product]) => product !== '');
  if (names.length === 0) return constant(Math.floor((rest.get('') ?? 0) / divisor));
  const scale = wholeScale([...rest.values(), divisor]);
  if (scale === undefined) return new Map([['?', 1]]);
  const common = [...names.map(([, coefficient]) => coefficient * scale), divisor * scale].reduce(
    greatestCommon,
  );
  const top = new Map(names.map(([product, coefficient]) => [product, (coefficient * scale) / common]));
  put(top, '', Math.floor(((rest.get('') ?? 0) * scale) / common));
  const bottom = (divisor * scale) / common;
  const [first] = names;
  const nested = names.length === 1 && top.get(first[0]) === 1 ? floorParts(first[0]) : undefined;
  if (nested !== undefined) {
    // floor((floor(x / a) + c) / b) = floor((x + a·c) / (a·b))
    const inner = addSums(nested.top, constant((top.get('') ?? 0) * nested.divisor));
    return floorDivide(inner, constant(nested.divisor * bottom)) ?? new Map([['?', 1]]);
  }
  return bottom === 1 ? top : new Map([[floorText(top, constant(bottom)), 1]]);
}

/** The top and the number under a product that is one floor, else undefined. */
function floorParts(product: string): { readonly top: Sum; readonly divisor: number } | undefined {
  const call = product.includes(times) ? undefined : callParts(product);
  const divisor = call?.name === 'floor' ? constantOf(call.args[1]) : undefined;
  return call && divisor !== undefined ? { top: call.args[0], divisor } : undefined;
}

/** The smallest whole number that makes all coefficients whole, up to 64; undefined when none does. */
function wholeScale(coefficients: readonly number[]): number | undefined {
  for (let scale = 1; scale <= 64; scale++) {
    if (coefficients.every((value) => Number.isInteger(value * scale))) return scale;
  }
  return undefined;
}

function greatestCommon(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestCommon(b, a % b);
}

/** Whether a ≤ b for every size of the names, as far as their coefficients tell. */
export function isAtMost(a: Sum, b: Sum): boolean {
  return [...addSums(b, a, -1).values()].every((coefficient) => coefficient >= 0);
}

/** The smaller (or larger) of two sums: one of them where that is certain, else "min(…, …)". */
export function extreme(which: 'min' | 'max', a: Sum, b: Sum): Sum {
  if (isAtMost(a, b)) return which === 'min' ? a : b;
  if (isAtMost(b, a)) return which === 'min' ? b : a;
  const texts = [String(textOf(a)), String(textOf(b))].sort();
  return new Map([[`${which}(${texts.join(', ')})`, 1]]);
}

/** The factors of a product. */
export function factorsOf(product: string): string[] {
  return product === '' ? [] : product.split(times);
}

function joinFactors(factors: string[]): string {
  return factors.sort().join(times);
}

/** The product without the factors of another, or undefined when they are not all in it. */
function without(product: string, factors: string): string | undefined {
  const rest = factorsOf(product);
  for (const factor of factorsOf(factors)) {
    const at = rest.indexOf(factor);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest.join(times);
}

function put(sum: Map<string, number>, product: string, coefficient: number): void {
  if (coefficient === 0) sum.delete(product);
  else sum.set(product, coefficient);
}

/** Positive terms before negative ones, then longer products, then by name; the constant last. */
function byProduct([a, x]: [string, number], [b, y]: [string, number]): number {
  if ((a === '') !== (b === '')) return a === '' ? 1 : -1;
  if (x < 0 !== y < 0) return x < 0 ? 1 : -1;
  return factorsOf(b).length - factorsOf(a).length || (a < b ? -1 : a > b ? 1 : 0);
}

function writeTerms(terms: readonly (readonly [string, number])[]): string {
  // "3 - N" reads better than "-N + 3"
  const ordered = terms[0][1] < 0 ? [...terms].sort(([, x], [, y]) => Number(x < 0) - Number(y < 0)) : terms;
  return ordered.map(([product, coefficient], at) => writeTerm(product, coefficient, at === 0)).join('');
}

function writeTerm(product: string, coefficient: number, first: boolean): string {
  const sign = coefficient < 0 ? (first ? '-' : ' - ') : first ? '' : ' + ';
  const size = Math.abs(coefficient);
  const factors = factorsOf(product);
  return sign + (size === 1 && factors.length > 0 ? factors : [size, ...factors]).join('*');
}

function floorText(top: Sum, bottom: Sum): string {
  return `floor(${inParentheses(top)}/${inParentheses(bottom, true)})`;
}

function inParentheses(sum: Sum, single = false): string {
  const text = String(textOf(sum));
  const compound =
    sum.size > 1 ||
    (single && [...sum].some(([product, c]) => product !== '' && (c !== 1 || product.includes(times))));
  return compound ? `(${text})` : text;
}
