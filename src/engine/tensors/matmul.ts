/** Products of vectors, matrices and batches of matrices, with PyTorch's rules about their shapes. */
import { record } from './autograd.ts';
import { broadcastShapes, sayShape } from './shapes.ts';
import { sumTo } from './elementwise.ts';
import { runtimeError } from './python-error.ts';
import type { Tensor } from './tensor.ts';
import { countOf, tensorOf, valuesOf } from './tensor.ts';
import { expand, permuteRaw, reshapeRaw, view } from './views.ts';

function sameType(a: Tensor, b: Tensor, message: (a: string, b: string) => string): void {
  if (a.dtype !== b.dtype) throw runtimeError(message(a.dtype.cName, b.dtype.cName));
}

/** The product of two matrices, rows of the first with columns of the second: [n, k] and [k, m] give [n, m]. */
export function matrixProduct(a: Tensor, b: Tensor): Tensor {
  const [[n, k], [other, m]] = [a.shape, b.shape];
  if (k !== other)
    throw runtimeError(`mat1 and mat2 shapes cannot be multiplied (${n}x${k} and ${other}x${m})`);
  sameType(a, b, (x, y) => `expected m1 and m2 to have the same dtype, but got: ${x} != ${y}`);
  return record(multiplyRaw(a, b), 'MmBackward0', [a, b], productSlopes(a, b), savedOf(a, b));
}

/** Values that the walk back of a product needs. */
export const savedOf = (a: Tensor, b: Tensor): Tensor[] => [
  ...(b.requiresGrad ? [a] : []),
  ...(a.requiresGrad ? [b] : []),
];

/** Gradients of a product's two matrices. */
export function productSlopes(a: Tensor, b: Tensor): (grad: Tensor) => (Tensor | undefined)[] {
  return (grad) => [
    a.requiresGrad ? multiplyRaw(grad, lastTurned(b)) : undefined,
    b.requiresGrad ? multiplyRaw(lastTurned(a), grad) : undefined,
  ];
}

/** The last two axes swapped, without a record. */
export function lastTurned(a: Tensor): Tensor {
  const axes = a.shape.map((_, axis) => axis);
  return permuteRaw(a, [...axes.slice(0, -2), a.rank - 1, a.rank - 2]);
}

/** Products of the last two axes, without a record; the axes before them are equal. Sums run in double precision. */
export function multiplyRaw(a: Tensor, b: Tensor): Tensor {
  const [n, k, m] = [a.shape.at(-2) ?? 1, a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1];
  const [left, right] = [valuesOf(a), valuesOf(b)];
  const batches = countOf(a.shape.slice(0, -2));
  const result = new Float64Array(batches * n * m);
  for (let batch = 0; batch < batches; batch++)
    for (let row = 0; row < n; row++)
      for (let column = 0; column < m; column++) {
        let sum = 0;
        for (let inner = 0; inner < k; inner++)
          sum += left[(batch * n + row) * k + inner] * right[(batch * k + inner) * m + column];
        result[(batch * n + row) * m + column] = sum;
      }
  return tensorOf(result, [...a.shape.slice(0, -2), n, m], a.dtype);
}

/** The inner product of two vectors. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 1 || b.rank !== 1)
    throw runtimeError(`1D tensors expected, but got ${a.rank}D and ${b.rank}D tensors`);
  sameType(
    a,
    b,
    () =>
      `dot : expected both vectors to have same dtype, but found ${a.dtype.scalarName} and ${b.dtype.scalarName}`,
  );
  if (a.count !== b.count)
    throw runtimeError(
      `inconsistent tensor size, expected tensor ${sayShape(a.shape)} and src ${sayShape(b.shape)} to have the same number of elements, but got ${a.count} and ${b.count} elements respectively`,
    );
  const result = reshapeRaw(multiplyRaw(reshapeRaw(a, [1, a.count]), reshapeRaw(b, [b.count, 1])), []);
  const times = (vector: Tensor, grad: Tensor) =>
    tensorOf(
      valuesOf(vector).map((value) => value * valuesOf(grad)[0]),
      vector.shape,
      vector.dtype,
    );
  return record(result, 'DotBackward0', [a, b], (grad) => [times(b, grad), times(a, grad)], savedOf(a, b));
}

/** A matrix times a vector: [n, k] and [k] give [n]. */
export function matrixVector(a: Tensor, b: Tensor): Tensor {
  const [n, k] = a.shape;
  if (k !== b.count) throw runtimeError(`size mismatch, got input (${n}), mat (${n}x${k}), vec (${b.count})`);
  sameType(a, b, (x, y) => `expected m1 and m2 to have the same dtype, but got: ${x} != ${y}`);
  const column = reshapeRaw(b, [k, 1]);
  const result = reshapeRaw(multiplyRaw(a, column), [n]);
  return record(
    result,
    'MvBackward0',
    [a, b],
    (grad) => {
      const high = reshapeRaw(grad, [n, 1]);
      return [multiplyRaw(high, reshapeRaw(b, [1, k])), reshapeRaw(multiplyRaw(lastTurned(a), high), [k])];
    },
    savedOf(a, b),
  );
}

/** Products of two batches of matrices: [B, n, k] and [B, k, m] give [B, n, m]. */
export function batchProduct(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 3) throw runtimeError('batch1 must be a 3D tensor');
  if (b.rank !== 3) throw runtimeError('batch2 must be a 3D tensor');
  const [batches, , k] = a.shape;
  if (b.shape[0] !== batches || b.shape[1] !== k)
    throw runtimeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${batches}, ${k}] but got: [${b.shape[0]}, ${b.shape[1]}].`,
    );
  sameType(a, b, () => `expected scalar type ${a.dtype.scalarName} but found ${b.dtype.scalarName}`);
  return record(multiplyRaw(a, b), 'BmmBackward0', [a, b], productSlopes(a, b), savedOf(a, b));
}

/** `a @ b`: dot for two vectors, the matrix product for matrices, and batches of it for more axes, stretched to each other. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.rank === 0 || b.rank === 0)
    throw runtimeError(
      `both arguments to matmul need to be at least 1D, but they are ${a.rank}D and ${b.rank}D`,
    );
  if (a.rank === 1 && b.rank === 1) return dot(a, b);
  if (a.rank === 2 && b.rank === 1) return matrixVector(a, b);
  if (a.rank === 1 && b.rank === 2) return squeezeAxis(matrixProduct(addAxis(a, 0), b), 0);
  if (a.rank === 2 && b.rank === 2) return matrixProduct(a, b);
  if (b.rank <= 2 && a.rank > 2) return foldLeft(a, b);
  return manyProducts(a, b);
}

/** Many matrices times one: the rows of all are one tall matrix. */
function foldLeft(a: Tensor, b: Tensor): Tensor {
  const rows = a.shape.slice(0, -1);
  const tall = view(a.isDense ? a : copy(a), [countOf(rows), a.shape.at(-1) ?? 1]);
  if (b.rank === 1) return view(matrixVector(tall, b), rows);
  return view(matrixProduct(tall, b), [...rows, b.shape[1]], 'UnsafeViewBackward0');
}

function copy(a: Tensor): Tensor {
  return record(tensorOf(valuesOf(a), a.shape, a.dtype), 'CloneBackward0', [a], (grad) => [grad]);
}

function manyProducts(first: Tensor, second: Tensor): Tensor {
  const a = first.rank === 1 ? addAxis(first, 0) : first;
  const b = second.rank === 1 ? addAxis(second, 1) : second;
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const flatten = (one: Tensor) => {
    const wide = expand(one, [...batch, ...one.shape.slice(-2)]);
    const flat = [countOf(batch), ...one.shape.slice(-2)];
    return record(reshapeRaw(wide, flat), 'ViewBackward0', [wide], (grad) => [reshapeRaw(grad, wide.shape)]);
  };
  const result = batchProduct(flatten(a), flatten(b));
  const [n, m] = result.shape.slice(1);
  const shape = [...batch, ...(first.rank === 1 ? [] : [n]), ...(second.rank === 1 ? [] : [m])];
  return view(result, shape, 'UnsafeViewBackward0');
}

function addAxis(a: Tensor, at: number): Tensor {
  const shape = a.shape.toSpliced(at, 0, 1);
  return record(reshapeRaw(a, shape), 'UnsqueezeBackward0', [a], (grad) => [reshapeRaw(grad, a.shape)]);
}

function squeezeAxis(a: Tensor, at: number): Tensor {
  return record(reshapeRaw(a, a.shape.toSpliced(at, 1)), 'SqueezeBackward4', [a], (grad) => [
    reshapeRaw(grad, a.shape),
  ]);
}

/** x · Wᵀ + b over the last axis: [..., in] with W [out, in] and b [out] give [..., out]. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [outputs, inputs] = weight.shape;
  const rows = countOf(x.shape.slice(0, -1));
  const width = x.shape.at(-1) ?? 1;
  if (width !== inputs)
    throw runtimeError(
      `mat1 and mat2 shapes cannot be multiplied (${rows}x${width} and ${inputs}x${outputs})`,
    );
  if (x.dtype !== weight.dtype)
    throw runtimeError(
      `mat1 and mat2 must have the same dtype, but got ${x.dtype.scalarName} and ${weight.dtype.scalarName}`,
    );
  const flat = reshapeRaw(x, [rows, inputs]);
  const raw = multiplyRaw(flat, lastTurned(weight));
  const values = bias
    ? valuesOf(raw).map((value, at) => value + valuesOf(bias)[at % outputs])
    : valuesOf(raw);
  const shape = [...x.shape.slice(0, -1), outputs];
  const name =
    x.rank === 2
      ? bias
        ? 'AddmmBackward0'
        : 'MmBackward0'
      : x.rank === 1
        ? bias
          ? 'ViewBackward0'
          : 'SqueezeBackward4'
        : bias
          ? 'ViewBackward0'
          : 'UnsafeViewBackward0';
  return record(
    tensorOf(values, shape, x.dtype),
    name,
    bias ? [x, weight, bias] : [x, weight],
    (grad) => {
      const high = reshapeRaw(grad, [rows, outputs]);
      return [
        x.requiresGrad ? reshapeRaw(multiplyRaw(high, weight), x.shape) : undefined,
        weight.requiresGrad ? multiplyRaw(lastTurned(high), flat) : undefined,
        bias ? sumTo(high, bias.shape) : undefined,
      ];
    },
    savedOf(x, weight),
  );
}
