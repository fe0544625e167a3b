/** Arithmetic, comparisons and choices on small tensors of numbers and names. */
import {
  addDims,
  floorDivideDims,
  maxDim,
  minDim,
  multiplyDims,
  sameDim,
  subtractDims,
  surelyAtMost,
} from '../../dimensions.ts';
import { dtypeAttribute } from '../rule.ts';
import type { Dim } from '../../types.ts';
import type { Contents } from '../contents.ts';
import { broadcastIndex, isWhole, pick, resultDims } from './fold.ts';
import type { Fold, FoldSite } from './fold.ts';

type Binary = (a: Dim, b: Dim, whole: boolean) => Dim;

export const arithmeticFolds: readonly (readonly [string, Fold])[] = [
  ['Add', pairwise((a, b) => addDims([a, b]))],
  ['Sub', pairwise((a, b) => subtractDims(a, b))],
  ['Mul', pairwise((a, b) => multiplyDims([a, b]))],
  ['Div', pairwise(divide)],
  ['Mod', pairwise(remainder)],
  ['Pow', pairwise(power)],
  ['Min', pairwise((a, b) => minDim(a, b))],
  ['Max', pairwise((a, b) => maxDim(a, b))],
  ['Equal', pairwise(isEqual)],
  ['Less', pairwise((a, b) => isLess(a, b))],
  ['Greater', pairwise((a, b) => isLess(b, a))],
  ['LessOrEqual', pairwise((a, b) => not(isLess(b, a)))],
  ['GreaterOrEqual', pairwise((a, b) => not(isLess(a, b)))],
  ['And', pairwise((a, b) => (a === 0 || b === 0 ? 0 : multiplyDims([a, b])))],
  ['Or', pairwise((a, b) => (a === 1 || b === 1 ? 1 : maxDim(a, b)))],
  ['Not', each(not)],
  ['Neg', each((x) => multiplyDims([x, -1]))],
  ['Abs', each((x) => (typeof x === 'number' ? Math.abs(x) : surelyAtMost(0, x) ? x : '?'))],
  ['Floor', each((x) => floorDivideDims(x, 1))],
  ['Ceil', each((x) => multiplyDims([floorDivideDims(multiplyDims([x, -1]), 1), -1]))],
  ['Round', each((x) => (typeof x === 'number' ? Math.round(x) : x))],
  ['Sqrt', each((x) => (typeof x === 'number' ? Math.sqrt(x) : '?'))],
  ['Reciprocal', each((x) => (typeof x === 'number' ? 1 / x : '?'))],
  ['Sign', each((x) => (typeof x === 'number' ? Math.sign(x) : '?'))],
  ['Identity', ({ inputs: [x] }) => x],
  [
    'Cast',
    (site) =>
      convert(site, isWhole(dtypeAttribute(site.node, 'to')), dtypeAttribute(site.node, 'to') === 'bool'),
  ],
  ['CastLike', (site) => convert(site, isWhole(site.types[1]?.dtype), site.types[1]?.dtype === 'bool')],
  ['Where', choose],
];

/** An operator on pairs, broadcast; more than two inputs are folded from the left. */
function pairwise(combine: Binary): Fold {
  return (site) => {
    const dims = resultDims(site);
    const [first, ...others] = site.inputs;
    const whole = isWhole(site.types[0]?.dtype);
    if (dims === undefined || first === undefined) return undefined;
    let sum: Contents = pick(first, dims, broadcastIndex(first.dims));
    for (const other of others) {
      if (other === undefined) return undefined;
      const { items } = pick(other, dims, broadcastIndex(other.dims));
      sum = { dims, items: sum.items.map((item, at) => combine(item, items[at], whole)) };
    }
    return sum;
  };
}

function each(change: (item: Dim) => Dim): Fold {
  return ({ inputs: [x] }) => x && { dims: x.dims, items: x.items.map(change) };
}

/** Whole numbers are cut towards zero; sizes are never negative, so for names that is the floor. */
function divide(a: Dim, b: Dim, whole: boolean): Dim {
  if (b === 0) return '?';
  if (whole)
    return typeof a === 'number' && typeof b === 'number' ? Math.trunc(a / b) : floorDivideDims(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  return typeof b === 'number' ? multiplyDims([a, 1 / b]) : sameDim(a, b) ? 1 : '?';
}

function remainder(a: Dim, b: Dim): Dim {
  if (b === 0) return '?';
  if (typeof a === 'number' && typeof b === 'number') return a - b * Math.floor(a / b);
  const rest = subtractDims(a, multiplyDims([floorDivideDims(a, b), b]));
  return typeof rest === 'number' ? rest : '?';
}

function power(a: Dim, b: Dim): Dim {
  if (typeof b !== 'number') return '?';
  if (typeof a === 'number') return a ** b;
  return Number.isInteger(b) && b >= 0 && b <= 4 ? multiplyDims(Array<Dim>(b).fill(a)) : '?';
}

/** A size is never negative, so it is not the −1 that exporters compare with. */
function isEqual(a: Dim, b: Dim): Dim {
  if (sameDim(a, b)) return 1;
  if (typeof a === 'number' && typeof b === 'number') return 0;
  return not(isLess(a, b)) === 0 || not(isLess(b, a)) === 0 ? 0 : '?';
}

function isLess(a: Dim, b: Dim): Dim {
  if (surelyAtMost(addDims([a, 1]), b)) return 1;
  return surelyAtMost(b, a) ? 0 : typeof a === 'number' && typeof b === 'number' ? Number(a < b) : '?';
}

function not(item: Dim): Dim {
  return item === 0 ? 1 : item === 1 ? 0 : '?';
}

function convert({ inputs: [x] }: FoldSite, toWhole: boolean, toBool: boolean): Contents | undefined {
  if (x === undefined) return undefined;
  const change = (item: Dim): Dim => {
    if (toBool) return typeof item === 'number' ? Number(item !== 0) : '?';
    if (!toWhole) return item;
    return typeof item === 'number' ? Math.trunc(item) : floorDivideDims(item, 1);
  };
  return { dims: x.dims, items: x.items.map(change) };
}

/** Where(condition, x, y): known where the condition is, or where both say the same. */
function choose(site: FoldSite): Contents | undefined {
  const dims = resultDims(site);
  const [condition, yes, no] = site.inputs;
  if (dims === undefined || condition === undefined) return undefined;
  const parts = [condition, yes, no].map((part) => part && pick(part, dims, broadcastIndex(part.dims)).items);
  const items = (parts[0] ?? []).map((one, at): Dim => {
    const [a, b] = [parts[1]?.[at] ?? '?', parts[2]?.[at] ?? '?'];
    return one === 1 ? a : one === 0 ? b : sameDim(a, b) ? a : '?';
  });
  return { dims, items };
}
