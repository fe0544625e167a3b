/** Matrix products. */
import { broadcast } from '../../dimensions.ts';
import type { Dims } from '../../dimensions.ts';
import { intAttribute, stringAttribute } from '../../graph-index.ts';
import type { DataType, Dim, Node } from '../../types.ts';
import { expectSame, fail, row, show, typeAt, unshaped, withDims } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const matrixRows: readonly NamedRow[] = [
  row('MatMul', 2, (site) => [matMul(site)]),
  row('MatMulInteger', 2, (site) => [tensorType('int32', matMul(site).dims)]),
  // a, its scale and zero point, b, its scale and zero point, scale and zero point of the result
  row('QLinearMatMul', 8, (site) => [quantizedMatMul(site)]),
  row('Gemm', 2, (site) => [gemm(site)]),
  row('Einsum', 1, einsum),
];

/** The product of the inputs at two positions, with the element type of the first. */
export function matMul(site: Site, left = 0, right = 1): ValueType {
  const [a, b] = [typeAt(site, left), typeAt(site, right)];
  if (a.dims === undefined || b.dims === undefined) return unshaped(a);
  return withDims(a, matMulDims(site.node, a.dims, b.dims));
}

/** numpy's matmul: leading axes broadcast, the last two are matrices. */
export function matMulDims(node: Node, a: Dims, b: Dims): Dim[] {
  if (a.length === 0 || b.length === 0) return fail(node, 'cannot multiply scalars');
  // a vector counts as one row on the left and one column on the right, and that axis then goes away
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  expectSame(node, 'inner sizes', left[left.length - 1], right[right.length - 2]);
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (batch === undefined) return fail(node, `cannot multiply ${show(a)} by ${show(b)}`);
  const rows = a.length === 1 ? [] : [left[left.length - 2]];
  const columns = b.length === 1 ? [] : [right[right.length - 1]];
  return [...batch, ...rows, ...columns];
}

/** Two matrices, each perhaps transposed; `right` is the position of the second. */
export function gemm(site: Site, right = 1): ValueType {
  const { node } = site;
  const [a, b] = [typeAt(site, 0), typeAt(site, right)];
  if (a.dims === undefined || b.dims === undefined) return unshaped(a);
  if (a.dims.length !== 2 || b.dims.length !== 2)
    return fail(node, `needs two matrices, got ${show(a.dims)} and ${show(b.dims)}`);
  const [rows, inner] = intAttribute(node, 'transA', 0) ? [a.dims[1], a.dims[0]] : a.dims;
  const [innerOfB, columns] = intAttribute(node, 'transB', 0) ? [b.dims[1], b.dims[0]] : b.dims;
  expectSame(node, 'inner sizes', inner, innerOfB);
  return withDims(a, [rows, columns]);
}

function quantizedMatMul(site: Site): ValueType {
  const dtype: DataType | undefined = typeAt(site, 7).dtype ?? typeAt(site, 0).dtype;
  return tensorType(dtype, matMul(site, 0, 3).dims);
}

/** Einstein's sum convention (opset 12): every letter is an axis; letters that the result leaves out are summed over. */
function einsum({ node, types }: Site): ValueType[] {
  const equation = stringAttribute(node, 'equation', '').replaceAll(' ', '');
  const [left, right] = equation.split('->');
  const terms = left.split(',');
  if (terms.length !== types.length)
    return fail(node, `has ${types.length} inputs where "${equation}" names ${terms.length}`);
  const sizes = new Map<string, Dim>();
  let batch: Dims | undefined = [];
  for (const [at, { dims }] of types.entries()) {
    if (dims === undefined) return [unshaped(types[0])];
    const letters = terms[at].replace('...', '');
    const open = dims.length - letters.length;
    if (open < 0 || (open > 0 && !terms[at].includes('...')))
      return fail(node, `cannot read ${show(dims)} as "${terms[at]}"`);
    const start = terms[at].includes('...') ? terms[at].indexOf('...') : letters.length;
    const named = [...dims.slice(0, start), ...dims.slice(start + open)];
    for (const [index, letter] of Array.from(letters).entries()) meet(letter, named[index]);
    batch = batch && broadcast(batch, dims.slice(start, start + open));
  }
  if (batch === undefined) return fail(node, `cannot combine the leading axes of "${equation}"`);
  const leading: Dims = batch;
  const result = right ?? implicitResult(left);
  const parts = result.includes('...') ? result.split('...') : ['', result];
  const axes = (letters: string): Dim[] => Array.from(letters).map((letter) => sizes.get(letter) ?? '?');
  return [
    withDims(types[0], [...axes(parts[0]), ...(result.includes('...') ? leading : []), ...axes(parts[1])]),
  ];

  function meet(letter: string, dim: Dim): void {
    const known = sizes.get(letter);
    if (known === undefined || known === 1 || known === '?') sizes.set(letter, dim);
    else if (dim !== 1) {
      expectSame(node, `sizes of the axis "${letter}"`, known, dim);
      if (typeof dim === 'number') sizes.set(letter, dim);
    }
  }
}

/** Without an arrow the result has the letters that occur once, in the order of the alphabet. */
function implicitResult(left: string): string {
  const letters = left.replaceAll(/[.,]/g, '');
  const once = [...new Set(letters)].filter(
    (letter) => letters.indexOf(letter) === letters.lastIndexOf(letter),
  );
  return (left.includes('...') ? '...' : '') + once.sort().join('');
}
